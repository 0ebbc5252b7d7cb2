"""A table of offices as spreadsheets write it, into rows with their lines. Bytes in, values out; opens nothing.

Takes a comma, a semicolon or a tab between cells, a byte-order mark, either line end, and a leading `sep=` line. Stricter than
the standard library's reader, which takes a stray quote for a part of the cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inventory.findings import Finding, finding_at, nearest
from inventory.source import Unreadable, decode

REQUIRED: Final = ("id", "key", "name", "service_class", "hub", "device", "lan")
COLUMNS: Final = (*REQUIRED, "applications", "it_staff")

ALSO: Final = {
    "nama": "name", "kantor": "name", "nama_kantor": "name", "opd": "name", "nama_opd": "name", "instansi": "name",
    "kunci": "key", "kelas": "service_class", "kelas_layanan": "service_class", "class": "service_class",
    "perangkat": "device", "aplikasi": "applications", "petugas": "it_staff", "petugas_ti": "it_staff",
}  # fmt: skip
"""Other words for a column. A running number is none for `id`, by which an office is known."""

# Control, format, surrogate, private and unassigned characters, line and paragraph separators: nobody sees them in a cell.
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

LARGEST_TABLE: Final = 4 * 1024 * 1024

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How an .xlsx or .ods begins, and an .xls."""

_ID: Final = re.compile(r"0*[1-9][0-9]{0,3}")

_UNKNOWN: Final = "csv.column_unknown"

Record = tuple[int, dict[str, str]]
"""The line that it begins on, and its cells by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One office as written, without the spaces around its cells. A column that the table does not have is absent."""

    line: int
    id: int
    cells: Mapping[str, str]


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this cell instead of showing it."""
    return cell.startswith(("=", "+", "-", "@"))


def read(name: str, data: bytes) -> tuple[Row, ...]:
    """The rows of a table. Raises Unreadable with every finding; lines are the table's."""
    _, found, findings = _judged(name, data, REQUIRED, COLUMNS, ALSO, strict=True)
    rows: dict[int, Row] = {}
    for line, written in found:
        if not _ID.fullmatch(written["id"]):
            findings.append(finding_at("csv.id", name, line, value=written["id"]))
            continue
        row = Row(line=line, id=int(written["id"]), cells=written | {"id": str(int(written["id"]))})
        first = rows.setdefault(row.id, row)
        if first is not row:
            findings.append(finding_at("csv.id_twice", name, line, value=row.id, first=first.line))
    if findings:
        raise Unreadable(tuple(findings))
    return tuple(rows.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Any table: its header's line, its records, and the columns with something in them that nobody asked for."""

    head_line: int
    records: tuple[Record, ...]
    aside: tuple[str, ...]


def sheet(name: str, data: bytes, required: Sequence[str], columns: Sequence[str], also: Mapping[str, str]) -> Sheet:
    """What of any table is known here; other columns are set aside unjudged. `also`: other words for a column.

    Raises Unreadable with every finding.
    """
    head_line, found, findings = _judged(name, data, required, columns, also, strict=False)
    if findings:
        raise Unreadable(tuple(findings))
    aside = dict.fromkeys(column for _, cells in found for column, cell in cells.items() if cell and column not in columns)
    known = tuple((line, {column: cell for column, cell in cells.items() if column in columns}) for line, cells in found)
    return Sheet(head_line=head_line, records=known, aside=tuple(aside))


def _judged(
    name: str, data: bytes, required: Sequence[str], known: Sequence[str], also: Mapping[str, str], *, strict: bool
) -> tuple[int, list[Record], list[Finding]]:
    """The header's line, all records, and what is wrong with them. `strict`: there may be no other columns than those known.

    Raises Unreadable when not even the header holds.
    """
    if len(data) > LARGEST_TABLE:
        raise Unreadable((finding_at("file.too_large", name, most=LARGEST_TABLE // 1024),))
    if data.startswith(_WORKBOOKS):
        raise Unreadable((finding_at("csv.workbook", name, 1),))
    (head_line, head), *rest = _lines(name, decode(name, data)) or [(1, [])]
    columns = [also.get(word, word) for word in map(_column, head)]
    wrong = [each for each in _judge_head(name, head_line, columns, required, known) if strict or each.code != _UNKNOWN]
    if wrong:
        raise Unreadable(tuple(wrong))
    found, findings = list[Record](), list[Finding]()
    for line, cells in rest:
        if len(cells) != len(columns):
            findings.append(finding_at("csv.cells", name, line, count=len(cells), wanted=len(columns)))
            continue
        written = dict(zip(columns, cells, strict=True))
        findings += _judge_cells(name, line, {column: cell for column, cell in written.items() if column in known})
        found.append((line, written))
    return head_line, found, findings


def _column(written: str) -> str:
    """`Jarak (km)` and `jarak_km` are one column."""
    return re.sub(r"[\s._()-]+", "_", written.lower()).strip("_")


def _judge_head(name: str, line: int, columns: list[str], required: Sequence[str], known: Sequence[str]) -> Iterator[Finding]:
    if not any(columns):
        yield finding_at("csv.nothing", name, 1, columns=", ".join(known))
        return
    for each in required:
        if each not in columns:
            yield finding_at("csv.column_missing", name, line, column=each, columns=", ".join(required))
    for each in columns:
        if each not in known:
            yield finding_at(_UNKNOWN, name, line, column=each, **nearest(each, known))
    for each in known:
        if columns.count(each) > 1:
            yield finding_at("csv.column_twice", name, line, column=each)


def _judge_cells(name: str, line: int, cells: Mapping[str, str]) -> list[Finding]:
    formulas = [column for column, cell in cells.items() if is_formula(cell)]
    controls = [column for column, cell in cells.items() if any(unicodedata.category(each) in _UNSEEN for each in cell)]
    return [
        *(finding_at("csv.formula", name, line, column=column, value=cells[column]) for column in formulas),
        *(finding_at("csv.control", name, line, column=column) for column in controls),
    ]


def _lines(name: str, text: str) -> list[tuple[int, list[str]]]:
    """The records that are not blank, each with the line that it begins on. Raises Unreadable at a stray quote."""
    start, separator = _separator(text)
    cell = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*(?={separator}|\r?\n|\Z)|([^"{separator}\r\n]*)(?={separator}|\r?\n|\Z)')
    records: list[tuple[int, list[str]]] = []
    position, line, first, record = start, text.count("\n", 0, start) + 1, 0, list[str]()
    while position <= len(text):
        first = first or line
        found = cell.match(text, position)
        if found is None:
            raise Unreadable((finding_at("csv.quote", name, line),))
        quoted, plain = found.groups()
        record.append((plain if quoted is None else quoted.replace('""', '"')).strip())
        line += text.count("\n", position, found.end())
        position = found.end()
        if text[position : position + 1] == separator:
            position += 1
            continue
        if any(record):
            records.append((first, record))
        position += 2 if text[position : position + 2] == "\r\n" else 1
        line, first, record = line + 1, 0, []
    return records


def _separator(text: str) -> tuple[int, str]:
    """Where the records begin, and what stands between their cells: what the header has most of."""
    named = re.match(r"sep=([;,\t])\r?\n", text)
    if named is not None:
        return named.end(), named[1]
    head = text.partition("\n")[0]
    return 0, max((",", ";", "\t"), key=head.count)
