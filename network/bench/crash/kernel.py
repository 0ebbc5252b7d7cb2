"""What a router's kernel really did: every change of a class, in order, as the kernel itself tells of it.

Sampling could miss a moment; `tc monitor` is told of each change before the next one is made.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from inventory.regency import Regency
from network import labs
from network.core.tree import NodeId, NodeKind, Place, ShaperId
from network.dialects.linux_ids import node_of, shaping_device
from network.wiring import places

_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_RATE: Final = r"(\d+)([KMGT]?)bit"
_CLASS: Final = re.compile(
    rf"(deleted )?class htb 1:([0-9a-f]+) (?:dev (\S+) )?(?:root|parent 1:([0-9a-f]+)) .*?rate {_RATE} ceil {_RATE}"
)
_GONE: Final = re.compile(r"deleted qdisc htb 1: dev (\S+) root")
_READY: Final = 0.5
"""Seconds in which the monitor has begun to listen."""


@dataclass(slots=True)
class _Class:
    parent: NodeId | None
    rate: int
    ceiling: int


@dataclass(slots=True)
class Seen:
    """`changes` of classes were seen; after the worst of them, `oversubscribed` bit/s were promised too often (`line` says
    where)."""

    changes: int = 0
    oversubscribed: int = 0
    line: str = ""
    _classes: dict[str, dict[NodeId, _Class]] = field(default_factory=dict)

    def take(self, line: str, device: str = "") -> None:
        """One line of `tc monitor`, or of `tc class show` of that device."""
        if gone := _GONE.match(line):
            self._classes.pop(gone[1], None)
        found = _CLASS.match(line)
        if found is None:
            return
        node = node_of(int(found[2], 16))
        assert node is not None, f"no class of ours: {line}"
        held = self._classes.setdefault(found[3] or device, {})
        if found[1]:
            held.pop(node, None)
        else:
            parent = node_of(int(found[4], 16)) if found[4] else None
            held[node] = _Class(parent, int(found[5]) * _UNITS[found[6]], int(found[7]) * _UNITS[found[8]])
        if not device:
            self.changes += 1
            self._judge(held, line)

    def _judge(self, held: Mapping[NodeId, _Class], line: str) -> None:
        below: dict[NodeId, int] = {}
        for node, each in held.items():
            above = each.parent if _is_leaf(node) else None
            while above is not None and above in held:
                below[above] = below.get(above, 0) + each.rate
                above = held[above].parent
        worst = max((promised - held[node].ceiling for node, promised in below.items()), default=0)
        if worst > self.oversubscribed:
            self.oversubscribed, self.line = worst, line.strip()


def _is_leaf(node: NodeId) -> bool:
    return node.kind in (NodeKind.LEAF, NodeKind.DEFAULT)


class Monitor:
    """One router of a lab, watched."""

    def __init__(self, file: Path, seen: Seen) -> None:
        self._file, self._seen, self._read = file, seen, 0

    def seen(self) -> Seen:
        """All that has happened until now."""
        with self._file.open(encoding="utf-8", errors="replace") as told:
            told.seek(self._read)
            for line in told:
                if not line.endswith("\n"):
                    break
                assert "netlink receive error" not in line, "the kernel told more than was listened to"
                self._read += len(line.encode())
                self._seen.take(line)
        return self._seen


@contextmanager
def watched(lab_id: str, regency: Regency, router: str) -> Iterator[Monitor]:
    """Watch a router's classes; nothing may be changing when this begins."""
    seen = Seen()
    with TemporaryDirectory(prefix="lajur-monitor-") as folder:
        file = Path(folder) / "told"
        words = labs.command_in(lab_id, router, ["stdbuf", "-oL", "tc", "-d", "monitor"])
        with file.open("wb") as told, subprocess.Popen(words, stdout=told, stderr=told) as child:
            try:
                time.sleep(_READY)
                _standing(lab_id, router, places(regency)[router], seen)
                yield Monitor(file, seen)
            finally:
                child.terminate()


def _standing(lab_id: str, router: str, own: Mapping[ShaperId, Place], seen: Seen) -> None:
    for shaper in own:
        device = shaping_device(shaper, own)
        words = labs.command_in(lab_id, router, ["tc", "class", "show", "dev", device])
        for line in subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines():
            seen.take(line, device)
