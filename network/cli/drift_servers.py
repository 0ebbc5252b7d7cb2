"""`lajur drift --servers`: what leased servers have beside what the roles put on them. Only looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from network.cli.session import Session
from network.core.plays import Status

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.plays import HostEnd
    from network.services.server_drift import ServerDrift as Found
    from network.services.server_drift import ServerFinding

_WAITING, _NEEDS_PERSON = 2, 5
_SHOWN_THINGS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadServer:
    server: str
    task: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDrift:
    """`looked`: servers that were read to the end; `unread`: those that could not be."""

    regency: str
    now: datetime
    looked: tuple[str, ...]
    findings: tuple[ServerFinding, ...]
    unread: tuple[UnreadServer, ...]


def look_at_servers(own: Session) -> int:
    from network.server_wiring import play_ground
    from network.services.server_drift import server_drift

    with play_ground(
        own.settings, own.regency, via=own.flags.via.value, lab_id=own.settings.lab, environment=own.environment
    ) as ground:
        own.tell_way(ground.way)
        servers = tuple(server.key for server in ground.servers)
        with own.out.progress() as tell:
            tell(own.out.say("drift.looking", count=len(servers)))
            found = server_drift(ground.plays, servers, own.now())
    document = _document(own, found)
    own.out.show(document, lambda: _draw(own, document))
    return _WAITING if found.findings else _NEEDS_PERSON if found.unread else 0


def _document(own: Session, found: Found) -> ServerDrift:
    return ServerDrift(
        regency=own.regency.head.key,
        now=found.at,
        looked=found.looked,
        findings=found.findings,
        unread=tuple(_unread(own, server, end) for server, end in found.unread.items()),
    )


def _unread(own: Session, server: str, end: HostEnd) -> UnreadServer:
    code = "drift.server_away" if end.status is Status.UNREACHABLE else "drift.server_failed"
    return UnreadServer(server=server, task=end.task, text=own.out.say(code, server=server, task=end.task, reason=end.message))


_COLUMNS: Final[tuple[Column, ...]] = (
    ("drift.column_server", "left"),
    ("drift.column_role", "left"),
    ("drift.column_task", "left"),
    ("drift.column_things", "left"),
    ("drift.column_mend", "left"),
)


def _draw(own: Session, document: ServerDrift) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say, at = own.out.say, own.local(document.now)
    unread = [cell(each.text, "red") for each in document.unread]
    if not document.findings:
        return stack(*unread, cell(say("drift.servers_none", count=len(document.looked), at=at)))
    rows = [(each.server, each.role, each.task, _things(own, each), each.mend) for each in document.findings]
    servers = len({each.server for each in document.findings})
    return stack(table(say, _COLUMNS, rows), *unread, cell(say("drift.servers_sum", count=len(rows), servers=servers, at=at)))


def _things(own: Session, finding: ServerFinding) -> str:
    more = len(finding.things) - _SHOWN_THINGS
    shown = ", ".join(finding.things[:_SHOWN_THINGS]) or own.out.say("drift.not_shown")
    return shown + (f" (+{more})" if more > 0 else "")
