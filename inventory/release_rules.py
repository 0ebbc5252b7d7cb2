"""Whether what runs on servers fits together: roles, releases, entrances, databases, accounts.

Pure; part of `inventory.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from inventory import release_views as views
from inventory.findings import Finding, finding, nearest, warning
from inventory.regency import Regency
from inventory.release_model import Runs, Scheme, Workload

_FOR: Final[Mapping[str, tuple[Runs, ...]]] = {
    "release": (Runs.WORKLOAD, Runs.CONTROLLER),
    "scheme": (Runs.WORKLOAD, Runs.CONTROLLER),
    "entrance": (Runs.WORKLOAD, Runs.CONTROLLER, Runs.MONITORING),
    "backup": (Runs.DATABASE,),
    "tls": (Runs.EDGE, Runs.CHAT),
    "chat": (Runs.CHAT,),
    "dns": (Runs.DNS,),
}
"""Which keys of a workload are for which roles; none of them is for a connected one."""

ONE_SERVER: Final = frozenset({Runs.DATABASE, Runs.CHAT, Runs.CONTROLLER, Runs.MONITORING})
"""What keeps data of its own on its server: a second server would be a second, different one."""

_DATABASES_OF_POSTGRESQL: Final = frozenset({"postgres", "template0", "template1"})

_LONGEST_KEY: Final = 26
"""Linux takes 32 characters for a user, who is called `lajur-KEY`."""

_Reference = tuple[str, str, str, tuple[str | int, ...]]


def check(regency: Regency) -> Iterator[Finding]:
    workloads = {workload.key: workload for workload in regency.workloads}
    return chain(
        chain.from_iterable(_fits(workload, i) for i, workload in enumerate(regency.workloads)),
        chain.from_iterable(_servers(workload, i) for i, workload in enumerate(regency.workloads)),
        chain.from_iterable(_release(regency, workload, i) for i, workload in enumerate(regency.workloads)),
        _kinds(regency, workloads),
        _databases(regency),
        _forwarders(regency),
        _connected(regency),
        _ports(regency),
        _names(regency, workloads),
        _accounts(regency),
    )


def references(regency: Regency) -> Iterator[_Reference]:
    """What workloads name of others: noun, kind, key, and where it stands."""
    for i, workload in enumerate(regency.workloads):
        for position, key in enumerate(workload.servers):
            yield "server", "servers", key, ("workloads", i, "servers", position)
        if workload.application is not None:
            yield "application", "applications", workload.application, ("workloads", i, "application")
        if workload.service_class is not None:
            yield "service_class", "classes", workload.service_class, ("workloads", i, "service_class")
        if workload.entrance is not None:
            yield "workload", "workloads", workload.entrance.through, ("workloads", i, "entrance", "through")
        if workload.backup is not None:
            yield "server", "servers", workload.backup.to, ("workloads", i, "backup", "to")
        if workload.release is not None and workload.release.database is not None:
            yield "workload", "workloads", workload.release.database, ("workloads", i, "release", "database")


def _fits(workload: Workload, i: int) -> Iterator[Finding]:
    """Whether each key is for what it runs."""
    if workload.kind == "connected":
        for field in ("runs", *_FOR):
            if getattr(workload, field) is not None:
                yield finding("workload.connected_has", "workloads", i, field, workload=workload.key, field=field)
        return
    for field, allowed in _FOR.items():
        if getattr(workload, field) is not None and workload.runs not in allowed:
            yield finding(
                "workload.not_for", "workloads", i, field,
                workload=workload.key, field=field, runs=workload.runs, allowed=", ".join(allowed),
            )  # fmt: skip
    if workload.runs is Runs.WORKLOAD and len(workload.key) > _LONGEST_KEY:
        yield finding("workload.key_long", "workloads", i, "key", workload=workload.key, most=_LONGEST_KEY)
    if workload.runs is Runs.CONTROLLER and workload.scheme is Scheme.HTTP:
        yield finding("controller.plain", "workloads", i, "scheme", workload=workload.key)
    if workload.runs is Runs.CHAT and workload.chat is None:
        yield finding("workload.chat_domain", "workloads", i, workload=workload.key)
    if workload.entrance is not None and views.port_of(workload) is None:
        yield finding("entrance.no_port", "workloads", i, "entrance", workload=workload.key)


def _servers(workload: Workload, i: int) -> Iterator[Finding]:
    for position, key in enumerate(workload.servers):
        if key in workload.servers[:position]:
            yield finding("workload.server_twice", "workloads", i, "servers", position, workload=workload.key, server=key)
    if workload.runs in ONE_SERVER and len(set(workload.servers)) > 1:
        yield finding("workload.one_server", "workloads", i, "servers", workload=workload.key, runs=workload.runs)


def _release(regency: Regency, workload: Workload, i: int) -> Iterator[Finding]:
    release = workload.release
    if release is None or workload.kind == "connected":
        return
    here = ("workloads", i, "release")
    missing = [name for name, value in (("port", views.port_of(workload)), ("health", workload.health)) if value is None]
    if missing:
        yield finding("release.unwatched", *here, workload=workload.key, missing=", ".join(missing))
    if release.staged and workload.entrance is None:
        yield finding("release.staged_inside", *here, "staged", workload=workload.key)
    elif release.staged and not regency.stages:
        yield finding("release.staged_nobody", *here, "staged", workload=workload.key)


def _kinds(regency: Regency, workloads: Mapping[str, Workload]) -> Iterator[Finding]:
    """Whether those that exist are of the role that is needed there."""
    for noun, _, key, path in references(regency):
        named = workloads.get(key)
        if noun != "workload" or named is None:
            continue
        needed = Runs.EDGE if path[-1] == "through" else Runs.DATABASE
        if named.runs is not needed:
            runs = named.runs or named.kind
            yield finding("workload.wrong_runs", *path, field=path[-1], key=key, runs=runs, needed=needed)


def _databases(regency: Regency) -> Iterator[Finding]:
    for i, workload in enumerate(regency.workloads):
        if workload.runs is Runs.DATABASE and workload.backup is None:
            yield warning("database.no_backup", "workloads", i, workload=workload.key)
        if workload.runs is Runs.CONTROLLER and (workload.release is None or workload.release.database is None):
            yield finding("controller.no_database", "workloads", i, workload=workload.key)
        if workload.backup is not None and workload.backup.to in workload.servers:
            yield finding("backup.same_server", "workloads", i, "backup", "to", workload=workload.key, server=workload.backup.to)
        if workload.release is not None and workload.release.database is not None:
            name = views.database_name(workload)
            if name in _DATABASES_OF_POSTGRESQL or name.startswith("pg_"):
                yield finding("database.name_kept", "workloads", i, "key", workload=workload.key, name=name)


def _forwarders(regency: Regency) -> Iterator[Finding]:
    """A resolver that asks one of the regency's own would be asked back by it, and nobody would answer."""
    own = {each.address: each.key for each in regency.servers}
    for i, workload in enumerate(regency.workloads):
        forwarders = () if workload.dns is None else workload.dns.forwarders
        for position, address in enumerate(forwarders):
            here = ("workloads", i, "dns", "forwarders", position)
            if address in forwarders[:position]:
                yield finding("dns.forwarder_twice", *here, workload=workload.key, address=address)
            elif own.get(address) in views.resolvers_of(regency):
                yield finding("dns.forwarder_own", *here, workload=workload.key, address=address, server=own[address])
            elif address.is_loopback or address.is_multicast or address.is_unspecified or address.is_reserved:
                yield finding("dns.forwarder_nobody", *here, workload=workload.key, address=address)


