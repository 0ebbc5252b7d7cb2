"""What the truth asks of an end and its platform does not have. Pure."""

from __future__ import annotations

from network.core.links.capabilities import Capabilities
from network.core.links.intent import EndIntent


def lacks(end: EndIntent, capabilities: Capabilities) -> tuple[str, ...]:
    """Codes: vlan, storm_control, timer or session (it goes back only with the session that changed it), optics."""
    asked = {
        "vlan": end.vlan is not None and not capabilities.vlan,
        "storm_control": end.storm_control is not None and not capabilities.storm_control,
        "timer": capabilities.timer is None and capabilities.session_undo is None,
        "session": capabilities.timer is None and capabilities.session_undo is not None,
        "optics": end.optics is not None and not capabilities.optics,
    }
    return tuple(code for code, lacking in asked.items() if lacking)
