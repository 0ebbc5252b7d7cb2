"""What `lajur infra` shows, as documents and as tables. What machines said stands in them as text and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from network.cli.session import Session
from network.cli.words import seconds

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.building import Difference
    from network.infra_wiring import BuildGround
    from network.services.build_report import Acceptance, BuildReport
    from network.services.infra import BuildHands


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLine:
    """`operation`: create, update, delete, replace, same, or empty where nothing was begun; `result`: done, failed, short,
    unrepaired, or empty; `seconds` that were spent on it."""

    server: str
    operation: str
    result: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceLine:
    """`text` is `kind` in the reader's language; `mend`: a command, or empty: by hand; `reason`: why commands could not."""

    server: str
    kind: str
    text: str
    name: str
    wanted: str
    found: str
    mend: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceLine:
    """A line of a contract that is not simply as promised. `verdict`: short, waived or unknown; `reason` of a waiver."""

    server: str
    line: str
    promised: str
    found: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraRun:
    """What a verb did, or would do. `engine`: of `seconds`, those in which no server was worked at. `reports`: the files of
    acceptances and returns, by server; `lost`: servers that were let go of with nothing done to them."""

    regency: str
    via: str
    verb: str
    now: datetime
    seconds: float
    engine: float
    servers: tuple[ServerLine, ...]
    differences: tuple[DifferenceLine, ...]
    unrepaired: tuple[DifferenceLine, ...]
    acceptance: tuple[AcceptanceLine, ...]
    reports: Mapping[str, tuple[str, ...]]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraDrift:
    """`looked`: servers that were looked at."""

    regency: str
    now: datetime
    seconds: float
    looked: tuple[str, ...]
    findings: tuple[DifferenceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraOutputs:
    """By server: what is on record of it. There is no secret among it."""

    regency: str
    servers: Mapping[str, Mapping[str, Any]]


# --------------------------------------------------------------------------------------------------------- documents


def run(own: Session, report: BuildReport, ground: BuildGround) -> InfraRun:
    files = {each.server: each.files for each in report.acceptances if each.files}
    files |= {each.server: each.files for each in report.releases if each.files}
    return InfraRun(
        regency=own.regency.head.key,
        via=ground.via,
        verb=report.verb.value,
        now=ground.hands.clock.now(),
        seconds=round(report.seconds, 3),
        engine=round(report.engine, 3),
        servers=tuple(
            ServerLine(server=part.server, operation=part.operation, result=part.result, seconds=round(part.seconds, 3))
            for part in sorted(report.servers.values(), key=lambda part: part.server)
        ),
        differences=_differences(own, report.differences),
        unrepaired=_differences(own, report.unrepaired),
        acceptance=tuple(line for each in report.acceptances for line in _acceptance(each)),
        reports=files,
        lost=tuple(each.server for each in report.releases if each.lost),
    )


def drift(own: Session, report: BuildReport, hands: BuildHands) -> InfraDrift:
    return InfraDrift(
        regency=own.regency.head.key,
        now=hands.clock.now(),
        seconds=round(report.seconds, 3),
        looked=report.looked,
        findings=_differences(own, report.differences),
    )


def outputs(own: Session, report: BuildReport, names: Sequence[str]) -> InfraOutputs:
    servers = {server: each for server, each in report.outputs.items() if not names or server in names}
    return InfraOutputs(regency=own.regency.head.key, servers=servers)


def _differences(own: Session, differences: Iterable[Difference]) -> tuple[DifferenceLine, ...]:
    return tuple(
        DifferenceLine(
            server=each.server,
            kind=each.kind,
            text=kind_text(own, each.kind),
            name=each.name,
            wanted=each.wanted,
            found=each.found,
            mend="lajur infra up" if each.mend == "repair" and not each.reason else "",
            reason=each.reason,
        )
        for each in differences
    )


def kind_text(own: Session, kind: str) -> str:
    """The kind in the reader's words; one that we do not know as it stands."""
    from network.core.build_words import KINDS

    return own.out.say(f"infra.kind.{kind}") if kind in KINDS else kind


def _acceptance(acceptance: Acceptance) -> Iterable[AcceptanceLine]:
    for each in acceptance.lines:
        yield AcceptanceLine(
            server=acceptance.server,
            line=each["name"],
            promised=each["promised"],
            found=each["found"],
            verdict=each["verdict"],
            reason=each["reason"],
        )


_OPERATIONS: Final = ("create", "update", "record", "delete", "replace", "same", "refresh", "read")
_RESULTS: Final = ("done", "failed", "short", "unrepaired")
_TROUBLES: Final = ("failed", "short")
_VERDICTS: Final = ("ok", "short", "waived", "unknown")


def operation_text(own: Session, operation: str) -> str:
    return own.out.say(f"infra.operation.{operation}") if operation in _OPERATIONS else operation or "–"


# ------------------------------------------------------------------------------------------------------------ tables

_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("infra.column.operation", "left"),
    ("cli.column.result", "left"),
    ("infra.column.seconds", "right"),
)
_DIFFERENCE_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("drift.column_differs", "left"),
    ("cli.column.name", "left"),
    ("drift.column_wanted", "left"),
    ("drift.column_found", "left"),
    ("drift.column_mend", "left"),
)
_ACCEPTANCE_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("infra.column.line", "left"),
    ("infra.column.promised", "left"),
    ("drift.column_found", "left"),
    ("infra.column.verdict", "left"),
    ("cli.column.reason", "left"),
)
_OUTPUT_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("cli.column.address", "left"),
    ("cli.column.role", "left"),
    ("infra.column.lease", "left"),
    ("infra.column.adopted", "left"),
)
_LONGEST: Final = 200
"""Characters of a cell with text from a machine."""


