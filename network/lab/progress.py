"""How a starting lab tells where it is. A value; shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a starting lab is: `stage` is image (steps of building it), waiting (somebody else builds the image), keys,
    namespaces, wires, addresses, routers, servers or cloud (those that answer), cloud_base (preparing it)."""

    stage: str
    done: int
    total: int


OnProgress = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """For callers that show nothing."""
