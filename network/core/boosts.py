"""Boosts: some offices get more for a while; offices without protection pay, out of what they have above their floor.

Never takes from a floor, a reserve, a protected office or one that an earlier boost raised. A boost that does not fit is
refused whole.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    """What a boost misses (bit/s), and the node under which it is missing."""

    node: NodeId
    missing: int


class Purse(NamedTuple):
    """The rest leaves of a tree while boosts are paid: bit/s that each has, and how much of that it can be asked for."""

    tree: Frame
    sharing: Sharing
    has: Mapping[NodeId, int]
    spare: Mapping[NodeId, int]


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
    now, kept = dict(guarantees), dict(floors)
    for boost in intent.boosts:
        _check(regency, boost)
        amount = boost.amount.of(tree.shaper.direction)
        if not amount or boost.uplink not in (None, tree.shaper.uplink):
            continue
        spare = {
            leaf(branch.id): max(0, now[leaf(branch.id)] - kept[leaf(branch.id)])
            for key, branch in tree.offices.items()
            if not intent.offices[key].protected and key not in boost.offices
        }
        purse = Purse(tree, sharing, now, spare)
        after = _paid(purse, boost, amount)
        if isinstance(after, Short):
            raise _refused(purse, boost, amount, after)
        for key in boost.offices:
            node = leaf(tree.offices[key].id)
            kept[node] = after[node]
        now = after
    return now


def _check(regency: Regency, boost: Boost) -> None:
    offices = {office.key for office in regency.offices}
    unknown = [key for key in boost.offices if key not in offices]
    if unknown or not boost.offices:
        raise Refused("boost.no_such_office", boost=boost.id, office=", ".join(unknown) or "-")
    uplinks = [uplink.key for uplink in regency.uplinks]
    if boost.uplink is not None and boost.uplink not in uplinks:
        raise Refused("boost.no_such_uplink", boost=boost.id, uplink=boost.uplink, known=", ".join(uplinks))


def _paid(purse: Purse, boost: Boost, amount: int) -> dict[NodeId, int] | Short:
    """All guarantees after the boost, or the first ceiling under which it cannot be paid.

    From the deepest ceiling up: what is missing under it is paid by those under it, in proportion to what they can spare;
    so what is missing further up is already less.
    """
    tree = purse.tree
    after, spare = dict(purse.has), dict(purse.spare)
    for key in dict.fromkeys(boost.offices):
        node = leaf(tree.offices[key].id)
        after[node] = purse.sharing.ceil(after[node] + amount)
    under = _under(tree, after)
    for node in reversed(tuple(tree.inner)):
        ceiling = tree.inner[node].ceiling - (tree.default if node == ROOT else 0)
        missing = sum(after[each] for each in under[node]) - ceiling
        if missing <= 0:
            continue
        payers = {each: spare[each] for each in under[node] if spare.get(each, 0) > 0}
        if sum(payers.values()) < missing:
            return Short(node, missing - sum(payers.values()))
        _pay(purse.sharing, missing, payers, after, spare)
    return after


def _pay(
    sharing: Sharing, missing: int, payers: Mapping[NodeId, int], after: dict[NodeId, int], spare: dict[NodeId, int]
) -> None:
    """Take `missing` from `payers` in proportion, and more only where a step asks for it; none below what it can spare.

    Every guarantee is rounded down to its step; what that takes too much goes back step by step, the largest loss first.
    """
    parts = divide(missing, payers)
    now = {node: sharing.steps.floor(after[node] - part) for node, part in parts.items()}
    lost = {node: after[node] - part - now[node] for node, part in parts.items()}
    over = sum(lost.values())
    for node in sorted(now, key=lambda node: (-lost[node], node)):
        step = sharing.steps.at(now[node])
        if lost[node] and step <= over:
            now[node] += step
            over -= step
    for node, rate in now.items():
        spare[node] -= after[node] - rate
        after[node] = rate


def _under(tree: Frame, leaves: Mapping[NodeId, int]) -> dict[NodeId, list[NodeId]]:
    """The leaves under each node, at any depth."""
    under: dict[NodeId, list[NodeId]] = {node: [] for node in tree.inner}
    office = {branch.id: key for key, branch in tree.offices.items()}
    for node in leaves:
        for above in tree.path(office[node.id]):
            under[above].append(node)
    return under


def _refused(purse: Purse, boost: Boost, amount: int, short: Short) -> Refused:
    least, most = 0, amount // _UNIT
    while least < most:
        middle = (least + most + 1) // 2
        if isinstance(_paid(purse, boost, middle * _UNIT), Short):
            most = middle - 1
        else:
            least = middle
    return Refused(
        "boost.does_not_fit",
        boost=boost.id,
        offices=", ".join(boost.offices),
        place=purse.tree.name(short.node),
        amount=Bandwidth(amount),
        missing=Bandwidth(short.missing),
        fits=Bandwidth(least * _UNIT),
    )
