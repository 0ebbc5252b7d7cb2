"""Devices as documents and tables: what there is, whose key is trusted, what they show and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.cli.words import decimal
from network.errors import HostKeyChanged, HostKeyUnknown, LajurError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventory.regency import Regency
    from network.cli.draw import Cell, Column
    from network.core.host_key import KeyRing
    from network.services.inspect import Verdict
    from network.services.trust import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """`serves`: the office or hub behind it. `trusted`: fingerprints that are pinned; None where nothing is dialled."""

    device: str
    role: str
    platform: str
    address: str
    user: str
    serves: str
    trusted: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceList:
    regency: str
    devices: tuple[DeviceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustLine:
    """`standing`: new, trusted, changed, or failed with `error`. `waiting`: it would be pinned; `pinned`: it was."""

    device: str
    address: str
    standing: str
    algorithm: str
    fingerprint: str
    trusted: tuple[str, ...]
    waiting: bool
    pinned: bool
    error: str
    error_code: str
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusting:
    """`file`: the pinned keys."""

    regency: str
    file: str
    devices: tuple[TrustLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkLine:
    """`weight`: mend or note. `text` and `next` in the reader's language."""

    weight: str
    code: str
    text: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """`verdict`: ok, mend or failed. `offset`: its clock less ours in seconds, give or take `doubt`."""

    device: str
    verdict: str
    platform: str
    version: str
    offset: float | None
    doubt: float | None
    remarks: tuple[RemarkLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCheck:
    regency: str
    devices: tuple[CheckLine, ...]


def device_list(regency: Regency, ring: KeyRing | None, names: Sequence[str] | None = None) -> DeviceList:
    """All devices, or those of `names`."""
    serves = {hub.device: hub.name for hub in regency.hubs} | {office.device: office.name for office in regency.offices}
    return DeviceList(
        regency=regency.head.key,
        devices=tuple(
            DeviceLine(
                device=each.key,
                role=each.role.value,
                platform=each.platform.value,
                address=f"{each.address}:{each.login.port}",
                user=each.login.user,
                serves=serves.get(each.key, ""),
                trusted=tuple(key.fingerprint for key in ring.pinned(each.key)) if ring else None,
            )
            for each in regency.devices
            if names is None or each.key in names
        ),
    )


_LIST: Final[tuple[Column, ...]] = (
    ("cli.column.device", "left"),
    ("cli.column.role", "left"),
    ("cli.device.column_platform", "left"),
    ("cli.column.address", "left"),
    ("cli.device.column_serves", "left"),
    ("cli.device.column_trusted", "left"),
)


def draw_list(own: Session, document: DeviceList) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = [(each.device, each.role, each.platform, each.address, each.serves, _trusted(own, each)) for each in document.devices]
    missing = [each.device for each in document.devices if each.trusted == ()]
    following = cell(say("cli.device.next_trust", count=len(missing))) if missing else None
    return stack(table(say, _LIST, rows), following)


def _trusted(own: Session, line: DeviceLine) -> str:
    if line.trusted is None:
        return "–"
    return "\n".join(line.trusted) or own.out.say("cli.device.nobody")


def trusting(own: Session, seen: Mapping[str, Seen | LajurError], *, file: str, ready: Sequence[str]) -> Trusting:
    return Trusting(
        regency=own.settings.regency,
        file=file,
        devices=tuple(_trust_line(own, device, each, waiting=device in ready) for device, each in seen.items()),
    )


def _trust_line(own: Session, device: str, seen: Seen | LajurError, *, waiting: bool) -> TrustLine:
    from network.core.host_key import Standing
    from network.services.trust import changed

    if isinstance(seen, LajurError):
        return TrustLine(
            device=device, address=str(seen.fields.get("address", "")), standing="failed", algorithm="", fingerprint="",
            trusted=(), waiting=False, pinned=False, error=own.out.text_of(seen), error_code=seen.code, exit_code=seen.exit_code,
        )  # fmt: skip
    refused = changed(seen) if seen.standing is Standing.CHANGED and not waiting else None
    return TrustLine(
        device=device,
        address=seen.address,
        standing=seen.standing.value,
        algorithm=seen.offered.algorithm,
        fingerprint=seen.offered.fingerprint,
        trusted=tuple(key.fingerprint for key in seen.pinned),
        waiting=waiting,
        pinned=False,
        error=own.out.text_of(refused) if refused else "",
        error_code=refused.code if refused else "",
        exit_code=refused.exit_code if refused else 0,
    )


def pinned(document: Trusting) -> Trusting:
    """The same after what waited was pinned."""
    return replace(document, devices=tuple(replace(each, waiting=False, pinned=each.waiting) for each in document.devices))


def code_of(document: Trusting) -> int:
    """The exit code: the gravest thing that happened, else 2 when keys wait."""
    worst = max((each.exit_code for each in document.devices), default=0)
    return worst or (2 if any(each.waiting for each in document.devices) else 0)


_TRUST: Final[tuple[Column, ...]] = (
    ("cli.column.device", "left"),
    ("cli.column.address", "left"),
    ("cli.column.state", "left"),
    ("cli.device.column_fingerprint", "left"),
)


def draw_trusting(own: Session, document: Trusting) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = [(each.device, each.address, _standing(own, each), _shown_key(own, each)) for each in document.devices]
    errors = [cell(each.error, "red") for each in document.devices if each.error]
    waiting = sum(each.waiting for each in document.devices)
    if waiting:
        last = say("cli.device.compare")
    elif code_of(document):
        last = say("cli.device.next_again")
    else:
        last = say("cli.device.next_check", file=document.file)
    return stack(table(say, _TRUST, rows), *errors, cell(last))


def _standing(own: Session, line: TrustLine) -> Cell:
    from network.cli.draw import cell

    if line.pinned:
        return cell(own.out.say("cli.device.pinned"), "green")
    style = {"trusted": "green", "new": "yellow", "changed": "bold red", "failed": "red"}[line.standing]
    return cell(own.out.say(f"cli.device.{line.standing}"), style)


def _shown_key(own: Session, line: TrustLine) -> str:
    if not line.fingerprint:
        return "–"
    shown = f"{line.fingerprint} ({line.algorithm})"
    if line.standing != "changed":
        return shown
    return f"{own.out.say('cli.device.old', key=', '.join(line.trusted))}\n{own.out.say('cli.device.new_key', key=shown)}"


_FOLLOWING: Final[Mapping[type[LajurError], str]] = {
    HostKeyUnknown: "lajur device trust {device}",
    HostKeyChanged: "lajur device trust {device} --replace",
}
"""The command that follows an error, where there is one; what else to do is in its text."""


def checked(own: Session, regency: Regency, verdicts: Sequence[Verdict]) -> DeviceCheck:
    return DeviceCheck(regency=regency.head.key, devices=tuple(_check_line(own, each) for each in verdicts))


def _check_line(own: Session, verdict: Verdict) -> CheckLine:
    say = own.out.say
    if verdict.facts is None:
        error = verdict.error
        assert error is not None, "a device that showed nothing has its error"
        following = _FOLLOWING.get(type(error), "").format(device=verdict.device)
        failed = RemarkLine(weight="failed", code=error.code, text=own.out.text_of(error), next=following)
        return CheckLine(
            device=verdict.device, verdict="failed", platform="", version="", offset=None, doubt=None, remarks=(failed,)
        )
    offset = verdict.facts.offset
    return CheckLine(
        device=verdict.device,
        verdict="mend" if verdict.wants_mending else "ok",
        platform=verdict.facts.platform,
        version=verdict.facts.version,
        offset=round(offset.value.total_seconds(), 1) if offset else None,
        doubt=round(offset.doubt.total_seconds(), 1) if offset else None,
        remarks=tuple(
            RemarkLine(
                weight=remark.weight.value,
                code=remark.what.code,
                text=say(remark.what.code, **remark.what.fields),
                next=say(remark.next.code, **{**remark.next.fields, "device": verdict.device}),
            )
            for remark in verdict.remarks
        ),
    )


def code_of_check(verdicts: Sequence[Verdict]) -> int:
    """The exit code: the gravest error, else 2 when something is to be mended."""
    worst = max((each.error.exit_code for each in verdicts if each.error), default=0)
    return worst or (2 if any(each.wants_mending for each in verdicts) else 0)


_CHECK: Final[tuple[Column, ...]] = (
    ("cli.column.device", "left"),
    ("cli.device.column_verdict", "left"),
    ("cli.device.column_seen", "left"),
    ("cli.column.next", "left"),
)
_STYLES: Final = {"ok": "green", "mend": "bold yellow", "failed": "bold red", "note": "dim"}


def draw_checked(own: Session, document: DeviceCheck) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = [row for each in document.devices for row in _check_rows(own, each)]
    verdicts = [each.verdict for each in document.devices]
    good, mend, failed = (verdicts.count(each) for each in ("ok", "mend", "failed"))
    last = say("cli.device.sum", ok=good, mend=mend, failed=failed)
    following = say("cli.device.next_mend" if mend or failed else "cli.device.next_plan")
    return stack(table(say, _CHECK, rows), cell(last, "bold"), cell(following))


def _check_rows(own: Session, line: CheckLine) -> Iterator[tuple[Cell, Cell, Cell, Cell]]:
    from network.cli.draw import cell

    say = own.out.say
    if line.verdict != "failed":
        shown = line.version or line.platform
        clock = "" if line.offset is None else say("cli.device.clock", offset=_signed(own, line.offset))
        yield line.device, _verdict(own, line.verdict), cell(f"{shown}{clock}"), cell("")
    for number, remark in enumerate(line.remarks):
        first = line.device if line.verdict == "failed" and not number else ""
        yield first, _verdict(own, remark.weight), cell(remark.text), cell(remark.next)


def _verdict(own: Session, word: str) -> Cell:
    from network.cli.draw import cell

    return cell(own.out.say(f"cli.device.{word}"), _STYLES[word])


def _signed(own: Session, seconds: float) -> str:
    return decimal(f"{seconds:+.0f}" if abs(seconds) >= 10 else f"{seconds:+.1f}", own.language)
