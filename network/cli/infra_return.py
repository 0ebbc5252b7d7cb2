"""What is shown before a server is given back, or let go of: what would be wiped, and whose keys stay on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from network.cli.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.building import Observation
    from network.infra_wiring import BuildGround
    from network.services.infra import Errand


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLine:
    """Data of a role of ours in one place."""

    role: str
    path: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """A server that would be given back. `since`: when it was last seen as taken over, None when it never was; `keys`: how many
    SSH keys of the lessor's the truth names, which are all that stay; None where there is nothing to log in to. `address`: where
    it was taken over, which is where it is wiped; `written`: what the truth says. `carries`: the workloads that the truth has on
    it, `alone` those that nobody else would carry; `trees`: the data that was found on it, which is wiped too; `unseen`: why
    nobody could look; `rented`: it goes back to a cloud, with all that is on it."""

    server: str
    address: str
    written: str
    lease: str
    protected: bool
    since: datetime | None
    keys: int | None
    carries: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    trees: tuple[DataLine, ...] = ()
    unseen: str = ""
    rented: bool = False


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


_DATA_COLUMNS: Final[tuple[Column, ...]] = (
    ("infra.column.server", "left"),
    ("infra.column.data", "left"),
    ("infra.column.role", "left"),
    ("infra.column.files", "right"),
    ("infra.column.size", "right"),
)


def looked_at(own: Session, ground: BuildGround, errand: Errand) -> InfraReturn:
    """Before anything is wiped: what is on record of the servers, and what is found on those that were taken over."""
    from network.core.building import Verb
    from network.services.infra import Errand, carry_out, observed

    standing = observed(ground.hands)
    document = giving_back(own, ground, errand.servers, standing, lost=bool(errand.lost))
    there = tuple(server for server in errand.servers if server in standing)
    if errand.lost or not there:
        return document
    report = carry_out(Errand(verb=Verb.CONTENTS, servers=there), ground.hands)
    unseen = {server: own.out.text_of(error) for server, error in report.unseen.items()}
    if report.error is not None:
        unseen |= dict.fromkeys(there, own.out.text_of(report.error))

    def whole(each: GivenBack) -> GivenBack:
        trees = tuple(
            DataLine(role=tree.role, path=tree.path, files=tree.files, bytes=tree.bytes)
            for tree in report.trees
            if tree.server == each.server
        )
        return replace(each, trees=trees, unseen=unseen.get(each.server, ""))

    return replace(document, servers=tuple(whole(each) for each in document.servers))


def giving_back(
    own: Session, ground: BuildGround, names: Sequence[str], standing: Mapping[str, Observation], *, lost: bool
) -> InfraReturn:
    from network.core.returning import alone, carried

    truth = {server.key: server for server in ground.servers}
    keys = {lease.key: len(lease.lessor_keys) for lease in own.regency.leases}
    today = ground.hands.clock.now().astimezone(own.regency.zone).date()
    only = alone(own.regency.workloads, names, today)
    running = {name: tuple(each.key for each in carried(own.regency.workloads, today) if name in each.servers) for name in names}
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
                carries=running[name],
                alone=tuple(only.get(name, ())),
                rented=name in ground.hands.rented,
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
    texts = (*_what(own, document), *_carried(own, document), *_moved(own, document), *_keys_left(own, document))
    return stack(table(say, _RETURN_COLUMNS, rows), *_data(own, document), *(cell(text) for text in texts))


def _what(own: Session, document: InfraReturn) -> Iterable[str]:
    """What becomes of the machines."""
    rented = [each.server for each in document.servers if each.rented]
    if not document.wiped:
        yield own.out.say("infra.not_wiping")
    elif len(rented) < len(document.servers):
        yield own.out.say("infra.wiping")
    if document.wiped and rented:
        yield own.out.say("infra.returning", servers=", ".join(rented))


def _data(own: Session, document: InfraReturn) -> Iterable[RenderableType]:
    """What is found on them."""
    from network.cli.draw import cell, table

    lines = [
        (each.server, tree.path, tree.role, str(tree.files), size_text(tree.bytes))
        for each in document.servers
        for tree in each.trees
        if tree.files
    ]
    if lines:
        yield table(own.out.say, _DATA_COLUMNS, lines)
    for each in document.servers:
        if each.unseen:
            yield cell(own.out.say("infra.contents_unseen", server=each.server, reason=each.unseen))


def _carried(own: Session, document: InfraReturn) -> Iterable[str]:
    """What the truth has on them, and what nobody would carry any more."""
    for each in document.servers:
        others = [key for key in each.carries if key not in each.alone]
        if others:
            yield own.out.say("infra.carries", server=each.server, workloads=", ".join(others))
        if each.alone:
            yield own.out.say("infra.carries_alone", server=each.server, workloads=", ".join(each.alone))


def size_text(count: int) -> str:
    """Bytes in decimal units, as disks are sold."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"


def _moved(own: Session, document: InfraReturn) -> Iterable[str]:
    """Those that the truth has at another address than the one at which they would be wiped."""
    for each in document.servers:
        if each.written and each.written != each.address:
            yield own.out.say("infra.address_differs", server=each.server, address=each.address, written=each.written)


def _keys_left(own: Session, document: InfraReturn) -> Iterable[str]:
    """Whose keys stay on the machines, and on which of them nobody's do."""
    entered = [each for each in document.servers if document.wiped and each.keys is not None and not each.rented]
    for each in entered:
        if each.keys:
            yield own.out.say("infra.keys_stay", server=each.server, count=each.keys)
    bare = ", ".join(each.server for each in entered if not each.keys)
    if bare:
        yield own.out.say("infra.no_key_stays", servers=bare)
