"""What the truth says of a leased server, as the inputs of its resource. Pure: no secret among them, and no date of today."""

from __future__ import annotations

from typing import Any

from infra.wipe_places import BROUGHT
from inventory.regency import Regency
from inventory.server_model import Lease, Server


def server_inputs(regency: Regency, server: Server) -> dict[str, Any]:
    """In JSON's types; sizes in bytes, rates in bit/s, dates as YYYY-MM-DD, money in rupiah."""
    return {
        "regency": regency.head.key,
        "server": server.key,
        "role": str(server.role),
        "address": str(server.address),
        "port": server.login.port if server.login else 0,
        "entered": server.login is not None,
        "names": list(server.names),
        "serial": server.serial or "",
        "management": [str(prefix) for prefix in server.management],
        "lease": lease_inputs(next(lease for lease in regency.leases if lease.key == server.lease)),
        "controller": controller_inputs(server) if server.login is None else None,
        "waivers": [
            {"line": waiver.line, "reason": waiver.reason, "until": waiver.until.isoformat() if waiver.until else ""}
            for waiver in server.waivers
        ],
    }


def controller_inputs(server: Server) -> dict[str, Any] | None:
    """Of its management controller; None where the lessor gives none. What is empty is left alone."""
    bmc = server.bmc
    if bmc is None:
        return None
    optional = {name: getattr(bmc, name) or "" for name in ("certificate", "system", "power", "boot", "media")}
    through = {"via": bmc.via, "node": bmc.node or "", "adopt": "active" if bmc.adopt else ""}
    return {"server": server.key, "url": bmc.url, **through, **optional}


def lease_inputs(lease: Lease) -> dict[str, Any]:
    promise = lease.promise
    return {
        "key": lease.key,
        "lessor": lease.lessor,
        "number": lease.number,
        "start": lease.start.isoformat(),
        "end": lease.end.isoformat(),
        "country": lease.country,
        "place": lease.place,
        "lessorKeys": list(lease.lessor_keys),
        "returnConditions": list(lease.return_conditions),
        "promise": {
            "cpus": promise.cpus,
            "memory": int(promise.memory),
            "disks": [{"size": int(disk.size), "kind": str(disk.kind), "count": disk.count} for disk in promise.disks],
            "network": int(promise.network) if promise.network is not None else 0,
            "model": promise.model or "",
            "os": promise.os or "",
        },
    }


def released_on(regency: Regency) -> dict[str, dict[str, int]]:
    """By server: the TCP port of each unit that its releases bring. They come and go with nobody taking the server over anew."""
    found: dict[str, dict[str, int]] = {}
    for workload in regency.workloads:
        if workload.release is not None and workload.port is not None:
            for server in workload.servers:
                found.setdefault(server, {})[f"lajur-{workload.key}.service"] = workload.port
    return found


def roles_on(regency: Regency) -> dict[str, list[str]]:
    """By server: the roles of ours with data, as the truth has them on it; a repository of backups is the database's."""
    found: dict[str, list[str]] = {server.key: [] for server in regency.servers}
    for workload in regency.workloads:
        if workload.runs is None:
            continue
        at = [(server, workload.runs.value) for server in workload.servers]
        at += [(workload.backup.to, workload.runs.value)] if workload.backup else []
        for server, role in at:
            if server in found and role in BROUGHT and role not in found[server]:
                found[server].append(role)
    return found
