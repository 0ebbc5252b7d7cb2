"""What sets of windows and boosts give, many sets at once: guarantees only, the same to the bit as `network.core.allocate`.

Sets that come to the same shares and reserves are solved once, and all that are left in one go, as trees side by side under
one root that never binds. Remembers what it has solved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from inventory.model import Uplink
from inventory.policy import Division, Reserve, Window
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.core.admission.overlaps import distinct
from network.core.boosts import Pool, Short, Stock, pay, pool, refusal, rooms
from network.core.fill import LARGEST_RATE, MOST_LEAVES, Tree, fill
from network.core.frame import frame
from network.core.intent import Boost
from network.core.levels import Flags, Integers
from network.core.parts import parts
from network.core.sharing import LINUX_TC, Sharing
from network.core.tree import ROOT, ShaperId
from network.errors import Refused


class Lack(NamedTuple):
    """Why a set cannot be: floors and reserves are above a ceiling, or `boost` cannot be paid out of `stock`."""

    short: Short
    room: tuple[int, ...]
    boost: Boost | None = None
    stock: Stock | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Given:
    """What the sets give on one shaper: a row for each set, a column for each office in the order of ids. Bit/s.

    `slack` is what rounding may take from a total: a step for each leaf. A row in `lacks` cannot be, and is 0.
    """

    pool: Pool
    total: Integers
    slack: Integers
    lacks: Mapping[int, Lack]

    def cause(self, row: int) -> Refused:
        """Why the set of this row cannot be, as `allocate` refuses it."""
        lack, tree = self.lacks[row], self.pool.tree
        if lack.boost is not None and lack.stock is not None:
            return refusal(self.pool, lack.room, lack.boost, lack.stock, lack.short)
        ceiling = tree.inner[lack.short.node].ceiling - (tree.default if lack.short.node == ROOT else 0)
        node = tree.name(lack.short.node)
        guarantees = Bandwidth(ceiling + lack.short.missing)
        return Refused("fill.guarantees_above_ceiling", node=node, guarantees=guarantees, ceiling=Bandwidth(ceiling))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sets:
    """Sets of things that act: a row each. A column for each of `windows`, lowest precedence first; of `boosts`, oldest first."""

    windows: Sequence[Window]
    boosts: Sequence[Boost]
    window: Flags
    boost: Flags


class Ground:
    """The trees of one regency, and what was solved on them."""

    def __init__(self, regency: Regency, sharing: Sharing = LINUX_TC) -> None:
        self.regency = regency
        self.sharing = sharing
        self.offices = tuple(sorted(regency.offices, key=lambda office: office.id))
        self.protected = np.array([regency.policy.classes[each.service_class].protected for each in self.offices])
        self._shares = _column([regency.policy.classes[each.service_class].share for each in self.offices])
        self._by_class: dict[str, list[int]] = {}
        for number, office in enumerate(self.offices):
            self._by_class.setdefault(office.service_class, []).append(number)
        self._number = {office.key: number for number, office in enumerate(self.offices)}
        self._trees = dict(self._grown())

    def _grown(self) -> Iterator[tuple[ShaperId, _Tree]]:
        """The tree of each shaper. Two directions that are alike share what is remembered."""
        safe = [office.key for office, protected in zip(self.offices, self.protected, strict=True) if protected]
        known: dict[object, _Known] = {}
        for uplink in self.regency.uplinks:
            floors = self.regency.policy.floors.get(uplink.key)
            for direction in Direction:
                shaper = ShaperId(uplink.id, uplink.key, direction)
                together = pool(frame(self.regency, shaper, self.sharing), safe, self.sharing)
                floor = max(self.sharing.ceil(0 if floors is None else floors.of(direction)), self.sharing.nominal)
                like = (tuple(together.tree.inner.items()), together.tree.default, floor)
                yield shaper, _Tree(together, floor, known.setdefault(like, _Known()))

    @cached_property
    def usual(self) -> dict[ShaperId, Given]:
        """What the base policy alone gives, in one row. Raises Refused when even that cannot be."""
        none = np.zeros((1, 0), dtype=np.bool_)
        found = self.given(Sets(windows=(), boosts=(), window=none, boost=none))
        for given in found.values():
            if given.lacks:
                raise given.cause(0)
        return found

    def given(self, sets: Sets) -> dict[ShaperId, Given]:
        """What each set gives on every shaper."""
        shares = self._composed(sets)
        found: dict[ShaperId, Given] = {}
        for uplink in self.regency.uplinks:
            places, chosen = self._places(sets, uplink)
            rows, row = distinct(np.concatenate((shares, chosen), axis=1))
            shares_here, chosen = rows[:, : shares.shape[1]], rows[:, shares.shape[1] :]
            for direction in Direction:
                shaper = ShaperId(uplink.id, uplink.key, direction)
                reserves = [
                    _parts(options, chosen[:, number], direction, shares_here, self.sharing)
                    for number, options in enumerate(places)
                ]
                found[shaper] = self._trees[shaper].given(sets, shares_here, reserves, row)
        return found

    def _composed(self, sets: Sets) -> Integers:
        """The shares of each set: the windows in turn, each with the last word on what it names, office before class."""
        shares = np.tile(self._shares, (len(sets.window), 1))
        for number, window in enumerate(sets.windows):
            named: dict[int, int] = {}
            for key, change in window.policy.classes.items():
                if change.share is not None:
                    named |= dict.fromkeys(self._by_class.get(key, ()), change.share)
            for key, change in window.policy.offices.items():
                if change.share is not None and key in self._number:
                    named[self._number[key]] = change.share
            for key in window.exempt:
                named.pop(self._number.get(key, -1), None)
            if named:
                rows = sets.window[:, number].nonzero()[0]
                shares[rows[:, np.newaxis], list(named)] = list(named.values())
        return shares

    def _places(self, sets: Sets, uplink: Uplink) -> tuple[list[list[Reserve]], Integers]:
        """For each reserve of the base policy there: what may stand for it, itself first; and which of them does in each set."""
        places = {each.application: [each] for each in self.regency.policy.reserves if each.uplink == uplink.key}
        columns = {application: column for column, application in enumerate(places)}
        chosen = np.zeros((len(sets.window), len(places)), dtype=np.int64)
        for number, window in enumerate(sets.windows):
            for reserve in window.policy.reserves:
                if reserve.uplink == uplink.key and reserve.application in places:
                    options = places[reserve.application]
                    chosen[sets.window[:, number], columns[reserve.application]] = len(options)
                    options.append(reserve)
        return list(places.values()), chosen


@dataclass(slots=True)
class _Step:
    """The leaves of the rest after some boosts, and what comes of them by the next one."""

    stock: Stock
    after: dict[object, _Step | Lack] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """Rows of guarantees by what they come from, and what boosts make of them."""

    rows: dict[bytes, Integers | Lack] = field(default_factory=dict)
    steps: dict[bytes, _Step] = field(default_factory=dict)


class _Tree:
    """One shaper."""

    def __init__(self, together: Pool, floor: int, known: _Known) -> None:
        tree = together.tree
        if tree.capacity <= tree.default:
            rate, default = Bandwidth(tree.capacity), Bandwidth(tree.default)
            raise Refused("allocate.no_room", shaper=str(tree.shaper), rate=rate, default=default)
        self._pool, self._floor, self._known = together, floor, known
        self._under = np.zeros((len(together.nodes), len(together.number)), dtype=np.int64)
        for number, (_, offices) in enumerate(together.nodes):
            self._under[number, list(offices)] = 1
        self._ceiling = _column(rooms(together, [0] * len(together.number)))

    def given(self, sets: Sets, shares: Integers, reserves: Sequence[Integers], row: Integers) -> Given:
        """`shares` and `reserves` (a block for each reserve) by distinct row; `row` says which of them each set has."""
        reserved, slack = np.zeros_like(shares), np.zeros_like(shares)
        for block in reserves:
            reserved += block
            slack += self._pool.sharing.steps.at_each(block)
        keys = self._solved(shares, reserved)
        rest = np.zeros_like(shares)
        lacking: dict[int, Lack] = {}
        for number, key in enumerate(keys):
            known = self._known.rows[key]
            if isinstance(known, Lack):
                lacking[number] = known
            else:
                rest[number] = known
        lacks = {number: lacking[each] for number, each in enumerate(row.tolist()) if each in lacking} if lacking else {}
        rest_of = rest[row]
        for number, boosts in self._boosted(sets):
            if number not in lacks:
                paid = self._after(keys[row[number]], reserved[row[number]], boosts)
                if isinstance(paid, Lack):
                    lacks[number] = paid
                else:
                    rest_of[number] = paid.has
        total, slack = rest_of + reserved[row], slack[row] + self._pool.sharing.steps.at_each(rest_of)
        total[list(lacks)] = 0
        return Given(pool=self._pool, total=total, slack=slack, lacks=lacks)

    def _boosted(self, sets: Sets) -> Iterator[tuple[int, tuple[Boost, ...]]]:
        """The sets with boosts that say something here, and these."""
        here = [number for number, boost in enumerate(sets.boosts) if boost.on(self._pool.tree.shaper)]
        held = sets.boost[:, here]
        for number in np.flatnonzero(held.any(axis=1)).tolist():
            yield number, tuple(sets.boosts[here[each]] for each in held[number].nonzero()[0].tolist())

    def _after(self, key: bytes, reserved: Integers, boosts: tuple[Boost, ...]) -> Stock | Lack:
        """The leaves of the rest after these boosts, the oldest first."""
        step = self._known.steps.get(key)
        if step is None:
            rest = self._known.rows[key]
            assert not isinstance(rest, Lack), "boosts are paid out of what can be"
            step = self._known.steps[key] = _Step(Stock(tuple(rest.tolist()), (self._floor,) * len(rest)))
        shaper = self._pool.tree.shaper
        room: tuple[int, ...] = ()
        for boost in boosts:
            name = (boost.id, boost.on(shaper), boost.offices, boost.emergency)
            if name not in step.after:
                room = room or rooms(self._pool, reserved.tolist())
                paid = pay(self._pool, room, boost, step.stock)
                step.after[name] = Lack(paid, room, boost, step.stock) if isinstance(paid, Short) else _Step(paid)
            found = step.after[name]
            if isinstance(found, Lack):
                return found
            step = found
        return step.stock

    def _solved(self, shares: Integers, reserved: Integers) -> list[bytes]:
        """The names under which these rows are remembered, all of them solved."""
        keys = [each.tobytes() for each in np.concatenate((shares, reserved), axis=1)]
        fresh = [number for number, key in enumerate(keys) if key not in self._known.rows]
        if not fresh:
            return keys
        shares, room = shares[fresh], self._ceiling - reserved[fresh] @ self._under.T
        missing = self._floor * self._under.sum(axis=1) - room
        fits: Flags = (missing <= 0).all(axis=1)
        for number in np.flatnonzero(~fits).tolist():
            # The first in the tree's own order, as `fill` names it; the pool has the deepest first.
            node = int(np.flatnonzero(missing[number] > 0)[-1])
            lack = Lack(Short(self._pool.nodes[node][0], int(missing[number, node])), tuple(room[number].tolist()))
            self._known.rows[keys[fresh[number]]] = lack
        for number, rest in zip(np.flatnonzero(fits).tolist(), self._filled(shares[fits], room[fits]), strict=True):
            self._known.rows[keys[fresh[number]]] = rest
        return keys

    def _filled(self, shares: Integers, room: Integers) -> Iterator[Integers]:
        """The leaves of the rest, row by row."""
        most = min(LARGEST_RATE // self._pool.tree.capacity, (MOST_LEAVES - 1) // max(shares.shape[1], room.shape[1]))
        for first in range(0, len(shares), most):
            yield from self._forest(shares[first : first + most], room[first : first + most])

    def _forest(self, shares: Integers, room: Integers) -> Integers:
        """Many trees side by side. What reserves have is out of `room` already: no share makes it more."""
        tree = self._pool.tree
        order = {node: number for number, node in enumerate(tree.inner)}
        parent = _column([-1 if each.parent is None else order[each.parent] for each in tree.inner.values()])
        leaf = _column([order[tree.offices[key].node] for key in self._pool.number])
        first = 1 + np.arange(len(shares))[:, np.newaxis] * len(parent)
        filled = fill(
            Tree(
                node_parent=np.concatenate(([-1], np.where(parent < 0, 0, first + parent).ravel())),
                node_ceiling=np.concatenate(([LARGEST_RATE], room[:, ::-1].ravel())),
                leaf_id=np.arange(shares.size),
                leaf_node=(first + leaf).ravel(),
                leaf_base=np.full(shares.size, self._floor),
                leaf_weight=shares.ravel(),
                leaf_priority=np.zeros(shares.size, dtype=np.int64),
                leaf_limit=np.where(shares == 0, self._floor, tree.capacity - tree.default).ravel(),
            ),
            self._pool.sharing.steps,
        )
        return filled.rate.reshape(shares.shape)


def _parts(options: Sequence[Reserve], chosen: Integers, direction: Direction, shares: Integers, sharing: Sharing) -> Integers:
    """What each office has of the reserve that stands in each row."""
    rates = _column([each.rate.of(direction) for each in options])
    by_share = np.array([each.divide is Division.BY_SHARE for each in options])
    if not by_share.any():
        return parts(rates, np.ones((len(options), shares.shape[1]), dtype=np.int64), sharing)[chosen]
    return parts(rates[chosen], np.where(by_share[chosen][:, np.newaxis], shares, 1), sharing)


def _column(values: Sequence[int]) -> Integers:
    return np.array(values, dtype=np.int64)
