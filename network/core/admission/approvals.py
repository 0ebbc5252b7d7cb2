"""Why policy wants a second person before a request that fits is granted."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from inventory.units import Bandwidth
from network.core.admission.judging import Together
from network.core.intent import Boost
from network.core.levels import Integers
from network.core.reason import Reason
from network.core.tree import ShaperId

_NAMED: Final = 5
"""So many offices are named in a reason; there may be hundreds."""


class _Compared(NamedTuple):
    """One shaper with the request and without it: rows are the sets in which it acts and that can be either way."""

    shaper: ShaperId
    capacity: int
    with_it: Integers
    without: Integers
    slack: Integers


def approvals(together: Together) -> tuple[Reason, ...]:
    """The reasons, each once, at the overlap in which it weighs most; empty when nobody need be asked."""
    rule, request = together.beside.regency.policy.approval, together.request
    found: list[Reason] = []
    if request.emergency and rule.emergency:
        found.append(Reason(code="approval.emergency", fields={"request": together.name}))
    lowers = rule.protected and together.urgent.any()
    if lowers or rule.above is not None:
        compared = _compared(together)
        if lowers:
            found += _lowered(together, compared)
        if rule.above is not None:
            found += _raised(together, compared, rule.above)
    return tuple(found)


def _compared(together: Together) -> list[_Compared]:
    rows = np.flatnonzero(together.overlaps.acts[:, 0])
    acts = together.overlaps.acts[rows]
    acts[:, 0] = False
    usual = together.beside.ground.given(together.sets(acts))
    cannot = {number for given in together.given.values() for number in given.lacks}
    cannot |= {int(rows[number]) for given in usual.values() for number in given.lacks}
    sure = np.array([number not in cannot for number in rows.tolist()], dtype=np.bool_)
    return [
        _Compared(shaper, given.pool.tree.capacity, given.total[rows][sure], usual[shaper].total[sure], given.slack[rows][sure])
        for shaper, given in together.given.items()
    ]


def _lowered(together: Together, compared: list[_Compared]) -> list[Reason]:
    """The protected office that the request takes furthest below what the base policy gives."""
    ground, worst, found = together.beside.ground, 0, list[Reason]()
    for each in compared:
        base = ground.usual[each.shaper].total
        below = (each.with_it < base - each.slack) & (each.with_it < each.without) & ground.protected
        missing = np.where(below, base - each.with_it, 0)
        if missing.max(initial=0) > worst:
            worst = int(missing.max())
            row, office = np.unravel_index(int(missing.argmax()), missing.shape)
            fields = {
                "office": ground.offices[office].key,
                "shaper": str(each.shaper),
                "base": Bandwidth(base[0, office]),
                "guarantee": Bandwidth(each.with_it[row, office]),
            }
            found = [Reason(code="approval.protected", fields=fields)]
    return found


def _raised(together: Together, compared: list[_Compared], above: int) -> list[Reason]:
    """The uplink of which the offices that the request raises come to have most, when that is more than `above` percent."""
    ground, request, worst, found = together.beside.ground, together.request, 0.0, list[Reason]()
    named = np.array([not isinstance(request, Boost) or office.key in request.offices for office in ground.offices])
    for each in compared:
        more = (each.with_it > each.without + each.slack) & named
        sums = np.where(more, each.with_it, 0).sum(axis=1)
        if sums.size and sums.max() * 100 > above * each.capacity and sums.max() / each.capacity > worst:
            row = int(sums.argmax())
            worst = float(sums[row] / each.capacity)
            keys = [ground.offices[number].key for number in np.flatnonzero(more[row]).tolist()]
            fields = {
                "offices": ", ".join(keys[:_NAMED]) + (" …" if len(keys) > _NAMED else ""),
                "shaper": str(each.shaper),
                "guarantee": Bandwidth(sums[row]),
                "percent": -(-int(sums[row]) * 100 // each.capacity),
                "above": above,
            }
            found = [Reason(code="approval.above", fields=fields)]
    return found
