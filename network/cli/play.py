"""`lajur play`: a playbook on the leased servers, with the keys that the truth refers to, on record."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion
from network.cli.bookings import actor
from network.cli.grammar import DRY_RUN
from network.cli.session import Session, session
from network.core.audit import AuditEvent
from network.core.near import perhaps
from network.errors import NotFound

if TYPE_CHECKING:
    from network.server_wiring import PlayGround

PLAYBOOK: TypeAlias = Annotated[
    str, typer.Argument(metavar="PLAYBOOK", help="cli.flag.play_playbook", autocompletion=completion.playbooks)
]
SERVERS: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--server", metavar="KEY", help="cli.flag.play_server", autocompletion=completion.servers),
]
WORDS: TypeAlias = Annotated[list[str] | None, typer.Argument(metavar="ARGS", help="cli.flag.play_words")]

_LONGEST: Final = 500


def play(
    ctx: typer.Context, playbook: PLAYBOOK = "site", argv: WORDS = None, servers: SERVERS = None, *, dry_run: DRY_RUN = False
) -> int:
    """Its exit code is `ansible-playbook`'s own, as what it says is."""
    from network.server_wiring import play_ground

    own = session(ctx)
    words = [word for word in argv or [] if word != "--"]
    with play_ground(
        own.settings, own.regency, via=own.flags.via.value, lab_id=own.settings.lab, environment=own.environment
    ) as ground:
        own.tell_way(ground.way)
        words = [*_limited(ground, servers or []), *(["--check", "--diff"] if dry_run else []), *words]
        command = ground.command(playbook, words)
        _note(own, "play.begun", playbook, {"words": " ".join(words)[:_LONGEST]})
        code = _played(command, ground)
        _note(own, "play.finished", playbook, {"exit": code})
    return code


def _played(command: list[str], ground: PlayGround) -> int:
    """Ctrl-C is the play's own, which is at the same terminal; we wait for its end and keep it on record."""
    with subprocess.Popen(command, env=dict(ground.environment), cwd=ground.folder.parent) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


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
