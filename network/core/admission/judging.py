"""Whether a request fits beside all else that acts: every stretch of time in which it acts, every distinct overlap once.

Says what is missing and when; what would fit instead is for `network.core.admission.offers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property, partial
from typing import Final, NamedTuple

import numpy as np

from inventory.model import Uplink
from inventory.policy import Window
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.core.admission.outcomes import Given, Ground, Sets
from network.core.admission.overlaps import Overlaps, Spans, distinct, local, merged, moment, overlaps, spans, ticks
from network.core.admission.times import Own, Times, halves
from network.core.admission.touching import Request, both_name, uplinks_touched
from network.core.intent import Boost, on_a_day_off
from network.core.levels import Flags, Integers
from network.core.sharing import LINUX_TC, Sharing
from network.core.tree import ShaperId
from network.errors import Refused

MOST_TOLD: Final = 20
"""So many distinct overlaps that do not fit are told, the earliest of them; the rest are like them."""

_INSTANT: Final = timedelta(microseconds=1)
_LAST_DAY: Final = date(9998, 12, 31)
_BEGINNING, _END = -(2**62), 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """From `since` to `until` (at one moment when they are equal: an edge) the request does not fit.

    `who`: the windows by key and boosts by id that act together with it then. `missing`: bit/s, at `place`. `cause`: why, as
    the allocator or the guard would refuse it at that time.
    """

    since: datetime
    until: datetime
    who: tuple[str, ...]
    place: str
    missing: Bandwidth
    cause: Refused

    def told(self, zone: tzinfo) -> Refused:
        """The same for a person."""
        code = "admission.shortfall" if self.missing else "admission.undecided"
        since, until = local(self.since, zone), local(self.until, zone)
        beside = Refused("admission.beside", who=", ".join(self.who)) if self.who else Refused("admission.alone")
        when = Refused("admission.at", since=since)
        if self.since < self.until:
            when = Refused("admission.from_until", since=since, until=until)
        return Refused(code, when=when, beside=beside, place=self.place, missing=self.missing, cause=self.cause)


class Beside:
    """All that a request is to fit beside. `boosts` and the regency's windows may hold the request itself, which is left out."""

    def __init__(self, regency: Regency, request: Request, boosts: Iterable[Boost], sharing: Sharing = LINUX_TC) -> None:
        own = request.key if isinstance(request, Window) else None
        self.regency = regency
        self.ground = Ground(regency, sharing)
        self._whole = tuple(window for window in regency.windows if window.confirmed and window.key != own)
        halved = tuple(window for window in self._whole if halves(regency, window))
        self.windows = (*self._whole, *(on_a_day_off(regency, window) for window in halved))
        self.boosts = tuple(boost for boost in boosts if isinstance(request, Window) or boost.id != request.id)
        self._seen: tuple[datetime, datetime, list[Spans]] | None = None

    def spans(self, since: datetime, until: datetime) -> list[Spans]:
        """When each of the windows and then of the boosts acts in that time, and perhaps before and after it."""
        if self._seen is None or since < self._seen[0] or self._seen[1] < until:
            times = Times(self.regency, since, until)
            found = [times.of(window) for window in self._whole]
            off = [each.off for window, each in zip(self._whole, found, strict=True) if halves(self.regency, window)]
            self._seen = since, until, [*(each.whole for each in found), *off]
        return [
            *self._seen[2],
            *(spans([(boost.starts, boost.expires)] if boost.starts < boost.expires else ()) for boost in self.boosts),
        ]


