"""Boosts: some offices get more for a while; offices without protection pay, out of what they have above their floor.

Never takes from a floor, a reserve or an office that an earlier boost raised; from a protected office only for an emergency,
and only what the others cannot pay. A boost that does not fit is refused whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.frame import Frame
from network.core.intent import Boost, Intent, divide
from network.core.sharing import Sharing
from network.core.tree import ROOT, NodeId, leaf
from network.errors import Refused

_UNIT = 1000
"""Bit/s in which a refusal says what would fit."""


class Short(NamedTuple):
    """What is missing (bit/s), and the node under which it is missing."""

    node: NodeId
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Who stands under which ceiling of one shaper. Offices are numbered in the order of their ids.

    `nodes`, the deepest first, each with the numbers of the offices under it; `protected` by number.
    """

    tree: Frame
    sharing: Sharing
    number: Mapping[str, int]
    nodes: tuple[tuple[NodeId, tuple[int, ...]], ...]
    protected: tuple[bool, ...]


class Stock(NamedTuple):
    """The leaves of the rest by the office's number, bit/s: what each has, and below what it is not taken."""

    has: tuple[int, ...]
    kept: tuple[int, ...]


def pool(tree: Frame, protected: Iterable[str], sharing: Sharing) -> Pool:
    keys = sorted(tree.offices, key=lambda key: tree.offices[key].id)
    under: dict[NodeId, list[int]] = {node: [] for node in tree.inner}
    for number, key in enumerate(keys):
        for node in tree.path(key):
            under[node].append(number)
    safe = frozenset(protected)
    return Pool(
        tree=tree,
        sharing=sharing,
        number={key: number for number, key in enumerate(keys)},
        nodes=tuple((node, tuple(numbers)) for node, numbers in reversed(under.items())),
        protected=tuple(key in safe for key in keys),
    )


def boosted(
    regency: Regency,
    tree: Frame,
    intent: Intent,
    guarantees: Mapping[NodeId, int],
    floors: Mapping[NodeId, int],
    sharing: Sharing,
) -> dict[NodeId, int]:
    """`guarantees` after all boosts of the intent, oldest first. `floors`: below what no leaf is taken.

    Raises Refused: `boost.no_such_office`, `boost.no_such_uplink`, `boost.does_not_fit` (who, where, how much is missing, and
    what would fit).
    """
    if not intent.boosts:
        return dict(guarantees)
    together = pool(tree, (key for key, wish in intent.offices.items() if wish.protected), sharing)
    leaves = [leaf(tree.offices[key].id) for key in together.number]
    stock = Stock(tuple(guarantees[node] for node in leaves), tuple(floors[node] for node in leaves))
    room = rooms(together, reserved(tree, together, guarantees))
    for boost in intent.boosts:
        known(regency, boost)
        paid = pay(together, room, boost, stock)
        if isinstance(paid, Short):
            raise refusal(together, room, boost, stock, paid)
        stock = paid
    return {**guarantees, **dict(zip(leaves, stock.has, strict=True))}


def known(regency: Regency, boost: Boost) -> None:
    """Raises Refused when the boost names an office or uplink that is not there."""
    offices = {office.key for office in regency.offices}
    unknown = [key for key in boost.offices if key not in offices]
    if unknown or not boost.offices:
        raise Refused("boost.no_such_office", office=", ".join(unknown) or "-")
    uplinks = [uplink.key for uplink in regency.uplinks]
    if boost.uplink is not None and boost.uplink not in uplinks:
        raise Refused("boost.no_such_uplink", uplink=boost.uplink, known=", ".join(uplinks))


def reserved(tree: Frame, together: Pool, guarantees: Mapping[NodeId, int]) -> list[int]:
    """What each office, by number, has in the leaves of reserves."""
    number = {tree.offices[key].id: number for key, number in together.number.items()}
    sums = [0] * len(number)
    for node, rate in guarantees.items():
        if node.application:
            sums[number[node.id]] += rate
    return sums


def rooms(together: Pool, reserves: Sequence[int]) -> tuple[int, ...]:
    """What the leaves of the rest under each of the pool's nodes may have together."""
    tree = together.tree
    return tuple(
        tree.inner[node].ceiling - (tree.default if node == ROOT else 0) - sum(reserves[number] for number in numbers)
        for node, numbers in together.nodes
    )


def pay(together: Pool, room: Sequence[int], boost: Boost, stock: Stock) -> Stock | Short:
    """The leaves after the boost, or the first ceiling under which it cannot be paid."""
    return _paid(together, room, boost, boost.on(together.tree.shaper), stock)


def _paid(together: Pool, room: Sequence[int], boost: Boost, amount: int, stock: Stock) -> Stock | Short:
    """From the deepest ceiling up: what is missing under it is paid by those under it, in proportion to what they can spare;
    so what is missing further up is already less.
    """
    if not amount:
        return stock
    after, kept = list(stock.has), list(stock.kept)
    raised = {together.number[key] for key in boost.offices}
    spare = [0 if number in raised else has - least for number, (has, least) in enumerate(zip(after, kept, strict=True))]
    for number in raised:
        after[number] = together.sharing.ceil(after[number] + amount)
    for (node, numbers), most in zip(together.nodes, room, strict=True):
        missing = sum([after[number] for number in numbers]) - most
        for safe in (False, True) if boost.emergency else (False,):
            if missing <= 0:
                break
            payers = {each: spare[each] for each in numbers if spare[each] > 0 and together.protected[each] is safe}
            part = min(missing, sum(payers.values()))
            missing -= _pay(together.sharing, part, payers, after, spare) if part else 0
        if missing > 0:
            return Short(node, missing)
    for number in raised:
        kept[number] = after[number]
    return Stock(tuple(after), tuple(kept))


def _pay(sharing: Sharing, part: int, payers: Mapping[int, int], after: list[int], spare: list[int]) -> int:
    """Take `part` from `payers` in proportion, and more only where a step asks for it; none below what it can spare.

    Every guarantee is rounded down to its step; what that takes too much goes back step by step, the largest loss first.
    The answer is what was taken in all.
    """
    parts = divide(part, payers)
    now = {number: sharing.steps.floor(after[number] - each) for number, each in parts.items()}
    lost = {number: after[number] - each - now[number] for number, each in parts.items()}
    over = sum(lost.values())
    for number in sorted(now, key=lambda number: (-lost[number], number)):
        step = sharing.steps.at(now[number])
        if lost[number] and step <= over:
            now[number] += step
            over -= step
    for number, rate in now.items():
        spare[number] -= after[number] - rate
        after[number] = rate
    return part + over


def refusal(together: Pool, room: Sequence[int], boost: Boost, stock: Stock, short: Short) -> Refused:
    """Why the boost cannot be paid out of `stock`, and how much of it could."""
    amount = boost.on(together.tree.shaper)
    least, most = 0, amount // _UNIT
    while least < most:
        middle = (least + most + 1) // 2
        if isinstance(_paid(together, room, boost, middle * _UNIT, stock), Short):
            most = middle - 1
        else:
            least = middle
    return Refused(
        "boost.does_not_fit",
        boost=boost.id,
        offices=", ".join(boost.offices),
        place=together.tree.name(short.node),
        amount=Bandwidth(amount),
        missing=Bandwidth(short.missing),
        fits=Bandwidth(least * _UNIT),
    )