def _connected(regency: Regency) -> Iterator[Finding]:
    """A window that is no longer there only warns: windows come and go with the year, and this says what they are about."""
    applications = {application.key: application for application in regency.applications}
    windows = {window.key for window in regency.windows}
    for i, workload in enumerate(regency.workloads):
        for position, key in enumerate(workload.windows):
            if key not in windows:
                here = ("workloads", i, "windows", position)
                yield warning("workload.window_unknown", *here, workload=workload.key, key=key, **nearest(key, windows))
        if workload.kind != "connected":
            continue
        if workload.application is None:
            yield warning("workload.unprobed", "workloads", i, workload=workload.key)
            continue
        application = applications.get(workload.application)
        if application is not None and application.probe is None:
            yield warning(
                "workload.no_probe", "workloads", i, "application", workload=workload.key, application=application.key
            )  # fmt: skip


def _ports(regency: Regency) -> Iterator[Finding]:
    """One role is on a server once: it has one configuration there. Of ports the first one that is taken is told."""
    kept = {views.SSH_PORT: "sshd"}
    if views.workloads_of(regency, Runs.MONITORING):
        kept[views.NODE_EXPORTER_PORT] = "node exporter"
    owners: dict[tuple[str, int], str] = {}
    roles: dict[tuple[str, Runs], str] = {}
    for i, workload in enumerate(regency.workloads):
        if workload.runs is None:
            continue
        where = "port" if workload.port is not None else "servers"
        for server in dict.fromkeys(workload.servers):
            first = roles.setdefault((server, workload.runs), workload.key)
            if first != workload.key and workload.runs is not Runs.WORKLOAD:
                yield finding(
                    "workload.runs_twice", "workloads", i, "runs",
                    workload=workload.key, server=server, runs=workload.runs, first=first,
                )  # fmt: skip
                continue
            for port in views.ports_of(workload):
                taken = kept.get(port) or owners.setdefault((server, port), workload.key)
                if taken != workload.key:
                    yield finding(
                        "workload.port_taken", "workloads", i, where,
                        workload=workload.key, server=server, port=port, first=taken,
                    )  # fmt: skip
                    break


