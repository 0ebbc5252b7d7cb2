"""Whether a link carries anything, from what both of its ends say: by polls, which are a little old, and by traps, which are not.

Pure; moments are seconds of one monotonic clock. What is not known is said to be unknown, and never taken for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from inventory.model import Link, LinkEnd
from network.core.rates import CACHE_SECONDS, TICKS, InterfaceReading, InterfaceStatus

CONFIRM_SECONDS: Final = CACHE_SECONDS + 0.3
"""How long after a trap its device is asked again: an earlier answer may still show the time before it."""

_JITTER: Final = 1.0
"""Seconds by which a device's own time of a change may seem to move between two polls."""


class Word(StrEnum):
    """`one_way`: one end is up and the other is not. `unknown`: an end does not say, or says nothing new."""

    UP = "up"
    DOWN = "down"
    ONE_WAY = "one_way"
    UNKNOWN = "unknown"


class Source(StrEnum):
    POLL = "poll"
    TRAP = "trap"


class Why(StrEnum):
    """What makes a link less than up, or less than known."""

    NO_CARRIER = "no_carrier"
    SWITCHED_OFF = "switched_off"
    TRAP = "trap"
    SILENT = "silent"
    NO_SNMP = "no_snmp"
    NO_INTERFACE = "no_interface"
    UNSURE = "unsure"
    NOT_ASKED = "not_asked"
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSight:
    """What one end says of itself. `up` None: nothing that can be used, and `why` says why.

    `holds` is the latest moment of which this is certain, `heard` when it was told. `since` is when it became so: by the
    device's own clock where it has one for it, else when it was first told; None when nobody knows. `changed` is the device's own
    figure for that (ifLastChange, ticks), None when a poll did not tell one.
    """

    up: bool | None
    holds: float
    heard: float
    source: Source
    since: float | None = None
    why: Why | None = None
    changed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """`source` and `heard` are of the evidence that decides; `end` is the end of `why`, as `device interface`.

    `unasked`: the end that nobody can ask, where the other one alone says that the link is up.
    """

    link: str
    word: Word
    since: float | None = None
    source: Source | None = None
    heard: float | None = None
    why: Why | None = None
    end: str | None = None
    unasked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTurn:
    """A link became `after` at `at`. `flapped`: it is as before, and was something else in between."""

    link: str
    before: Word
    after: LinkState
    at: float
    flapped: bool = False


def by_poll(reading: InterfaceReading, end: LinkEnd, before: EndSight | None) -> EndSight:
    """What a poll says of an end. A total may have lain in the agent's cache for a while, and so may a state."""
    status = reading.status.get(end.interface)
    holds = reading.taken - CACHE_SECONDS
    if status is None:
        return EndSight(up=None, holds=holds, heard=reading.taken, source=Source.POLL, why=Why.NO_INTERFACE)
    why = None
    if not status.up:
        off = status.enabled is False
        why = Why.UNSURE if status.up is None else Why.SWITCHED_OFF if off else Why.NO_CARRIER
    since = _since(status, reading.taken, before)
    return EndSight(
        up=status.up, holds=holds, heard=reading.taken, source=Source.POLL, since=since, why=why, changed=status.changed
    )


def _since(status: InterfaceStatus, taken: float, before: EndSight | None) -> float | None:
    known = before.since if before is not None and before.up == status.up else None
    if known is not None and before is not None and status.changed is not None and status.changed == before.changed:
        # sysUpTime begins anew every 497 days, passes a change of before once more, and makes it look like one of now.
        return known
    if status.changed and status.uptime >= status.changed:
        told = taken - (status.uptime - status.changed) / TICKS
        # The clock of a device goes in steps of its own: a moment that is known already stays what it is.
        return known if known is not None and abs(told - known) < _JITTER + CACHE_SECONDS else told
    if known is not None or before is None or before.up is None or before.up == status.up:
        return known
    return taken


def by_trap(*, up: bool, received: float) -> EndSight:
    return EndSight(up=up, holds=received, heard=received, source=Source.TRAP, since=received, why=None if up else Why.TRAP)


def unheard(why: Why, at: float) -> EndSight:
    """An end that does not say."""
    return EndSight(up=None, holds=at, heard=at, source=Source.POLL, why=why)


