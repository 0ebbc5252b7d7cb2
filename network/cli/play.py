"""`lajur play`: a playbook on the leased servers, with the keys that the truth refers to, on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from network.cli import completion
from network.cli.bookings import actor
from network.cli.grammar import DRY_RUN
from network.cli.output import INTERRUPTED
from network.cli.plan import WAITING
from network.cli.session import Session, session
from network.core.audit import AuditEvent
from network.core.near import perhaps
from network.errors import NeedsPerson, NotFound, PlayError, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from network.core.plays import HostEnd
    from network.infra_wiring import BuildGround
    from network.server_wiring import PlayGround
    from network.services.build_report import BuildReport

PLAYBOOK: TypeAlias = Annotated[
    str, typer.Argument(metavar="PLAYBOOK", help="cli.flag.play_playbook", autocompletion=completion.playbooks)
]
SERVERS: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--server", metavar="KEY", help="cli.flag.play_server", autocompletion=completion.servers),
]
WORDS: TypeAlias = Annotated[list[str] | None, typer.Argument(metavar="ARGS", help="cli.flag.play_words")]

BASELINE: TypeAlias = Annotated[bool, typer.Option("--baseline", help="cli.flag.play_baseline")]

_LONGEST: Final = 500
_MISUSED: Final = 5
_STOPPED: Final = (99, 130, -1, -2, -15)
"""How `ansible-playbook` ends when its words are off, and when somebody interrupted it or asked it to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLine:
    """How a play ended on a host: the first task that ended badly. `changed`: whether a task before it changed something there
    (would change, where it only looks); `text`: what happened and what to do, empty where it went well."""

    host: str
    status: str
    changed: bool
    task: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayEnded:
    regency: str
    playbook: str
    dry_run: bool
    hosts: tuple[HostLine, ...]


def play(
    ctx: typer.Context,
    playbook: PLAYBOOK = "site",
    argv: WORDS = None,
    servers: SERVERS = None,
    *,
    baseline: BASELINE = False,
    dry_run: DRY_RUN = False,
) -> int:
    from network.server_wiring import play_ground
    from network.services.play_turns import OWN_TURN, only_looks

    own = session(ctx)
    words = [word for word in argv or [] if word != "--"]
    with play_ground(
        own.settings, own.regency, via=own.flags.via.value, lab_id=own.settings.lab, environment=own.environment
    ) as ground:
        own.tell_way(ground.way)
        words = [*_limited(ground, servers or []), *(["--check", "--diff"] if dry_run else []), *words]
        command = ground.command(playbook, words)
        dry_run = dry_run or only_looks(words)
        with nullcontext() if dry_run or playbook in OWN_TURN else _turn(own, ground, playbook, words):
            meant = _as_accepted(own, servers or []) if baseline and not dry_run else ()
            _note(own, "play.begun", playbook, {"words": " ".join(words)[:_LONGEST]})
            own.out.interruption_means(_interruption(playbook, "–", dry_run=dry_run), playbook=playbook, task="–")
            shown = ground.at_terminal(command, aside=own.out.as_json)
            _note(own, "play.finished", playbook, {"exit": shown.code})
            if shown.code == 0 and meant:
                _accept(own, [server for server in meant if server in shown.hosts], playbook)
    ended = _ended(shown.code, shown.hosts, dry_run=dry_run)
    _tell(own, playbook, shown.hosts, dry_run=dry_run)
    if ended == INTERRUPTED:
        own.out.interruption_means(_interruption(playbook, shown.task, dry_run=dry_run), playbook=playbook, task=shown.task)
    return ended


@contextmanager
def _turn(own: Session, ground: PlayGround, playbook: str, words: Sequence[str]) -> Iterator[None]:
    """Have the servers that it may touch. Raises Refused while somebody else has one of them."""
    from network.release_wiring import play_parts
    from network.services.play_turns import meant, play_turn

    with own.ground(reach=False) as record:
        parts = play_parts(own.settings, ground, record.ledger, clock=record.hands.clock)
        with play_turn(parts, playbook, meant(playbook, words, parts)):
            yield


def _interruption(playbook: str, task: str, *, dry_run: bool) -> str:
    """What it means, by the code of its message."""
    from network.services.play_turns import OWN_TURN

    if dry_run or not task:
        return "play.interrupted_looking" if dry_run else "play.interrupted_before"
    return "play.interrupted_own" if playbook in OWN_TURN else "play.interrupted"


