"""`lajur bench`: every number that is promised, measured. The work is `network.bench`'s."""

from __future__ import annotations

from typing import Annotated

import typer

from network.cli.session import session

ONLY = Annotated[str | None, typer.Option("--only", metavar="PREFIX", help="cli.flag.only")]


def bench(ctx: typer.Context, only: ONLY = None) -> int:
    from importlib import import_module

    own = session(ctx)
    # By name: the bench stands above the command and imports what it measures.
    return int(import_module("network.bench.main").run(own.settings, own.out, only=only or ""))
