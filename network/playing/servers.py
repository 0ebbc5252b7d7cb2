"""The servers of a regency as hosts and groups: facts of the truth, and how OpenSSH enters them. Knows nothing of Ansible.

No secret, and no reference to one, is among the facts: a role asks for it by name (`network.playing.secrets`).
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from inventory.regency import Regency
from inventory.release_model import Runs, Workload
from inventory.release_views import opened_networks, scheme_of, workloads_on
from inventory.server_model import Server
from network.playing import watched
from network.playing.databases import databases, holding_backups
from network.playing.steering import steering
from network.server_wiring import Way

_REFERENCES: Final = ("env:", "file:")
_INTERPRETER: Final = "/usr/bin/python3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    name: str
    groups: tuple[str, ...]
    facts: Mapping[str, object]


def server_hosts(
    regency: Regency, servers: tuple[Server, ...], ways: Mapping[str, Way], observed: Mapping[str, Mapping[str, Any]]
) -> tuple[Host, ...]:
    """A host for each server that is logged in to. `observed` is what the builder put out of each: text and nothing else."""
    standing = tuple(server for server in servers if server.key in ways)
    return tuple(_host(regency, server, standing, ways[server.key], observed.get(server.key, {})) for server in standing)


def _host(regency: Regency, server: Server, standing: tuple[Server, ...], way: Way, observed: Mapping[str, Any]) -> Host:
    workloads = workloads_on(regency, server.key)
    facts: dict[str, object] = {
        **connection(way),
        "lajur_server": _plain(server, exclude={"login", "bmc", "waivers"}),
        "lajur_workloads": [_plain(each) for each in workloads],
        "lajur_observed": dict(observed),
        "lajur_tried_ports": watched.tried_ports(regency, standing, server.key),
    }
    for each in workloads:
        if each.runs is Runs.MONITORING:
            facts["lajur_watch"] = watched.watch(regency, standing)
        if each.runs is Runs.CHAT and each.chat is not None:
            facts["lajur_chat"] = watched.chat(regency, each)
        if each.runs is Runs.CONTROLLER and each.release is not None:
            facts["lajur_steering"] = steering(regency, each, server)
    groups = [
        "servers",
        f"server_role_{server.role.value}",
        *(f"workload_{each.key}" for each in workloads),
        *(f"runs_{role}" for role in dict.fromkeys(runs(each) for each in workloads)),
        *(["holds_backups"] if server.key in holding_backups(regency) else []),
    ]
    return Host(name=server.key, groups=tuple(each.replace("-", "_") for each in groups), facts=facts)


def runs(workload: Workload) -> str:
    """The role that puts a workload on its servers; of one that is only reached the word for that, which no role has."""
    return str(workload.runs or workload.kind)


def connection(way: Way) -> dict[str, object]:
    """In Ansible's words. Kept connections of a lab lie in the lab: another lab has the same addresses."""
    common = [word for option in way.options for word in ("-o", option.replace(" ", "=", 1))]
    found: dict[str, object] = {
        "ansible_connection": "ssh",
        "ansible_host": way.host,
        "ansible_port": way.port,
        "ansible_user": way.user,
        "ansible_python_interpreter": _INTERPRETER,
        "ansible_ssh_common_args": shlex.join(common),
    }
    if way.user != "root":
        found |= {"ansible_become": True, "ansible_become_method": "sudo"}
    if way.sockets is not None:
        found["ansible_control_path_dir"] = str(way.sockets)
    return found


def site(
    regency: Regency, servers: tuple[Server, ...], opened: Collection[str] | None = (), kept_out: Collection[str] = ()
) -> dict[str, object]:
    """What every server's roles may know of the whole regency. `opened`: the stages that are open; None where nobody knows, so
    that nothing is said of them and no edge shuts out who was let in. `kept_out`: rented servers that no edge may have, though
    they are there."""
    by_key = {server.key: server for server in servers}
    return {
        "regency": regency.head.key,
        "name": regency.head.name,
        "zone": regency.head.timezone,
        "illustrative": regency.head.illustrative,
        "segment": str(regency.segment) if regency.segment else None,
        "servers": {
            key: {"address": str(server.address), "role": server.role.value, "names": list(server.names)}
            for key, server in by_key.items()
        },
        "hosts": {str(server.address): [key, *server.names] for key, server in by_key.items()},
        "names": watched.names(regency),
        "resolvers": watched.resolvers(regency, servers),
        "monitors": watched.monitors(regency, servers),
        "workloads": {each.key: _workload(each, by_key) for each in regency.workloads},
        "databases": databases(regency, by_key),
        "offices": [_plain(each, exclude={"staff"}) for each in regency.offices],
        "devices": [
            {"key": each.key, "address": str(each.address), "platform": each.platform.value, "role": each.role.value}
            for each in regency.devices
        ],
        "applications": [_plain(each) for each in regency.applications],
        "stages": [_plain(each, exclude={"budget", "moved", "waivers"}) for each in regency.stages],
        **({} if opened is None else {"opened": opened_networks(regency, opened)}),
        "kept_out": sorted(kept_out),
        "leases": {each.key: {"end": each.end.isoformat()} for each in regency.leases},
    }


def _workload(workload: Workload, servers: Mapping[str, Server]) -> dict[str, Any]:
    addresses = {key: str(servers[key].address) for key in workload.servers if key in servers}
    return {**_plain(workload), "runs": runs(workload), "scheme": scheme_of(workload).value, "addresses": addresses}


def _plain(value: BaseModel, exclude: set[str] | None = None) -> dict[str, Any]:
    """In JSON's types, without references to secrets."""
    found = value.model_dump(mode="json", exclude=exclude, exclude_none=True)
    plain = _without_references(found)
    assert isinstance(plain, dict)
    return plain


def _without_references(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_references(each) for key, each in value.items() if not _refers(each)}
    return [_without_references(each) for each in value] if isinstance(value, list) else value


def _refers(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_REFERENCES)
