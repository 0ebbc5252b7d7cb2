"""The life of a management controller: what it is to hold, and what it holds. Knows neither Pulumi nor Redfish.

Its inputs name what should hold (`power`, `boot`, `media`); what they leave empty is left alone. What is kept beside: `held`,
what it holds, and `drift`, what differs. Giving it back ejects the image that we inserted, and switches nothing off.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from infra.adopting import Tell
from infra.errors import BmcError
from infra.facts import Difference
from infra.reach.redfish import BmcState, Controller

State = dict[str, Any]

INPUTS: Final = ("server", "url", "certificate", "system", "power", "boot", "media")
_HELD: Final = ("power", "boot", "media")
_KINDS: Final[Mapping[str, Any]] = {"power": "power_changed", "boot": "boot_changed", "media": "media_changed"}


@dataclass(frozen=True, slots=True)
class Control:
    """One controller's work: what is wanted, what it is reached with, who is told."""

    inputs: Mapping[str, Any]
    access: Mapping[str, Any]
    reach: Callable[[Mapping[str, Any], Mapping[str, Any]], Controller]
    tell: Tell

    @property
    def server(self) -> str:
        return str(self.inputs["server"])


def carry(control: Control, *, preview: bool = False) -> State:
    """Carry the controller to what its inputs say, in an order in which the machine starts from what was inserted."""
    controller = control.reach(control.inputs, control.access)
    try:
        if not preview:
            wanted = control.inputs
            if wanted["media"]:
                controller.media(wanted["media"])
            if wanted["boot"]:
                controller.boot(wanted["boot"])
            if wanted["power"]:
                controller.power(wanted["power"])
        facts = controller.facts()
        return _state(control, controller.state(), facts.model_dump(mode="json"))
    finally:
        controller.close()


def look(control: Control, state: Mapping[str, Any]) -> State:
    """The state with what the controller holds now. One that cannot be reached is a difference, and no failure."""
    controller = control.reach(control.inputs, control.access)
    try:
        found = _state(control, controller.state(), dict(state["machine"]))
    except BmcError as error:
        difference = Difference(kind="controller_unreachable", name=control.server, found=error.code)
        found = {**state, "drift": [difference.model_dump(mode="json")]}
    finally:
        controller.close()
    for each in found["drift"]:
        control.tell("infra.difference", {"server": control.server, **each})
    return found


def release(control: Control, state: Mapping[str, Any]) -> None:
    controller = control.reach(control.inputs, control.access)
    try:
        if state["media"]:
            controller.media(None)
    finally:
        controller.close()


def _state(control: Control, held: BmcState, machine: Mapping[str, Any]) -> State:
    now = {name: getattr(held, name) or "" for name in _HELD}
    wanted = {name: control.inputs[name] for name in _HELD}
    drift = [
        Difference(kind=_KINDS[name], name=name, wanted=wanted[name], found=now[name] or "–", mend="repair")
        for name in _HELD
        if wanted[name] and now[name] != wanted[name] and not _is_same_image(name, wanted[name], now[name])
    ]
    return {
        **{name: control.inputs[name] for name in INPUTS},
        "held": now,
        "machine": dict(machine),
        "drift": [each.model_dump(mode="json") for each in drift],
    }


def _is_same_image(name: str, wanted: str, now: str) -> bool:
    """Some controllers keep the last part of an image's address only."""
    return name == "media" and bool(now) and wanted.rpartition("/")[2] == now.rpartition("/")[2]