def newer(before: EndSight | None, found: EndSight) -> EndSight:
    """Which of two sights of one end counts. A trap is not taken back by a poll that may still show the time before it, nor by
    a silence: who was cut off cannot say so."""
    if before is None:
        return found
    if found.up == before.up:
        since = found.since if found.since is not None else before.since
        return replace(found, since=since, why=found.why or before.why)
    if found.source is Source.POLL and before.source is Source.TRAP:
        if found.up is None and found.heard - before.heard < 2 * CONFIRM_SECONDS:
            return before
        if found.up is not None and found.holds < before.holds:
            return before
    return found


def judge(link: Link, near: EndSight | None, far: EndSight | None, now: float, stale: float) -> LinkState:
    """The state of a link. `stale`: seconds after which what was heard says nothing of now.

    Where only one end can be asked at all, that one decides; of two that disagree, the one whose word is certainly older than
    the other's change says nothing of the time since.
    """
    ends = tuple(_current(sight, now, stale) for sight in (near, far))
    sights = list(zip(link.ends, ends, strict=True))
    asked = [(end, sight) for end, sight in sights if sight.why is not Why.NO_SNMP]
    if not asked:
        return _state(link, Word.UNKNOWN, *sights[0])
    known = [(end, sight) for end, sight in asked if sight.up is not None]
    down = [(end, sight) for end, sight in known if not sight.up]
    if len(known) == 2 and len(down) == 1:
        return _disputed(link, known[0], known[1])
    if down:
        return _state(link, Word.DOWN, *min(down, key=lambda each: each[1].since or each[1].heard))
    if len(known) == len(asked):
        found = _state(link, Word.UP, *max(known, key=lambda each: each[1].since or 0.0))
        unasked = next((f"{end.device} {end.interface}" for end, sight in sights if sight.why is Why.NO_SNMP), None)
        return replace(found, unasked=unasked)
    return _state(link, Word.UNKNOWN, *next(each for each in asked if each[1].up is None))


def _current(sight: EndSight | None, now: float, stale: float) -> EndSight:
    if sight is None:
        return unheard(Why.NOT_ASKED, now)
    if sight.up is not None and now - sight.heard > stale:
        return replace(sight, up=None, why=Why.STALE)
    return sight


_Said = tuple[LinkEnd, EndSight]


def _disputed(link: Link, one: _Said, other: _Said) -> LinkState:
    """One end is up and the other is down. Of two that changed at one moment, what is down is believed."""
    early, late = sorted((one, other), key=lambda said: (_changed(said), not said[1].up))
    down = one if not one[1].up else other
    if early[1].holds >= _changed(late):
        return _state(link, Word.ONE_WAY, *down)
    return _state(link, Word.UP if late[1].up else Word.DOWN, *late)


def _changed(said: _Said) -> float:
    return said[1].since if said[1].since is not None else said[1].holds


def _state(link: Link, word: Word, end: LinkEnd, sight: EndSight) -> LinkState:
    return LinkState(
        link=link.key,
        word=word,
        since=sight.since,
        source=sight.source if sight.up is not None else None,
        heard=sight.heard if sight.why is not Why.NOT_ASKED else None,
        why=None if word is Word.UP else sight.why,
        end=None if word is Word.UP else f"{end.device} {end.interface}",
    )


def events(before: Mapping[str, LinkState], after: Mapping[str, LinkState], now: float) -> Iterator[LinkTurn]:
    """What happened between two judgements, each thing once. That a link is found well at the first look is no event."""
    for key, state in after.items():
        old = before.get(key)
        if old is None or old.why is Why.NOT_ASKED:
            if state.word in (Word.DOWN, Word.ONE_WAY):
                yield LinkTurn(link=key, before=Word.UNKNOWN, after=state, at=now)
        elif old.word is not state.word:
            yield LinkTurn(link=key, before=old.word, after=state, at=_moment(old, state, now))
        elif _flapped(old, state):
            yield LinkTurn(link=key, before=old.word, after=state, at=_moment(old, state, now), flapped=True)


def _moment(old: LinkState, new: LinkState, now: float) -> float:
    """When it happened: what an end says of it, unless that was before the link was last seen as it had been."""
    plausible = new.since is not None and new.word in (Word.UP, Word.DOWN) and (old.heard is None or new.since >= old.heard)
    return new.since if plausible and new.since is not None else now


def _flapped(old: LinkState, new: LinkState) -> bool:
    """Up as before, but since a moment after the last look; an agent may notice the last change itself a while later."""
    if new.word is not Word.UP or old.since is None or new.since is None or old.heard is None:
        return False
    return new.since > old.heard and new.since - old.since > _JITTER + CACHE_SECONDS