class Together:
    """The request among all else: which sets of things act when, and what each set gives."""

    def __init__(self, beside: Beside, request: Request, own: Own) -> None:
        self.beside, self.request, self.own, self.whole = beside, request, own.spans, own.whole
        since, until = moment(int(self.own.starts[0])), moment(int(self.own.ends[-1]))
        things = beside.spans(since - _INSTANT, until + _INSTANT)
        self._names = (*(each.key for each in beside.windows), *(each.id for each in beside.boosts))
        self.overlaps: Overlaps = overlaps(self.own, things if own.whole is None else [*things, own.whole])

    @cached_property
    def given(self) -> dict[ShaperId, Given]:
        return self.beside.ground.given(self.sets(self.overlaps.acts))

    def sets(self, acts: Flags) -> Sets:
        """Sets of the request (column 0), the windows and the boosts; a last column says where a halved request is whole."""
        windows = [(each, acts[:, number], number) for number, each in enumerate(self.beside.windows, 1)]
        first = 1 + len(windows)
        boosts = [(each, acts[:, number]) for number, each in enumerate(self.beside.boosts, first)]
        windows += [(each, flags, -number) for number, (each, flags) in enumerate(self.forms(acts))]
        if isinstance(self.request, Boost):
            boosts.append((self.request, acts[:, 0]))
        # Of two forms of one window the whole one, which comes first here, has the last word.
        windows.sort(key=lambda each: (each[0].precedence, each[0].key, -abs(each[2])))
        boosts.sort(key=lambda each: (each[0].created, each[0].id))
        return Sets(
            windows=[window for window, _, _ in windows],
            boosts=[boost for boost, _ in boosts],
            window=_columns([flags for _, flags, _ in windows], len(acts)),
            boost=_columns([flags for _, flags in boosts], len(acts)),
        )

    def forms(self, acts: Flags) -> list[tuple[Window, Flags]]:
        """The window that is asked for, whole and as it is on days off, and in which sets it acts so; nothing for a boost."""
        if not isinstance(self.request, Window):
            return []
        if self.whole is None:
            return [(self.request, acts[:, 0])]
        off = on_a_day_off(self.beside.regency, self.request)
        return [(self.request, acts[:, 0] & acts[:, -1]), (off, acts[:, 0] & ~acts[:, -1])]

    @property
    def name(self) -> str:
        """The request's key or id."""
        return self.request.key if isinstance(self.request, Window) else self.request.id

    @cached_property
    def cannot(self) -> Flags:
        """The sets that the allocator refuses on some shaper."""
        cannot = np.zeros(len(self.overlaps.acts), dtype=np.bool_)
        for given in self.given.values():
            cannot[list(given.lacks)] = True
        return cannot

    @property
    def urgent(self) -> Flags:
        """The sets in which an emergency acts."""
        return self._acting(lambda thing: thing.emergency)

    def lifted(self, shaper: ShaperId) -> Flags:
        """The sets in which an emergency acts there."""
        return self._acting(lambda thing: thing.emergency and (isinstance(thing, Window) or thing.on(shaper) > 0))

    def _acting(self, chosen: Callable[[Request], bool]) -> Flags:
        things = (self.request, *self.beside.windows, *self.beside.boosts)
        acting: Flags = self.overlaps.acts[:, : len(things)] @ np.array([chosen(thing) for thing in things])
        return acting

    def who(self, number: int) -> tuple[str, ...]:
        """What acts beside the request in the set."""
        acts = self.overlaps.acts[number, 1 : 1 + len(self._names)]
        return tuple(dict.fromkeys(self._names[each] for each in np.flatnonzero(acts).tolist()))


def _columns(flags: Sequence[Flags], rows: int) -> Flags:
    return np.stack(flags, axis=1) if flags else np.zeros((rows, 0), dtype=np.bool_)


class _Reason(NamedTuple):
    """What is missing (bit/s), where, and why."""

    place: str
    missing: int
    cause: Refused


class _Fault(NamedTuple):
    """The sets that cannot be for one kind of reason, and how to tell it of one of them."""

    sets: Flags
    tell: Callable[[int], _Reason]


class _Found(NamedTuple):
    """A reason and when it holds, in ticks; `number`: the set that acts then, None where only the request matters."""

    since: int
    until: int
    number: int | None
    reason: _Reason


