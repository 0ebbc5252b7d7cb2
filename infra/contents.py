"""What roles of ours have on leased servers, looked at beside the engine: for who is about to give them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from infra.errors import InfraError
from infra.reach.machine import open_machine
from infra.releasing import contents

_AT_ONCE: Final = 32
Plain = dict[str, Any]


def data_on(
    addresses: Mapping[str, str], access: Callable[[str], Mapping[str, Any]]
) -> tuple[dict[str, list[Plain]], dict[str, Plain]]:
    """By server: its trees with what is in them; and why one could not be looked at. One that nobody of us enters, or that is
    lost, has none."""
    given = {server: access(server) for server in addresses}

    def seen(server: str) -> list[Plain] | InfraError:
        own = given[server]
        if own.get("lost") or own.get("user") == "-":
            return []
        if "code" in own:
            return InfraError(str(own["code"]), server=server)
        machine = open_machine({"entered": True, "server": server, "address": addresses[server]}, own)
        try:
            return [tree.plain() for tree in contents(machine, server, tuple(own["roles"])).trees]
        except InfraError as error:
            return error
        finally:
            machine.close()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = dict(zip(addresses, pool.map(seen, addresses), strict=True))
    unseen = {server: each for server, each in found.items() if isinstance(each, InfraError)}
    return (
        {server: each for server, each in found.items() if not isinstance(each, InfraError)},
        {server: {"code": each.code, "fields": each.fields} for server, each in unseen.items()},
    )
