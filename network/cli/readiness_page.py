"""The report of readiness that a governor is handed: one A4 page of HTML in Indonesian, values in, text out. Pure.

It refers to nothing outside itself, and forbids itself to; all that comes from outside is made harmless and escaped. Sized so
that forty offices fit on one page; more flow onto the next, below the same headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from html import escape
from typing import Final

from network.cli.language import speaker
from network.cli.readiness_style import STYLE
from network.cli.readiness_view import CoverageLine, days, short, task, unmeasured
from network.cli.words import clean, decimal
from network.core.readiness import tasks
from network.core.readiness_values import Gap, OfficeReadiness, Readiness, StageReadiness, State, Verdict, Waived
from network.core.reason import Reason

_say: Final = speaker("id")
_DAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_LONGEST: Final = 90
"""Characters of a reason or a name on one line of the report."""

_BY_VERDICT: Final = (Verdict.READY, Verdict.WAIVED, Verdict.UNDECIDED, Verdict.NOT_READY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Of what and when. `now`: the moment of the figures; `via`: where links were proven (lab, memory, direct)."""

    name: str
    illustrative: bool
    zone: tzinfo
    now: datetime
    via: str


def build(found: Readiness, head: Head, coverage: CoverageLine | None) -> str:
    """The whole page. `coverage` None: nobody knows."""
    common = unmeasured(found.offices)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="id"><head><meta charset="utf-8">',
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_said('readiness.page.kind')} – {_safe(head.name)}</title>",
        f"<style>{STYLE}</style></head><body>",
        *_heading(head),
        *_tiles(found, head, coverage),
        f'<section class="stages">{"".join(map(_stage, found.stages))}</section>',
        *_tasks(found),
        *_offices(found, head, {why.code for why, _ in common}),
        "<footer>",
        f"<p>{_said('readiness.page.legend')}</p>",
    ]
    if common:
        words = ", ".join(short(_say, why) for why, _ in common)
        parts.append(f"<p>{_said('readiness.page.unmeasured', words=words, points=sum(points for _, points in common))}</p>")
    parts.append(f"<p>{_said('readiness.page.source', via=_say(f'readiness.page.via.{head.via}'))}</p></footer></body></html>")
    return "\n".join(parts) + "\n"


def _heading(head: Head) -> Iterator[str]:
    mark = f' <span class="example">{_said("readiness.page.illustrative")}</span>' if head.illustrative else ""
    local = head.now.astimezone(head.zone)
    moment = f"{_DAYS[local.weekday()]}, {_day(local.date())}, {local:%H.%M} {local.tzname()}"
    yield f'<header><div><p class="kind">{_said("readiness.page.kind")}</p><h1>{_safe(head.name)}{mark}</h1></div>'
    yield f'<p class="moment">{_said("readiness.page.as_of")}<br><b>{_safe(moment)}</b></p></header>'


def _tiles(found: Readiness, head: Head, coverage: CoverageLine | None) -> Iterator[str]:
    offices = found.offices
    counts = {verdict: sum(each.verdict is verdict for each in offices) for verdict in Verdict}
    waived = counts[Verdict.WAIVED]
    of_all = _say("readiness.page.of_offices", count=len(offices))
    ready = f"{of_all}, {_say('readiness.page.waived_too', count=waived)}" if waived else of_all
    yield '<section class="tiles">'
    yield _tile("ready", str(counts[Verdict.READY]), "readiness.page.offices_ready", ready)
    undecided, not_ready = (str(counts[each]) for each in (Verdict.UNDECIDED, Verdict.NOT_READY))
    yield _tile("undecided", undecided, "readiness.page.offices_undecided", _say("readiness.page.undecided_why"))
    yield _tile("not_ready", not_ready, "readiness.page.offices_not_ready", _say("readiness.page.not_ready_why"))
    yield _proven(offices, head)
    if coverage is None:
        yield _tile("", "–", "readiness.page.fibre", _say("readiness.page.unknown"))
    else:
        fields = {"covered": coverage.covered, "offices": coverage.offices, "age": _age(head.now - coverage.at)}
        percent = f"{decimal(f'{coverage.percent:g}', 'id')} %"
        yield _tile("", percent, "readiness.page.fibre", _say("readiness.page.fibre_of", **fields))
    yield "</section>"


def _proven(offices: Iterable[OfficeReadiness], head: Head) -> str:
    """Offices of which every link is proven, and how old the oldest of these proofs is."""
    known = list(offices)
    proven = [each.proven for each in known if each.proven is not None]
    percent = f"{100 * len(proven) // len(known)} %" if known else "–"
    if not proven:
        below = _say("readiness.page.proven_none", proven=0, offices=len(known))
    else:
        age = _age(head.now - min(proven))
        below = _say("readiness.page.proven_of", proven=len(proven), offices=len(known), age=age)
    return _tile("", percent, "readiness.page.proven", below)


def _tile(kind: str, figure: str, code: str, below: str) -> str:
    return f'<div class="tile {kind}"><b>{_safe(figure)}</b><span>{_said(code)}</span><small>{_safe(below)}</small></div>'