class Judged:
    """What is found of a request while it acts in `own` spans. Tells only when asked, which takes longer than finding.

    Raises Refused when the base policy alone cannot be, or when there is too much to look at.
    """

    def __init__(self, beside: Beside, request: Request, own: Own) -> None:
        self.together = together = Together(beside, request, own)
        shown = together.overlaps
        self._faults = (*_lacking(together), *_unprotected(together), *_undecided(together))
        self._bad = shown.own & np.logical_or.reduce([fault.sets for fault in self._faults])[shown.which]
        self._edges, self._moving = _too_much_moved(together)
        self._without = tuple(_without_contract(beside.regency, request, own.spans))
        self.fits = not (self._bad.any() or self._edges or self._without)

    @cached_property
    def blocked(self) -> Spans:
        """When the request cannot act as it is; long before and after it too, on days without a contract."""
        shown, chosen = self.together.overlaps, self._bad
        # An edge stops only what acts both before and after it: a span without length.
        at = shown.until[self._moving & shown.own & np.append(shown.own[1:], False)]
        starts, ends = [shown.since[chosen], at], [shown.until[chosen], at]
        for _, contract in _contracts(self.together.beside.regency, self.together.request):
            starts += [np.array([_BEGINNING]), contract.ends]
            ends += [contract.starts, np.array([_END])]
        start, end = np.concatenate(starts), np.concatenate(ends)
        order = np.argsort(start, kind="stable")
        return merged(Spans(start[order], end[order]))

    @cached_property
    def shortfalls(self) -> tuple[Shortfall, ...]:
        """The earliest first, each distinct overlap once, at most `MOST_TOLD`; empty exactly when the request fits."""
        together = self.together
        found = [
            *_of_sets(together.overlaps, self._faults, self._bad),
            *_of_edges(together, self._edges),
            *self._without,
        ]
        return tuple(
            Shortfall(
                since=moment(each.since),
                until=moment(each.until),
                who=() if each.number is None else together.who(each.number),
                place=each.reason.place,
                missing=Bandwidth(each.reason.missing),
                cause=each.reason.cause,
            )
            for each in sorted(found, key=lambda each: (each.since, each.until, each.reason.place))[:MOST_TOLD]
        )


def _of_sets(shown: Overlaps, faults: Sequence[_Fault], bad: Flags) -> Iterator[_Found]:
    """Each set that cannot be, once: the first time that it acts."""
    stretches = np.flatnonzero(bad)
    _, first = np.unique(shown.which[stretches], return_index=True)
    for stretch in stretches[np.sort(first)].tolist()[:MOST_TOLD]:
        number = int(shown.which[stretch])
        since, until = _run(shown, stretch)
        for reason in _worst(fault.tell(number) for fault in faults if fault.sets[number]):
            yield _Found(since, until, number, reason)


def _of_edges(together: Together, edges: Mapping[int, Sequence[_Reason]]) -> Iterator[_Found]:
    """The first edge of each kind: from one set to the same other one."""
    shown = together.overlaps
    for stretch in list(edges)[:MOST_TOLD]:
        number = int(shown.which[stretch + 1 if shown.own[stretch + 1] else stretch])
        at = int(shown.until[stretch])
        for reason in _worst(edges[stretch]):
            yield _Found(at, at, number, reason)


def _worst(reasons: Iterable[_Reason]) -> list[_Reason]:
    """One for each code and uplink: most contracts are alike in both directions."""
    worst: dict[tuple[str, str], _Reason] = {}
    for reason in reasons:
        name = (reason.cause.code, reason.place.split("/")[0])
        if name not in worst or worst[name].missing < reason.missing:
            worst[name] = reason
    return list(worst.values())


def _run(shown: Overlaps, stretch: int) -> tuple[int, int]:
    """From when to when the set of this stretch acts without a break."""
    last = stretch
    while last + 1 < len(shown.which) and shown.which[last + 1] == shown.which[stretch] and shown.meets[last]:
        last += 1
    return int(shown.since[stretch]), int(shown.until[last])


def _lacking(together: Together) -> Iterator[_Fault]:
    """What the allocator refuses."""
    for given in together.given.values():
        sets = np.zeros(len(together.overlaps.acts), dtype=np.bool_)
        sets[list(given.lacks)] = True
        yield _Fault(sets, partial(_lack, given))


def _lack(given: Given, number: int) -> _Reason:
    short = given.lacks[number].short
    return _Reason(given.pool.tree.name(short.node), short.missing, given.cause(number))


def _unprotected(together: Together) -> Iterator[_Fault]:
    """Protected offices that have less than the base policy gives, though no emergency acts there."""
    for shaper, given in together.given.items():
        missing = together.beside.ground.usual[shaper].total - given.total
        below = (missing > given.slack) & together.beside.ground.protected
        below[together.lifted(shaper)] = False
        below[together.cannot] = False
        yield _Fault(below.any(axis=1), partial(_unprotected_office, together, shaper, np.where(below, missing, 0)))


def _unprotected_office(together: Together, shaper: ShaperId, missing: Integers, number: int) -> _Reason:
    ground, office = together.beside.ground, int(missing[number].argmax())
    most, key = int(missing[number, office]), ground.offices[office].key
    usual = int(ground.usual[shaper].total[0, office])
    cause = Refused(
        "guard.protected",
        office=key,
        shaper=str(shaper),
        guarantee=Bandwidth(usual - most),
        base=Bandwidth(usual),
        missing=Bandwidth(most),
        cause=", ".join((*together.who(number), together.name)),
    )
    return _Reason(f"{shaper} {key}", most, cause)


