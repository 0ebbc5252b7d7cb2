"""`lajur audit`: who did what, in a chain that shows every later change. Only looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from network.cli.grammar import Verb, noun
from network.cli.session import Session, session

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from network.core.ports import AuditLog

app = noun("cli.help.audit")


@app.command("verify", cls=Verb, help="cli.help.audit_verify")
def verify(ctx: typer.Context) -> int:
    from network.services import audit

    own = session(ctx)
    with _log(own) as log:
        verdict = audit.verify(log)
    own.out.show(verdict, lambda: own.out.say("cli.audit.holds", count=verdict.entries, digest=verdict.digest))
    return 0


@app.command("export", cls=Verb, help="cli.help.audit_export")
def export(ctx: typer.Context) -> int:
    from network.services import audit

    own = session(ctx)
    with _log(own) as log:
        for line in audit.export(log):
            own.out.plain(f"{line}\n")
    return 0


def _log(own: Session) -> AbstractContextManager[AuditLog]:
    from network.wiring import open_ledger

    return open_ledger(own.settings)
