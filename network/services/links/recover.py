"""What a dead controller left half done on links: the first confirmed device decides, and the others follow it.

Whoever holds every device of a run finds it dead if it is on record as running. The devices are read, and say what is to be done:
nothing is decided by what the record remembers alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from network.core.link_ports import Running
from network.core.links.capabilities import CAPABILITIES
from network.core.links.deeds import LinkDeed
from network.core.links.intent import EndIntent, LinkIntent, Side
from network.core.ports import RunRecord
from network.errors import ArmExpired, DeviceUnreachable, LajurError, NeedsPerson, NotSaved, SessionCut
from network.services.links.hands import LinkHands
from network.services.links.look import plan_end

_AGAIN: Final = 0.4
"""Seconds between two looks."""

_ROUTED_AGAIN: Final = 15.0
"""Seconds in which a device that went back is reached again."""

Found = Mapping[str, Running | LajurError]
"""By device what it shows, or why it does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettled:
    """What became of a dead run. `result`: done (all devices hold the change), returned (none does), own (it was not dead: its
    own process brought it to its end meanwhile), or abandoned (it was on devices that the truth no longer has, and without them
    it cannot be brought to an end). `gone`: those of its devices that the truth no longer has: nobody asked them."""

    run: RunRecord
    links: tuple[str, ...]
    result: str
    gone: tuple[str, ...] = ()


def open_runs(regency: str, hands: LinkHands) -> tuple[RunRecord, ...]:
    """Runs on record as running on the devices that these hands reach."""
    return tuple(record for record in hands.ledger.unfinished(regency) if record.is_of(hands.place))


def is_open(record: RunRecord, hands: LinkHands) -> bool:
    """Whether it is on record as running still."""
    return record.id in {each.id for each in hands.ledger.unfinished(record.regency)}


def dead_runs(regency: str, devices: Sequence[str], hands: LinkHands) -> tuple[tuple[RunRecord, tuple[LinkDeed, ...]], ...]:
    """Runs on record as running that set out to change one of these devices. Whether one is alive is seen by who holds them."""
    runs = [(record, hands.ledger.deeds(record.id)) for record in open_runs(regency, hands)]
    return tuple((record, deeds) for record, deeds in runs if {deed.device for deed in deeds} & set(devices))


def links_of(deeds: Sequence[LinkDeed]) -> tuple[LinkIntent, ...]:
    """The links of a run, each once, as it wanted them."""
    return tuple({deed.link: deed.intent for deed in deeds}.values())


def here(deeds: Sequence[LinkDeed], hands: LinkHands) -> tuple[LinkDeed, ...]:
    """Those on devices that the truth still has."""
    return tuple(deed for deed in deeds if deed.device in hands.devices)


def gone(deeds: Sequence[LinkDeed], hands: LinkHands) -> tuple[str, ...]:
    """The devices of a run that the truth no longer has."""
    return tuple(dict.fromkeys(deed.device for deed in deeds if deed.device not in hands.devices))


def whole(deeds: Sequence[LinkDeed], hands: LinkHands) -> tuple[LinkIntent, ...]:
    """The links of a run of which the truth still has both devices, so that they can be changed and proved."""
    return tuple(link for link in links_of(deeds) if all(name in hands.devices for name in link.devices))


def _ends(deeds: Sequence[LinkDeed]) -> dict[str, list[EndIntent]]:
    """By device, the far ones first."""
    found: dict[str, list[EndIntent]] = {}
    for deed in sorted(deeds, key=lambda each: each.side == Side.NEAR.value):
        own = deed.intent.near if deed.side == Side.NEAR.value else deed.intent.far
        found.setdefault(deed.device, []).append(own)
    return found


def asked(deeds: Sequence[LinkDeed], hands: LinkHands) -> Found:
    """What every device of a run shows, the far ones first, or why it does not answer. Those that are gone are not asked."""
    return hands.runner.each(list(_ends(here(deeds, hands))), lambda name: hands.devices[name].read())


