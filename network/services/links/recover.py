"""What a dead controller left half done on a link: the first confirmed end decides, and the other one follows.

Whoever holds both devices of a link finds no run alive there, so a run on it that is on record as running belongs to somebody
who died. The devices are read, and say what is to be done: nothing is decided by what the record remembers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from network.core.link_ports import Running
from network.core.links.deeds import LinkDeed
from network.core.links.intent import EndIntent, LinkIntent
from network.core.ports import RunRecord
from network.errors import ArmExpired, NeedsPerson
from network.services.links.hands import LinkHands
from network.services.links.look import plan_end


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettled:
    """`result`: done (both ends hold the change), returned (neither does), or abandoned (one does; the next run on it, which
    follows at once, carries the other one after it)."""

    run: RunRecord
    link: str
    result: str


def settle(intent: LinkIntent, regency: str, hands: LinkHands) -> tuple[LinkSettled, ...]:
    """Settle every dead run on this link. The caller holds both devices. Raises DeviceError for one that does not answer, and
    NeedsPerson for one that does not go back."""
    settled = []
    for record in hands.ledger.unfinished(regency):
        deeds = [deed for deed in hands.ledger.deeds(record.id) if deed.link == intent.key]
        if deeds:
            result = _settle(record, deeds, intent, hands)
            hands.ledger.finish(record.id, result, hands.clock.now(), "found by the next run")
            settled.append(LinkSettled(run=record, link=intent.key, result=result))
    return tuple(settled)


def _settle(record: RunRecord, deeds: Sequence[LinkDeed], intent: LinkIntent, hands: LinkHands) -> str:
    touched = {deed.device for deed in deeds}
    ends = [end for end in intent.ends if end.device in touched]
    read = {end.device: _read(end, hands) for end in ends}
    armed = [end for end in ends if _is_armed(read[end.device], record)]
    kept = [end for end in ends if read[end.device].pending is None and _holds(end, read[end.device], hands)]
    for end in armed:
        if kept:
            with suppress(ArmExpired):  # it went back in this very moment: what it shows next decides
                hands.devices[end.device].confirm(record.id)
        else:
            hands.devices[end.device].revert()
    if armed:
        read = {end.device: _read(end, hands) for end in ends}
    still = [end.device for end in ends if _is_armed(read[end.device], record)]
    if still:
        raise NeedsPerson("links.still_armed", run=record.id, link=intent.key, device=", ".join(still))
    holding = [end for end in ends if _holds(end, read[end.device], hands)]
    return "done" if len(holding) == len(ends) else "abandoned" if holding else "returned"


def _read(end: EndIntent, hands: LinkHands) -> Running:
    return hands.devices[end.device].read()


def _is_armed(running: Running, record: RunRecord) -> bool:
    return running.pending is not None and running.pending.run in ("", record.id)


def _holds(end: EndIntent, running: Running, hands: LinkHands) -> bool:
    return not plan_end(end, running, hands).changes
