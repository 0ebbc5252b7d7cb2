"""Whose key is whose: what devices show, beside what is trusted, and a person's word that makes the one the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from network.core.audit import AuditEvent
from network.core.host_key import ALGORITHMS, HostKey, KeyRing, Standing, standing
from network.core.ports import AuditLog, Runner
from network.errors import DeviceUnreachable, LajurError, LedgerError, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The key that a device showed, and those that are trusted for it."""

    device: str
    address: str
    offered: HostKey
    pinned: tuple[HostKey, ...]

    @property
    def standing(self) -> Standing:
        return standing(self.pinned, self.offered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Who says that a key may be trusted, and when. `replace`: also in the place of one that was trusted before."""

    regency: str
    actor: str
    at: datetime
    replace: bool = False


def look(addresses: Mapping[str, str], ring: KeyRing, runner: Runner) -> Mapping[str, Seen | LajurError]:
    """Ask every device for its key, all at once. Nothing is trusted by it. `addresses` by device, for the record."""

    def one(device: str) -> Seen:
        pinned = ring.pinned(device)
        # Asked for the kind that is trusted: a device that has several keys has not changed by showing another one.
        offered = ring.offered(device, [key.algorithm for key in pinned])
        return Seen(device=device, address=addresses[device], offered=offered, pinned=pinned)

    return runner.each(tuple(addresses), one)


def expected(seen: Seen, fingerprint: str, ring: KeyRing) -> Seen:
    """The device's key that has this fingerprint, of whatever kind it is.

    Raises Refused when it shows none that has it: another device may be answering.
    """
    shown = dict.fromkeys([seen.offered])
    for algorithm in ALGORITHMS:
        if any(key.fingerprint == fingerprint for key in shown):
            break
        with suppress(DeviceUnreachable):  # it has no key of that kind, or no longer answers: then nothing is equal either
            shown[ring.offered(seen.device, (algorithm,))] = None
    found = next((key for key in shown if key.fingerprint == fingerprint), None)
    if found is None:
        told = ", ".join(f"{key.fingerprint} ({key.algorithm})" for key in shown)
        raise Refused("trust.unlike", device=seen.device, address=seen.address, wanted=fingerprint, shown=told)
    return Seen(device=seen.device, address=seen.address, offered=found, pinned=seen.pinned)


def trust(seen: Sequence[Seen], word: Word, ring: KeyRing, log: AuditLog) -> None:
    """Pin the keys that were shown, each with its line in the audit log, which is written first.

    Raises Refused, with nothing pinned, when one of them differs from what is trusted and the word does not cover that.
    """
    for each in seen:
        if each.standing is Standing.CHANGED and not word.replace:
            raise changed(each)
    for each in seen:
        if each.standing is Standing.TRUSTED:
            continue
        detail = {"address": each.address, "fingerprint": each.offered.fingerprint, "algorithm": each.offered.algorithm}
        if each.pinned:
            detail["replaced"] = " ".join(key.fingerprint for key in each.pinned)
        _note(log, word, "device.trusted", each.device, detail)
        try:
            ring.pin(each.device, each.offered)
        except LedgerError:
            _note(log, word, "device.trust_failed", each.device, detail)
            raise


def changed(seen: Seen) -> Refused:
    """Why a key that differs from the trusted one is not simply pinned: the old and the new one, and what to do."""
    old = ", ".join(f"{key.fingerprint} ({key.algorithm})" for key in seen.pinned)
    new = f"{seen.offered.fingerprint} ({seen.offered.algorithm})"
    return Refused("trust.changed", device=seen.device, address=seen.address, old=old, new=new)


def _note(log: AuditLog, word: Word, action: str, device: str, detail: Mapping[str, str]) -> None:
    log.append(AuditEvent(at=word.at, actor=word.actor, action=action, regency=word.regency, subject=device, detail=detail))
