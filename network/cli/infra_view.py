"""What `lajur infra` shows, as tables over its documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from network.cli.infra_costs import draw_ahead
from network.cli.infra_words import line_text, measures, name_text, server_operation_text, value_text
from network.cli.session import Session
from network.cli.words import seconds

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.cli.infra_documents import AcceptanceLine, DifferenceLine, InfraDrift, InfraOutputs, InfraRun

_RESULTS: Final = ("done", "failed", "refused", "short", "unrepaired")
_VERDICTS: Final = ("ok", "short", "waived", "unknown")

_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("infra.column.operation", "left"),
    ("cli.column.result", "left"),
    ("infra.column.seconds", "right"),
)
_MANY: Final = 12
_NAMED: Final = 3
"""More differences of one kind on a server than the first are told by the names of the second."""
_DIFFERENCE_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("drift.column_differs", "left"),
    ("cli.column.name", "left"),
    ("drift.column_wanted", "left"),
    ("drift.column_found", "left"),
    ("drift.column_mend", "left"),
)
_ACCEPTED_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("drift.column_differs", "left"),
    ("cli.column.name", "left"),
    ("infra.column.before", "left"),
    ("infra.column.now", "left"),
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
    from network.services.build_report import TROUBLES

    say = own.out.say
    # Of what was only looked at nothing is done; that something will not be is worth a word.
    shown = _RESULTS if document.verb != "preview" else (*TROUBLES, "unrepaired")
    rows = [
        (
            each.server,
            server_operation_text(own, each.server, each.operation),
            say(f"infra.result.{each.result}") if each.result in shown else "–",
            seconds(each.seconds, own.language),
        )
        for each in document.servers
    ]
    return stack(
        table(say, _COLUMNS, rows) if rows else None,
        _acceptance_table(own, document.acceptance),
        _accepted_table(own, document.accepted),
        _difference_table(own, document.unrepaired or (document.differences if document.verb != "up" else ())),
        *(line(text) for text in _papers(own, document)),
        draw_ahead(own, document.cost),
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
    say = own.out.say
    total, engine = (seconds(value, own.language) for value in (document.seconds, document.engine))
    if document.based:
        return say("infra.sum_baseline", servers=", ".join(document.based), count=len(document.accepted), seconds=total)
    if document.verb == "refresh" and not document.servers:
        return say("infra.no_outputs")
    if document.verb == "refresh":
        differ = len({each.server for each in document.differences})
        return say("infra.sum_refresh", count=len(document.servers), differ=differ, seconds=total, engine=engine)
    code = "infra.sum_preview" if document.verb == "preview" else "infra.sum"
    return say(code, count=len(document.servers), changed=document.worked, seconds=total, engine=engine)


def draw_drift(own: Session, document: InfraDrift) -> RenderableType:
    from network.cli.draw import cell, stack

    say, at, took = own.out.say, own.local(document.now), seconds(document.seconds, own.language)
    if not document.looked and not document.findings:
        return cell(say("infra.no_outputs") if document.not_taken else say("infra.nothing_wanted", at=at))
    servers = len({each.server for each in document.findings})
    if document.findings:
        last = say("infra.drift_sum", count=len(document.findings), servers=servers, at=at, seconds=took)
    else:
        last = say("infra.drift_none", count=len(document.looked), at=at, seconds=took)
    if document.not_taken:
        last = f"{last} {say('infra.drift_rest', servers=', '.join(document.not_taken))}"
    return stack(_difference_table(own, document.findings), cell(last))


def draw_outputs(own: Session, document: InfraOutputs, names: Sequence[str]) -> RenderableType:
    """`names`: the servers that were asked about, none for all."""
    from network.cli.draw import cell, stack, table

    rows = [
        (server, *(_short(each.get(name)) for name in ("address", "role", "lease")), _at(own, each.get("adopted")))
        for server, each in document.servers.items()
    ]
    missing = ", ".join(name for name in names if name not in document.servers)
    return stack(
        table(own.out.say, _OUTPUT_COLUMNS, rows) if rows else None,
        cell(own.out.say("infra.no_output_of", servers=missing)) if missing else None,
        cell(own.out.say("infra.no_outputs")) if not rows and not missing else None,
    )


def _difference_table(own: Session, differences: Sequence[DifferenceLine]) -> RenderableType | None:
    """Many of one kind, as after a play that nobody took as the new baseline, are one row unless each is asked for (-v)."""
    from network.cli.draw import table

    alike: dict[tuple[str, str, str], list[DifferenceLine]] = {}
    for each in differences:
        alike.setdefault((each.server, each.kind, each.mend or _by_hand(own, each)), []).append(each)
    rows = []
    for (server, _, mend), found in alike.items():
        if len(found) <= _MANY or own.out.verbose:
            rows += [(*_difference_cells(own, each), mend) for each in found]
        else:
            named = ", ".join(_difference_cells(own, each)[2] for each in found[:_NAMED])
            more = own.out.say("infra.and_more", names=named, count=len(found) - _NAMED)
            rows.append((server, found[0].text, more, "–", "–", mend))
    return table(own.out.say, _DIFFERENCE_COLUMNS, rows) if rows else None


def _accepted_table(own: Session, differences: Sequence[DifferenceLine]) -> RenderableType | None:
    """What a person took as it is: nothing of it is to be mended."""
    from network.cli.draw import table

    rows = [_difference_cells(own, each) for each in differences]
    return table(own.out.say, _ACCEPTED_COLUMNS, rows) if rows else None


def _difference_cells(own: Session, each: DifferenceLine) -> tuple[str, ...]:
    wanted, found = (_short(value_text(own, value)) for value in (each.wanted, each.found))
    return each.server, each.text, _short(name_text(own, each.kind, each.name)), wanted, found


def _by_hand(own: Session, difference: DifferenceLine) -> str:
    """By hand, and why when we were told: a word of ours, or what the machine said when it did not do it."""
    from network.core.build_words import REASONS

    by_hand, reason = own.out.say("drift.by_hand"), difference.reason
    why = own.out.say(f"infra.reason.{reason}") if reason in REASONS else _short(reason) if reason else ""
    return f"{by_hand}: {why}" if why else by_hand


def _acceptance_table(own: Session, lines: Sequence[AcceptanceLine]) -> RenderableType | None:
    from network.cli.draw import table

    say = own.out.say
    rows = [
        (
            each.server,
            line_text(own, each.line),
            _short(measures(each.promised, own.language)),
            _short(measures(each.found, own.language)),
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
