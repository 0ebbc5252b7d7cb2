"""What would fit instead of a request that does not: later, smaller or shorter, the nearest of each. Every offer was judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Final, Literal

import numpy as np

from inventory.days import OFFICE_HOURS
from inventory.model import Rates
from inventory.policy import Reserve, Window
from inventory.units import Bandwidth, Direction
from network.core.admission.judging import Beside, Judged
from network.core.admission.overlaps import Spans, lasting, local, merged, moment, ticks
from network.core.admission.requests import check, own_spans
from network.core.admission.series import begun, cut, delayed, ended, part_of, scaled, shifted
from network.core.admission.times import Own
from network.core.admission.touching import Request
from network.core.intent import Boost
from network.core.levels import Integers
from network.errors import Refused

Kind = Literal["later", "smaller", "shorter"]

_MOST_TRIES: Final = 40
_SHORTEST: Final = timedelta(minutes=5)
_AHEAD: Final = (timedelta(days=7), timedelta(days=60))
"""How far a later start is sought first, before the whole horizon is looked at."""

_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What would fit: `value` is the request to make. It acts first from `starts`, and last until `ends`.

    `amount` is a boost's; `part` is of a window that is `smaller`: so many percent of the reserves that were asked for.
    """

    kind: Kind
    starts: datetime
    ends: datetime
    amount: Rates | None
    part: float | None
    value: Request

    def told(self, zone: tzinfo) -> Refused:
        """The same for a person; of a window, what to write into its file."""
        value = self.value
        if not isinstance(value, Window):
            times = {"starts": local(self.starts, zone), "ends": local(self.ends, zone)}
            if self.kind == "smaller":
                return Refused("admission.offer_amount", down=value.amount.down, up=value.amount.up, **times)
            return Refused(f"admission.offer_{self.kind}", **times)
        if self.kind == "smaller":
            return Refused("admission.offer_part", part=round(self.part or 0), reserves=tuple(map(_told, value.policy.reserves)))
        start, end = (each.isoformat(timespec="minutes") for each in (value.start, value.end))
        return Refused(f"admission.offer_window_{self.kind}", start=start, end=end, rule=value.recurrence or "-")


def offers(beside: Beside, request: Request, judged: Judged, now: datetime, horizon: timedelta) -> tuple[Offer, ...]:
    """The nearest that fits later, smaller and shorter; none of a kind when none was found in a bounded search."""
    desk = _Desk(beside, judged, now, horizon)
    found = desk.for_boost(request) if isinstance(request, Boost) else desk.for_window(request)
    return tuple({(each.kind, each.starts, each.ends): each for each in found}.values())


