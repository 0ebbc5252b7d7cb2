"""A builder of servers that does what a test tells it to, and what the audit log has of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from network.core.build_words import event_of
from network.core.building import BuildRequest, Ending, Heard, Verb
from network.ledger.sqlite import open_sqlite

SECRET = "hunter2-hunter2"
OUTPUTS = {"app-1": {"address": "192.0.2.9", "role": "application", "lease": "main", "password": SECRET, "baseline": "{}"}}
Said = tuple[str, Mapping[str, Any]]


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
