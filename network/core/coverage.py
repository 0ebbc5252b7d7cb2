"""How many offices are on working fibre: every link from the core to the office is fibre, and every one is up. Pure.

The figure is of what is known now. An office of which something is not known does not count, and is listed with the reason: a
link of which one end says that it is up, and of which the other cannot be asked, may carry nothing in one direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inventory import views
from inventory.model import Link, Medium, Office
from inventory.regency import Regency
from network.core.link_states import LinkState, Why, Word


class Lack(StrEnum):
    """Why an office does not count. `not_fibre`: all its links are up, and one of them is no fibre."""

    DOWN = "down"
    ONE_WAY = "one_way"
    UNKNOWN = "unknown"
    NOT_FIBRE = "not_fibre"


_GRAVE: Final = (Lack.DOWN, Lack.ONE_WAY, Lack.UNKNOWN, Lack.NOT_FIBRE)
_LACKS: Final = {Word.DOWN: Lack.DOWN, Word.ONE_WAY: Lack.ONE_WAY, Word.UNKNOWN: Lack.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCover:
    """One office. `lack` None: it is on working fibre; else the first reason from the core on, the gravest one first, and
    `link` is where. `why` and `end` are the link's own; `since` in seconds before the figure was made."""

    office: str
    name: str
    hub: str
    lack: Lack | None
    link: str | None = None
    medium: Medium | None = None
    since: float | None = None
    why: Why | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`covered` of `offices` are on working fibre; `reached` counts those whose links are all up, whatever they are made of.

    `percent` is rounded down to a tenth, so that 100 means all.
    """

    offices: int
    covered: int
    reached: int
    percent: float
    lines: tuple[OfficeCover, ...]

    @property
    def lacking(self) -> tuple[OfficeCover, ...]:
        return tuple(line for line in self.lines if line.lack is not None)


def coverage(regency: Regency, states: Mapping[str, LinkState], now: float) -> Coverage:
    """Of every office, in the order of the file; `now` is a moment of the clock that `states` has."""
    lines = tuple(_line(regency, office, states, now) for office in regency.offices)
    covered = sum(line.lack is None for line in lines)
    return Coverage(
        offices=len(lines),
        covered=covered,
        reached=sum(line.lack in (None, Lack.NOT_FIBRE) for line in lines),
        percent=1000 * covered // len(lines) / 10 if lines else 0.0,
        lines=lines,
    )


def path(regency: Regency, office: Office) -> tuple[Link, ...]:
    """The links from the core to an office."""
    return views.hub_link(regency, regency.hub(office.hub)), views.access_link(regency, office)


def _line(regency: Regency, office: Office, states: Mapping[str, LinkState], now: float) -> OfficeCover:
    found = [(lack, link) for link in path(regency, office) if (lack := _lack(link, states.get(link.key))) is not None]
    if not found:
        return OfficeCover(office=office.key, name=office.name, hub=office.hub, lack=None)
    lack, link = min(found, key=lambda each: _GRAVE.index(each[0]))
    state = states.get(link.key)
    return OfficeCover(
        office=office.key,
        name=office.name,
        hub=office.hub,
        lack=lack,
        link=link.key,
        medium=link.medium,
        since=None if state is None or state.since is None or lack is Lack.NOT_FIBRE else round(now - state.since, 1),
        why=_why(state),
        end=None if state is None else state.unasked or state.end,
    )


def _why(state: LinkState | None) -> Why | None:
    if state is None:
        return Why.NOT_ASKED
    return Why.NO_SNMP if state.unasked else state.why


def _lack(link: Link, state: LinkState | None) -> Lack | None:
    lack = Lack.UNKNOWN if state is None or state.unasked else _LACKS.get(state.word)
    return lack or (Lack.NOT_FIBRE if link.medium is not Medium.FIBRE else None)
