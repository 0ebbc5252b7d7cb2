"""`lajur demo`: the whole promise on a real kernel, with a verdict. The work is `network.bench`'s."""

from __future__ import annotations

from typing import Annotated

import typer

from network.cli.session import session


def demo(ctx: typer.Context, servers: Annotated[bool, typer.Option("--servers", help="cli.flag.demo_servers")] = False) -> int:
    from importlib import import_module

    own = session(ctx)
    # By name: the bench stands above the command and imports what it measures.
    name = "network.bench.servers.demo" if servers else "network.bench.demo"
    return int(import_module(name).run(own.settings, own.regency, own.out))