def _tell(own: Session, playbook: str, ends: Mapping[str, HostEnd], *, dry_run: bool) -> None:
    """What Ansible does not say: in the reader's language, and what to do next."""
    from network.core.play_ends import told

    reasons = told(ends, dry_run=dry_run)
    if not own.out.as_json:
        for reason in reasons.values():
            fields: dict[str, Any] = dict(reason.fields)
            own.out.note(reason.code, **fields)
        return
    said = {host: own.out.say(reason.code, **reason.fields) for host, reason in reasons.items()}
    hosts = tuple(
        HostLine(
            host=host,
            status=end.status.value,
            changed=end.changed,
            task=end.task if end.status.is_bad else "",
            text=said.get(host, end.message),
        )
        for host, end in sorted(ends.items())
    )
    own.out.show(PlayEnded(regency=own.regency.head.key, playbook=playbook, dry_run=dry_run, hosts=hosts), lambda: "")


def _ended(code: int, ends: Mapping[str, HostEnd], *, dry_run: bool) -> int:
    """In the exit codes that all commands share: that of a command of ours that the play gave; else whether a server may be left
    between before and after."""
    if code == 0:
        return WAITING if dry_run and any(end.status.value == "changed" for end in ends.values()) else 0
    if code == _MISUSED:
        return UsageError.exit_code
    if code in _STOPPED:
        return INTERRUPTED
    own = {end.exit for end in ends.values() if end.status.is_bad and end.exit}
    if len(own) == 1:
        return own.pop()
    half_done = not dry_run and any(_is_half_done(end) for end in _servers(ends))
    return NeedsPerson.exit_code if half_done else PlayError.exit_code


def _is_half_done(end: HostEnd) -> bool:
    from network.core.play_ends import is_untouched

    return end.changed or (end.status.value == "failed" and not is_untouched(end))


def _servers(ends: Mapping[str, HostEnd]) -> Iterator[HostEnd]:
    """Without the machine that plays: what a play asks of its words there changes nothing."""
    return (end for host, end in ends.items() if host != "localhost")


def _as_accepted(own: Session, servers: list[str]) -> tuple[str, ...]:
    """The servers that were taken over, of those that are meant. Raises Refused when one is no longer as it was accepted: what
    somebody did by hand must not be accepted with what the play does."""
    from network.services.infra import observed

    with _builder(own) as ground:
        names = tuple(each for each in observed(ground.hands) if not servers or each in servers)
        if not names:
            raise Refused("play.not_adopted")
        report = _carried(ground, "drift", names, (), "")
        found = [f"{each.server}: {each.kind} {each.name}" for each in report.differences]
        if found:
            shown = "; ".join(found[:5]) + (" …" if len(found) > len(found[:5]) else "")
            raise Refused("play.drifted", count=len(found), differences=shown)
    return names


def _accept(own: Session, servers: list[str], playbook: str) -> None:
    with _builder(own) as ground:
        _carried(ground, "refresh", (), tuple(servers), f"play {playbook}")
    own.out.note("play.accepted", level=0, servers=", ".join(servers))


@contextmanager
def _builder(own: Session) -> Iterator[BuildGround]:
    from network.infra_wiring import build_ground

    with build_ground(
        own.settings, own.regency, via=own.flags.via.value, lab_id=own.settings.lab, environment=own.environment
    ) as ground:
        yield ground


def _carried(ground: BuildGround, verb: str, servers: tuple[str, ...], baseline: tuple[str, ...], reason: str) -> BuildReport:
    """Raises the error that it ended with."""
    from network.core.building import Verb
    from network.services.infra import Errand, carry_out

    report = carry_out(Errand(verb=Verb(verb), servers=servers, baseline=baseline, reason=reason), ground.hands)
    if report.error is not None:
        raise report.error
    return report


def _note(own: Session, action: str, playbook: str, detail: dict[str, str | int]) -> None:
    with own.ground(reach=False) as record:
        event = AuditEvent(
            at=record.hands.clock.now(),
            actor=actor(),
            action=action,
            regency=own.regency.head.key,
            subject=f"play {playbook}"[:_LONGEST],
            detail={"via": record.hands.place, **detail},
        )
        record.ledger.append(event)


def _limited(ground: PlayGround, servers: list[str]) -> list[str]:
    known = [server.key for server in ground.servers]
    for key in servers:
        if key not in known:
            raise NotFound("infra.no_server", server=key, nearest=perhaps(key, known), known=", ".join(known))
    return ["--limit", ",".join(servers)] if servers else []
