"""`lajur demo`: the whole promise on a real kernel, with a verdict. The work is `network.bench`'s."""

from __future__ import annotations

from typing import Annotated

import typer

from network.cli.session import session
from network.errors import UsageError


def demo(
    ctx: typer.Context,
    servers: Annotated[bool, typer.Option("--servers", help="cli.flag.demo_servers")] = False,
    release: Annotated[bool, typer.Option("--release", help="cli.flag.demo_release")] = False,
    cloud: Annotated[bool, typer.Option("--cloud", help="cli.flag.demo_cloud")] = False,
) -> int:
    from importlib import import_module

    own = session(ctx)
    if servers + release + cloud > 1:
        raise UsageError("cli.usage.one_demo")
    # By name: the bench stands above the command and imports what it measures.
    story = ".servers" if servers else ".release" if release else ".renting" if cloud else ""
    name = f"network.bench{story}.demo"
    return int(import_module(name).run(own.settings, own.regency, own.out))
