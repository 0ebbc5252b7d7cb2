"""The inline program: every leased server of the truth as a component, and what it puts out under the server's key."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pulumi

from infra.components import LeasedServer
from infra.inputs import server_inputs
from inventory.regency import Regency


def program(regency: Regency, servers: Collection[str]) -> Callable[[], None]:
    """The program for those servers of the regency; a lab may have fewer of them than the truth."""

    def run() -> None:
        for server in regency.servers:
            if server.key in servers:
                built = LeasedServer(server.key, server_inputs(regency, server), protect=server.protected)
                pulumi.export(server.key, built.outputs)

    return run
