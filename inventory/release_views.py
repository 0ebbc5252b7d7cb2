"""What those who put workloads on servers need, computed from the truth: what runs where, under which ports and names, with
which accounts. Pure; all of it in the order of the files.

What takes a regency expects one that `inventory.rules` found whole, and raises KeyError on one that is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from inventory.model import Application, Office
from inventory.policy import Window
from inventory.regency import Regency
from inventory.release_model import Runs, Scheme, Workload
from inventory.server_model import Person, Server, Team

_PORTS: Final[Mapping[Runs, tuple[int, ...]]] = {
    Runs.DATABASE: (5432,),
    Runs.EDGE: (443, 80),
    Runs.MONITORING: (9090, 9093, 9094, 9115, 9116),
    Runs.CHAT: (5222, 5269, 5280, 5281),
    Runs.DNS: (53,),
    Runs.CONTROLLER: (8443,),
}
"""What each role listens on; the first is the one that `port` writes differently."""

SSH_PORT: Final = 22
NODE_EXPORTER_PORT: Final = 9100
"""Of every server, where something is monitored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A place of one person: `name` is also a valid local part of an XMPP address (RFC 7622). `team` is that of people.yaml, and
    None for the IT staff of the office whose key `office` is."""

    name: str
    role: str
    team: Team | None = None
    office: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What an edge lets in by these host names, to these servers on this port."""

    workload: Workload
    names: tuple[str, ...]
    servers: tuple[Server, ...]
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database with the user that owns it, of the same name, and the servers from which that user comes."""

    name: str
    user: str
    workload: Workload
    clients: tuple[Server, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A connected system. Without an application nobody knows where it is, without a probe nothing asks whether it answers."""

    workload: Workload
    application: Application | None
    windows: tuple[Window, ...]


def port_of(workload: Workload) -> int | None:
    """The port that is written, else the usual one of its role; None where neither is known."""
    if workload.port is not None or workload.runs is None:
        return workload.port
    return next(iter(_PORTS.get(workload.runs, ())), None)


def scheme_of(workload: Workload) -> Scheme:
    """How it is asked on its port: as is written, else as its role answers."""
    return workload.scheme or (Scheme.HTTPS if workload.runs is Runs.CONTROLLER else Scheme.HTTP)


def ports_of(workload: Workload) -> tuple[int, ...]:
    """Every port that it takes on each of its servers, its own first; none of a connected one."""
    if workload.runs is None:
        return ()
    own = port_of(workload)
    return ((own,) if own is not None else ()) + _PORTS.get(workload.runs, ())[1:]


def workloads_on(regency: Regency, server: str) -> tuple[Workload, ...]:
    """What is deployed on the server of this key."""
    return tuple(each for each in regency.workloads if each.runs is not None and server in each.servers)


def workloads_of(regency: Regency, runs: Runs) -> tuple[Workload, ...]:
    """All that the role of this name puts on servers."""
    return tuple(each for each in regency.workloads if each.runs is runs)


def resolvers_of(regency: Regency) -> tuple[str, ...]:
    """The keys of the servers that answer for names, in the order of the truth."""
    return tuple(dict.fromkeys(key for each in workloads_of(regency, Runs.DNS) for key in each.servers))


def servers_of(regency: Regency, workload: Workload) -> tuple[Server, ...]:
    """The servers on which it runs, as it names them."""
    return tuple(regency.server(key) for key in workload.servers)


def ways(regency: Regency, edge: Workload) -> tuple[Way, ...]:
    """All that this edge lets in."""
    return tuple(
        Way(workload=each, names=each.entrance.names, servers=servers_of(regency, each), port=port)
        for each in regency.workloads
        if each.entrance is not None and each.entrance.through == edge.key and (port := port_of(each)) is not None
    )


def edges_of(regency: Regency, workload: Workload) -> tuple[Server, ...]:
    """The servers of the edge that lets it in; none when it is not let in from outside."""
    return () if workload.entrance is None else servers_of(regency, regency.workload(workload.entrance.through))


