"""The hardware that a server of a lab shows: what its lease promises, or less. Values and their files as text; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inventory.server_model import DiskPromise, Promise, Server

_SECTOR: Final = 512
_KEPT_BY_KERNEL: Final = 64
"""One part in so many of a machine's memory never shows as `MemTotal`: firmware and kernel have it."""
_VENDOR: Final = "Lajur Lab"
_MODEL: Final = "Leased Server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """`size` in bytes. `rotational` as the kernel says it: true for a disk that turns."""

    name: str
    size: int
    rotational: bool
    model: str
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the server `node` shows: `memory` in bytes as installed, `speed` of its port in Mbit/s (None: as the wire has it)."""

    node: str
    cpus: int
    memory: int
    disks: tuple[Disk, ...]
    speed: int | None
    vendor: str
    model: str
    serial: str

    def disk(self, name: str) -> Disk | None:
        return next((disk for disk in self.disks if disk.name == name), None)


def machine_of(server: Server, promise: Promise, *, short: bool) -> Machine:
    """The machine that keeps the promise; one that falls `short` of it has half the memory."""
    model = promise.model or _MODEL
    return Machine(
        node=server.key,
        cpus=promise.cpus,
        memory=promise.memory // (2 if short else 1),
        disks=tuple(_disks(server.key, promise.disks)),
        speed=int(promise.network) // 1_000_000 if promise.network is not None else None,
        vendor=model.split()[0] if promise.model else _VENDOR,
        model=model,
        serial=server.serial or f"LJR{_digits(server.key, 8)}",
    )


def _disks(server: str, promises: tuple[DiskPromise, ...]) -> Iterator[Disk]:
    """Named as the kernel does: sda, sdb …, and nvme0n1, nvme1n1 …."""
    letters = nvmes = 0
    for promise in promises:
        for _ in range(promise.count):
            if promise.kind == "nvme":
                name, nvmes = f"nvme{nvmes}n1", nvmes + 1
            else:
                name, letters = f"sd{_letters(letters)}", letters + 1
            yield Disk(
                name=name,
                size=-(-promise.size // _SECTOR) * _SECTOR,
                rotational=promise.kind == "hdd",
                model=f"LAB {promise.kind.upper()} {promise.size}",
                serial=_digits(f"{server} {name}", 12),
            )


def _letters(number: int) -> str:
    """a … z, aa, ab …"""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)


def _digits(seed: str, count: int) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:count].upper()


def meminfo(memory: int) -> str:
    """`/proc/meminfo` of a machine with so many bytes of memory, most of it free."""
    total = (memory - memory // _KEPT_BY_KERNEL) // 1024
    used = min(total // 4, 400_000)
    rows = {
        "MemTotal": total,
        "MemFree": total - used,
        "MemAvailable": total - used // 2,
        "Buffers": used // 16,
        "Cached": used // 4,
        "SwapCached": 0,
        "SwapTotal": 0,
        "SwapFree": 0,
        "Dirty": 0,
        "Shmem": 1024,
        "Slab": used // 16,
    }
    return "".join(f"{name + ':':<16}{value:>9} kB\n" for name, value in rows.items())


def cpuinfo(cpus: int) -> str:
    """`/proc/cpuinfo` with so many processors."""
    return "".join(
        f"processor\t: {number}\n"
        "vendor_id\t: LajurLab\n"
        "cpu family\t: 6\n"
        "model\t\t: 1\n"
        "model name\t: Lab Processor 2.40GHz\n"
        "stepping\t: 1\n"
        "cpu MHz\t\t: 2400.000\n"
        "physical id\t: 0\n"
        f"siblings\t: {cpus}\n"
        f"core id\t\t: {number}\n"
        f"cpu cores\t: {cpus}\n"
        "flags\t\t: fpu sse sse2 lm\n\n"
        for number in range(cpus)
    )


def disk_files(disk: Disk) -> dict[str, str]:
    """The files of a disk below `/sys/block/NAME`."""
    return {
        "size": f"{disk.size // _SECTOR}\n",
        "ro": "0\n",
        "removable": "0\n",
        "queue/rotational": f"{int(disk.rotational)}\n",
        "queue/logical_block_size": f"{_SECTOR}\n",
        "device/model": f"{disk.model}\n",
        "device/serial": f"{disk.serial}\n",
    }


def identity_files(machine: Machine) -> dict[str, str]:
    """The files of `/sys/class/dmi/id`."""
    return {
        "sys_vendor": f"{machine.vendor}\n",
        "product_name": f"{machine.model}\n",
        "product_serial": f"{machine.serial}\n",
        "product_uuid": f"{_uuid(machine.serial)}\n",
        "board_vendor": f"{machine.vendor}\n",
        "board_name": f"{machine.model}\n",
        "board_serial": f"{machine.serial}\n",
        "chassis_vendor": f"{machine.vendor}\n",
        "chassis_serial": f"{machine.serial}\n",
        "bios_vendor": f"{_VENDOR}\n",
        "bios_version": "1.0\n",
    }


def _uuid(seed: str) -> str:
    digits = _digits(seed, 32).lower()
    return "-".join(digits[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
