"""`lajur demo`: the whole promise on a real kernel, with a verdict. The work is `network.bench`'s."""

from __future__ import annotations

import typer

from network.cli.session import session


def demo(ctx: typer.Context) -> int:
    from importlib import import_module

    own = session(ctx)
    # By name: the bench stands above the command and imports what it measures.
    return int(import_module("network.bench.demo").run(own.settings, own.regency, own.out))
