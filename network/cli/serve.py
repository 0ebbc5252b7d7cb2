"""`lajur serve`: the service for programs, with the loop that keeps the word. The work is `qos_api`'s."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from network.cli import completion
from network.cli.grammar import AT
from network.cli.session import session

if TYPE_CHECKING:
    from network.settings import ApiSettings

KEYS: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="REGENCY", help="cli.flag.served", autocompletion=completion.regencies)
]
HOST: TypeAlias = Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help="cli.flag.host")]
PORT: TypeAlias = Annotated[int | None, typer.Option("--port", metavar="0…65535", min=0, max=65535, help="cli.flag.port")]
CERTIFICATE: TypeAlias = Annotated[Path | None, typer.Option("--tls-cert", metavar="FILE", help="cli.flag.tls_cert")]
KEY: TypeAlias = Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="cli.flag.tls_key")]
CLIENT_CA: TypeAlias = Annotated[Path | None, typer.Option("--client-ca", metavar="FILE", help="cli.flag.client_ca")]


def serve(
    ctx: typer.Context,
    keys: KEYS = None,
    *,
    host: HOST = None,
    port: PORT = None,
    certificate: CERTIFICATE = None,
    key: KEY = None,
    client_ca: CLIENT_CA = None,
    at: AT = None,
) -> int:
    from importlib import import_module

    own = session(ctx)
    if keys:  # times are written in the zone of the first that is served
        own.flags.regency = keys[0]
    given = {"host": host, "port": port}
    files = {"certificate": certificate, "key": key, "client_ca": client_ca}
    settings = replace(own.settings, api=_with(own.settings.api, {**given, **files}))
    served = tuple(keys or (own.settings.regency,))
    moved = own.at(at)
    if moved:
        own.out.note("cli.at.simulated", at=own.local(moved))
    # By name: the door stands beside the command, and neither imports the other.
    import_module("qos_api.main").run(
        settings,
        served,
        via=own.flags.via.value,
        at=moved,
        ready=lambda address: own.out.note("cli.serve.ready", address=address, regencies=", ".join(served)),
    )
    own.out.note("cli.serve.ended")
    return 0


def _with(api: ApiSettings, given: dict[str, object]) -> ApiSettings:
    """What the line says goes before what the environment says."""
    said = {name: value.expanduser().resolve() if isinstance(value, Path) else value for name, value in given.items()}
    return replace(api, **{name: value for name, value in said.items() if value is not None})  # type: ignore[arg-type]
