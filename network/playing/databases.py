"""The databases of a regency as their roles need them: where each stands, who may enter it from where, where its backups go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory import release_views
from inventory.regency import Regency
from inventory.release_model import Backup, Runs, Workload
from inventory.server_model import Server

_PORT: Final = 5432


def databases(regency: Regency, servers: Mapping[str, Server]) -> dict[str, dict[str, Any]]:
    """By the key of the workload, in JSON's types: `server` (the first of its servers holds it), `address`, `port`, `clients`
    (each a database, its role, the workload that it is for, and the addresses it is entered from), `backup`."""
    found = release_views.workloads_of(regency, Runs.DATABASE)
    return {each.key: _database(regency, each, servers) for each in found if each.servers and each.servers[0] in servers}


def holding_backups(regency: Regency) -> frozenset[str]:
    """Keys of the servers that hold backups of databases."""
    return frozenset(each.backup.to for each in regency.workloads if each.backup is not None)


def _database(regency: Regency, workload: Workload, servers: Mapping[str, Server]) -> dict[str, Any]:
    server, backup = servers[workload.servers[0]], workload.backup
    return {
        "server": server.key,
        "address": str(server.address),
        "port": workload.port or _PORT,
        "clients": [
            {
                "database": each.name,
                "role": each.user,
                "workload": each.workload.key,
                "from": [str(client.address) for client in each.clients],
            }
            for each in release_views.databases(regency, workload)
        ],
        "backup": None if backup is None or backup.to not in servers else _backup(backup, servers[backup.to]),
    }


def _backup(backup: Backup, server: Server) -> dict[str, Any]:
    return {"server": server.key, "address": str(server.address), "keep": backup.keep, "at": backup.at.isoformat("minutes")}
