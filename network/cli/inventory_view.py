"""The truth as documents and tables: findings, a whole regency with its base guarantees, the change of an import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.cli.words import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventory.findings import Finding
    from inventory.tabular import Changes
    from network.cli.draw import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """`text` is in the reader's language; `line` 0 means the file or folder as a whole."""

    severity: str
    code: str
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    regency: str
    errors: int
    warnings: int
    findings: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UplinkFacts:
    """Rates in bit/s, by direction."""

    key: str
    name: str
    kind: str
    provider: str
    contracted: Mapping[str, int]
    shaped: Mapping[str, int]
    contract_end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFacts:
    """`guarantees`: what the base policy gives, in bit/s, by uplink/direction."""

    id: int
    key: str
    name: str
    service_class: str
    hub: str
    lan: str
    guarantees: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegencyFacts:
    key: str
    name: str
    timezone: str
    illustrative: bool
    hubs: tuple[str, ...]
    applications: tuple[str, ...]
    windows: tuple[str, ...]
    uplinks: tuple[UplinkFacts, ...]
    offices: tuple[OfficeFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """`what`: added, removed or changed; `field`, `before` and `after` only for changed."""

    office: str
    what: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a table changes in offices.yaml, and whether it was written."""

    regency: str
    written: bool
    changes: tuple[ChangeLine, ...]
    warnings: tuple[FindingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    files: tuple[str, ...]


def report(own: Session, findings: Sequence[Finding]) -> Findings:
    return Findings(
        regency=own.settings.regency,
        errors=_count(findings, "error"),
        warnings=_count(findings, "warning"),
        findings=_lines(own, findings),
    )


def draw_report(own: Session, findings: Sequence[Finding]) -> RenderableType:
    from network.cli.draw import findings_lines, stack

    errors, warnings = _count(findings, "error"), _count(findings, "warning")
    code = "cli.check.wrong" if errors else "cli.check.sound"
    return stack(
        *findings_lines(own.out.say, own.language, findings),
        own.out.say(code, regency=own.settings.regency, errors=errors, warnings=warnings),
    )


def regency(own: Session) -> RegencyFacts:
    """The regency as the base policy sees it: no window acts."""
    from network.core.allocate import allocate
    from network.core.intent import intend

    truth = own.regency
    allocations = allocate(truth, intend(truth, own.now(), windows=frozenset()))
    return RegencyFacts(
        key=truth.head.key,
        name=truth.head.name,
        timezone=truth.head.timezone,
        illustrative=truth.head.illustrative,
        hubs=tuple(hub.key for hub in truth.hubs),
        applications=tuple(application.key for application in truth.applications),
        windows=tuple(window.key for window in truth.windows),
        uplinks=tuple(
            UplinkFacts(
                key=uplink.key,
                name=uplink.name,
                kind=uplink.kind.value,
                provider=uplink.provider,
                contracted={"down": uplink.rate.down, "up": uplink.rate.up},
                shaped={
                    shaper.direction.value: held.capacity for shaper, held in allocations.items() if shaper.uplink == uplink.key
                },
                contract_end=f"{uplink.contract.end:%Y-%m-%d}",
            )
            for uplink in truth.uplinks
        ),
        offices=tuple(
            OfficeFacts(
                id=office.id,
                key=office.key,
                name=office.name,
                service_class=office.service_class,
                hub=office.hub,
                lan=str(office.lan),
                guarantees={str(shaper): held.guarantee(office.key) for shaper, held in allocations.items()},
            )
            for office in truth.offices
        ),
    )


_UPLINK_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.uplink", "left"),
    ("cli.column.name", "left"),
    ("cli.column.provider", "left"),
    ("cli.column.direction", "left"),
    ("cli.column.contracted", "right"),
    ("cli.column.shaped", "right"),
    ("cli.column.contract_end", "left"),
)
_OFFICE_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.id", "right"),
    ("cli.column.key", "left"),
    ("cli.column.name", "left"),
    ("cli.column.class", "left"),
    ("cli.column.hub", "left"),
    ("cli.column.lan", "left"),
)
_NARROW_COLUMNS: Final = 4
"""Of these, how many a narrow terminal shows."""

_CHANGE_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.office", "left"),
    ("cli.column.change", "left"),
    ("cli.column.what", "left"),
    ("cli.column.now", "left"),
    ("cli.column.then", "left"),
)


def draw_regency(own: Session, document: RegencyFacts) -> RenderableType:
    from network.cli.draw import by_shaper, cell, merged, stack, table

    say = own.out.say
    uplinks = [
        (
            each.key,
            each.name,
            each.provider,
            say(f"cli.direction.{direction}"),
            own.rate(each.contracted[direction]),
            own.rate(each.shaped[direction]),
            each.contract_end,
        )
        for each in document.uplinks
        for direction in each.contracted
    ]
    shapers = [(each.key, direction) for each in document.uplinks for direction in each.shaped]
    ways = merged(shapers, lambda shaper: [each.guarantees["/".join(shaper)] for each in document.offices])
    columns = _OFFICE_COLUMNS[:_NARROW_COLUMNS] if own.out.is_narrow else _OFFICE_COLUMNS
    drawn = by_shaper(say, columns, ways, narrow=own.out.is_narrow)
    for each in document.offices:
        words = (str(each.id), each.key, each.name, each.service_class, each.hub, each.lan)
        figures = (_mega(own, each.guarantees[f"{uplink}/{directions[0]}"]) for uplink, directions in ways)
        drawn.add_row(*map(cell, words[: len(columns)]), *map(cell, figures))
    note = say("cli.show.illustrative") if document.illustrative else None
    return stack(
        cell(f"{document.name} ({document.key}, {document.timezone})", "bold"), note, table(say, _UPLINK_COLUMNS, uplinks), drawn
    )


def imported(own: Session, changes: Changes, *, written: bool) -> Import:
    return Import(
        regency=own.settings.regency,
        written=written,
        changes=tuple(
            ChangeLine(office=each.office, what=each.what, field=each.field, before=each.before, after=each.after)
            for each in changes.changes
        ),
        warnings=_lines(own, changes.findings),
    )


def draw_imported(own: Session, document: Import, *, with_table: bool = True) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = [(each.office, say(f"cli.import.{each.what}"), each.field, each.before, each.after) for each in document.changes]
    warnings = [cell(f"{say(f'cli.severity.{each.severity}')}: {each.text}", "yellow") for each in document.warnings]
    if not rows:
        return stack(*warnings, say("cli.import.nothing"))
    ending = say("cli.import.written", count=len(rows)) if document.written else say("cli.import.waiting", count=len(rows))
    return stack(table(say, _CHANGE_COLUMNS, rows), *warnings, ending) if with_table else stack(ending)


def _count(findings: Iterable[Finding], severity: str) -> int:
    return sum(each.severity == severity for each in findings)


def _lines(own: Session, findings: Iterable[Finding]) -> tuple[FindingLine, ...]:
    from inventory.messages import render

    return tuple(
        FindingLine(severity=each.severity.value, code=each.code, file=each.file, line=each.line, text=render(each, own.language))
        for each in findings
    )


def _mega(own: Session, bits: int) -> str:
    return decimal(f"{bits / 1e6:.2f}", own.language)
