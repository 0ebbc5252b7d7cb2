"""What a controller on a server works with: where its record is, who may call it, which secrets its service is handed. Knows
nothing of Ansible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from inventory.regency import Regency
from inventory.release_model import Workload
from inventory.release_views import database_name, edges_of, port_of, servers_of
from inventory.server_model import Server
from network import wiring
from network.cli.output import Output
from network.credentials import resolve
from network.errors import LajurError
from network.playing.asking import failure, language_of
from network.playing.secrets import Unknown
from network.server_wiring import lab_secrets
from network.settings import Settings

_VARIABLE: Final = "env:"


def steering(regency: Regency, workload: Workload, server: Server) -> dict[str, Any]:
    """In JSON's types: `key`, `port`, `names`, `callers` (addresses that may call beside those who look after the server), and of
    the `ledger` `host`, `port`, `database`, `user`. The password is the secret `database/KEY`."""
    names = (*server.names, *(workload.entrance.names if workload.entrance else ()))
    assert workload.release is not None
    assert workload.release.database is not None, "a rule of the truth"
    database = regency.workload(workload.release.database)
    name = database_name(workload)
    return {
        "key": workload.key,
        "port": port_of(workload),
        "names": list(dict.fromkeys(names)),
        "callers": [str(each.address) for each in edges_of(regency, workload)],
        "ledger": {
            "host": next((str(each.address) for each in servers_of(regency, database)), ""),
            "port": port_of(database),
            "database": name,
            "user": name,
        },
    }


def handed(environment: Mapping[str, str]) -> dict[str, str]:
    """By NAME, each secret that the truth calls `env:NAME` and without which devices and servers are not entered or asked. A lab
    has keys of its own; what it has none for, nobody in it asks for. Raises Unknown."""
    try:
        settings = Settings.read(environment, Path.home())
        truth = wiring.open_regency(settings, settings.regency)
        _, lab, standing = wiring.reached_servers(settings, truth, "auto", settings.lab, strict=False)
        wanted = {reference: place for reference, place in _references(standing) if reference.startswith(_VARIABLE)}
        if lab is not None:
            found = {reference: secret for reference, secret in lab_secrets(standing, lab).items() if reference in wanted}
        else:
            found = {reference: resolve(reference, environment, device=place) for reference, place in wanted.items()}
    except LajurError as error:
        raise Unknown(failure(Output(language_of(environment)), error).text) from error
    return {reference.removeprefix(_VARIABLE): secret for reference, secret in found.items()}


def _references(regency: Regency) -> Iterator[tuple[str, str]]:
    """Each reference, and what it is for."""
    for device in regency.devices:
        yield from ((each, device.key) for each in (device.login.key, device.login.password) if each)
        if device.snmp is not None:
            mine = (device.snmp.auth, device.snmp.privacy, device.snmp.trap_community)
            yield from ((each, device.key) for each in mine if each)
    for server in regency.servers:
        if server.login is not None and server.login.key:
            yield server.login.key, server.key
