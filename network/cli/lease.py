"""`lajur lease`: under which contracts the servers are held, and when these end. Only looks; needs no device."""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex
from typing import Annotated

import typer

from network.cli import lease_view as view
from network.cli.grammar import AT, Verb, noun
from network.cli.session import session
from network.errors import UsageError

app = noun("cli.help.lease")


@app.command("list", cls=Verb, help="cli.help.lease_list")
def list_leases(ctx: typer.Context, at: AT = None) -> int:
    own = session(ctx)
    now = own.at(at) or own.now()
    document = view.leases(own, now.astimezone(own.regency.zone).date())
    own.out.show(document, lambda: view.draw(own, document))
    return 0


@app.command("calendar", cls=Verb, help="cli.help.lease_calendar")
def calendar(
    ctx: typer.Context, file: Annotated[Path | None, typer.Option("--file", metavar="PATH", help="cli.flag.ics")] = None
) -> int:
    own = session(ctx)
    text = view.calendar(own, own.now())
    if file is None:
        own.out.plain(text)
        return 0
    _write(file.expanduser(), text)
    own.out.note("cli.lease.written", file=file, count=len(own.regency.leases))
    return 0


def _write(file: Path, text: str) -> None:
    """The old file or the new one, never a part: a calendar program may read it at any time. Raises UsageError."""
    draft = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        try:
            draft.write_bytes(text.encode())
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise UsageError("cli.usage.unwritten", file=file, cause=getattr(error, "strerror", None) or str(error)) from error