def staged(regency: Regency) -> tuple[Workload, ...]:
    """What is opened in stages: at its edge only offices of opened ones are let in."""
    return tuple(each for each in regency.workloads if each.release is not None and each.release.staged and each.entrance)


def opened_networks(regency: Regency, opened: Collection[str]) -> dict[str, str]:
    """Whom an edge lets in to what is opened in stages: by network, the offices of these stages. Those who look after the servers
    are always let in, and so are the servers themselves."""
    found = {str(network): "management" for server in regency.servers for network in server.management}
    if regency.segment is not None:
        found[str(regency.segment)] = "servers"
    return found | {str(office.lan): office.key for office in regency.offices if office.stage in opened}


def database_name(workload: Workload) -> str:
    """Of its database and of the user that owns it: a name that PostgreSQL takes without quotes, unless it is a word of SQL."""
    return workload.key.replace("-", "_")


def databases(regency: Regency, database: Workload) -> tuple[Database, ...]:
    """One for each workload whose release keeps its data in this one."""
    return tuple(
        Database(name=database_name(each), user=database_name(each), workload=each, clients=servers_of(regency, each))
        for each in regency.workloads
        if each.release is not None and each.release.database == database.key
    )


def systems(regency: Regency) -> tuple[System, ...]:
    """The connected systems."""
    return tuple(
        System(
            workload=each,
            application=None if each.application is None else regency.application(each.application),
            windows=tuple(window for window in regency.windows if window.key in each.windows),
        )
        for each in regency.workloads
        if each.kind == "connected"
    )


def names_of(regency: Regency) -> dict[str, tuple[IPv4Address, ...]]:
    """Every DNS name of the regency's servers and of what runs on them, and where it leads: an entrance to the edge's servers,
    a chat's domain to its own."""
    found: dict[str, tuple[IPv4Address, ...]] = {name: (each.address,) for each in regency.servers for name in each.names}
    for workload in regency.workloads:
        if workload.entrance is not None:
            found |= dict.fromkeys(workload.entrance.names, _addresses(edges_of(regency, workload)))
        if workload.chat is not None:
            found[workload.chat.domain] = _addresses(servers_of(regency, workload))
    return found


def accounts(regency: Regency) -> tuple[Account, ...]:
    """One for each seat of people.yaml, then one for each of the offices' IT staff. Names are the same for the same truth.
    Those that exist stay when people, offices, or seats of a place of several are added."""
    named = ((person, names_of_person(person)) for person in regency.people)
    people = [Account(name=name, role=person.role, team=person.team) for person, names in named for name in names]
    staff = [
        Account(name=name, role=member.role, office=office.key)
        for office in regency.offices
        for member, name in zip(office.it_staff, names_of_staff(office), strict=True)
    ]
    return (*people, *staff)


def names_of_person(person: Person) -> tuple[str, ...]:
    """`KEY`, or `KEY-001` and so on when several have the place."""
    if person.seats == 1:
        return (person.key,)
    return tuple(f"{person.key}-{number:03d}" for number in range(1, person.seats + 1))


def names_of_staff(office: Office) -> tuple[str, ...]:
    """`OFFICE-it-1` and so on, as they stand with the office."""
    return tuple(f"{office.key}-it-{number}" for number in range(1, len(office.it_staff) + 1))


def named_accounts(regency: Regency) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Every account's name, where what it comes of stands, and that one's key."""
    for i, person in enumerate(regency.people):
        yield from ((name, ("people", i, "key"), person.key) for name in names_of_person(person))
    for i, office in enumerate(regency.offices):
        yield from ((name, ("offices", i, "it_staff"), office.key) for name in names_of_staff(office))


def _addresses(servers: tuple[Server, ...]) -> tuple[IPv4Address, ...]:
    return tuple(server.address for server in servers)
