"""A guarantee is not granted over a link that nobody has proven: what a plan says about it, and how a link becomes proven."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.model import Link
from inventory.regency import Regency
from network.core.explain import Row
from network.core.link_findings import Kind, LinkFinding
from network.core.link_states import LinkState, Word
from network.core.proofs import Proof, Proofs, Unproven, mark, unproven
from network.core.watch_ports import Glance
from network.errors import LajurError, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A link that was looked at to prove it. `lacks`: why it is not proven; empty when it is, and then `seen` says by what."""

    link: str
    seen: dict[str, str]
    lacks: tuple[LajurError, ...]


def lacking(regency: Regency, proofs: Proofs | None, rows: Iterable[Row]) -> tuple[Unproven, ...]:
    """The offices to which the plan of `rows` gives more, over a link that is not proven. Without a record nobody can say."""
    raised = {row.office for row in rows if row.next > row.now}
    if proofs is None or not raised:
        return ()
    return tuple(unproven(regency, proofs.proofs(regency.head.key), raised))


def refusal(regency: Regency, found: Sequence[Unproven]) -> Refused | None:
    """What policy says to that."""
    if not found or regency.policy.unproven_links == "warn":
        return None
    links = tuple(dict.fromkeys(link for each in found for link in each.links))
    return Refused("links.unproven", offices=", ".join(each.office for each in found), links=" ".join(links))


def prove(
    regency: Regency,
    links: Sequence[Link],
    states: dict[str, LinkState],
    findings: Sequence[LinkFinding],
    glances: dict[str, Glance],
) -> tuple[Proven, ...]:
    """What speaks for each link, and what against it: both ends up, and where a device shows them, the neighbour that the truth
    names and light within the budget of handover. Writes nothing."""
    return tuple(_prove(link, states[link.key], [each for each in findings if each.link == link.key], glances) for link in links)


def record(regency: Regency, found: Sequence[Proven], proofs: Proofs, now: datetime, actor: str) -> None:
    """Write down what was proven; what was not leaves what was written before."""
    good = [each for each in found if not each.lacks]
    if good:
        known = {link.key: link for link in regency.links}
        proofs.add(
            regency.head.key,
            [Proof(link=each.link, mark=mark(known[each.link]), at=now, actor=actor, seen=each.seen) for each in good],
        )


def _prove(link: Link, state: LinkState, findings: Sequence[LinkFinding], glances: dict[str, Glance]) -> Proven:
    seen = {"state": state.word.value}
    lacks: list[LajurError] = []
    if state.word is not Word.UP:
        lacks.append(Refused("links.proof_state", link=link.key, state=state.word.value))
    for each in findings:
        code = "links.proof_light" if each.kind is Kind.LIGHT else "links.proof_neighbour"
        lacks.append(
            Refused(code, link=link.key, device=each.device, interface=each.interface, seen=each.seen, wanted=each.wanted)
        )
    for side, end in zip(("near", "far"), link.ends, strict=True):
        glance = glances.get(end.device, Glance())
        level = (glance.optics or {}).get(end.interface)
        peers = (glance.neighbours or {}).get(end.interface, ())
        if level is not None:
            seen[f"{side}_light"] = f"{level:.1f}"
        if peers:
            seen[f"{side}_neighbour"] = f"{peers[0].device} {peers[0].interface}"
    return Proven(link=link.key, seen=seen, lacks=tuple(lacks))
