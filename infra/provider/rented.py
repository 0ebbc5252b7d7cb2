"""The kinds of resource that are rented from a cloud, over `infra.renting`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from infra.adopting import State, Tell
from infra.provider.lives import Differing, Life, Manner, Place, Values, unheard
from infra.renting import complaint, life, telling
from infra.renting.kind import Api, Kind, Task
from infra.renting.kinds import KINDS, TYPE

_WANTED: Final = "__wanted"
"""Of what is known of one that is looked at: its inputs, by which it is told what differs."""
Opener = Callable[[Values, str], AbstractContextManager[Api]]


def _open(access: Values, what: str) -> AbstractContextManager[Api]:
    """openstacksdk takes a good part of a second to import, which who rents nothing need not wait for."""
    from infra.reach.cloud import opened

    return opened(access, what)


class Rented:
    """What is rented goes by the id that the cloud has for it."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.hidden = frozenset(name for name, each in kind.own.items() if each.hidden)

    def asked(self, values: Values) -> tuple[str, dict[str, str]]:
        return "cloud", {"cloud": str(values.get("cloud") or ""), "name": str(values.get("name") or "")}

    def label(self, values: Values) -> str:
        return f"{self._kind.name} {values.get('name') or ''}".strip()

    def id_of(self, state: Values) -> str:
        return str(state[life.ID])

    def defaults(self, inputs: Values) -> State:
        return {name: value for name, value in life.completed(self._kind, inputs).items() if name not in inputs and value != ""}

    def known(self, state: Values, inputs: Values, place: Place) -> Values:
        """One that is imported is looked at by its id alone: it is named as in the program, whose stack is the regency's."""
        first = {"regency": place.stack, "name": place.name, "cloud": ""}
        return {**first, **inputs, **state, life.ID: place.id, _WANTED: {**first, **inputs} if inputs else {}}

    def differing(self, kind: str, state: Values, inputs: Values) -> Differing:
        names, replaces = life.changed(self._kind, state, inputs)
        return Differing(names=names, replaces=replaces, told=list(telling.unlike(self._kind, state, inputs)))


class RentedLife:
    """Over the cloud that `opener` opens. `access`: the broker's answer, and `seconds`, the engine's patience, 0 for ours."""

    def __init__(self, kind: Kind, opener: Opener = _open, stop: threading.Event | None = None) -> None:
        self._kind, self._open = kind, opener
        self._stop = stop or threading.Event()
        self.manner: Manner = Rented(kind)

    def misfits(self, inputs: Values, tell: Tell = unheard) -> dict[str, str]:
        wrong, label = life.misfits(self._kind, inputs), self.manner.label(inputs)
        if wrong:
            error = life.refusal(str(inputs.get("cloud") or "–"), label, wrong)
            said = {"server": label, "kind": f"{TYPE}{self._kind.name}", "code": error.code, "fields": error.fields}
            tell("infra.failed", {**said, "status": error.exit_code})
        return wrong

    def create(self, inputs: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        with self._opened(inputs, access) as cloud:
            return life.create(self._task(inputs, access, cloud), preview=preview)

    def look(self, state: Values, access: Values, tell: Tell) -> State | None:
        known = state if state.get("cloud") else {**state, "cloud": access.get("key") or access.get("cloud", "")}
        with self._opened(known, access) as cloud:
            found = life.look(self._task(known, access, cloud, known), str(known[life.ID]))
        if wanted := known.get(_WANTED):
            differing = telling.unlike(self._kind, found, wanted) if found else (telling.gone(self._kind),)
            for each in differing:
                tell("infra.difference", {"server": str(known["name"]), **each.model_dump(mode="json")})
        return found

    def update(self, inputs: Values, state: Values, access: Values, tell: Tell, *, preview: bool) -> State:
        with self._opened(inputs, access) as cloud:
            task = self._task(inputs, access, cloud, state)
            key = str(state[life.ID])
            return {**state, **life.completed(self._kind, inputs)} if preview else life.change(task, key)

    def release(self, state: Values, access: Values, tell: Tell) -> None:
        with self._opened(state, access) as cloud:
            life.remove(self._task(state, access, cloud), str(state[life.ID]))

    def _opened(self, values: Values, access: Values) -> AbstractContextManager[Api]:
        """Raises CloudError with the code that the broker gave for a cloud that nobody knows."""
        what = f"{self._kind.name} {values.get('name') or ''}".strip()
        if "code" in access:
            raise complaint.error(str(access["code"]), cloud=str(access["key"]), what=what, reason=access["reason"])
        return self._open(access, what)

    def _task(self, values: Values, access: Values, cloud: Api, known: Values | None = None) -> Task:
        seconds = float(access.get("seconds") or 0) or self._kind.wait
        return Task(kind=self._kind, inputs=values, cloud=cloud, seconds=seconds, stop=self._stop, known=known or {})


STOP: Final = threading.Event()
"""Set when the engine was interrupted: who waits for something waits no longer. What was begun is found again by its mark."""
RENTED: Final[Mapping[str, Life]] = {name: RentedLife(kind, stop=STOP) for name, kind in KINDS.items()}


def schema() -> dict[str, Any]:
    """Of every kind, what the engine's schema says of its inputs."""
    any_one = {"$ref": "pulumi.json#/Any"}
    return {
        name: {
            "description": (kind.__doc__ or f"{name.removeprefix(TYPE)} of a cloud").strip(),
            "inputProperties": {field: {**any_one, "secret": each.hidden} for field, each in kind.fields.items()},
            "requiredInputs": [field for field, each in kind.fields.items() if each.required],
            "properties": dict.fromkeys(kind.fields, any_one),
        }
        for name, kind in KINDS.items()
    }
