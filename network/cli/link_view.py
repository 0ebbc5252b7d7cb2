"""What `lajur link` shows, as documents and as tables. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.cli.words import seconds
from network.errors import LajurError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.links.difference import Line as DiffLine
    from network.services.links.hands import LinkEvent
    from network.services.links.look import EndSeen, LinkSeen, Planned
    from network.services.links.rollout import Rollout


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`sign` is + or -, `section` where the line stands. Secrets are masked."""

    sign: str
    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Devices on which the same is changed, by link; `lines` once for all of them, with what is each one's own in <angles>."""

    links: tuple[str, ...]
    devices: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLink:
    """`state`: waits (something would change), holds (nothing would), unread (`why` says why not).

    `lacks`: what the truth asks for and the platform does not have, by device.
    """

    link: str
    far: str
    near: str
    state: str
    changes: int
    lacks: Mapping[str, tuple[str, ...]]
    why: str
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlans:
    regency: str
    via: str
    links: tuple[PlannedLink, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChanged:
    """`timings`: seconds from the decision to the end of each stage."""

    link: str
    run: str
    timings: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFailed:
    """`links`: where it failed, as far as that is known."""

    links: tuple[str, ...]
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRollout:
    """Every link that was asked for stands in one of the lists. `nothing`: it held already; `returned`: taken back with one that
    failed beside it on the same devices."""

    regency: str
    done: tuple[LinkChanged, ...]
    nothing: tuple[str, ...]
    failed: tuple[LinkFailed, ...]
    returned: tuple[str, ...]
    not_begun: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCheck:
    """`state`: good, bad or unknown."""

    check: str
    state: str
    seen: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEnd:
    device: str
    interface: str
    good: bool
    checks: tuple[SeenCheck, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLink:
    link: str
    good: bool
    far: SeenEnd
    near: SeenEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksSeen:
    """`good`: how many links are well on both ends."""

    regency: str
    good: int
    links: tuple[SeenLink, ...]


_MEANS: Final = {"done": "confirmed", "nothing": "confirmed", "back": "back", "read": "observed", "left_out": "observed"}


def stage_word(event: LinkEvent) -> str:
    """The word by which an interruption is told: what it means for the devices."""
    return _MEANS.get(event.stage.value, "armed")


def stage(own: Session, event: LinkEvent) -> str:
    took = seconds(event.elapsed, own.language)
    return own.out.say(f"cli.link.stage.{event.stage}", link=event.link, device=event.device or "–", elapsed=took, run=event.run)


# ---- plan


def plans(own: Session, planned: Sequence[Planned]) -> LinkPlans:
    from network.core.links.plan import grouped

    groups = grouped(each.plan for each in planned if each.plan is not None)
    return LinkPlans(
        regency=own.regency.head.key,
        via=own.via,
        links=tuple(_planned(own, each) for each in planned),
        groups=tuple(
            Group(
                links=tuple(link for link, _ in group.ends),
                devices=tuple(device for _, device in group.ends),
                lines=_lines(group.lines),
            )
            for group in groups
        ),
    )


def _planned(own: Session, planned: Planned) -> PlannedLink:
    far, near = planned.intent.ends
    ends = planned.plan.ends if planned.plan else ()
    return PlannedLink(
        link=planned.intent.key,
        far=far.device,
        near=near.device,
        state="unread" if planned.error else "waits" if planned.waits else "holds",
        changes=sum(len(end.lines) for end in ends),
        lacks={end.intent.device: end.lacks for end in ends if end.lacks},
        why=own.out.text_of(planned.error) if planned.error else "",
        exit_code=planned.error.exit_code if planned.error else 0,
    )


def _lines(lines: Iterable[DiffLine]) -> tuple[Line, ...]:
    return tuple(Line(sign=line.sign, section=line.section, text=line.text) for line in lines)


def worst(document: LinkPlans) -> int:
    return max(each.exit_code for each in document.links)


def draw_plans(own: Session, document: LinkPlans) -> RenderableType:
    from network.cli.draw import cell, stack

    say = own.out.say
    parts: list[RenderableType] = []
    for group in document.groups:
        names = ", ".join(group.devices[:6]) + (" …" if len(group.devices) > 6 else "")
        parts.append(cell(say("cli.link.group", devices=names, count=len(group.devices)), "bold"))
        parts += _drawn(group.lines)
    parts += [
        cell(say("cli.link.lacks", link=each.link, device=device, what=_lacking(own, codes)), "yellow")
        for each in document.links
        for device, codes in each.lacks.items()
    ]
    parts += [cell(each.why, "red") for each in document.links if each.state == "unread"]
    states = [each.state for each in document.links]
    counts = {name: states.count(name) for name in ("waits", "holds", "unread")}
    return stack(*parts, say("cli.link.plan_sum", **counts))


def _drawn(lines: Sequence[Line]) -> list[RenderableType]:
    from network.cli.draw import cell

    parts: list[RenderableType] = []
    section = None
    for line in lines:
        if line.section != section:
            section = line.section
            parts.append(cell(f"  {section}", "dim"))
        parts.append(cell(f"  {line.sign} {line.text}", "green" if line.sign == "+" else "red"))
    return parts


def _lacking(own: Session, codes: Iterable[str]) -> str:
    return ", ".join(own.out.say(f"cli.link.lack.{code}") for code in codes)


# ---- apply


def rollout(own: Session, report: Rollout) -> LinkRollout:
    return LinkRollout(
        regency=own.regency.head.key,
        done=tuple(
            LinkChanged(
                link=each.intent.key,
                run=each.run,
                timings={stage.value: round(value, 3) for stage, value in each.timings.items()},
            )
            for each in report.done
        ),
        nothing=report.nothing,
        failed=tuple(
            LinkFailed(links=each.links, code=each.error.code, text=own.out.text_of(each.error)) for each in report.failed
        ),
        returned=report.returned,
        not_begun=report.not_begun,
    )


def draw_rollout(own: Session, document: LinkRollout) -> RenderableType:
    from network.cli.draw import cell, stack

    say = own.out.say
    parts: list[RenderableType] = []
    if document.done:
        took = max(max(each.timings.values(), default=0.0) for each in document.done)
        names = ", ".join(each.link for each in document.done)
        slowest = seconds(took, own.language)
        parts.append(cell(say("cli.link.done", count=len(document.done), links=names, slowest=slowest), "green"))
    if document.nothing:
        parts.append(cell(say("cli.link.nothing", count=len(document.nothing))))
    if document.failed:
        failed = ", ".join(link for each in document.failed for link in each.links)
        parts.append(cell(say("cli.link.failed", links=failed), "bold red"))
    if document.returned:
        count, names = len(document.returned), ", ".join(document.returned)
        parts.append(cell(say("cli.link.returned", count=count, links=names), "yellow"))
    if document.not_begun:
        count, names = len(document.not_begun), ", ".join(document.not_begun)
        parts.append(cell(say("cli.link.not_begun", count=count, links=names), "yellow"))
    return stack(*parts)


# ---- verify, status


def seen(own: Session, links: Sequence[LinkSeen]) -> LinksSeen:
    return LinksSeen(
        regency=own.regency.head.key,
        good=sum(each.good for each in links),
        links=tuple(
            SeenLink(link=each.intent.key, good=each.good, far=_end(own, each.far), near=_end(own, each.near)) for each in links
        ),
    )


def _end(own: Session, end: EndSeen) -> SeenEnd:
    return SeenEnd(
        device=end.intent.device,
        interface=end.intent.interface,
        good=end.good,
        checks=tuple(
            SeenCheck(check=each.check.value, state=each.state.value, seen=each.seen, wanted=each.wanted) for each in end.verdicts
        ),
        why=own.out.text_of(end.error) if isinstance(end.error, LajurError) else "",
    )


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.link", "left"),
    ("cli.column.end", "left"),
    ("cli.column.seen", "left"),
)
_COLOURS: Final = {"good": "green", "bad": "bold red", "unknown": "yellow"}


def draw_seen(own: Session, document: LinksSeen) -> RenderableType:
    from rich.text import Text

    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = []
    for link in document.links:
        for at, end in enumerate((link.far, link.near)):
            checks = Text("  ").join(cell(_check(own, each), _COLOURS[each.state]) for each in end.checks)
            told = checks if end.checks else cell(say("cli.link.silent"), "bold red")
            rows.append((link.link if at == 0 else "", f"{end.device} {end.interface}", told))
    drawn = table(say, _COLUMNS, rows)
    whys = [cell(end.why, "red") for link in document.links for end in (link.far, link.near) if end.why]
    total = say("cli.link.seen_sum", good=document.good, count=len(document.links))
    return stack(drawn, *whys, cell(total, "bold"))


def _check(own: Session, check: SeenCheck) -> str:
    word = own.out.say(f"cli.link.check.{check.check}")
    if check.state == "good":
        return own.out.say("cli.link.as_wanted", check=word, seen=check.seen)
    return own.out.say("cli.link.beside", check=word, seen=check.seen, wanted=check.wanted)
