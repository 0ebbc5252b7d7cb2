"""Changes as RouterOS' commands: what belongs to one item in one command, in an order in which each finds what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from network.core.links.difference import Change
from network.dialects.links.routeros_export import quoted

_THERE: Final = "there"
_ORDER: Final = (
    "/routing ospf instance",
    "/routing ospf area",
    "/interface vlan",
    "/interface",
    "/routing ospf interface-template",
    "/ip address",
)
"""What may cut the session that types comes last."""

_USUAL: Final = {
    "mtu": "1500", "comment": "", "disabled": "no", "cost": "1", "hello-interval": "10s", "dead-interval": "40s",
    "type": "broadcast", "originate-default": "never",
}  # fmt: skip
"""What a property is set to where nothing of ours is to stand; others are unset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An item: its menu, by what it is found, and what a new one is made of beside that (nothing: it is not made).

    `there`: the device has it. `many`: its section holds many items, told apart by this property. `shared`: another end of the
    same device may have made it in the meantime.
    """

    menu: str
    find: Mapping[str, str]
    make: Mapping[str, str] = field(default_factory=dict)
    there: bool = True
    many: str = ""
    shared: bool = False

    @property
    def found(self) -> str:
        return " ".join(f"{name}={quoted(value)}" for name, value in self.find.items())


def say(changes: Iterable[Change], places: Mapping[str, Place], *, back: bool = False) -> str:
    """One command a line. `back`: the changes undo others, so that what those made goes as a whole."""
    by_head: dict[str, list[Change]] = {}
    for change in changes:
        by_head.setdefault(change.section, []).append(change)
    heads = sorted(by_head, key=lambda head: _ORDER.index(places[head].menu), reverse=back)
    return "".join(f"{line}\n" for head in heads for line in _commands(places[head], by_head[head], back=back))


def _commands(place: Place, changes: Sequence[Change], *, back: bool) -> Iterator[str]:
    if place.many:
        yield from _each(place, changes)
    elif place.there:
        values = _values(change for change in changes if change.text != _THERE)
        if values:
            yield f"{place.menu} set [find {place.found}] {values}"
    elif back:
        yield f"{place.menu} remove [find {place.found}]"
    else:
        made = " ".join(f"{name}={quoted(value)}" for name, value in place.make.items())
        words = " ".join(word for word in (place.found, made, _values(c for c in changes if c.text != _THERE)) if word)
        add = f"{place.menu} add {words}"
        yield f":if ([:len [{place.menu} find {place.found}]] = 0) do={{ {add} }}" if place.shared else add


def _each(place: Place, changes: Sequence[Change]) -> Iterator[str]:
    """One old for one new is changed in place: taking it away first could cut who says so."""
    gone = [_pairs(change.text) for change in changes if change.remove]
    come = [_pairs(change.text) for change in changes if not change.remove]
    for old, new in zip(gone, come, strict=False):
        yield f"{place.menu} set [find {place.found} {place.many}={quoted(old[place.many])}] {_words(new)}"
    for new in come[len(gone) :]:
        yield f"{place.menu} add {_words(new)} {place.found}"
    for old in gone[len(come) :]:
        yield f"{place.menu} remove [find {place.found} {place.many}={quoted(old[place.many])}]"


def _values(changes: Iterable[Change]) -> str:
    """The last word on each property counts; one that only goes is set as it comes, or unset."""
    said: dict[str, str] = {}
    for change in changes:
        name, _, value = change.text.partition(" ")
        if not change.remove:
            said[name] = name if name in _FLAGS else f"{name}={quoted(value) or _EMPTY}"
        elif name not in said:
            said[name] = f"{name}={_USUAL[name] or _EMPTY}" if name in _USUAL else f"!{name}"
    return " ".join(said.values())


_EMPTY: Final = '""'
_FLAGS: Final = ("passive",)
"""Said without a value."""


def _pairs(text: str) -> dict[str, str]:
    words = text.split(" ")
    return dict(zip(words[::2], words[1::2], strict=False))


def _words(pairs: Mapping[str, str]) -> str:
    return " ".join(f"{name}={quoted(value)}" for name, value in pairs.items())
