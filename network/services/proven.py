"""A guarantee is not granted over a link that nobody has proven: what a plan says about it, and how a link becomes proven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from inventory.regency import Regency
from network.core.allocate import Allocation
from network.core.explain import Row
from network.core.links.verify import Check, State
from network.core.proofs import Proof, Proofs, Unproven, mark, unproven
from network.core.tree import ShaperId
from network.errors import Refused
from network.services.links.look import EndSeen, LinkSeen

_NAMED: Final = 6
"""Offices, or links, that a refusal names; at first no link is proven at all."""


def lacking(
    regency: Regency, proofs: Proofs | None, rows: Iterable[Row], usual: Mapping[ShaperId, Allocation]
) -> tuple[Unproven, ...]:
    """The offices to which the plan of `rows` grants more, over a link that is not proven. Without a record nobody can say.

    `usual` is what the base policy alone gives. An office that stands already and rises to that, or stays below it, is given
    back what a window or boost took from it: that is no grant, and must never be in the way of the end of either.
    """
    base = {
        (shaper.uplink, shaper.direction, office): allocation.guarantee(office)
        for shaper, allocation in usual.items()
        for office in allocation.offices
    }
    granted = {
        row.office
        for row in rows
        if row.next > row.now and (row.fresh or row.next > base.get((row.uplink, row.direction, row.office), 0))
    }
    if proofs is None or not granted:
        return ()
    return tuple(unproven(regency, proofs.proofs(regency.head.key), granted))


def refusal(regency: Regency, found: Sequence[Unproven]) -> Refused | None:
    """What policy says to that."""
    if not found or regency.policy.unproven_links == "warn":
        return None
    links = tuple(dict.fromkeys(link for each in found for link in each.links))
    named = ", ".join(each.office for each in found[:_NAMED])
    return Refused(
        "proof.missing",
        offices=named if len(found) <= _NAMED else f"{named} … (+{len(found) - _NAMED})",
        count=len(links),
        command=f"lajur link verify {' '.join(links)}" if len(links) <= _NAMED else "lajur link verify",
    )


def prove(regency: Regency, seen: Sequence[LinkSeen], proofs: Proofs, now: datetime, actor: str) -> tuple[str, ...]:
    """Write down which of these links are proven, and by what; their keys. What is not leaves what was written before.

    Proven is a link of which both ends were looked at with everything that can be seen of it: nothing is wrong, and that it
    carries something is certain, not only undisputed.
    """
    known = {link.key: link for link in regency.links}
    good = [each for each in seen if each.good and all(map(_carries, each.ends)) and each.intent.key in known]
    made = [
        Proof(link=each.intent.key, mark=mark(known[each.intent.key]), at=now, actor=actor, seen=_evidence(each)) for each in good
    ]
    if made:
        proofs.add(regency.head.key, made)
    return tuple(each.link for each in made)


def _carries(end: EndSeen) -> bool:
    return any(verdict.check is Check.CARRIER and verdict.state is State.GOOD for verdict in end.verdicts)


def _evidence(seen: LinkSeen) -> dict[str, str]:
    return {
        f"{end.intent.side} {verdict.check}": verdict.seen
        for end in seen.ends
        for verdict in end.verdicts
        if verdict.state is State.GOOD
    }