def _stage(stage: StageReadiness) -> str:
    count = len(stage.offices)
    name = stage.name or _say("readiness.no_stage")
    if stage.opens is None:
        opens = _said("readiness.no_day")
    else:
        left = days(_say, stage.days_left or 0)
        opens = f"{_said('readiness.page.opens', day=_day(stage.opens))} ({_safe(left)})"
    bars = "".join(
        f'<i class="{verdict}" style="flex-grow:{stage.count(verdict)}"></i>' for verdict in _BY_VERDICT if stage.count(verdict)
    )
    told = [_said("readiness.page.stage_sum", ready=stage.count(Verdict.READY), count=count)]
    if waived := stage.count(Verdict.WAIVED):
        told.append(_said("readiness.page.stage_waived", count=waived))
    told.append(_said("readiness.page.threshold", points=stage.threshold))
    moved = "".join(
        f'<p class="moved">{_said("readiness.moved", was=_day(each.was), reason=_cut(each.reason))}</p>' for each in stage.moved
    )
    return (
        f'<div class="stage"><p class="name"><b>{_safe(_cut(name))}</b><br>{opens}</p>'
        f'<div class="sum"><div class="bar">{bars}</div>'
        f"<p>{' · '.join(told)}</p>{moved}</div>"
        f'<p class="pill {stage.verdict}">{_said(f"readiness.verdict.{stage.verdict}")}</p></div>'
    )


def _tasks(found: Readiness) -> Iterator[str]:
    """Whose move it is; what only waits for a measurement stands in the footer."""
    todo = [each for each in tasks(found.offices) if each.known]
    if not todo:
        return
    total = len(found.offices)
    yield f'<section class="tasks"><h2>{_said("readiness.page.whose_move")}</h2><table>'
    for each in todo:
        many = len(each.offices)
        some = _say("readiness.page.all_offices") if many == total else _say("readiness.page.some_offices", count=many)
        detail = _short(each.whys[0]) if len(each.whys) == 1 and each.whys[0].fields else ""
        more = f" <small>({_safe(_cut(detail))})</small>" if detail else ""
        yield f"<tr><th>{_said(f'readiness.mover.{each.mover}')}</th><td>{_safe(task(_say, each.code))}{more}</td>"
        yield f"<td>{_safe(some)}</td></tr>"
    yield "</table></section>"


def _offices(found: Readiness, head: Head, common: set[str]) -> Iterator[str]:
    titles = (("office", 1), ("points", 2), ("proof", 1), ("lacking", 1))
    heads = "".join(f'<th colspan="{wide}">{_said(f"readiness.page.{title}")}</th>' for title, wide in titles)
    yield f'<table class="offices"><thead><tr>{heads}</tr></thead>'
    for stage in found.stages:
        shared = _shared(stage.offices, common)
        told = f" <span>{_said('readiness.page.all_lack', words=' · '.join(shared.values()))}</span>" if shared else ""
        yield f'<tbody><tr class="group"><td colspan="5">{_safe(_cut(stage.name or _say("readiness.no_stage")))}{told}</td></tr>'
        for office in stage.offices:
            yield _office(office, head, common | shared.keys())
        yield "</tbody>"
    yield "</table>"


def _shared(offices: Sequence[OfficeReadiness], told: set[str]) -> dict[str, str]:
    """What all of several offices lack in the same words, by the gap's code: it is told once, above them."""
    rows = [{gap.why.code: _cut(_short(gap.why)) for gap in each.gaps if gap.why.code not in told} for each in offices]
    if len(rows) < 2:
        return {}
    return {code: words for code, words in rows[0].items() if all(row.get(code) == words for row in rows)}


def _office(office: OfficeReadiness, head: Head, common: set[str]) -> str:
    unknown = office.most - office.least
    bar = (
        f'<div class="score"><i class="{office.verdict}" style="width:{office.least}%"></i>'
        f'<i class="open" style="width:{unknown}%"></i><u style="left:{office.threshold}%"></u></div>'
    )
    proof = "–" if office.proven is None else _age(head.now - office.proven)
    return (
        f"<tr><td>{_safe(_cut(office.name))}</td><td>{bar}</td>"
        f"<td class='points'>{office.least} / {office.most}</td><td>{_safe(proof)}</td><td>{_lacking(office, common)}</td></tr>"
    )


def _lacking(office: OfficeReadiness, common: set[str]) -> str:
    own = [gap for gap in office.gaps if gap.why.code not in common]
    words = [_gap(gap) for gap in own]
    if office.waived is not None:
        words.append(f"<b>{_waived(office.waived)}</b>")
    if words:
        return " · ".join(words)
    met = all(mark.state in (State.MET, State.UNKNOWN) for mark in office.marks)
    return f'<span class="nothing">{_said("readiness.page.nothing" if met else "readiness.page.as_all")}</span>'


def _waived(waived: Waived) -> str:
    if waived.until is None:
        return _said("readiness.waived", reason=_cut(waived.reason))
    return _said("readiness.waived_until", until=_day(waived.until, short=True), reason=_cut(waived.reason))


def _gap(gap: Gap) -> str:
    told = _safe(_cut(_short(gap.why)))
    return told if gap.known else f'<span class="open">{told}?</span>'


def _short(why: Reason) -> str:
    """As on a terminal, but for days, which have their month's name."""
    fields = {name: _day(value, short=True) if isinstance(value, date) else value for name, value in why.fields.items()}
    return short(_say, Reason(code=why.code, fields=fields))


def _age(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    for size, unit in ((1440, "days"), (60, "hours"), (1, "minutes")):
        if minutes >= size:
            return _say(f"readiness.page.age.{unit}", count=minutes // size)
    return _say("readiness.page.age.now")


def _day(value: date, *, short: bool = False) -> str:
    month = _MONTHS[value.month - 1]
    return f"{value.day} {month[:3] if short else month} {value.year}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _said(code: str, **fields: object) -> str:
    return _safe(_say(code, **fields))


def _safe(text: str) -> str:
    return escape(clean(text).replace("\n", " "), quote=True)
