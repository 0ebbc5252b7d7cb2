"""A machine held against its contract, line by line. Pure: the day is an argument.

What a promise is written like in the truth is `Lease.promise` and `Server.waivers` of `inventory.server_model`; the shapes here
are made from its plain values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from infra.facts import Count, Disk, Facts, Plain, Text

KEPT_BY_KERNEL: Final = 6
"""Per cent of the memory built in that the kernel and the firmware may keep for themselves before it counts as short."""

DISK_SLACK: Final = 1
"""Per cent by which a disk may be smaller than its label: makers round, decimal and binary units meet."""

_RANK: Final = {"hdd": 0, "ssd": 1, "nvme": 2, "unknown": 2}
"""A faster kind fulfils the promise of a slower one. What cannot be told may be any."""

Verdict = Literal["ok", "short", "waived", "unknown"]
Note = Literal["", "kernel_keeps", "kind_not_told", "not_told", "better", "waiver_expired", "waiver_not_needed"]


class DiskPromise(Plain):
    """`size` in bytes, of each of `count` disks."""

    size: Count
    kind: Literal["hdd", "ssd", "nvme"] = "ssd"
    count: Annotated[int, Field(ge=1, le=1000)] = 1


class Promise(Plain):
    """What each machine of a lease must be. `memory` in bytes, `network` in bit/s; None: nothing was promised."""

    cpus: Count
    memory: Count
    disks: tuple[DiskPromise, ...] = ()
    network: Count | None = None
    model: Text | None = None
    os: Text | None = None


class Waiver(Plain):
    """A line that may be short, and why; up to and including `until`."""

    line: Text
    reason: Annotated[str, Field(max_length=1000)]
    until: date | None = None


class Terms(Plain):
    """What a machine is accepted under. `serial` is the one that the contract names, if it names one."""

    server: Text
    lease: Text
    promise: Promise
    lessor: Text = ""
    number: Text = ""
    place: Text = ""
    serial: Text | None = None
    waivers: tuple[Waiver, ...] = ()


class Line(Plain):
    """One line of the report. `reason` is the waiver's, `note` a word for what the numbers do not say."""

    name: Text
    promised: Text
    found: Text
    verdict: Verdict
    reason: Annotated[str, Field(max_length=1000)] = ""
    note: Note = ""


class AcceptanceReport(Plain):
    """`accepted`: no line is short. What a machine does not tell (`unknown`) refuses nothing, and the report says so."""

    server: Text
    lease: Text
    lessor: Text
    number: Text
    place: Text
    day: date
    machine: Facts
    lines: tuple[Line, ...]
    accepted: bool

    @property
    def short(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.verdict == "short")


def accept(terms: Terms, facts: Facts, day: date) -> AcceptanceReport:
    lines = tuple(_waived(_told_or_not(line, facts), terms.waivers, day) for line in _lines(terms, facts))
    return AcceptanceReport(
        server=terms.server,
        lease=terms.lease,
        lessor=terms.lessor,
        number=terms.number,
        place=terms.place,
        day=day,
        machine=facts,
        lines=lines,
        accepted=all(line.verdict != "short" for line in lines),
    )


def size_text(size: int, base: Literal[1000, 1024]) -> str:
    """`960 GB`, `62.7 GiB`: at most one decimal."""
    units = ("B", "kB", "MB", "GB", "TB", "PB") if base == 1000 else ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
    step = 0
    while step < len(units) - 1 and size >= base ** (step + 1):
        step += 1
    tenths = size * 10 // base**step
    return f"{tenths // 10}{f'.{tenths % 10}' if tenths % 10 else ''} {units[step]}"


def _lines(terms: Terms, facts: Facts) -> Iterator[Line]:
    promise = terms.promise
    cpus = facts.cpus >= promise.cpus
    yield Line(name="cpus", promised=str(promise.cpus), found=str(facts.cpus), verdict="ok" if cpus else "short")
    yield _memory(promise.memory, facts.memory)
    yield from _disks(promise.disks, facts.disks)
    if promise.network is not None:
        yield _network(promise.network, facts)
    if promise.model is not None:
        yield _told("model", promise.model, facts.model, f"{facts.vendor} {facts.model}".strip())
    if promise.os is not None:
        yield _told("os", promise.os, facts.os, facts.os)
    if terms.serial is not None:
        yield _named("serial", terms.serial, facts.serial)


def _memory(promised: int, found: int) -> Line:
    """Shown as the kernel has it to give, which is a little less than what is built in."""
    enough = found * 100 >= promised * (100 - KEPT_BY_KERNEL)
    return Line(
        name="memory",
        promised=size_text(promised, 1024),
        found=size_text(found, 1024),
        verdict="ok" if enough else "short",
        note="kernel_keeps" if enough and found < promised else "",
    )


