"""What is shown before a server is given back, or let go of: what would be wiped, and whose keys stay on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from network.cli.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.building import Observation
    from network.infra_wiring import BuildGround


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """A server that would be given back. `since`: when it was last seen as taken over, None when it never was; `keys`: how many
    SSH keys of the lessor's the truth names, which are all that stay; None where there is nothing to log in to. `address`: where
    it was taken over, which is where it is wiped; `written`: what the truth says."""

    server: str
    address: str
    written: str
    lease: str
    protected: bool
    since: datetime | None
    keys: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraReturn:
    """`wiped`: whether what logs in is wiped first; a lost machine's cannot be."""

    regency: str
    wiped: bool
    servers: tuple[GivenBack, ...]


_RETURN_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("cli.column.address", "left"),
    ("infra.column.lease", "left"),
    ("infra.column.protected", "left"),
    ("infra.column.seen", "left"),
)


def giving_back(
    own: Session, ground: BuildGround, names: Sequence[str], standing: Mapping[str, Observation], *, lost: bool
) -> InfraReturn:
    truth = {server.key: server for server in ground.servers}
    keys = {lease.key: len(lease.lessor_keys) for lease in own.regency.leases}
    return InfraReturn(
        regency=own.regency.head.key,
        wiped=not lost,
        servers=tuple(
            GivenBack(
                server=name,
                address=_on_record(standing.get(name)) or (str(truth[name].address) if name in truth else ""),
                written=str(truth[name].address) if name in truth else "",
                lease=truth[name].lease if name in truth else "",
                protected=truth[name].protected if name in truth else True,
                since=standing[name].at if name in standing else None,
                keys=keys[truth[name].lease] if name in truth and truth[name].login else None,
            )
            for name in names
        ),
    )


def _on_record(seen: Observation | None) -> str:
    return str(seen.value.get("address") or "") if seen else ""


def draw_giving_back(own: Session, document: InfraReturn) -> RenderableType:
    from network.cli.draw import cell, stack, table

    say = own.out.say
    rows = [
        (
            each.server,
            each.address or "–",
            each.lease or "–",
            say("infra.yes" if each.protected else "infra.no"),
            own.local(each.since),
        )
        for each in document.servers
    ]
    what = cell(say("infra.wiping" if document.wiped else "infra.not_wiping"))
    return stack(
        table(say, _RETURN_COLUMNS, rows), what, *(cell(text) for text in (*_moved(own, document), *_keys_left(own, document)))
    )


def _moved(own: Session, document: InfraReturn) -> Iterable[str]:
    """Those that the truth has at another address than the one at which they would be wiped."""
    for each in document.servers:
        if each.written and each.written != each.address:
            yield own.out.say("infra.address_differs", server=each.server, address=each.address, written=each.written)


def _keys_left(own: Session, document: InfraReturn) -> Iterable[str]:
    """Whose keys stay on the machines, and on which of them nobody's do."""
    entered = [each for each in document.servers if document.wiped and each.keys is not None]
    for each in entered:
        if each.keys:
            yield own.out.say("infra.keys_stay", server=each.server, count=each.keys)
    bare = ", ".join(each.server for each in entered if not each.keys)
    if bare:
        yield own.out.say("infra.no_key_stays", servers=bare)