class _Desk:
    """Where offers are looked for. Counts what it judges."""

    def __init__(self, beside: Beside, judged: Judged, now: datetime, horizon: timedelta) -> None:
        self._beside, self._judged, self._now, self._horizon = beside, judged, now, horizon
        self._own = judged.together.own
        self._tries = 0

    def for_boost(self, boost: Boost) -> Iterator[Offer]:
        yield from self._later_boost(boost)
        yield from self._offered("smaller", self._smaller_boost(boost))
        for starts, expires in self._clear_times():
            yield from self._offered("shorter", replace(boost, starts=starts, expires=expires))

    def for_window(self, window: Window) -> Iterator[Offer]:
        yield from self._offered("later", self._later_window(window))
        if window.policy.reserves:
            percent = self._largest(lambda percent: scaled(window, percent))
            yield from self._offered("smaller", scaled(window, percent) if percent else None, percent)
        for shorter in self._shorter_windows(window):
            yield from self._offered("shorter", shorter)

    def _offered(self, kind: Kind, value: Request | None, part: float | None = None) -> Iterator[Offer]:
        """The offer, when the request in it fits."""
        found = None if value is None else self._judge(value)
        if value is None or found is None or not found.fits:
            return
        own = found.together.own
        yield Offer(
            kind=kind,
            starts=moment(int(own.starts[0])),
            ends=moment(int(own.ends[-1])),
            amount=value.amount if isinstance(value, Boost) else None,
            part=part,
            value=value,
        )

    def _judge(self, value: Request) -> Judged | None:
        """None for one that is refused by itself, or when enough was tried."""
        self._tries += 1
        if self._tries > _MOST_TRIES:
            return None
        try:
            check(self._beside.regency, value, self._now)
            return Judged(self._beside, value, own_spans(self._beside.regency, value, self._now, self._horizon))
        except Refused:
            return None

    def _fits(self, value: Request) -> bool:
        found = self._judge(value)
        return found is not None and found.fits

    def _largest(self, with_part: Callable[[int], Request]) -> int:
        """The most percent, below all of it, that fits; 0 when none does. What fits is taken to fit in smaller parts too."""
        least, most = 0, 99
        while least < most:
            middle = (least + most + 1) // 2
            if self._fits(with_part(middle)):
                least = middle
            else:
                most = middle - 1
        return least

    def _acting(self, request: Request, own: Own) -> Judged:
        """The request, if it acted in all of this."""
        self._tries += 1
        return Judged(self._beside, request, own)

    # ---- boosts

    def _later_boost(self, boost: Boost) -> Iterator[Offer]:
        first, length = max(self._now, boost.starts), boost.expires - max(self._now, boost.starts)
        for ahead in (*_AHEAD, self._horizon):
            until = min(first + ahead, self._now + self._horizon) + length
            all_of_it = self._acting(boost, Own(Spans(np.array([ticks(first)]), np.array([ticks(until)]))))
            edges, lasts = all_of_it.together.overlaps.until, lasting(length)
            # Where an edge of its own is too large a move, it is one until something else changes there.
            tried = np.sort(
                np.concatenate([each + after for each in (edges, edges - lasts) for after in (0, lasting(_SHORTEST))])
            )
            starts = ticks(first)
            for _ in range(_ROUNDS):
                starts = _clear(all_of_it.blocked, starts, lasts)
                if starts + lasts > ticks(until):
                    break
                found = tuple(self._offered("later", replace(boost, starts=moment(starts), expires=moment(starts) + length)))
                if found:
                    yield from found
                    return
                following = tried[tried > starts]
                if not following.size:
                    break
                starts = int(following[0])

    def _smaller_boost(self, boost: Boost) -> Boost | None:
        """As much as the refusals say would fit, as far as they say so; else what is found by trying, in percent."""
        smaller = boost
        found: Judged | None = self._judged
        for _ in range(_ROUNDS):
            if found is None or found.fits:
                break
            smaller = replace(smaller, amount=_what_fits(smaller, found))
            found = self._judge(smaller)
        if found is not None and found.fits:
            return smaller
        parts = {Direction.DOWN: 0, Direction.UP: 0}
        for direction in Direction:
            if boost.amount.of(direction):
                parts[direction] = self._largest(partial(_with_part, boost, parts, direction))
        return _part(boost, parts)

    def _clear_times(self) -> Iterator[tuple[datetime, datetime]]:
        """Until what is in the way begins, and from when it has ended."""
        start, end = int(self._own.starts[0]), int(self._own.ends[-1])
        inside = _within(self._judged.blocked, start, end)
        if inside.starts.size:
            first, last = moment(max(start, int(inside.starts[0]))), moment(min(end, int(inside.ends[-1])))
            if first - moment(start) >= _SHORTEST:
                yield moment(start), first
            if moment(end) - last >= _SHORTEST:
                yield last, moment(end)

    # ---- windows

    def _later_window(self, window: Window) -> Window | None:
        """All of it later in the day, as little as will do."""
        if window.calendar == OFFICE_HOURS:
            return None  # its hours are the calendar's
        starts, ends = self._whole(window)
        zone = self._beside.regency.zone
        local = moment(int(starts[0])).astimezone(zone)
        most = ticks(local.replace(hour=23, minute=59, second=0, microsecond=0)) - int(starts[0])
        if most <= 0:
            return None
        whole = self._judged.together.whole
        own = merged(Spans(np.maximum(starts, ticks(self._now)), ends + most))
        blocked = self._acting(window, Own(own, whole and merged(Spans(whole.starts, whole.ends + most)))).blocked
        by = 0
        for _ in range(_MOST_TRIES):
            last = np.searchsorted(blocked.starts, ends + by) - 1
            reach = np.where(last >= 0, blocked.ends[last], starts)
            more = int((reach - starts).max())
            if more <= by:
                return shifted(window, timedelta(microseconds=by)) if by else None
            by = more
            if by > most:
                break
        return None

    def _shorter_windows(self, window: Window) -> Iterator[Window | None]:
        """Each occurrence until what is in the way begins, or from when it has ended; or only those before or after it."""
        starts, ends = self._whole(window)
        blocked, zone = self._judged.blocked, self._beside.regency.zone
        first = np.minimum(np.searchsorted(blocked.ends, starts, side="right"), len(blocked.ends) - 1)
        last = np.searchsorted(blocked.starts, ends) - 1
        hit = (blocked.starts[first] < ends) & (blocked.ends[first] > starts)
        if not hit.any():
            return
        begins = int((np.maximum(blocked.starts[first], starts) - starts)[hit].min())
        over = int((np.minimum(blocked.ends[last], ends) - starts)[hit].max())
        length = int((ends - starts).min())
        hours = window.calendar == OFFICE_HOURS
        if not hours and lasting(_SHORTEST) <= begins < length:
            yield cut(window, timedelta(microseconds=length - begins))
        if not hours and over <= length - lasting(_SHORTEST):
            yield delayed(window, timedelta(microseconds=over))
        bad = np.flatnonzero(hit)
        for number, rewritten in ((bad[0], ended), (bad[-1] + 1, begun)):
            if number < len(starts):
                start = moment(int(starts[number])).astimezone(zone).replace(tzinfo=None)
                # With office hours the time of day in the rule is another one.
                yield rewritten(window, datetime.combine(start, window.start.time()) if hours else start)

    def _whole(self, window: Window) -> tuple[Integers, Integers]:
        """The occurrences, the one that is under way from its own start on."""
        starts, ends = self._own
        length = lasting(window.end - window.start)
        return np.where(starts == ticks(self._now), np.minimum(starts, ends - length), starts), ends


