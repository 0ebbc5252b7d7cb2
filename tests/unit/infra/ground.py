"""A request whose engine is none; what is heard of the provider and what is kept are real."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from infra.errors import InfraError, Refused
from infra.events import Teller
from infra.page import Head
from infra.policies.rules import Broken
from infra.renting.orphans import Orphan
from infra.reports import Reports
from infra.request import Request
from infra.stack import Stack
from infra.unfinished import Unfinished
from infra.untaken import Untaken
from infra.verbs import Verbs
from infra.watch import Watch

PROOF = {"wiped": [], "own": "SHA256:x", "adopted": "2026-11-26T08:00:00Z"}


@dataclass
class Engine:
    """`there`: the servers in the state; `tells`: what the provider says in any operation; `dead`: a dead run left its lock;
    `pending`: it had begun something."""

    unfinished: Unfinished
    there: dict[str, bool] = field(default_factory=lambda: {"app-1": True, "mon-1": True})
    tells: Callable[[], None] = lambda: None
    did: list[str] = field(default_factory=list)
    dead: bool = False
    pending: bool = False
    made: tuple[str, ...] = ()
    ground: tuple[str, ...] = ()

    def servers(self) -> dict[str, bool]:
        return self.there

    def outputs(self) -> dict[str, Any]:
        return {}

    def has_ground(self, server: str) -> bool:
        return server in self.ground

    def look(self) -> None:
        self.did.append("look")

    def begun(self) -> tuple[Orphan, ...]:
        return tuple(Orphan(name, "machine", "id-1") for name in self.ground)

    def wanted(self) -> frozenset[str]:
        return frozenset(self.ground)

    def with_ground(self, servers: Collection[str]) -> frozenset[str]:
        return frozenset(servers)

    def must_be_free(self) -> None:
        if self.dead:
            raise Refused("infra.state_locked_dead", holder="x@y", pid=1, since="-")

    def machines(self) -> frozenset[str]:
        return frozenset(self.made)

    def forget_begun(self) -> bool:
        if self.dead:
            raise Refused("infra.state_locked_dead", holder="x@y", pid=1, since="-")
        return self.pending

    def let_go(self) -> bool:
        self.did.append("let_go")
        self.dead = False
        return True

    def preview(self, servers: Sequence[str]) -> None:
        self._do("preview", servers)

    def up(self, servers: Sequence[str]) -> None:
        self._do("up", servers)

    def destroy(self, servers: Sequence[str]) -> None:
        self._do("destroy", servers)

    def rented(self) -> frozenset[str]:
        return frozenset()

    def refresh(self, servers: Sequence[str]) -> None:
        self._do("refresh", servers)

    def _do(self, what: str, servers: Sequence[str]) -> None:
        self.did.append(" ".join([what, *servers]))
        self.unfinished.begin()
        self.tells()


class Ground:
    """One request, with reports in a folder of its own."""

    def __init__(self, folder: Path, verb: str, broken: Mapping[str, tuple[Broken, ...]] | None = None, **words: Any) -> None:
        self.lacks: dict[str, InfraError] = {}
        self.asked: list[set[str]] = []
        fields = dict.fromkeys(("folder", "home", "passphrase_file", "known_hosts", "reports"), str(folder))
        told = {"state": f"file://{folder}", "today": "2026-11-26", "now": "2026-11-26T08:00:00Z", "project": "lajur"}
        access = {server: {"user": "root"} for server in ("app-1", "mon-1")}
        request = Request.model_validate({**fields, **told, "stack": "x", "access": access, "verb": verb, **words})
        self.reports = Reports(folder / "reports", Head(regency="X", illustrative=True))
        self.said = io.StringIO()
        self.watch = Watch(request, Teller(self.said), self.reports)
        (folder / "work" / "x").mkdir(parents=True, exist_ok=True)
        self.engine = Engine(Unfinished(request))
        rules: dict[str, tuple[Broken, ...]] = {"app-1": (), "mon-1": (), **(broken or {})}
        self.verbs = Verbs(request, cast(Stack, self.engine), self.watch, Teller(self.said), rules, cast(Untaken, self))

    def lacking(self, servers: Collection[str]) -> Mapping[str, InfraError]:
        self.asked.append(set(servers))
        return {server: error for server, error in self.lacks.items() if server in servers}

    def enter(self, servers: Collection[str]) -> None:
        self.engine.did.append(" ".join(["enter", *sorted(servers)]))

    def give_back(self, servers: Collection[str], recorded: Collection[str]) -> None:
        self.engine.did.append(" ".join(["sweep", *sorted(servers)]))

    def told(self, event: str, **fields: Any) -> None:
        self.watch.answer("tell", {"event": event, "fields": fields})

    def events(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.said.getvalue().splitlines()]

    def begun(self, server: str) -> dict[str, Any]:
        found = self.watch.answer("access", {"server": server})["wiped"]
        assert isinstance(found, dict)
        return found
