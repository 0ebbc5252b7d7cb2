"""`lajur inventory`: the truth of a regency, checked, shown, exchanged with a spreadsheet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from network.cli import inventory_view as view
from network.cli.grammar import DRY_RUN, YES, Verb, noun
from network.cli.session import Session, session
from network.errors import Refused, TruthError, UsageError

if TYPE_CHECKING:
    from inventory.tabular import Changes

app = noun("cli.help.inventory")

_WAITING: Final = 2
_STANDARD_INPUT: Final = "-"


@app.command("check", cls=Verb, help="cli.help.inventory_check")
def check(ctx: typer.Context) -> int:
    from inventory.findings import has_errors
    from network.wiring import check_regency

    own = session(ctx)
    findings = check_regency(own.settings, own.settings.regency, own.now())
    report = view.report(own, findings)
    own.out.show(report, lambda: view.draw_report(own, findings))
    return Refused.exit_code if has_errors(findings) else 0


@app.command("show", cls=Verb, help="cli.help.inventory_show")
def show(ctx: typer.Context) -> int:
    own = session(ctx)
    document = view.regency(own)
    own.out.show(document, lambda: view.draw_regency(own, document))
    return 0


@app.command("export", cls=Verb, help="cli.help.inventory_export")
def export(ctx: typer.Context) -> int:
    from inventory.tabular import export_offices

    own = session(ctx)
    with _told(own):
        own.out.plain(export_offices(own.folder))
    return 0


@app.command("import", cls=Verb, help="cli.help.inventory_import")
def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="cli.flag.csv")],
    yes: YES = False,
    dry_run: DRY_RUN = False,
) -> int:
    from inventory.tabular import apply_changes, import_offices

    own = session(ctx)
    with _told(own, "truth.table_refused"):
        changes = import_offices(own.folder, _bytes(file), name=Path(file).name)
        writes = bool(changes.changes) and not dry_run
        if writes and not yes and not _agreed(own, file, changes):
            return _WAITING
        if writes:
            apply_changes(own.folder, changes)
    document = view.imported(own, changes, written=writes)
    own.out.show(document, lambda: view.draw_imported(own, document, with_table=yes or not writes))
    return _WAITING if dry_run and changes.changes else 0


@app.command("schema", cls=Verb, help="cli.help.inventory_schema")
def schema(
    ctx: typer.Context, file: Annotated[str | None, typer.Argument(metavar="FILE", help="cli.flag.schema_file")] = None
) -> int:
    from inventory.schema import schemas

    own = session(ctx)
    texts = {name.partition(".")[0]: text for name, text in schemas().items()}
    if file is None:
        own.out.show(view.Schemas(files=tuple(texts)), lambda: "\n".join(texts))
        return 0
    text = texts.get(file.removesuffix(".yaml"))
    if text is None:
        raise UsageError("cli.usage.no_schema", file=file, nearest=", ".join(texts))
    own.out.plain(text)
    return 0


def _bytes(file: str) -> bytes:
    """All of the file. Raises UsageError that names it."""
    try:
        return sys.stdin.buffer.read() if file == _STANDARD_INPUT else Path(file).read_bytes()
    except OSError as error:
        raise UsageError("cli.usage.file", file=file, cause=error.strerror or type(error).__name__) from error


def _agreed(own: Session, file: str, changes: Changes) -> bool:
    """Show the change and ask. Refused when there is nobody to ask, or the table itself came in the way of the answer."""
    if own.out.as_json or file == _STANDARD_INPUT or not sys.stdin.isatty():
        raise Refused("cli.refused.needs_yes")
    document = view.imported(own, changes, written=False)
    own.out.show(document, lambda: view.draw_imported(own, document))
    agreed = own.out.ask("cli.ask.import")
    if not agreed:
        own.out.note("cli.ask.left")
    return agreed


@contextmanager
def _told(own: Session, code: str = "truth.invalid") -> Iterator[None]:
    """The truth's own complaint as one of ours."""
    from inventory.load import TruthInvalid

    try:
        yield
    except TruthInvalid as error:
        raise TruthError(code, regency=own.settings.regency, findings=error.findings) from error
