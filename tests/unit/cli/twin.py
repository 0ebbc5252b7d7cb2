"""A builder of servers that does what a test tells it to, and what the audit log has of it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.load import SHIPPED
from network.core.build_words import event_of
from network.core.building import BuildRequest, Ending, Heard, Verb
from network.errors import Refused
from network.ledger.sqlite import open_sqlite

SECRET = "hunter2-hunter2"
OUTPUTS = {"app-1": {"address": "192.0.2.9", "role": "application", "lease": "main", "password": SECRET, "baseline": "{}"}}
Said = tuple[str, Mapping[str, Any]]
STOPPED = {
    "server": "app-1",
    "kind": "service_stopped",
    "name": "cron\x1b[2J",
    "wanted": "running",
    "found": "stopped",
    "mend": "repair",
}
SHORT = {"name": "memory", "promised": "64 GiB", "found": "32 GiB", "verdict": "short", "reason": "", "note": ""}


@dataclass
class Twin:
    """A builder that says what it was told to, by verb, and remembers what it was asked."""

    says: dict[Verb, list[Said]] = field(default_factory=dict)
    ends: dict[Verb, Ending] = field(default_factory=dict)
    asked: list[BuildRequest] = field(default_factory=list)

    def run(self, request: BuildRequest, heard: Heard) -> Ending:
        self.asked.append(request)
        for code, fields in self.says.get(request.verb, []):
            heard(event_of(code, fields))
        return self.ends.get(request.verb, Ending(result={"outputs": OUTPUTS, "looked": ["app-1"]}))


def deeds(tmp_path: Path) -> list[tuple[str, str]]:
    with open_sqlite(tmp_path / "state") as ledger:
        return [(entry.event.action, entry.event.subject) for entry in ledger.entries()]


def step(operation: str, status: str = "done", server: str = "app-1") -> Said:
    return "infra.resource", {"server": server, "kind": "server", "operation": operation, "status": status, "seconds": 1.0}


def one_short_of_two(twin: Twin) -> None:
    """What is heard where one of two machines is less than its contract promises."""
    report = {"server": "db-1", "report": {"lines": [SHORT]}}
    for verb in (Verb.PREVIEW, Verb.UP):
        twin.says[verb] = [step("create"), ("infra.short", report), step("create", "failed", "db-1")]
        twin.ends[verb] = Ending(error=Refused("infra.short", server="db-1", lines="memory: 64 GiB > 32 GiB"))


def several(regencies: Path) -> None:
    """Manokwari, as a regency that is real."""
    shutil.copytree(SHIPPED / "manokwari", regencies / "manokwari")
    head = regencies / "manokwari" / "regency.yaml"
    head.write_text(head.read_text().replace("illustrative: true", "illustrative: false"))