def draw_run(own: Session, document: InfraRun) -> RenderableType:
    from network.cli.draw import cell, line, stack, table

    say = own.out.say
    # Of what was only looked at nothing is done; that something will not be is worth a word.
    shown = _RESULTS if document.verb != "preview" else _TROUBLES
    rows = [
        (
            each.server,
            operation_text(own, each.operation),
            say(f"infra.result.{each.result}") if each.result in shown else "–",
            seconds(each.seconds, own.language),
        )
        for each in document.servers
    ]
    return stack(
        table(say, _COLUMNS, rows) if rows else None,
        _acceptance_table(own, document.acceptance),
        _difference_table(own, document.unrepaired or (document.differences if document.verb != "up" else ())),
        *(line(text) for text in _papers(own, document)),
        cell(_sum(own, document)),
    )


def _papers(own: Session, document: InfraRun) -> Iterable[str]:
    """Where the papers lie: a proof by its own name, as it is sent to the lessor; of acceptances their folder."""
    if document.verb == "destroy":
        codes = {server: "infra.loss" if server in document.lost else "infra.proof" for server in document.reports}
        return [own.out.say(codes[server], server=server, file=files[-1]) for server, files in document.reports.items()]
    folders = dict.fromkeys(file.rpartition("/")[0] for files in document.reports.values() for file in files)
    return [own.out.say("infra.reports", folder=folder) for folder in folders]


def _sum(own: Session, document: InfraRun) -> str:
    total, engine = (seconds(value, own.language) for value in (document.seconds, document.engine))
    looks = document.verb == "preview"
    worked = [each for each in document.servers if each.operation not in ("", "same", "refresh", "read")]
    changed = sum(not looks or each.result not in _TROUBLES for each in worked)
    code = "infra.sum_preview" if looks else "infra.sum"
    return own.out.say(code, count=len(document.servers), changed=changed, seconds=total, engine=engine)


def draw_drift(own: Session, document: InfraDrift) -> RenderableType:
    from network.cli.draw import cell, stack

    say, at, took = own.out.say, own.local(document.now), seconds(document.seconds, own.language)
    if not document.findings:
        return cell(say("infra.drift_none", count=len(document.looked), at=at, seconds=took))
    servers = len({each.server for each in document.findings})
    last = say("infra.drift_sum", count=len(document.findings), servers=servers, at=at, seconds=took)
    return stack(_difference_table(own, document.findings), cell(last))


def draw_outputs(own: Session, document: InfraOutputs) -> RenderableType:
    from network.cli.draw import cell, table

    names = ("address", "role", "lease")
    rows = [
        (server, *(_short(each.get(name)) for name in names), _at(own, each.get("adopted")))
        for server, each in document.servers.items()
    ]
    return table(own.out.say, _OUTPUT_COLUMNS, rows) if rows else cell(own.out.say("infra.no_outputs"))


def _difference_table(own: Session, differences: Sequence[DifferenceLine]) -> RenderableType | None:
    from network.cli.draw import table

    rows = [
        (each.server, each.text, _short(each.name), _short(each.wanted), _short(each.found), each.mend or _by_hand(own, each))
        for each in differences
    ]
    return table(own.out.say, _DIFFERENCE_COLUMNS, rows) if rows else None


def _by_hand(own: Session, difference: DifferenceLine) -> str:
    """By hand, and why when we were told."""
    from network.core.build_words import REASONS

    by_hand = own.out.say("drift.by_hand")
    known = difference.reason in REASONS
    return f"{by_hand}: {own.out.say(f'infra.reason.{difference.reason}')}" if known else by_hand


def _acceptance_table(own: Session, lines: Sequence[AcceptanceLine]) -> RenderableType | None:
    from network.cli.draw import table

    say = own.out.say
    rows = [
        (
            each.server,
            each.line,
            _short(each.promised),
            _short(each.found),
            say(f"infra.verdict.{each.verdict}") if each.verdict in _VERDICTS else each.verdict,
            _short(each.reason),
        )
        for each in lines
    ]
    return table(say, _ACCEPTANCE_COLUMNS, rows) if rows else None


def _at(own: Session, value: object) -> str:
    """A moment of the record in the regency's time; whatever else stands there as it is."""
    try:
        return own.local(datetime.fromisoformat(str(value)))
    except ValueError:
        return _short(value)


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…") or "–"
