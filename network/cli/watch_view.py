"""What the watch over links shows, as documents and as tables. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.cli.words import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Cell, Column
    from network.core.coverage import Coverage, OfficeCover
    from network.core.link_findings import LinkFinding, LinkNotice
    from network.core.topology import Edge
    from network.core.watch_ports import TrapCounts
    from network.services.link_watch import LinkPicture, News

_FEW: Final = 3
_TRAPS: Final = ("believed", "strangers", "refused", "stale", "garbled", "flooded", "lost", "other")
_STYLES: Final = {"up": "green", "down": "bold red", "one_way": "yellow", "unknown": "dim"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNews:
    """Something happened to a link. `kind`: turn (its state is another), flap (it is as before, and was not in between), light or
    neighbour (a finding, or, when `over`, the end of one)."""

    at: datetime
    kind: str
    link: str
    before: str | None
    after: str | None
    source: str | None
    why: str | None
    place: str | None
    over: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """All links at `at`. `silent`: devices that were asked and did not answer, and why."""

    regency: str
    at: datetime
    asked: int
    silent: Mapping[str, str]
    coverage: Coverage
    links: tuple[Edge, ...]
    findings: tuple[LinkFinding, ...]
    traps: TrapCounts | None
    news: tuple[LinkNews, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCoverage:
    """Offices on working fibre, of all; `lacking` are those that are not. Moments and ages as of `at`."""

    regency: str
    at: datetime
    offices: int
    covered: int
    reached: int
    percent: float
    asked: int
    silent: Mapping[str, str]
    lacking: tuple[OfficeCover, ...]


def picture(own: Session, seen: LinkPicture, last: Sequence[LinkNews] = ()) -> Links:
    return Links(
        regency=seen.regency,
        at=seen.at,
        asked=seen.asked,
        silent=_silent(own, seen),
        coverage=seen.coverage,
        links=seen.topology.edges,
        findings=seen.findings,
        traps=seen.traps,
        news=tuple(last),
    )


def coverage(own: Session, seen: LinkPicture) -> LinkCoverage:
    found = seen.coverage
    return LinkCoverage(
        regency=seen.regency,
        at=seen.at,
        offices=found.offices,
        covered=found.covered,
        reached=found.reached,
        percent=found.percent,
        asked=seen.asked,
        silent=_silent(own, seen),
        lacking=found.lacking,
    )


def _silent(own: Session, seen: LinkPicture) -> dict[str, str]:
    return {device: own.out.text_of(error) for device, error in seen.silent.items()}


def news(own: Session, at: datetime, found: News) -> LinkNews:
    from network.core.link_states import LinkTurn

    if not isinstance(found, LinkTurn):
        return _notice(own, at, found)
    after, say = found.after, own.out.say
    reason = why(own, after.why.value, after.end) if after.why is not None else ""
    text = say(
        "link_news.flap" if found.flapped else "link_news.turn",
        at=_clock(own, at),
        link=found.link,
        before=say(f"topology.state.{found.before}"),
        after=say(f"topology.state.{after.word}"),
        why=f" ({reason})" if reason else "",
    )
    return LinkNews(
        at=at,
        kind="flap" if found.flapped else "turn",
        link=found.link,
        before=found.before.value,
        after=after.word.value,
        source=after.source.value if after.source else None,
        why=after.why.value if after.why else None,
        place=after.end,
        over=False,
        text=text,
    )


def _notice(own: Session, at: datetime, found: LinkNotice) -> LinkNews:
    about = found.finding
    place = f"{about.device} {about.interface}"
    what = own.out.say(f"link_finding.{about.kind}_over", link=about.link, place=place) if found.over else _finding(own, about)
    return LinkNews(
        at=at,
        kind=about.kind.value,
        link=about.link,
        before=None,
        after=None,
        source=None,
        why=None,
        place=place,
        over=found.over,
        text=f"{_clock(own, at)}  {what}",
    )


def draw_news(told: LinkNews) -> RenderableType:
    from network.cli.draw import line

    return line(told.text)


_LINK_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.link", "left"),
    ("cli.column.ends", "left"),
    ("cli.column.state", "left"),
    ("cli.column.since", "right"),
    ("cli.column.why", "left"),
    ("cli.column.source", "left"),
)
_OFFICE_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.office", "left"),
    ("cli.column.link", "left"),
    ("cli.column.state", "left"),
    ("cli.column.why", "left"),
)


def draw(own: Session, seen: Links) -> RenderableType:
    """The sums, the links that are not up, what was found, what happened last."""
    from network.cli.draw import cell, facts, stack, table

    say = own.out.say
    ill = [edge for edge in seen.links if edge.state.value != "up"]
    rows = [
        (say("cli.column.regency"), f"{own.regency.head.name} ({say(f'cli.via.{own.via}')})"),
        (say("cli.column.time"), own.local(seen.at)),
        (say("cli.column.coverage"), covered(own, seen.coverage)),
        (say("cli.column.polls"), say("cli.links.polled", heard=seen.asked - len(seen.silent), asked=seen.asked)),
        (say("cli.column.traps"), _traps(own, seen.traps)),
    ]
    parts: list[RenderableType] = [facts(rows)]
    if ill:
        parts.append(table(say, _LINK_COLUMNS, [_link(own, edge) for edge in ill]))
    else:
        parts.append(cell(say("cli.links.all_up"), "green"))
    parts += [cell(_finding(own, each), "yellow") for each in seen.findings]
    parts += [cell(text, "yellow") for text in list(seen.silent.values())[:_FEW]]
    if seen.news:
        parts.append(cell(f"\n{say('cli.links.news')}", "bold"))
        parts += [cell(each.text) for each in seen.news]
    return stack(*parts)


def _finding(own: Session, found: LinkFinding) -> str:
    light = found.kind.value == "light"
    seen, wanted = (decimal(each, own.language) if light else each for each in (found.seen, found.wanted))
    place = f"{found.device} {found.interface}"
    return own.out.say(f"link_finding.{found.kind}", link=found.link, place=place, seen=seen, wanted=wanted)


def draw_coverage(own: Session, seen: LinkCoverage) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    style = "bold green" if seen.covered == seen.offices else "bold"
    head = cell(f"{_sum(own, seen.covered, seen.offices, seen.percent)}; {say('cli.links.reached', reached=seen.reached)}", style)
    when = cell(f"{own.local(seen.at)} · {say('cli.links.polled', heard=seen.asked - len(seen.silent), asked=seen.asked)}", "dim")
    if not seen.lacking:
        return stack(head, when, cell(say("cli.links.all_covered"), "green"))
    return stack(head, when, table(say, _OFFICE_COLUMNS, list(_lacking(own, seen.lacking))))


def _lacking(own: Session, offices: Sequence[OfficeCover]) -> Iterator[Sequence[Cell]]:
    from network.cli.draw import cell

    say = own.out.say
    for each in offices:
        lack = each.lack.value if each.lack is not None else ""
        fibre = lack == "not_fibre"
        medium = say(f"topology.medium.{each.medium}") if each.medium is not None else ""
        reason = (
            say("link_why.not_fibre", link=each.link, medium=medium)
            if fibre
            else why(own, each.why.value, each.end)
            if each.why is not None
            else ""
        )
        word = "up" if fibre else lack
        yield each.name, each.link or "–", cell(say(f"topology.state.{word}"), _STYLES[word]), reason


def covered(own: Session, found: Coverage) -> str:
    return _sum(own, found.covered, found.offices, found.percent)


def _sum(own: Session, some: int, every: int, percent: float) -> str:
    return own.out.say("cli.links.coverage", covered=some, offices=every, percent=decimal(f"{percent:.1f}", own.language))


def why(own: Session, reason: str, end: str | None) -> str:
    return own.out.say(f"link_why.{reason}", end=end or "–")


def _link(own: Session, edge: Edge) -> Sequence[Cell]:
    from network.cli.draw import cell

    say, word = own.out.say, edge.state.value
    since = "–" if edge.since is None else say("cli.links.ago", span=own.long(timedelta(seconds=max(0.0, edge.since))))
    reason = why(own, edge.why.value, edge.end) if edge.why is not None else ""
    source = say(f"link_source.{edge.source}") if edge.source is not None else "–"
    ends = f"{edge.near}:{edge.near_interface} – {edge.far}:{edge.far_interface}"
    return edge.link, ends, cell(say(f"topology.state.{word}"), _STYLES[word]), since, reason, source


def _traps(own: Session, traps: TrapCounts | None) -> str:
    if traps is None:
        return own.out.say("cli.links.no_traps")
    last = {"strangers": traps.last_stranger, "refused": traps.last_refused}
    counts = {kind: getattr(traps, kind) for kind in _TRAPS}
    said = [
        own.out.say(f"cli.links.traps.{kind}", count=count, last=last.get(kind) or "–")
        for kind, count in counts.items()
        if count or kind == "believed"
    ]
    return "; ".join(said)


def _clock(own: Session, at: datetime) -> str:
    return f"{at.astimezone(own.regency.zone):%H:%M:%S}"
