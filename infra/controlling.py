"""The life of a management controller: what it is to hold, and what it holds. Knows neither Pulumi nor what speaks to it.

Its inputs name what should hold (`adopt`: the state of its node, where an Ironic stands before it; `power`, `boot`, `media`);
what they leave empty is left alone. What is kept beside: `held`, what it holds, and `drift`, what differs. Giving it back ejects
the image that we inserted, switches nothing off, and leaves a node in Ironic as it is: taking it out of use there would wipe it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from infra.adopting import Tell, must_be_known
from infra.errors import ReachError, UnknownServer
from infra.facts import Difference, DifferenceKind
from infra.reach.controller import BmcState, Controller, is_same_image

State = dict[str, Any]

INPUTS: Final = ("server", "url", "via", "node", "certificate", "system", "adopt", "power", "boot", "media")
_HELD: Final[Mapping[str, tuple[str, DifferenceKind]]] = {
    "node": ("adopt", "node_changed"),
    "power": ("power", "power_changed"),
    "boot": ("boot", "boot_changed"),
    "media": ("media", "media_changed"),
}
"""What a controller holds: the input that says what it should, and the difference when it does not."""


@dataclass(frozen=True, slots=True)
class Control:
    """One controller's work: what is wanted, what it is reached with, who is told."""

    inputs: Mapping[str, Any]
    access: Mapping[str, Any]
    reach: Callable[[Mapping[str, Any], Mapping[str, Any]], AbstractContextManager[Controller]]
    tell: Tell

    @property
    def server(self) -> str:
        return str(self.inputs["server"])

    def opened(self) -> AbstractContextManager[Controller]:
        """Raises UnknownServer before anything is opened."""
        must_be_known(self.server, self.access)
        return self.reach(self.inputs, self.access)


def carry(control: Control, before: Mapping[str, Any] | None = None, *, preview: bool = False) -> State:
    """Carry the controller to what its inputs say, in an order in which the machine starts from what was inserted.

    `before` is the state that it had, of which every difference that is gone is told as mended.
    """
    with control.opened() as controller:
        if not preview:
            wanted = control.inputs
            if wanted["adopt"]:
                controller.adopt()
            if wanted["media"]:
                controller.media(wanted["media"])
            elif before and before["media"]:
                _eject_ours(controller, before)
            if wanted["boot"]:
                controller.boot(wanted["boot"])
            if wanted["power"]:
                controller.power(wanted["power"])
        facts = controller.facts()
        found = _state(control, controller.state(), facts.model_dump(mode="json"))
    if not preview:
        _tell_mended(control, before, found)
    return found


def look(control: Control, state: Mapping[str, Any]) -> State:
    """The state with what the controller holds now. One that cannot be reached is a difference, and no failure."""
    try:
        with control.opened() as controller:
            found = _state(control, controller.state(), dict(state["machine"]))
    except ReachError as error:
        why = "left_truth" if isinstance(error, UnknownServer) else "controller"
        difference = Difference(kind="controller_unreachable", name=control.server, found=error.code, reason=why)
        found = {**state, "drift": [difference.model_dump(mode="json")]}
    for each in found["drift"]:
        control.tell("infra.difference", {"server": control.server, **each})
    return found


def release(control: Control, state: Mapping[str, Any]) -> None:
    """A machine that is lost took its controller with it. Raises UnknownServer, also where there is nothing to be done on it."""
    if control.access.get("lost"):
        return
    must_be_known(control.server, control.access)
    if state["media"]:
        with control.opened() as controller:
            _eject_ours(controller, state)


def _eject_ours(controller: Controller, state: Mapping[str, Any]) -> None:
    """What somebody else inserted meanwhile stays where it is."""
    if is_same_image(state["media"], controller.state().media or ""):
        controller.media(None)


def _state(control: Control, held: BmcState, machine: Mapping[str, Any]) -> State:
    now = {name: getattr(held, name) or "" for name in _HELD}
    drift = [
        Difference(kind=kind, name=name, wanted=wanted, found=now[name] or "–", mend="repair")
        for name, (source, kind) in _HELD.items()
        if (wanted := control.inputs[source]) and not is_same_image(wanted, now[name])
    ]
    return {
        **{name: control.inputs[name] for name in INPUTS},
        "held": now,
        "machine": dict(machine),
        "drift": [each.model_dump(mode="json") for each in drift],
    }


def _tell_mended(control: Control, before: Mapping[str, Any] | None, found: Mapping[str, Any]) -> None:
    left = {(each["kind"], each["name"]) for each in found["drift"]}
    for each in before["drift"] if before else ():
        if (each["kind"], each["name"]) not in left:
            control.tell("infra.repaired", {"server": control.server, "kind": each["kind"], "name": each["name"]})
    for each in found["drift"]:
        control.tell("infra.unrepaired", {"server": control.server, **each, "reason": "no_effect"})
