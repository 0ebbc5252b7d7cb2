"""The life of a rented thing, whatever its kind: made once, looked at, changed in place, given back. Found again by its mark."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from infra.errors import CloudError
from infra.renting import complaint
from infra.renting.kind import COMMON, Kind, State, Task, Values

OWNER: Final = "owner"
"""Of the state: whose it says it is; a difference of that name is mended by putting the mark on it."""
ID: Final = "id"
_EMPTY: Final[Collection[Any]] = ("", None, [], {}, 0)


def misfits(kind: Kind, inputs: Values, *, whole: bool = False) -> dict[str, str]:
    """By place of an input: what is wrong with it. A value that is None is not known yet, which `whole` does not allow."""
    found = dict[str, str]()
    for name, each in kind.fields.items():
        if name not in inputs or (whole and inputs[name] is None):
            if each.required:
                found[name] = "it is required"
        elif inputs[name] is not None:
            for place, reason in each.check(inputs[name]):
                found.setdefault(f"{name}{place}", reason)
    for name in inputs.keys() - kind.fields.keys():
        if not name.startswith("__"):
            found[name] = f"a {kind.name} has no such input; it has {', '.join(kind.fields)}"
    if not found:
        found.update(kind.together(inputs))
    return found


def completed(kind: Kind, inputs: Values) -> State:
    """The inputs with what was left out."""
    return {name: inputs.get(name, each.default) for name, each in kind.fields.items()}


def changed(kind: Kind, state: Values, inputs: Values) -> tuple[list[str], list[str]]:
    """The inputs that are not as the state has them, and `owner` where the mark is lacking; and those of them that demand another
    one in its place."""
    wanted = completed(kind, inputs)
    names = [name for name, now in wanted.items() if not _is_same(kind, name, state.get(name), now)]
    replaced = [name for name in names if kind.demands(name, state.get(name), wanted[name])]
    unmarked = kind.marked and state.get(OWNER) != f"{wanted['regency']}/{wanted['name']}" and not replaced
    return names + ([OWNER] if unmarked else []), replaced


def create(task: Task, *, preview: bool = False) -> State:
    """Make it, or take over the one that bears our mark, also a half-made one. With `preview` nothing is asked that changes.

    Raises CloudRefused when several bear the mark, or when the one that does is another than is wanted. What was made for one
    that the cloud refuses in the end is given back: it would stand in no state.
    """
    if not preview:
        _must_fit(task)
    found = _only(task)
    wanted = completed(task.kind, task.inputs)
    if found is not None:
        _must_be_it(task, found, wanted)
    if preview:
        task.kind.ahead(task)
        return wanted
    try:
        return _carried(task, task.kind.make(task, found))
    except Exception as error:
        if found is None and task.cloud.refuses(error):
            _give_back(task)
        raise


def look(task: Task, key: str) -> State | None:
    """None when it is gone."""
    found = task.kind.look(task, key)
    if found is None:
        return None
    return {**{name: task.inputs[name] for name in COMMON}, **found, ID: key}


def change(task: Task, key: str) -> State:
    """Carry it in place to its inputs. Raises CloudError when it is gone, CloudRefused when it is somebody else's."""
    _must_fit(task)
    return _carried(task, key)


def remove(task: Task, key: str) -> None:
    found = look(task, key)
    if found is not None:
        _must_be_ours(task, found)
    task.kind.remove(task, key)


def shown(kind: Kind, state: Values) -> State:
    """What the state says of the inputs."""
    return {name: state[name] for name in kind.fields if name in state}


def _give_back(task: Task) -> None:
    """As far as that goes: what is left bears the mark, and who asks for it again finds it."""
    with suppress(Exception):
        for key in task.kind.owned(task):
            task.kind.remove(task, key)
        task.kind.clear(task)


def _carried(task: Task, key: str) -> State:
    now = look(task, key)
    if now is None:
        raise task.error("infra.cloud_missing", key)
    _must_be_ours(task, now)
    if changed(task.kind, now, task.inputs)[0]:
        task.kind.change(task, key, now)
        now = look(task, key)
        if now is None:
            raise task.error("infra.cloud_missing", key)
    return now


def refusal(cloud: str, what: str, wrong: Mapping[str, str]) -> CloudError:
    """For inputs that are wrong, by place."""
    reason = "; ".join(f"{name}: {said}" for name, said in wrong.items())
    return complaint.error("infra.cloud_field", cloud=cloud, what=what, reason=reason)


def _must_fit(task: Task) -> None:
    wrong = misfits(task.kind, task.inputs, whole=True)
    if wrong:
        raise refusal(task.cloud.name, task.what, wrong)


def _must_be_ours(task: Task, now: Values) -> None:
    if now.get(OWNER) not in ("", None, task.owner.text):
        raise task.error("infra.cloud_foreign", f"{now[ID]}: {now[OWNER]}")


def _only(task: Task) -> str | None:
    found = task.kind.owned(task)
    if len(found) > 1:
        raise task.error("infra.cloud_twice", ", ".join(sorted(found)))
    return found[0] if found else None


def _must_be_it(task: Task, key: str, wanted: Values) -> None:
    """What cannot be changed has to be as it is wanted, or not be there yet."""
    now = look(task, key)
    for name, was, then in _unlike(task.kind, now or {}, wanted):
        if was not in _EMPTY and then is not None and task.kind.demands(name, was, then):
            raise task.error("infra.cloud_other", f"{key}: {name}: {was} > {then}")


def _unlike(kind: Kind, state: Values, wanted: Values) -> Iterator[tuple[str, Any, Any]]:
    for name, then in wanted.items():
        if not _is_same(kind, name, state.get(name), then):
            yield name, state.get(name), then


def _is_same(kind: Kind, name: str, was: Any, now: Any) -> bool:
    if kind.fields[name].free and now in _EMPTY and now is not None:
        return True
    return kind.same(name, was, now)
