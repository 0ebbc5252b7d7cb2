"""Offices to begin with, from a spreadsheet: only their names must be there, the rest is made. Bytes in, values out.

The columns are those of `lajur inventory export`, and some that say where a router answers and by which link. An Indonesian
word for a column will do. Never reads a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final, TypeVar

from inventory import sheet
from inventory.findings import Finding, finding_at, warning_at
from inventory.model import ItStaff, Medium, Platform
from inventory.source import Unreadable
from inventory.start import LONGEST_KEY, NewHub, NewOffice, NewRouter, Way, key_of
from inventory.start_text import CLASSES
from inventory.units import POINTED, Bandwidth, Unfit

MOST_OFFICES: Final = 4000
"""As many as there are permanent numbers."""

REQUIRED: Final = ("name",)
COLUMNS: Final = (*sheet.COLUMNS, "address", "platform", "interface", "rate", "medium", "length_km")

_ALSO: Final = sheet.ALSO | {
    "no": "id", "nomor": "id", "ip": "address", "alamat_ip": "address", "ip_address": "address", "antarmuka": "interface",
    "laju": "rate", "kecepatan": "rate", "speed": "rate", "jarak": "length_km", "jarak_km": "length_km", "media": "medium",
}  # fmt: skip
_MEDIA: Final = {
    "serat": "fibre", "serat optik": "fibre", "fo": "fibre", "fiber": "fibre", "fiber optic": "fibre", "fiber optik": "fibre",
    "fibre optic": "fibre", "nirkabel": "radio", "wireless": "radio", "satelit": "satellite", "tembaga": "copper",
}  # fmt: skip
_KEY: Final = re.compile(r"[a-z][a-z0-9-]*")
_CLASS: Final = re.compile(r"[a-z][a-z0-9_]*")
_INTERFACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,31}")
_RULE: Final = "csv.start_rule"
_TRAINED: Final = "(trained)"
_FARTHEST: Final = 2000


class _ThousandsError(ValueError):
    """A number that may be a thousand times as much."""


_ONE_OF_A_KIND: Final = ("id", "key", "name", "device", "lan", "address")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table says. `hubs`: those that it names, in the order in which they come up."""

    offices: tuple[NewOffice, ...]
    hubs: tuple[NewHub, ...]
    findings: tuple[Finding, ...]


def read(name: str, data: bytes, *, usual_class: str = "back_office", usual_hub: str = "Pusat") -> Table:
    """The offices of a table; `name` is what findings call it. A cell that is empty says nothing.

    Raises Unreadable with every finding that is an error.
    """
    table = sheet.sheet(name, data, REQUIRED, COLUMNS, _ALSO)
    if not table.records:
        raise Unreadable((finding_at("csv.start_no_office", name, 1),))
    if len(table.records) > MOST_OFFICES:
        raise Unreadable((finding_at("csv.start_many", name, count=len(table.records), most=MOST_OFFICES),))
    reader = _Reader(name)
    offices = [reader.office(line, cells, usual_class, usual_hub) for line, cells in table.records]
    refused = {(each.line, each.fields["column"]) for each in reader.findings}
    reader.findings += _twice(name, table.records, refused)
    if reader.findings:
        raise Unreadable(tuple(reader.findings))
    notes = (*_aside(name, table), *_new_classes(name, offices), *_applications(name, table))
    return Table(offices=tuple(offices), hubs=tuple(reader.hubs.values()), findings=notes)


def _twice(name: str, records: tuple[sheet.Record, ...], refused: Collection[tuple[int, str]]) -> list[Finding]:
    """Values that only one office can have. One that is refused for itself is not told a second time."""
    found = []
    for column in _ONE_OF_A_KIND:
        first: dict[str, int] = {}
        for line, cells in records:
            value = cells.get(column, "")
            if value and (line, column) not in refused and first.setdefault(value, line) != line:
                found.append(finding_at("csv.start_twice", name, line, column=column, value=value, first=first[value]))
    return found


def _aside(name: str, table: sheet.Sheet) -> Iterator[Finding]:
    if table.aside:
        aside = ", ".join(each or '""' for each in table.aside)
        yield warning_at("csv.start_aside", name, table.head_line, columns=aside)


def _new_classes(name: str, offices: Sequence[NewOffice]) -> Iterator[Finding]:
    """Each class that policy.yaml gets from the table alone, on the line that has it first."""
    first: dict[str, int] = {}
    for office in offices:
        if office.service_class not in CLASSES:
            first.setdefault(office.service_class, office.line)
    for made, line in first.items():
        near = get_close_matches(made, CLASSES, n=1, cutoff=0.8)
        code = "csv.start_class_near" if near else "csv.start_class"
        yield warning_at(code, name, line, made=made, **({"near": near[0]} if near else {"known": ", ".join(CLASSES)}))


