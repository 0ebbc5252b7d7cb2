"""What acts together when: every stretch of a time in which the same things act, and every distinct set of them, once.

Moments are whole microseconds since 1970 in int64, so that thousands of edges are swept at once. Knows no policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

import numpy as np

from network.core.levels import Flags, Integers
from network.errors import Refused

MOST_EDGES: Final = 1_000_000
"""Edges that one question may look at: what they take is a few hundred megabytes."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_BITS: Final = 62
_MIX: Final = 0x1E3779B97F4A7C15


def ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def lasting(length: timedelta) -> int:
    return length // _TICK


def moment(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK


def local(moment: datetime, zone: tzinfo) -> str:
    """As a message says it: in the regency's time, with the zone's name."""
    there = moment.astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M:%S %Z}" if there.second or there.microsecond else f"{there:%Y-%m-%d %H:%M %Z}"


class Spans(NamedTuple):
    """When one thing acts: from each of `starts`, included, to each of `ends`, not included. In order, none in another."""

    starts: Integers
    ends: Integers


def spans(pairs: Iterable[tuple[datetime, datetime]]) -> Spans:
    """Of pairs of moments in any order; what meets or overlaps is one span."""
    found = sorted((ticks(start), ticks(end)) for start, end in pairs)
    return merged(Spans(_column(start for start, _ in found), _column(end for _, end in found)))


def merged(given: Spans) -> Spans:
    """Of spans in the order of their starts."""
    starts, ends = given
    if not (starts[1:] <= ends[:-1]).any():
        return given
    reached = np.maximum.accumulate(ends)
    first = np.concatenate(([True], starts[1:] > reached[:-1]))
    return Spans(starts[first], reached[np.append(first[1:], True)])


def joined(one: Spans, other: Spans) -> Spans:
    """When either acts."""
    starts, ends = (np.concatenate(pair) for pair in zip(one, other, strict=True))
    order = np.argsort(starts, kind="stable")
    return merged(Spans(starts[order], ends[order]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overlaps:
    """Stretch i goes from `since[i]` to `until[i]`, and the set `which[i]` acts in it; stretches are in order.

    There are the stretches in which the first thing acts, and those that meet them before and after (`until[i] ==
    since[i + 1]`); of these only the moment at which they meet is sure. `acts[s]` says of the set s which things act, the
    first thing in column 0; no two sets are alike.
    """

    since: Integers
    until: Integers
    which: Integers
    acts: Flags

    @property
    def own(self) -> Flags:
        """The stretches in which the first thing acts."""
        own: Flags = self.acts[:, 0].take(self.which)
        return own

    @property
    def meets(self) -> Flags:
        """Whether each stretch but the last ends where the next one begins."""
        meets: Flags = self.until[:-1] == self.since[1:]
        return meets


def overlaps(own: Spans, others: Sequence[Spans]) -> Overlaps:
    """What acts together with `own`, which has one span at least. Raises Refused `overlaps.too_many`."""
    everyone = (own, *_near(own, others))
    counts = [len(each.starts) for each in everyone]
    if 2 * sum(counts) > MOST_EDGES:
        raise Refused("overlaps.too_many", edges=2 * sum(counts), most=MOST_EDGES)
    at, change, word = _edges(everyone, counts)
    last = np.append(at[1:] != at[:-1], True).nonzero()[0]
    words = np.empty((len(last), (len(everyone) - 1) // _BITS + 1), dtype=np.int64)
    for number in range(words.shape[1]):
        # Only what has happened by the end of a moment counts: within one, a sum may reach into other bits.
        words[:, number] = np.where(word == number, change, 0).cumsum()[last]
    at, acting = at[last], (words[:, 0] & 1).astype(np.bool_)
    seen = acting.copy()
    seen[1:] |= acting[:-1]
    seen[:-1] |= acting[1:]
    chosen = seen.nonzero()[0]
    sets, which = distinct(words[chosen])
    bits = np.right_shift(sets.repeat(_BITS, axis=1), np.tile(np.arange(_BITS), sets.shape[1])) & 1
    return Overlaps(since=at[chosen], until=at[chosen + 1], which=which, acts=bits.astype(np.bool_)[:, : len(everyone)])


def distinct(rows: Integers) -> tuple[Integers, Integers]:
    """The distinct rows, and which of them each row is."""
    mix = np.arange(1, 2 * rows.shape[1], 2, dtype=np.int64) * np.int64(_MIX)
    _, first, which = np.unique((rows * mix).sum(axis=1), return_index=True, return_inverse=True)
    found = rows[first]
    if (found[which] != rows).any():  # two rows with the same sum
        found, which = np.unique(rows, axis=0, return_inverse=True)
    return found, which.reshape(-1)


def _edges(everyone: Sequence[Spans], counts: Sequence[int]) -> tuple[Integers, Integers, Integers]:
    """When something begins or ends, in order; by how much that changes which word of the set.

    A moment before the first thing begins and one after it ends are edges too, at which nothing changes.
    """
    own = everyone[0]
    thing = np.repeat(np.arange(len(everyone)), counts)
    bit = np.left_shift(np.int64(1), thing % _BITS)
    at = np.concatenate(
        (*(each.starts for each in everyone), *(each.ends for each in everyone), own.starts[:1] - 1, own.ends[-1:] + 1)
    )
    order = np.argsort(at, kind="stable")
    change, word = np.concatenate((bit, -bit, (0, 0))), np.concatenate((thing, thing, (0, 0))) // _BITS
    return at[order], change[order], word[order]


def _near(own: Spans, others: Sequence[Spans]) -> list[Spans]:
    """Of the others, what overlaps or meets `own`."""
    if not others:
        return []
    starts, ends = np.concatenate([each.starts for each in others]), np.concatenate([each.ends for each in others])
    after = np.searchsorted(own.ends, starts)  # the first own span that does not end before it
    near = own.starts.take(np.minimum(after, len(own.starts) - 1)) <= ends
    near &= after < len(own.ends)
    found, first = [], 0
    for each in others:
        chosen = near[first : first + len(each.starts)]
        first += len(each.starts)
        found.append(Spans(each.starts[chosen], each.ends[chosen]))
    return found


def _column(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)
