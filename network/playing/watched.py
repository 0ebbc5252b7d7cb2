"""What those who watch over a regency are told: what to look at and how, who may chat in which room. From the truth alone; in the
words of the arguments of the roles `monitoring` and `chat`, which have no thought of their own. Knows nothing of Ansible.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final

from inventory.regency import Regency
from inventory.release_model import Runs, Scheme, Workload
from inventory.release_views import Account, accounts, edges_of, names_of, port_of, resolvers_of, scheme_of, systems, ways
from inventory.server_model import Server, Team

CHAT_TLS: Final = 5223
CHAT_FILES: Final = 5281
_EDGE_METRICS: Final = 8405
_LOGIN: Final = "lajur_"
_HELPERS: Final = frozenset({Team.HELPDESK, Team.OPERATIONS, Team.DEVELOPMENT, Team.SUPPORT})
"""Who is in every stage's room, beside the IT staff of its offices."""


def watch(regency: Regency, servers: tuple[Server, ...]) -> dict[str, Any]:
    """Arguments of `monitoring`, by their names without its prefix; of servers only those that stand. No secrets: who asks
    devices by SNMP is named, not told."""
    probes = [*_probes(regency, servers), *_systems(regency)]
    return {
        "nodes": [{"name": each.key, "address": str(each.address), "labels": _node(each)} for each in servers],
        "probes": probes,
        "devices": [
            {"name": each.key, "address": str(each.address), "login": login(each.key), "labels": {"role": each.role.value}}
            for each in regency.devices
            if each.snmp is not None
        ],
        "services": list(_services(regency, servers)),
        "tokens": list(_tokens(regency, servers)),
        "expected": [
            {"metric": metric, "labels": {"database": each.key}}
            for each in regency.workloads
            if each.backup is not None
            for metric in ("lajur_backup_last_seconds", "lajur_restore_proven_seconds")
        ],
        "leases": [{"name": each.key, "end": each.end.isoformat()} for each in regency.leases],
    }


def login(device: str) -> str:
    """The name of the SNMP user of a device among the role's arguments."""
    return f"{_LOGIN}{device}"


def tried_ports(regency: Regency, servers: tuple[Server, ...], server: str) -> list[int]:
    """The TCP ports of a server that the monitoring tries or asks, besides that of its node exporter."""
    address = str(next(each.address for each in servers if each.key == server))
    targets = [each["target"] for each in (*_probes(regency, servers), *_services(regency, servers)) if each.get("kind") != "dns"]
    found = [target.partition("/")[0].rpartition(":") for target in targets]
    return sorted({int(port) for host, _, port in found if host == address})


def monitors(regency: Regency, servers: tuple[Server, ...]) -> list[str]:
    """The addresses from which everything is watched."""
    keys = {key for each in regency.workloads if each.runs is Runs.MONITORING for key in each.servers}
    return [str(each.address) for each in servers if each.key in keys]


def resolvers(regency: Regency, servers: tuple[Server, ...]) -> list[str]:
    """The addresses that every server asks for names, in the order of the truth."""
    by_key = {each.key: str(each.address) for each in servers}
    return [by_key[key] for key in resolvers_of(regency) if key in by_key]


def chat(regency: Regency, workload: Workload) -> dict[str, Any]:
    """Arguments of `chat`: domain, accounts, rooms; and whether the truth names a certificate. Everybody meets in one room, each
    team in its own, and for each stage those who help with the IT staff of its offices."""
    assert workload.chat is not None
    everybody = accounts(regency)
    return {
        "workload": workload.key,
        "domain": workload.chat.domain,
        "certified": workload.tls is not None,
        "accounts": [each.name for each in everybody],
        "rooms": list(_rooms(regency, everybody)),
    }


def names(regency: Regency) -> dict[str, list[str]]:
    """What the resolver answers from memory; a chat's rooms and files are where its domain is."""
    found = {name: [str(address) for address in addresses] for name, addresses in names_of(regency).items()}
    for each in regency.workloads:
        if each.chat is not None:
            found |= {f"{part}.{each.chat.domain}": found[each.chat.domain] for part in ("rooms", "upload")}
    return found


def _rooms(regency: Regency, everybody: tuple[Account, ...]) -> Iterator[dict[str, Any]]:
    yield {"name": "semua", "title": regency.head.name, "members": [each.name for each in everybody]}
    for team in Team:
        members = [each.name for each in everybody if each.team is team]
        if members:
            yield {
                "name": f"tim-{team.value.replace('_', '-')}",
                "title": f"Tim {team.value.replace('_', ' ')}",
                "members": members,
            }
    helpers = [each.name for each in everybody if each.team in _HELPERS]
    for stage in regency.stages:
        offices = {each.key for each in regency.offices if each.stage == stage.key}
        staff = [each.name for each in everybody if each.office in offices]
        yield {"name": f"tahap-{stage.key}", "title": stage.name, "members": helpers + staff}