def _applications(name: str, table: sheet.Sheet) -> Iterator[Finding]:
    left_out = [line for line, cells in table.records if cells.get("applications")]
    if left_out:
        yield warning_at("csv.start_applications", name, left_out[0])


class _Reader:
    """One table: its findings and its hubs as they come up."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.findings: list[Finding] = []
        self.hubs: dict[str, NewHub] = {}

    def office(self, line: int, cells: Mapping[str, str], usual_class: str, usual_hub: str) -> NewOffice:
        def cell(column: str, read: Callable[[str], T], hint: str, code: str = "csv.start_cell") -> T | None:
            value = cells.get(column, "")
            if not value:
                return None
            try:
                return read(value)
            except _ThousandsError:
                self.findings.append(finding_at("csv.start_thousands", self.name, line, column=column, value=value))
                return None
            except (ValueError, Unfit):
                self.findings.append(finding_at(code, self.name, line, column=column, value=value, hint=hint))
                return None

        router = NewRouter(
            platform=cell("platform", Platform, ", ".join(Platform), _RULE) or Platform.LINUX,
            address=cell("address", IPv4Address, "10.0.0.1"),
        )
        way = Way(
            rate=cell("rate", _rate, "100 Mbit/s"),
            medium=cell("medium", _medium, ", ".join(Medium), _RULE) or Medium.FIBRE,
            length_km=cell("length_km", _kilometres, f"0 … {_FARTHEST}", _RULE),
            interface=cell("interface", _matching(_INTERFACE, 32), "ether1"),
        )
        return NewOffice(
            name=cell("name", _text, "≤ 200", _RULE) or "?",
            key=cell("key", _matching(_KEY, LONGEST_KEY), f"a-z 0-9 - (≤ {LONGEST_KEY})", _RULE) or "",
            id=cell("id", _id, "1 … 4000", _RULE),
            service_class=cell("service_class", _matching(_CLASS, 32), "public_service, back_office, …") or usual_class,
            hub=self._hub(cells.get("hub") or usual_hub),
            device=cell("device", _matching(_KEY, 32), "a-z 0-9 - (≤ 32)", _RULE) or "",
            lan=cell("lan", IPv4Network, "10.20.1.0/24"),
            router=router,
            way=way,
            it_staff=cell("it_staff", _staff, "Petugas TI 1 (trained) | Petugas TI 2") or (),
            line=line,
        )

    def _hub(self, written: str) -> str:
        """A hub's key or its name, the same hub each time it is written."""
        if written not in self.hubs:
            taken = {hub.key for hub in self.hubs.values()}
            key = written if _KEY.fullmatch(written) and len(written) <= 24 else key_of(written, taken, 24)
            self.hubs[written] = NewHub(key=key, name=written[:200])
        return self.hubs[written].key


def _text(value: str) -> str:
    if len(value) > 200:
        raise ValueError(value)
    return value


def _matching(pattern: re.Pattern[str], longest: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        if len(value) > longest or not pattern.fullmatch(value):
            raise ValueError(value)
        return value

    return read


def _id(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 5 and 1 <= int(value) <= 4000):
        raise ValueError(value)
    return int(value)


def _decimal(value: str, most: int | None = None) -> str:
    """With a point; a comma is one too, as Indonesian spreadsheets write it. Those write a point for thousands, so that 1.000 may
    be a thousand or one, unless a thousand is more than there may be."""
    pointed = POINTED.match(value)
    if pointed and (most is None or int(re.sub("[.,]", "", pointed[0])) <= most):
        raise _ThousandsError(value)
    return value.replace(",", ".")


def _rate(value: str) -> Bandwidth:
    """A bare number is in Mbit/s, as contracts are."""
    plain = _decimal(value)
    return Bandwidth.parse(f"{plain} Mbit/s" if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", plain) else plain)


def _medium(value: str) -> Medium:
    plain = re.sub(r"[\s-]+", " ", value.lower())
    return Medium(_MEDIA.get(plain, plain))


def _kilometres(value: str) -> float:
    length = float(_decimal(value, _FARTHEST))
    if not 0 <= length <= _FARTHEST:
        raise ValueError(value)
    return length


def _staff(value: str) -> tuple[ItStaff, ...]:
    roles: list[Any] = [role.strip() for role in value.split("|") if role.strip()]
    return tuple(ItStaff(role=role.removesuffix(_TRAINED).strip(), trained=role.endswith(_TRAINED)) for role in roles)