def _names(regency: Regency, workloads: Mapping[str, Workload]) -> Iterator[Finding]:
    """A host name leads to one place: it belongs to one workload, and to no server but those that it leads to."""
    of_servers = {name: server.key for server in regency.servers for name in server.names}
    owners: dict[str, str] = {}
    for name, workload, leads_to, path in _host_names(regency, workloads):
        first = owners.setdefault(name, workload.key)
        if first != workload.key:
            yield finding("entrance.name_twice", *path, workload=workload.key, name=name, first=first)
        server = of_servers.get(name)
        if server is not None and server not in leads_to:
            yield finding(
                "entrance.name_elsewhere", *path,
                workload=workload.key, name=name, server=server, servers=", ".join(leads_to) or "-",
            )  # fmt: skip


def _host_names(
    regency: Regency, workloads: Mapping[str, Workload]
) -> Iterator[tuple[str, Workload, tuple[str, ...], tuple[str | int, ...]]]:
    for i, workload in enumerate(regency.workloads):
        if workload.entrance is not None:
            edge = workloads.get(workload.entrance.through)
            if edge is not None:
                for position, name in enumerate(workload.entrance.names):
                    yield name, workload, edge.servers, ("workloads", i, "entrance", "names", position)
        if workload.chat is not None:
            yield workload.chat.domain, workload, workload.servers, ("workloads", i, "chat", "domain")


def _accounts(regency: Regency) -> Iterator[Finding]:
    """Only the first clash of each place: a place of many seats would say the same hundreds of times."""
    first: dict[str, str] = {}
    told: set[tuple[str | int, ...]] = set()
    for name, path, owner in views.named_accounts(regency):
        if name in first and first[name] != owner and path not in told:
            told.add(path)
            yield finding("people.account_twice", *path, account=name, first=first[name], owner=owner)
        first.setdefault(name, owner)
