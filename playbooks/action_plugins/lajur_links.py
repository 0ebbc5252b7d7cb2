"""The action `lajur_links`: the links of one batch of hosts, looked at or carried out together.

One for all of them, because links meet in devices: each device has one session and one lock, and one end's change at a time.
What became of each host is told by `lajur_link`.
"""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from network.playing.asking import Asked
from network.playing.links import ALL, links

_display = Display()
_SETTINGS = ("lajur_batches", "lajur_batches_hold", "lajur_canary")


class ActionModule(ActionBase):
    """Fails only for what concerns all hosts alike; `links` in its result has a result for each host."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    _VALID_ARGS = frozenset({"via"})

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        via, check = self._task.args.get("via"), bool(self._task.check_mode)
        asked = Asked.by(task_vars or {}, hosts="ansible_play_batch", check=check, via=via)
        outcomes = links(asked, _display.v, self._settings(task_vars or {}))
        if ALL in outcomes:
            return result | outcomes[ALL].as_result()
        told = {host: outcome.as_result() for host, outcome in outcomes.items()}
        return result | {"changed": False, "links": told, "_ansible_verbose_override": True}

    def _settings(self, known: dict[str, Any]) -> dict[str, Any]:
        """The play's own variables, as they are meant."""
        own = {name: self._templar.template(known[name]) for name in _SETTINGS if name in known}
        return {**own, "groups": known.get("groups", {})}