def _told(reserve: Reserve) -> Refused:
    place, rate = {"application": reserve.application, "uplink": reserve.uplink}, reserve.rate
    if rate.down == rate.up:
        return Refused("admission.reserve", **place, rate=rate.down)
    return Refused("admission.reserve_each", **place, down=rate.down, up=rate.up)


def _clear(blocked: Spans, start: int, length: int) -> int:
    """The first time from `start` on at which nothing is in the way for so long."""
    for begins, over in zip(blocked.starts.tolist(), blocked.ends.tolist(), strict=True):
        if begins < start + length and start < over:
            start = over
    return start


def _within(blocked: Spans, start: int, end: int) -> Spans:
    chosen = (blocked.starts < end) & (blocked.ends > start)
    return Spans(blocked.starts[chosen], blocked.ends[chosen])


def _what_fits(boost: Boost, judged: Judged) -> Rates:
    """The amount, less where a refusal of this boost says how much would fit."""
    fits = {direction: boost.amount.of(direction) for direction in Direction}
    for short in judged.shortfalls:
        named = short.cause.fields.get("fits")
        if isinstance(named, Bandwidth) and short.cause.fields["boost"] == boost.id:
            direction = Direction(short.place.split(" ")[0].split("/")[1])
            fits[direction] = min(fits[direction], named)
    return Rates(down=fits[Direction.DOWN], up=fits[Direction.UP])


def _with_part(boost: Boost, parts: Mapping[Direction, int], direction: Direction, percent: int) -> Boost:
    return _part(boost, {**parts, direction: percent})


def _part(boost: Boost, parts: Mapping[Direction, int]) -> Boost:
    down, up = (part_of(boost.amount.of(direction), parts[direction]) for direction in Direction)
    return replace(boost, amount=Rates(down=down, up=up))
