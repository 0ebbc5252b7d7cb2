"""One diff for all devices whose diff is equal: a fleet of forty is read in three pages rather than in forty."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_DIGITS: Final = 12
"""Of the digest that people see; whoever compares two of them compares what they stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Devices whose lines are the same, in the order in which they came. `digest`: hex, for naming this diff elsewhere."""

    digest: str
    devices: tuple[str, ...]
    lines: tuple[str, ...]


def collapse(diffs: Mapping[str, Sequence[str]]) -> tuple[Alike, ...]:
    """By device its lines; the answer holds every device once. Groups come in the order of their first device.

    Devices without a line are a group too: what stays as it is can be said of all of them at once.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for device, lines in diffs.items():
        groups.setdefault(tuple(lines), []).append(device)
    return tuple(Alike(digest=digest(lines), devices=tuple(devices), lines=lines) for lines, devices in groups.items())


def digest(lines: Sequence[str]) -> str:
    """Names these lines. Each is counted, so that no two sequences are written alike."""
    found = hashlib.sha256()
    for line in lines:
        data = line.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()[:_DIGITS]
