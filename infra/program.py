"""The inline program: every leased server of the truth as a component, and what it puts out under the server's key."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import pulumi

from infra.components import LeasedServer
from infra.inputs import controller_inputs, server_inputs
from inventory.regency import Regency
from inventory.server_model import Server


def program(regency: Regency, servers: Collection[str]) -> Callable[[], None]:
    """The program for those servers of the regency; a lab may have fewer of them than the truth."""

    def run() -> None:
        for server in regency.servers:
            if server.key in servers:
                built = LeasedServer(server.key, *_inputs(regency, server), protect=server.protected)
                pulumi.export(server.key, built.outputs)

    return run


def _inputs(regency: Regency, server: Server) -> tuple[dict[str, Any], dict[str, Any] | None]:
    return server_inputs(regency, server), controller_inputs(server)
