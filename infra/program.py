"""The inline program: every leased server of the truth as a component, and what it puts out under the server's key."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import pulumi

from infra.components import LeasedServer
from infra.inputs import controller_inputs, server_inputs
from infra.policies.rules import Broken, broken
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


def judged(regency: Regency, servers: Collection[str], today: date) -> dict[str, tuple[Broken, ...]]:
    """By server of the program, in order of their keys: the rules that it breaks on this day; none, as it should be."""
    meant = sorted((server for server in regency.servers if server.key in servers), key=lambda server: server.key)
    return {server.key: broken(server_inputs(regency, server), today) for server in meant}


def _inputs(regency: Regency, server: Server) -> tuple[dict[str, Any], dict[str, Any] | None]:
    return server_inputs(regency, server), controller_inputs(server)
