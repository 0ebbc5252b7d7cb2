"""Control groups of a lab's servers, one of its own for each server in every hierarchy of this machine: systemd-nspawn keeps its
groups below the one that it is started in, and left in the root those of two servers would be one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from network.errors import LabError
from network.lab.layout import prefix

_POLL: Final = 0.02


def make(lab: str, node: str) -> list[Path]:
    """The server's groups, one in each hierarchy, made where they are missing. Raises LabError when the kernel refuses."""
    made = []
    for top in _hierarchies():
        group = top / _name(lab) / node
        try:
            group.mkdir(parents=True, exist_ok=True)
            for each in (group.parent, group):
                _inherit(each)
        except OSError as error:
            raise LabError("lab.command_refused", command=f"mkdir {group}", cause=error.strerror) from error
        made.append(group)
    return made


def remove(lab: str, seconds: float = 5.0) -> None:
    """All groups of the lab, also those that its servers made; their processes were killed and may need a moment to be gone.

    Raises LabError when one stays.
    """
    deadline = monotonic() + seconds
    tops = [top / _name(lab) for top in _hierarchies()]
    while left := [top for top in tops if top.exists()]:
        for top in left:
            for group in sorted(top.rglob("*/"), reverse=True):
                with suppress(OSError):
                    group.rmdir()
            with suppress(OSError):
                top.rmdir()
        if any(top.exists() for top in left):
            if monotonic() > deadline:
                raise LabError("lab.process_stays", pids=", ".join(_processes(left)) or "-")
            sleep(_POLL)


def _name(lab: str) -> str:
    return f"{prefix(lab)}servers"


def _hierarchies() -> list[Path]:
    """Where they are mounted: one of version 2, or those of version 1, or both."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        point = before.split()[4]
        if after.split()[0] in ("cgroup", "cgroup2") and point.startswith("/sys/fs/cgroup"):
            found.append(Path(point))
    return found


def _inherit(group: Path) -> None:
    """Version 1 lets no process into a group that has not been given processors and memory nodes."""
    for name in ("cpuset.cpus", "cpuset.mems"):
        own = group / name
        if (group / "tasks").exists() and own.exists() and not own.read_text().strip():
            own.write_text((group.parent / name).read_text())


def _processes(tops: list[Path]) -> list[str]:
    return sorted({pid for top in tops for path in top.rglob("cgroup.procs") for pid in path.read_text().split()})