def _node(server: Server) -> dict[str, str]:
    return {"server": server.key, "role": server.role.value, "lease": server.lease}


def _probes(regency: Regency, servers: tuple[Server, ...]) -> Iterator[dict[str, Any]]:
    for workload in regency.workloads:
        for server in servers:
            if server.key in workload.servers:
                yield from _of(regency, workload, server)


def _of(regency: Regency, workload: Workload, server: Server) -> Iterator[dict[str, Any]]:
    """How one workload is tried on one of its servers; the monitoring does not try itself."""
    port, address = port_of(workload), str(server.address)
    common = {"name": f"{workload.key}-{server.key}", "labels": _said(workload, server)}
    if workload.runs is Runs.EDGE:
        yield from _through(regency, workload, server)
    elif workload.runs is Runs.CHAT and workload.chat is not None:
        yield {**common, "kind": "tls", "target": f"{address}:{CHAT_TLS}", "host": workload.chat.domain, "verify": False}
    elif workload.runs is Runs.DNS:
        yield {**common, "kind": "dns", "target": f"{address}:{port}", "host": next(iter(names(regency)), "localhost")}
    elif workload.runs is Runs.DATABASE:
        yield {**common, "kind": "tcp", "target": f"{address}:{port}"}
    elif workload.runs in (Runs.WORKLOAD, Runs.CONTROLLER) and port is not None:
        yield {**common, **_health(workload, f"{address}:{port}", secure=scheme_of(workload) is Scheme.HTTPS)}


def _through(regency: Regency, edge: Workload, server: Server) -> Iterator[dict[str, Any]]:
    """What an edge lets in, tried as somebody outside would by the first of its names."""
    for way in ways(regency, edge):
        target, labels = f"{server.address}:{port_of(edge)}", _said(way.workload, server)
        tried = _health(way.workload, target, secure=True)
        yield {"name": f"{edge.key}-{server.key}-{way.workload.key}", "labels": labels, "host": way.names[0], **tried}


def _health(workload: Workload, target: str, *, secure: bool) -> dict[str, Any]:
    if workload.health is None:
        return {"kind": "tls" if secure else "tcp", "target": target, "verify": False}
    expect = workload.release.expect if workload.release else None
    found: dict[str, Any] = {"kind": "https" if secure else "http", "target": f"{target}{workload.health}", "verify": False}
    return found if expect is None else {**found, "expect": expect}


def _said(workload: Workload, server: Server) -> dict[str, str]:
    labels = {"what": "workload", "workload": workload.key, "title": workload.name, "owner": workload.owner}
    return {**labels, "server": server.key}


def _systems(regency: Regency) -> Iterator[dict[str, Any]]:
    for system in systems(regency):
        probe = system.application.probe if system.application else None
        if probe is None:
            continue
        each = system.workload
        found: dict[str, Any] = {
            "name": each.key,
            "kind": probe.kind,
            "target": f"{probe.host}:{probe.port}",
            "labels": {"what": "system", "workload": each.key, "title": each.name, "owner": each.owner},
        }
        if probe.kind == "https":
            # A certificate is for a name; and nobody signs those of examples.
            found["verify"] = not _is_address(probe.host) and not regency.head.illustrative
        yield found


def _services(regency: Regency, servers: tuple[Server, ...]) -> Iterator[dict[str, Any]]:
    for workload in regency.workloads:
        for server in servers:
            if server.key not in workload.servers:
                continue
            common = {"name": f"{workload.key}-{server.key}"}
            if workload.runs is Runs.CHAT and workload.chat is not None:
                domain = workload.chat.domain
                yield {**common, "target": f"{server.address}:{CHAT_FILES}", "scheme": "https", "host": domain, "verify": False}
            elif workload.runs is Runs.EDGE:
                yield {**common, "target": f"{server.address}:{_EDGE_METRICS}"}
            elif workload.runs is Runs.CONTROLLER:
                yield {**common, "target": f"{server.address}:{port_of(workload)}", "scheme": "https", "verify": False}


def _tokens(regency: Regency, servers: tuple[Server, ...]) -> Iterator[dict[str, str]]:
    """Which services tell their figures to tokens only, and the server on which one lies: whatever an edge lets everybody to."""
    for workload in regency.workloads:
        if workload.runs is Runs.CONTROLLER and edges_of(regency, workload):
            yield from (
                {"name": f"{workload.key}-{each.key}", "server": each.key} for each in servers if each.key in workload.servers
            )


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True
