"""`lajur readiness`: how ready offices and stages are for the launch, and the report that a governor is handed. Only looks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion, link_watch
from network.cli import readiness_view as view
from network.cli.session import Session, Via, session
from network.core.near import perhaps
from network.errors import LajurError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from network.core.readiness_values import Readiness

_NOT_READY: Final = 2

OFFICE: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="OFFICE", help="cli.flag.readiness_office", autocompletion=completion.offices)
]
STAGE: TypeAlias = Annotated[
    str | None, typer.Option("--stage", metavar="STAGE", help="cli.flag.readiness_stage", autocompletion=completion.stages)
]
PAGE: TypeAlias = Annotated[Path | None, typer.Option("--page", metavar="FILE", help="cli.flag.readiness_page")]
PDF: TypeAlias = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="cli.flag.readiness_pdf")]


def readiness(ctx: typer.Context, office: OFFICE = None, stage: STAGE = None, page: PAGE = None, pdf: PDF = None) -> int:
    own = session(ctx)
    if office is not None and (stage, page, pdf) != (None, None, None):
        raise UsageError("cli.usage.readiness_one", office=office)
    found, now = _judged(own)
    if office is not None:
        return _one(own, found, office, now)
    found = _narrowed(found, stage)
    coverage, why_not = _coverage(own)
    document = view.document(own, found, now, coverage, why_not)
    if page is not None or pdf is not None:
        _report(own, found, document, page, pdf)
    if (page is None and pdf is None) or own.out.as_json:
        own.out.show(document, lambda: view.draw(own, document, found))
    return 0 if found.verdict.value == "ready" else _NOT_READY


def _judged(own: Session) -> tuple[Readiness, datetime]:
    """By the record of where the devices are; none of them is reached."""
    from network.services.readiness import readiness as judge

    with own.ground(reach=False) as ground:
        now = ground.hands.clock.now()
        observations = ground.ledger.observations(ground.hands.place)
        return judge(ground.regency, ground.hands.proofs, now, observations), now


def _one(own: Session, found: Readiness, key: str, now: datetime) -> int:
    by_key = {each.office: each for each in found.offices}
    if key not in by_key:
        raise UsageError("cli.usage.no_office", key=key, nearest=perhaps(key, by_key))
    line = view.office(own.out.say, by_key[key])
    document = view.ReadinessOfOffice(regency=own.regency.head.key, now=now, via=own.via, readiness=line)
    own.out.show(document, lambda: view.draw_office(own, document))
    return 0 if line.verdict in ("ready", "waived") else _NOT_READY


def _narrowed(found: Readiness, key: str | None) -> Readiness:
    if key is None:
        return found
    known = [each.key for each in found.stages if each.key is not None]
    if key not in known:
        raise UsageError("cli.usage.no_stage", key=key, nearest=perhaps(key, known), known=", ".join(known) or "-")
    return replace(found, stages=tuple(each for each in found.stages if each.key == key))


def _coverage(own: Session) -> tuple[view.CoverageLine | None, str]:
    """Offices on working fibre by one poll, or why nobody knows: a report is made all the same."""
    from network.services.link_watch import LinkWatch

    say = own.out.say
    if own.via == Via.MEMORY:
        return None, say("readiness.no_coverage_memory")
    if all(device.snmp is None for device in own.regency.devices):
        return None, say("readiness.no_coverage_snmp")
    try:
        with link_watch.post(own) as found:
            picture = link_watch.first(own, found, LinkWatch(found))
    except LajurError as error:
        return None, own.out.text_of(error)
    seen = picture.coverage
    return view.CoverageLine(
        at=picture.at, offices=seen.offices, covered=seen.covered, reached=seen.reached, percent=seen.percent
    ), ""


def _report(own: Session, found: Readiness, document: view.Readiness, page: Path | None, pdf: Path | None) -> None:
    from network import wiring
    from network.cli.readiness_page import Head, build

    head = own.regency.head
    text = build(
        found,
        Head(name=head.name, illustrative=head.illustrative, zone=own.regency.zone, now=document.now, via=own.via),
        document.coverage,
    )
    if page is not None:
        _write(own, page, text.encode(errors="backslashreplace"))
    if pdf is not None:
        with own.out.progress() as tell:
            tell(own.out.say("cli.readiness.printing"))
            made = wiring.printer().pdf(text)
        _write(own, pdf, made)


def _write(own: Session, file: Path, content: bytes) -> None:
    try:
        file.expanduser().write_bytes(content)
    except OSError as error:
        raise UsageError("cli.usage.report_file", file=str(file), reason=error.strerror or type(error).__name__) from error
    own.out.note("cli.readiness.written", file=str(file))
