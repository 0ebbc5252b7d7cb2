"""Offices as a table: out to CSV for a spreadsheet, and back into offices.yaml cell by cell.

Rows are matched by the permanent id. Importing writes only the cells that differ, so that comments and formatting stay as
they were; and only after the whole regency, as it would be, was found whole. Never touches any other file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, Final, Literal

from inventory import edits, sheet
from inventory.findings import Finding, finding_at
from inventory.load import TruthInvalid, judge, read_folder
from inventory.model import Office
from inventory.regency import OfficesFile
from inventory.shapes import shape
from inventory.sheet import COLUMNS, Row
from inventory.source import Source, Unreadable, parse
from inventory.writing import replace_file

_FILE: Final = "offices.yaml"
_TRAINED: Final = "(trained)"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between offices.yaml and the table; of a whole row `field` is empty and one side says what it holds."""

    office: str
    what: Literal["added", "removed", "changed"]
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an import would do. `before` and `after` are the whole of offices.yaml; `findings` has no errors."""

    changes: tuple[Change, ...]
    before: bytes
    after: bytes
    findings: tuple[Finding, ...]


def export_offices(folder: FilePath | str) -> str:
    """The offices as CSV (RFC 4180, comma). Raises TruthInvalid when offices.yaml does not hold by itself."""
    files, unread = read_folder(FilePath(folder))
    source, offices = _offices(files, unread)
    rows = [_cells(office) for office in offices]
    dangerous = tuple(
        finding_at("csv.formula", _FILE, source.line(("offices", i, column)), column=column, value=value)
        for i, row in enumerate(rows)
        for column, value in row.items()
        if sheet.is_formula(value)
    )
    if dangerous:
        raise TruthInvalid(dangerous)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[column] for column in COLUMNS] for row in rows)
    return out.getvalue()


def import_offices(folder: FilePath | str, data: bytes, *, name: str = "offices.csv") -> Changes:
    """What this table would change; writes nothing. `name` is what findings call the table.

    Raises TruthInvalid with every finding: of the table itself, or of the regency as it would be. A finding about an
    office names the table's line.
    """
    files, unread = read_folder(FilePath(folder))
    source, offices = _offices(files, unread)
    try:
        rows = sheet.read(name, data)
    except Unreadable as error:
        raise TruthInvalid(error.findings) from error
    changes, text = _merged(name, source, offices, rows)
    raw = files[_FILE]
    mark = _BYTE_ORDER_MARK if raw.startswith(_BYTE_ORDER_MARK) else b""
    after = mark + text.encode() if changes else raw
    known = {office.id for office in offices}
    by_id = {row.id: row for row in rows}
    wanted = [by_id[office.id] for office in offices if office.id in by_id] + [row for row in rows if row.id not in known]
    judged = judge({**files, _FILE: after}, unread)
    findings = tuple(_told(each, name, wanted) for each in judged.findings)
    if judged.regency is None:
        raise TruthInvalid(findings)
    _must_agree(name, judged.regency.offices, wanted)
    return Changes(changes=changes, before=raw, after=after, findings=findings)


def apply_changes(folder: FilePath | str, changes: Changes) -> None:
    """Write offices.yaml in one step: the old file or the new one, never a part. Raises TruthInvalid, nothing written."""
    replace_file(FilePath(folder), _FILE, changes.before, changes.after, moved="csv.moved", unwritable="csv.unwritable")


def _offices(files: Mapping[str, bytes], unread: list[Finding]) -> tuple[Source, tuple[Office, ...]]:
    if _FILE not in files:
        raise TruthInvalid(tuple(each for each in unread if each.file in ("", _FILE)))
    try:
        source = parse(_FILE, files[_FILE])
    except Unreadable as error:
        raise TruthInvalid(error.findings) from error
    held = shape(OfficesFile, source)
    if not isinstance(held, OfficesFile):
        raise TruthInvalid(held)
    return source, held.offices


def _cells(office: Office) -> dict[str, str]:
    staff = (f"{each.role} {_TRAINED}" if each.trained else each.role for each in office.it_staff)
    return {
        "id": str(office.id),
        "key": office.key,
        "name": office.name,
        "service_class": office.service_class,
        "hub": office.hub,
        "device": office.device,
        "lan": str(office.lan),
        "applications": " ".join(office.applications),
        "it_staff": " | ".join(staff),
    }


def _value(column: str, cell: str) -> Any:
    """What a cell means in YAML: text, a list of keys, a list of roles."""
    if column == "applications":
        return [key for key in re.split(r"[\s|,;]+", cell) if key]
    if column == "it_staff":
        roles = [role.strip() for role in cell.split("|") if role.strip()]
        return [{"role": role.removesuffix(_TRAINED).strip(), "trained": role.endswith(_TRAINED)} for role in roles]
    return cell


def _merged(name: str, source: Source, offices: tuple[Office, ...], rows: tuple[Row, ...]) -> tuple[tuple[Change, ...], str]:
    """The differences, and offices.yaml with them. Raises TruthInvalid with every cell that needs a hand."""
    changes: list[Change] = []
    made: list[edits.Edit] = []
    by_hand: list[Finding] = []
    by_id = {row.id: row for row in rows}
    nodes = edits.items(source, "offices")
    for position, (office, node) in enumerate(zip(offices, nodes, strict=True)):
        row = by_id.pop(office.id, None)
        try:
            if row is None:
                made.append(edits.remove_item(source, "offices", position))
                changes.append(Change(office=office.key, what="removed", before=_whole(_cells(office))))
                continue
            for change in _differences(office, row):
                made.append(edits.set_value(source, node, change.field, _value(change.field, change.after)))
                changes.append(change)
        except edits.NeedsHand as error:
            by_hand.append(finding_at("csv.by_hand", name, row.line if row else 0, column=error.field, office=office.key))
    if by_id:
        try:
            made.append(edits.append_items(source, "offices", [_item(row) for row in by_id.values()]))
        except edits.NeedsHand as error:
            by_hand += [
                finding_at("csv.by_hand", name, row.line, column=error.field, office=row.cells["key"]) for row in by_id.values()
            ]
        changes += [Change(office=row.cells["key"], what="added", after=_whole(row.cells)) for row in by_id.values()]
    if by_hand:
        raise TruthInvalid(tuple(by_hand))
    return tuple(changes), edits.apply_edits(source.text, made)


def _whole(cells: Mapping[str, str]) -> str:
    """What a person must see of an office before it comes or goes."""
    return ", ".join(cells[column] for column in ("name", "service_class", "hub", "device", "lan") if cells.get(column))


def _differences(office: Office, row: Row) -> list[Change]:
    cells = _cells(office)
    return [
        Change(office=office.key, what="changed", field=column, before=cells[column], after=row.cells[column])
        for column in COLUMNS
        if column in row.cells
        # The same text is the same, even where its cell would read as something else: a role may contain a bar.
        and cells[column].strip() != row.cells[column]
        and _value(column, cells[column]) != _value(column, row.cells[column])
    ]


def _item(row: Row) -> dict[str, Any]:
    filled = {column: _value(column, row.cells[column]) for column in COLUMNS if row.cells.get(column)}
    return {**filled, "id": row.id}


def _told(each: Finding, name: str, wanted: list[Row]) -> Finding:
    """The finding with the table's line, when it is about an office of the table."""
    if each.file == _FILE and len(each.path) > 1 and isinstance(each.path[1], int) and each.path[1] < len(wanted):
        return replace(each, file=name, line=wanted[each.path[1]].line)
    return each


def _must_agree(name: str, offices: tuple[Office, ...], wanted: list[Row]) -> None:
    """What would be written reads back as what the table says; else that office is one for a hand."""
    unlike = tuple(
        finding_at("csv.by_hand", name, row.line, column=change.field, office=office.key)
        for office, row in zip(offices, wanted, strict=True)
        for change in _differences(office, row)
    )
    if unlike:
        raise TruthInvalid(unlike)
