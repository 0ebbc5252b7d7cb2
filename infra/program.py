"""The inline program: every server of the truth as a component, and what it puts out under the server's key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

import pulumi

from infra.components import CloudEntry, CloudGround, CloudServer, LeasedServer
from infra.inputs import controller_inputs, server_inputs
from infra.policies.rented import broken_rented
from infra.policies.rules import Broken, broken
from infra.reach.ssh import Login, public_key
from infra.rentals import Rental, group_inputs, head, network_inputs, rentals, router_inputs
from infra.rented_rules import rule_inputs
from infra.request import Request
from inventory.cloud_costs import month_costs
from inventory.regency import Regency
from inventory.rented_views import NOWHERE, with_rented
from inventory.server_model import Server

Rented = Mapping[str, Rental]
"""By key of a rented server."""


def program(
    regency: Regency, servers: Collection[str], rented: Rented | None = None, keys: Mapping[str, str | None] | None = None
) -> Callable[[], None]:
    """The program for those servers of the regency; a lab may have fewer of them than the truth. `keys`: by rented server the
    public half of the key by which it is going to be entered."""

    def run() -> None:
        for server in regency.servers:
            if server.key in servers:
                built = LeasedServer(server.key, *_inputs(regency, server), protect=server.protected)
                pulumi.export(server.key, built.outputs)
        _rent(regency, rented or {}, keys or {})

    return run


def judged(
    regency: Regency, servers: Collection[str], today: date, rented: Rented | None = None
) -> dict[str, tuple[Broken, ...]]:
    """By server of the program, in order of their keys: the rules that it breaks on this day; none, as it should be."""
    found = {each.key: broken(server_inputs(regency, each), today) for each in regency.servers if each.key in servers}
    costs = month_costs(regency, today, today) if rented else ()
    found |= {key: broken_rented(rule_inputs(regency, each.stay, today, costs)) for key, each in (rented or {}).items()}
    return dict(sorted(found.items()))


def rented_of(regency: Regency, request: Request, *, known: bool = False) -> Rented:
    """The rented servers of the request that are to be there; with `known` all that it knows, which may be given back."""
    keys = request.access.keys() if known else frozenset(request.rented) & request.access.keys()
    return {each.stay.key: each for each in rentals(regency, frozenset(keys), request.now)}


def public_keys(rented: Rented, request: Request) -> dict[str, str | None]:
    """Raises ReachError for a key that cannot be read."""
    found = {}
    for key in rented:
        own = request.access[key]
        secret = own.private_key.get_secret_value() if own.private_key else None
        found[key] = public_key(Login(server=key, host="", port=own.port, user=own.user, private_key=secret))
    return found


def seen_with(regency: Regency, rented: Rented, request: Request) -> Regency:
    """The same with its rented servers among the servers, wherever they are."""
    return with_rented(regency, dict.fromkeys(rented, NOWHERE), request.now)


def _rent(regency: Regency, rented: Rented, keys: Mapping[str, str | None]) -> None:
    grounds: dict[str, CloudGround] = {}
    entries: dict[str, CloudEntry] = {}
    for server, each in rented.items():
        cloud, name = each.cloud, each.stay.entry.key
        if cloud.key not in grounds:
            grounds[cloud.key] = CloudGround(cloud.key, network_inputs(regency, cloud), router_inputs(regency, cloud))
        if name not in entries:
            key = keys.get(server)
            pair = {**head(regency, cloud), "publicKey": key} if key else None
            entries[name] = CloudEntry(name, group_inputs(regency, each.stay, cloud), pair)
        built = CloudServer(server, each, grounds[cloud.key], entries[name])
        pulumi.export(server, built.outputs)


def _inputs(regency: Regency, server: Server) -> tuple[dict[str, Any], dict[str, Any] | None]:
    return server_inputs(regency, server), controller_inputs(server)
