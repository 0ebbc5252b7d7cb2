"""The kinds of resource, each as five steps over plain values. The adapter knows no kind by name; no kind knows Pulumi."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from infra import adopting, controlling
from infra.adopting import State, Task, Tell
from infra.components import ADOPTED, CONTROLLER
from infra.controlling import Control
from infra.reach.machine import open_controller, open_machine
from infra.releasing import release

Values = Mapping[str, Any]


class Life(Protocol):
    """From the first day to the last. Every step but `misfits` may raise InfraError."""

    def misfits(self, inputs: Values) -> dict[str, str]: ...

    def create(self, inputs: Values, access: Values, tell: Tell, *, preview: bool) -> State: ...

    def look(self, state: Values, access: Values, tell: Tell) -> State: ...

    def update(self, inputs: Values, state: Values, access: Values, tell: Tell, *, preview: bool) -> State: ...

    def release(self, state: Values, access: Values, tell: Tell) -> None: ...


class ServerLife:
    def misfits(self, inputs: Values) -> dict[str, str]:
        return adopting.misfits(inputs)

    def create(self, inputs: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        with Task(inputs, access, open_machine, tell) as task:
            return adopting.adopt(task, preview=preview)

    def look(self, state: Values, access: Values, tell: Tell) -> State:
        with Task(state, access, open_machine, tell) as task:
            return adopting.look(task, state)

    def update(self, inputs: Values, state: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        with Task(inputs, access, open_machine, tell) as task:
            return adopting.mend(task, state, preview=preview)

    def release(self, state: Values, access: Values, tell: Tell) -> None:
        with Task(state, access, open_machine, tell) as task:
            release(task, state)


class ControllerLife:
    def misfits(self, inputs: Values) -> dict[str, str]:
        return {name: "it is required" for name in ("server", "url") if not inputs.get(name)}

    def create(self, inputs: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        return controlling.carry(Control(inputs, access, open_controller, tell), preview=preview)

    def look(self, state: Values, access: Values, tell: Tell) -> State:
        return controlling.look(Control(state, access, open_controller, tell), state)

    def update(self, inputs: Values, state: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        return controlling.carry(Control(inputs, access, open_controller, tell), preview=preview)

    def release(self, state: Values, access: Values, tell: Tell) -> None:
        controlling.release(Control(state, access, open_controller, tell), state)


LIVES: Final[Mapping[str, Life]] = {ADOPTED: ServerLife(), CONTROLLER: ControllerLife()}


def changed(state: Values, inputs: Values) -> list[str]:
    """What an update would have to do: the inputs that are not as they were, and `drift` when something differs."""
    names = [name for name in inputs if inputs[name] != state.get(name)]
    return names + (["drift"] if state.get("drift") else [])