def _undecided(together: Together) -> Iterator[_Fault]:
    """Windows of equal precedence that say something of the same thing: nobody could tell which one holds."""
    acts = together.overlaps.acts
    for request, flags in together.forms(acts):
        for column, other in enumerate(together.beside.windows, 1):
            if other.precedence != request.precedence or not acts[flags, column].any():
                continue
            things = ", ".join(sorted(both_name(together.beside.regency, request, other)))
            if things:
                fields = {"window": request.key, "other": other.key, "precedence": request.precedence, "things": things}
                reason = _Reason(things, 0, Refused("admission.precedence", **fields))
                yield _Fault(acts[:, column] & flags, _always(reason))


def _always(reason: _Reason) -> Callable[[int], _Reason]:
    return lambda _: reason


def _too_much_moved(together: Together) -> tuple[dict[int, list[_Reason]], Flags]:
    """Edges of the request, or beside it, at which more is taken from offices than one run may take.

    Each kind by the stretch before its first edge, in order; and every stretch that ends so.
    """
    shown, largest = together.overlaps, together.beside.regency.policy.largest_move
    changes = shown.meets & (shown.own[:-1] | shown.own[1:]) & (shown.which[:-1] != shown.which[1:])
    changes &= ~(together.cannot[shown.which[:-1]] | together.cannot[shown.which[1:]])
    at, moving = np.flatnonzero(changes), np.zeros(len(shown.which), dtype=np.bool_)
    if not at.size:
        return {}, moving
    pairs, which = distinct(np.stack((shown.which[at], shown.which[at + 1]), axis=1))
    _, first = np.unique(which, return_index=True)
    found: dict[int, list[_Reason]] = {}
    for shaper, given in together.given.items():
        moved = np.maximum(given.total[pairs[:, 0]] - given.total[pairs[:, 1]], 0).sum(axis=1)
        capacity = given.pool.tree.capacity
        for number in np.flatnonzero(moved * 100 > capacity * largest).tolist():
            reason = _moved(shaper, int(moved[number]), capacity, largest)
            found.setdefault(int(at[first[number]]), []).append(reason)
            moving[at[which == number]] = True
    return {stretch: found[stretch] for stretch in sorted(found)}, moving


def _moved(shaper: ShaperId, moved: int, capacity: int, largest: int) -> _Reason:
    percent = -(-moved * 100 // capacity)
    cause = Refused("guard.largest_move", shaper=str(shaper), moved=Bandwidth(moved), percent=percent, largest=largest)
    return _Reason(str(shaper), moved - capacity * largest // 100, cause)


def _without_contract(regency: Regency, request: Request, own: Spans) -> Iterator[_Found]:
    """The first time before and the first time after the contract of an uplink that the request touches."""
    for uplink, contract in _contracts(regency, request):
        rate = max(uplink.rate.of(direction) for direction in Direction)
        early, late = own.starts < contract.starts[0], own.ends > contract.ends[0]
        for chosen, since, until in (
            (early, own.starts, np.minimum(own.ends, contract.starts[0])),
            (late, np.maximum(own.starts, contract.ends[0]), own.ends),
        ):
            for number in np.flatnonzero(chosen)[:1].tolist():
                cause = Refused(
                    "admission.contract",
                    uplink=uplink.key,
                    number=uplink.contract.number,
                    start=uplink.contract.start,
                    end=uplink.contract.end,
                    day=moment(int(since[number])).astimezone(regency.zone).date(),
                )
                yield _Found(int(since[number]), int(until[number]), None, _Reason(uplink.key, rate, cause))


def _contracts(regency: Regency, request: Request) -> Iterator[tuple[Uplink, Spans]]:
    """The uplinks that the request touches, and when their contracts hold: whole days of the regency's own."""
    touched = uplinks_touched(regency, request)
    for uplink in regency.uplinks:
        if uplink.key in touched:
            first, last = uplink.contract.start, min(uplink.contract.end, _LAST_DAY) + timedelta(days=1)
            start, end = (ticks(datetime.combine(day, time(), regency.zone)) for day in (first, last))
            yield uplink, Spans(np.array([start]), np.array([end]))
