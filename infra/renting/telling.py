"""What is rented and is not as it was wanted, as differences that a person reads. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from infra.facts import Difference
from infra.renting import life
from infra.renting.kind import Kind, Values
from infra.text import clean

_NOTHING: Final = "–"
_CALLED: Final[Mapping[str, str]] = {"Server": "machine"}
"""Kinds that are called otherwise where servers are spoken of."""


def called(kind: Kind) -> str:
    return _CALLED.get(kind.name, kind.name.lower())


def gone(kind: Kind) -> Difference:
    return Difference(kind="rented_gone", name=called(kind), wanted="present", found="absent", mend="repair")


def unlike(kind: Kind, now: Values, wanted: Values) -> tuple[Difference, ...]:
    """Every input that is not as `wanted` has it, and the mark where it is lacking; nothing of those that are not known yet. Of a
    list what is lacking and what is too much."""
    names, _ = life.changed(kind, now, wanted)
    return tuple(_difference(kind, name, now, wanted) for name in names if is_known(wanted.get(name, "")))


def is_known(value: Any) -> bool:
    """Whether nothing in it waits for something else to be made."""
    if isinstance(value, Mapping):
        return all(map(is_known, value.values()))
    return all(map(is_known, value)) if isinstance(value, list) else value is not None


def _difference(kind: Kind, name: str, now: Values, wanted: Values) -> Difference:
    if name == life.OWNER:
        meant, found = f"{wanted['regency']}/{wanted['name']}", str(now.get(name) or "")
    else:
        meant, found = _texts(kind, name, wanted.get(name, kind.fields[name].default), now.get(name))
    return Difference(
        kind="rented_changed", name=f"{called(kind)}.{name}", wanted=_shown(meant), found=_shown(found), mend="repair"
    )


def _texts(kind: Kind, name: str, meant: Any, found: Any) -> tuple[str, str]:
    if isinstance(meant, list) and isinstance(found, list):
        one, other = list(kind.listed(name, meant)), list(kind.listed(name, found))
        return ", ".join(each for each in one if each not in other), ", ".join(each for each in other if each not in one)
    return _text(kind.plain(name, meant)), _text(kind.plain(name, found))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value in (None, {}, []) else json.dumps(value, ensure_ascii=False)


def _shown(text: str) -> str:
    return clean(text) or _NOTHING