def out_of_reach(deeds: Sequence[LinkDeed], found: Found, hands: LinkHands) -> frozenset[str]:
    """The devices of a dead run that may answer once the others hold the change; none where that cannot be: because all answer,
    because nobody is behind, or because somebody counts down and what he leaves is to be seen first."""
    ends, heard = _ends(deeds), _heard(found)
    behind = [name for name, running in heard.items() if not _hold(ends[name], running, hands)]
    if not behind or any(running.pending is not None for running in heard.values()):
        return frozenset()
    return frozenset(found) - frozenset(heard)


def settle(record: RunRecord, deeds: Sequence[LinkDeed], found: Found, hands: LinkHands, unsaved: dict[str, NotSaved]) -> str:
    """What became of one dead run whose devices we hold and have just `asked`: done (all hold the change), returned (none does),
    or abandoned (some do, and the others wait to be carried after them). Devices that are gone have no voice; when all are, it is
    abandoned.

    `unsaved` hears of devices that keep the change and cannot write it for their next start. Raises the error of a device that
    does not answer, and NeedsPerson for one that does not go back.
    """
    ends, read = _ends(here(deeds, hands)), _heard(found)
    if not ends:
        return "abandoned"
    armed = [name for name, running in read.items() if _is_armed(running, record)]
    kept = [name for name, running in read.items() if running.pending is None and _hold(ends[name], running, hands)]
    silent = [error for error in found.values() if isinstance(error, LajurError)]
    if silent and not kept:
        # The one that is not heard may be kept: nothing is taken back before that is known. The others count down.
        raise silent[0]
    for name in armed:
        if kept:
            try:
                hands.devices[name].confirm(record.id)
            except NotSaved as error:
                unsaved[name] = error
            except ArmExpired:
                pass  # it went back in this very moment: what it shows next decides
        else:
            with suppress(SessionCut, DeviceUnreachable):  # cut by going back before the other end: as above
                hands.devices[name].revert()
    if silent:
        raise silent[0]
    read |= _read_back(armed, hands)
    still = [name for name in armed if _is_armed(read[name], record)]
    if still:
        raise NeedsPerson("links.still_armed", run=record.id, link=record.reason, device=", ".join(still))
    holding = [name for name in ends if _hold(ends[name], read[name], hands)]
    return "done" if len(holding) == len(ends) else "abandoned" if holding else "returned"


def save_typed(record: RunRecord, deeds: Sequence[LinkDeed], hands: LinkHands, unsaved: dict[str, NotSaved]) -> None:
    """Told to keep its change: every device that holds it and takes nothing back by itself. There a change that was typed looks
    like one that was kept, and only the one that was kept is still there after a restart. `unsaved` as in `settle`."""
    ends = _ends(here(deeds, hands))
    typed = [name for name, own in ends.items() if _takes_nothing_back(own[0].platform)]
    for name, running in _read_back(typed, hands).items():
        if running.pending is None and _hold(ends[name], running, hands):
            try:
                hands.devices[name].confirm(record.id)
            except NotSaved as error:
                unsaved[name] = error
            except ArmExpired:
                pass  # it was kept before


def _takes_nothing_back(platform: str) -> bool:
    known = CAPABILITIES[platform]
    return known.timer is None and known.session_undo is None


def _heard(found: Found) -> dict[str, Running]:
    return {name: running for name, running in found.items() if isinstance(running, Running)}


def _read_back(names: Sequence[str], hands: LinkHands) -> dict[str, Running]:
    """Again while one does not answer: routing may have to find it anew. Raises the first one's error in the end."""
    deadline = hands.clock.monotonic() + _ROUTED_AGAIN
    while True:
        found = hands.runner.each(names, lambda name: hands.devices[name].read())
        heard = _heard(found)
        if len(heard) == len(found):
            return heard
        if hands.clock.monotonic() >= deadline:
            raise next(error for error in found.values() if isinstance(error, LajurError))
        hands.clock.sleep(_AGAIN)


def _is_armed(running: Running, record: RunRecord) -> bool:
    return running.pending is not None and running.pending.run in ("", record.id)


def _hold(ends: Sequence[EndIntent], running: Running, hands: LinkHands) -> bool:
    return not any(plan_end(end, running, hands).changes for end in ends)
