"""What a dead controller left half done on links: the first confirmed device decides, and the others follow it.

Whoever holds every device of a run finds it dead if it is on record as running. The devices are read, and say what is to be done:
nothing is decided by what the record remembers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from network.core.link_ports import Running
from network.core.links.deeds import LinkDeed
from network.core.links.intent import EndIntent, LinkIntent, Side
from network.core.ports import RunRecord
from network.errors import ArmExpired, LajurError, NeedsPerson
from network.services.links.hands import LinkHands
from network.services.links.look import plan_end


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettled:
    """`result`: done (all devices hold the change), returned (none does), or abandoned (some do: the next run on its links
    carries the others after them)."""

    run: RunRecord
    links: tuple[str, ...]
    result: str


def dead_runs(regency: str, devices: Sequence[str], hands: LinkHands) -> tuple[tuple[RunRecord, tuple[LinkDeed, ...]], ...]:
    """Runs on record as running that set out to change one of these devices. Whether one is alive is seen by who holds them."""
    runs = [(record, hands.ledger.deeds(record.id)) for record in hands.ledger.unfinished(regency)]
    return tuple((record, deeds) for record, deeds in runs if {deed.device for deed in deeds} & set(devices))


def settle(
    record: RunRecord, deeds: Sequence[LinkDeed], intents: Sequence[LinkIntent], run: str, hands: LinkHands
) -> LinkSettled:
    """Settle one dead run under the locks of its devices. Raises DeviceBusy when it is alive, DeviceError for a device that does
    not answer, and NeedsPerson for one that does not go back."""
    ends = _ends(deeds, intents)
    with hands.runner.hold(sorted(ends), run):
        result = _settle(record, ends, hands) if ends else "abandoned"
        hands.ledger.finish(record.id, result, hands.clock.now(), f"found by {run}")
    return LinkSettled(run=record, links=tuple(dict.fromkeys(deed.link for deed in deeds)), result=result)


def _ends(deeds: Sequence[LinkDeed], intents: Sequence[LinkIntent]) -> dict[str, list[EndIntent]]:
    """By device, the far ones first, what of the deeds the truth still has."""
    known = {(end.link, end.device): end for intent in intents for end in intent.ends}
    found: dict[str, list[EndIntent]] = {}
    for end in sorted(
        (known[deed.link, deed.device] for deed in deeds if (deed.link, deed.device) in known),
        key=lambda each: each.side is Side.NEAR,
    ):
        found.setdefault(end.device, []).append(end)
    return found


def _settle(record: RunRecord, ends: Mapping[str, Sequence[EndIntent]], hands: LinkHands) -> str:
    read = _read(list(ends), hands)
    armed = [name for name in ends if _is_armed(read[name], record)]
    kept = [name for name in ends if read[name].pending is None and _hold(ends[name], read[name], hands)]
    for name in armed:
        if kept:
            with suppress(ArmExpired):  # it went back in this very moment: what it shows next decides
                hands.devices[name].confirm(record.id)
        else:
            hands.devices[name].revert()
    read |= _read(armed, hands)
    still = [name for name in armed if _is_armed(read[name], record)]
    if still:
        raise NeedsPerson("links.still_armed", run=record.id, link=record.reason, device=", ".join(still))
    holding = [name for name in ends if _hold(ends[name], read[name], hands)]
    return "done" if len(holding) == len(ends) else "abandoned" if holding else "returned"


def _read(names: Sequence[str], hands: LinkHands) -> dict[str, Running]:
    """Raises the first device's error."""
    read: dict[str, Running] = {}
    for name, found in hands.runner.each(names, lambda each: hands.devices[each].read()).items():
        if isinstance(found, LajurError):
            raise found
        read[name] = found
    return read


def _is_armed(running: Running, record: RunRecord) -> bool:
    return running.pending is not None and running.pending.run in ("", record.id)


def _hold(ends: Sequence[EndIntent], running: Running, hands: LinkHands) -> bool:
    return not any(plan_end(end, running, hands).changes for end in ends)
