"""Every kind of resource that the provider makes. The adapter knows none of them by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from infra.components import ADOPTED, CONTROLLER
from infra.provider.lives import MACHINES, ControllerLife, Life, ServerLife
from infra.provider.rented import RENTED, STOP

LIVES: Final[Mapping[str, Life]] = {ADOPTED: ServerLife(MACHINES.reach), CONTROLLER: ControllerLife(), **RENTED}


def cut() -> None:
    """End every conversation and every wait."""
    STOP.set()
    MACHINES.cut()
