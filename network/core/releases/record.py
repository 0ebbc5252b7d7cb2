"""Releases as the ledger keeps them. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

OPEN: Final = ("running", "needs_person")
"""Results of a deployment that is not at its end: the same file goes on, or a rollback takes it back."""


class Task(StrEnum):
    DEPLOY = "deploy"
    ROLLBACK = "rollback"
    CONTRACT = "contract"


class Phase(StrEnum):
    """What a run is about to do, or what it found out (`resumed`, `gate`)."""

    RESUMED = "resumed"
    PLACE = "place"
    EXPAND = "expand"
    BATCH = "batch"
    GATE = "gate"
    BACK = "back"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`detail` in JSON's types; what a gate found is all in it, so that it can be shown later."""

    phase: Phase
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRecord:
    """One run. `release` is where it leads, `before` what the servers carried when it was begun; empty: none.

    `servers` in the order in which they get it. `result`: running, done, returned, needs_person, abandoned.
    """

    id: str
    workload: str
    task: Task
    release: str
    before: str
    servers: tuple[str, ...]
    actor: str
    started: datetime
    version: str = ""
    sha256: str = ""
    reason: str = ""
    finished: datetime | None = None
    result: str = "running"
    detail: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.task is Task.DEPLOY and self.result in OPEN
