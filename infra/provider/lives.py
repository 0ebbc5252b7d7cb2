"""What a kind of resource is to the adapter, five steps over plain values, and those of what is leased. No kind knows Pulumi."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from infra import adopting, controlling
from infra.adopting import Machine, State, Task, Tell
from infra.changes import changes
from infra.components import CONTROLLER
from infra.controlling import Control
from infra.errors import Refused
from infra.facts import Difference
from infra.reach.host_keys import pin, unpin
from infra.reach.machine import awaited, open_controller, open_machine
from infra.releasing import release

Values = Mapping[str, Any]
KEYS: Final = "hostKeys"
"""The input that only a rented server has: its host keys, as its cloud told them."""


def unheard(event: str, fields: Values) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a resource stands: the id that the engine has of it, its name in the program, and the stack's."""

    id: str
    name: str
    stack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """What an update would have to do: by name, and those for which another one has to take its place."""

    names: list[str]
    replaces: list[str] = field(default_factory=list)
    told: list[Difference] = field(default_factory=list)


class Manner(Protocol):
    """How a kind of resource is spoken of to the engine and to the broker. Never raises. `hidden`: the names of values that the
    engine never shows, nor keeps in the open, whatever the program says of them."""

    hidden: frozenset[str]

    def asked(self, values: Values) -> tuple[str, dict[str, str]]:
        """What the broker is asked for a way in, word and fields."""
        ...

    def label(self, values: Values) -> str: ...

    def id_of(self, state: Values) -> str: ...

    def defaults(self, inputs: Values) -> State:
        """Inputs that were left out."""
        ...

    def known(self, state: Values, inputs: Values, place: Place) -> Values:
        """What is looked at: the state, also of one that is looked at for the first time, of which there is none."""
        ...

    def differing(self, kind: str, state: Values, inputs: Values) -> Differing: ...


class Life(Protocol):
    """From the first day to the last. Every step but `misfits` may raise InfraError."""

    @property
    def manner(self) -> Manner: ...

    def misfits(self, inputs: Values, tell: Tell = unheard) -> dict[str, str]:
        """By place of an input, what is wrong with it; told besides where there is more to be said than the engine does."""
        ...

    def create(self, inputs: Values, access: Values, tell: Tell, *, preview: bool) -> State: ...

    def look(self, state: Values, access: Values, tell: Tell) -> State | None:
        """None when it is gone."""
        ...

    def update(self, inputs: Values, state: Values, access: Values, tell: Tell, *, preview: bool) -> State: ...

    def release(self, state: Values, access: Values, tell: Tell) -> None: ...


class Leased:
    """What is leased goes by the key that the truth has for it, which it keeps."""

    hidden: frozenset[str] = frozenset()

    def asked(self, values: Values) -> tuple[str, dict[str, str]]:
        return "access", {"server": str(values["server"])}

    def label(self, values: Values) -> str:
        return str(values["server"])

    def id_of(self, state: Values) -> str:
        return str(state["server"])

    def defaults(self, inputs: Values) -> State:
        return {}

    def known(self, state: Values, inputs: Values, place: Place) -> Values:
        return state

    def differing(self, kind: str, state: Values, inputs: Values) -> Differing:
        """With other host keys it is another machine, of which the cloud has made one in the place of the first."""
        names = changed(state, inputs)
        other = [name for name in names if name == KEYS and state.get(KEYS)]
        return Differing(names=names, replaces=other, told=told(kind, state, inputs))


class ServerLife:
    """Over the machine that `reach` opens."""

    manner: Final = Leased()

    def __init__(self, reach: Callable[[Values, Values], Machine]) -> None:
        self._reach = reach

    def misfits(self, inputs: Values, tell: Tell = unheard) -> dict[str, str]:
        return adopting.misfits(inputs)

    def create(self, inputs: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        if preview and KEYS in inputs:
            return dict(inputs)  # the machine is not there yet
        with Task(inputs, access, self._entered, tell) as task:
            return adopting.adopt(task, preview=preview)

    def look(self, state: Values, access: Values, tell: Tell) -> State:
        with Task(state, access, self._reach, tell) as task:
            return adopting.look(task, state)

    def update(self, inputs: Values, state: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        if preview and inputs.get("address") is None:
            return {**state, **inputs}
        with Task(inputs, access, self._reach if preview else self._entered, tell) as task:
            return adopting.mend(task, state, preview=preview)

    def release(self, state: Values, access: Values, tell: Tell) -> None:
        """One that is rented goes with all that is on it: nothing is wiped before."""
        if KEYS in state:
            if known_hosts := access.get("known_hosts"):
                unpin(Path(known_hosts), str(state["address"]), int(state["port"]))
            tell("infra.gone", {"server": str(state["server"])})
            return
        with Task(state, access, self._reach, tell) as task:
            release(task, state)

    def _entered(self, inputs: Values, access: Values) -> Machine:
        """One that is rented tells whom to expect at its address, and is waited for: it answers a while after it is there."""
        if KEYS not in inputs or "code" in access:
            return self._reach(inputs, access)
        pin(Path(access["known_hosts"]), str(inputs["address"]), int(inputs["port"]), inputs[KEYS])
        return awaited(lambda: self._reach(inputs, access))


class ControllerLife:
    manner: Final = Leased()

    def misfits(self, inputs: Values, tell: Tell = unheard) -> dict[str, str]:
        return {name: "it is required" for name in ("server", "url") if not inputs.get(name)}

    def create(self, inputs: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        return controlling.carry(Control(inputs, access, open_controller, tell), preview=preview)

    def look(self, state: Values, access: Values, tell: Tell) -> State:
        return controlling.look(Control(state, access, open_controller, tell), state)

    def update(self, inputs: Values, state: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        return controlling.carry(Control(inputs, access, open_controller, tell), state, preview=preview)

    def release(self, state: Values, access: Values, tell: Tell) -> None:
        controlling.release(Control(state, access, open_controller, tell), state)


class Machines:
    """The machines that are spoken to at this moment. Safe to use from several threads."""

    def __init__(self) -> None:
        self._open: set[Machine] = set()
        self._lock = threading.Lock()
        self._is_cut = False

    def reach(self, inputs: Values, access: Values) -> Machine:
        """Raises Refused once they were cut off."""
        machine = open_machine(inputs, access)
        with self._lock:
            if self._is_cut:
                raise Refused("infra.interrupted")
            self._open.add(machine)
        return machine

    def cut(self) -> None:
        """End every conversation: what is under way fails, and may be done again."""
        with self._lock:
            self._is_cut = True
            there = list(self._open)
        for machine in there:
            machine.close()


MACHINES: Final = Machines()


def told(kind: str, state: Values, inputs: Values) -> list[Difference]:
    """What the truth says otherwise than before; a controller's under the name that the truth has for it."""
    return list(changes(state, inputs, "bmc." if kind == CONTROLLER else ""))


def changed(state: Values, inputs: Values) -> list[str]:
    """What an update would have to do: the inputs that are not as they were, and `drift` when something differs."""
    names = [name for name in inputs if inputs[name] != state.get(name)]
    return names + (["drift"] if state.get("drift") else [])