def _disks(promised: Sequence[DiskPromise], found: Sequence[Disk]) -> Iterator[Line]:
    wanted = [one for one in promised for _ in range(one.count)]
    found = sorted(found, key=lambda disk: _natural(disk.name))
    given = _in_order(wanted, found, _fitted(wanted, found))
    used = set(given.values())
    spare = sorted((number for number in range(len(found)) if number not in used), key=lambda number: -found[number].size)
    for number, one in enumerate(wanted):
        name, text = f"disk-{number + 1}", f"{size_text(one.size, 1000)} {one.kind}"
        if number in given:
            disk = found[given[number]]
            note: Note = "kind_not_told" if disk.kind == "unknown" else "better" if disk.kind != one.kind else ""
            yield Line(name=name, promised=text, found=_disk_text(disk), verdict="ok", note=note)
        else:
            nearest = _disk_text(found[spare.pop(0)]) if spare else "–"
            yield Line(name=name, promised=text, found=nearest, verdict="short")


def _disk_text(disk: Disk) -> str:
    return f"{disk.name} {size_text(disk.size, 1000)} {disk.kind}"


def _fits(promise: DiskPromise, disk: Disk) -> bool:
    return disk.size * 100 >= promise.size * (100 - DISK_SLACK) and _RANK[disk.kind] >= _RANK[promise.kind]


def _fitted(wanted: Sequence[DiskPromise], found: Sequence[Disk]) -> dict[int, int]:
    """Which disk fulfils which promise: as many promises as possible, each with the smallest disk that is left for it.

    A promise may take another's disk when that one has another to go to (augmenting paths), so no order of disks makes a
    machine short that is not.
    """
    holder: dict[int, int] = {}
    smallest_first = sorted(range(len(found)), key=lambda number: (_RANK[found[number].kind], found[number].size, number))

    def place(number: int, tried: set[int]) -> bool:
        for disk in smallest_first:
            if disk in tried or not _fits(wanted[number], found[disk]):
                continue
            tried.add(disk)
            if disk not in holder or place(holder[disk], tried):
                holder[disk] = number
                return True
        return False

    for number in sorted(range(len(wanted)), key=lambda number: (-wanted[number].size, number)):
        place(number, set())
    return {number: disk for disk, number in holder.items()}


def _in_order(wanted: Sequence[DiskPromise], found: Sequence[Disk], given: dict[int, int]) -> dict[int, int]:
    """The same, with disks changed about between promises that either of them fulfils, so that the first promise has the first
    disk: whoever holds the report against the machine reads both from the top."""
    numbers = sorted(given)
    for place, one in enumerate(numbers):
        for other in numbers[place + 1 :]:
            if given[other] < given[one] and _fits(wanted[one], found[given[other]]) and _fits(wanted[other], found[given[one]]):
                given[one], given[other] = given[other], given[one]
    return given


def _natural(name: str) -> list[tuple[int, str]]:
    """As the kernel counts them: `nvme2n1` before `nvme10n1`, `sdz` before `sdaa`."""
    return [(int(part), "") if part.isdigit() else (len(part), part) for part in re.findall(r"[0-9]+|[^0-9]+", name)]


def _network(promised: int, facts: Facts) -> Line:
    speeds = [nic.speed for nic in facts.nics if nic.speed is not None]
    text = _rate(promised)
    if not speeds:
        return Line(name="network", promised=text, found="–", verdict="unknown", note="not_told")
    best = max(speeds)
    return Line(name="network", promised=text, found=_rate(best), verdict="ok" if best >= promised else "short")


def _rate(rate: int) -> str:
    for scale, unit in ((10**9, "Gbit/s"), (10**6, "Mbit/s"), (10**3, "kbit/s")):
        if rate >= scale and rate * 10 % scale == 0:
            return f"{rate * 10 // scale / 10:g} {unit}"
    return f"{rate} bit/s"


def _told(name: str, promised: str, told: str, shown: str) -> Line:
    """Words of the promise must be among what the machine says, in any case; a version may go on (`12` and `12.5`)."""
    if not told:
        return Line(name=name, promised=promised, found="–", verdict="unknown", note="not_told")
    words = shown.casefold().split()
    here = all(any(one == word or one.startswith(f"{word}.") for one in words) for word in promised.casefold().split())
    return Line(name=name, promised=promised, found=shown[:200], verdict="ok" if here else "short")


def _named(name: str, promised: str, told: str) -> Line:
    if not told:
        return Line(name=name, promised=promised, found="–", verdict="unknown", note="not_told")
    return Line(name=name, promised=promised, found=told, verdict="ok" if told == promised else "short")


def _told_or_not(line: Line, facts: Facts) -> Line:
    """A line of what this way in cannot tell is unknown, whatever stands in its place."""
    part = "disks" if line.name.startswith("disk-") else line.name
    if part not in facts.untold:
        return line
    return line.model_copy(update={"found": "–", "verdict": "unknown", "note": "not_told"})


def _waived(line: Line, waivers: Sequence[Waiver], day: date) -> Line:
    waiver = next((one for one in waivers if one.line == line.name), None)
    if waiver is None:
        return line
    if line.verdict != "short":
        return line.model_copy(update={"note": line.note or "waiver_not_needed"})
    if waiver.until is not None and day > waiver.until:
        return line.model_copy(update={"reason": waiver.reason, "note": "waiver_expired"})
    return line.model_copy(update={"verdict": "waived", "reason": waiver.reason})
