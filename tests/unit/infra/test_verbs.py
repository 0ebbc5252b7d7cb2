"""What the verbs do with a stack of the test: the engine is none, what is heard of the provider and what is kept are real."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from infra.errors import InfraError, NeedsPerson, Refused
from infra.events import Teller
from infra.page import Head
from infra.reports import Reports
from infra.request import Request
from infra.stack import Stack
from infra.unfinished import Unfinished
from infra.verbs import Verbs
from infra.watch import Watch

PROOF = {"wiped": [], "own": "SHA256:x", "adopted": "2026-11-26T08:00:00Z"}


@dataclass
class Engine:
    """`there`: the servers in the state; `tells`: what the provider says in any operation."""

    unfinished: Unfinished
    there: dict[str, bool] = field(default_factory=lambda: {"app-1": True, "mon-1": True})
    tells: Callable[[], None] = lambda: None
    did: list[str] = field(default_factory=list)

    def servers(self) -> dict[str, bool]:
        return self.there

    def outputs(self) -> dict[str, Any]:
        return {}

    def forget_begun(self, *, surely: bool = False) -> None:
        self.did.append("forget_begun")

    def up(self) -> None:
        self.did.append("up")
        self.tells()

    def refresh(self) -> None:
        self.did.append("refresh")
        self.tells()


class Ground:
    """One request, with reports in a folder of its own."""

    def __init__(self, folder: Path, verb: str, **words: Any) -> None:
        fields = dict.fromkeys(("folder", "home", "passphrase_file", "known_hosts", "reports"), str(folder))
        told = {"state": f"file://{folder}", "today": "2026-11-26", "now": "2026-11-26T08:00:00Z", "project": "lajur"}
        access = {server: {"user": "root"} for server in ("app-1", "mon-1")}
        request = Request.model_validate({**fields, **told, "stack": "x", "access": access, "verb": verb, **words})
        self.reports = Reports(folder / "reports", Head(regency="X", illustrative=True))
        self.watch = Watch(request, Teller(io.StringIO()), self.reports)
        (folder / "work" / "x").mkdir(parents=True, exist_ok=True)
        self.engine = Engine(Unfinished(request))
        self.verbs = Verbs(request, cast(Stack, self.engine), self.watch, Teller(io.StringIO()))

    def told(self, event: str, **fields: Any) -> None:
        self.watch.answer("tell", {"event": event, "fields": fields})

    def begun(self, server: str) -> dict[str, Any]:
        found = self.watch.answer("access", {"server": server})["wiped"]
        assert isinstance(found, dict)
        return found


def test_a_baseline_is_taken_when_the_provider_says_so(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "refresh", baseline=["app-1", "mon-1"], reason="x")
    ground.engine.tells = lambda: ground.told("infra.rebased", server="app-1")
    with pytest.raises(NeedsPerson) as left:
        ground.verbs.carry_out()
    assert (left.value.code, left.value.fields) == ("infra.baseline_left", {"servers": "mon-1"})

    def both() -> None:
        for server in ("app-1", "mon-1"):
            ground.told("infra.rebased", server=server)

    ground.engine.tells = both
    assert ground.verbs.carry_out()["baseline"] == ["app-1", "mon-1"]


def test_nobody_is_reached_for_a_baseline_of_a_server_that_was_not_taken_over(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "refresh", baseline=["app-9"], reason="x")
    with pytest.raises(Refused, match="not_adopted"):
        ground.verbs.carry_out()
    assert ground.engine.did == []


def test_a_server_that_is_taken_over_anew_is_not_being_given_back(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "up")
    for server in ("app-1", "mon-1"):
        ground.told("infra.wiped", server=server, proof=PROOF)
    assert ground.begun("app-1") == PROOF
    ground.told("infra.taken", server="app-1")
    assert (ground.begun("app-1"), ground.begun("mon-1")) == ({}, PROOF)


ACCEPTED = {
    **dict.fromkeys(("server", "lease", "lessor", "number", "place"), "app-1"),
    "day": "2026-11-26",
    "machine": {"cpus": 1, "memory": 1},
    "lines": [],
    "accepted": True,
}


@pytest.mark.parametrize(("verb", "papers"), [("preview", []), ("up", ["acceptance-app-1.html", "acceptance-app-1.json"])])
def test_of_one_that_was_only_looked_at_no_acceptance_is_written(tmp_path: Path, verb: str, papers: list[str]) -> None:
    ground = Ground(tmp_path, verb)
    ground.told("infra.accepted", server="app-1", report=ACCEPTED)
    assert sorted(path.name for path in tmp_path.glob("reports/*")) == papers
    ground.told("infra.now_short", server="app-1", report={**ACCEPTED, "accepted": False}, since="2026-11-26")
    assert sorted(path.name for path in tmp_path.glob("reports/*")) == [*papers, "short-app-1.html", "short-app-1.json"]


def test_a_recovery_leaves_a_return_that_was_begun_as_one(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "recover")
    ground.told("infra.wiped", server="mon-1", proof=PROOF)
    with pytest.raises(InfraError) as begun:
        ground.verbs.carry_out()
    assert (begun.value.code, begun.value.fields) == ("infra.returns_begun", {"servers": "mon-1"})
    assert ground.engine.did == ["forget_begun"]
    assert ground.begun("mon-1") == PROOF
    ground.reports.end("mon-1")
    ground.verbs.carry_out()
    assert ground.engine.did == ["forget_begun"] * 2 + ["up"]


@pytest.mark.parametrize(
    ("verb", "asked", "code", "servers"),
    [
        ("destroy", {"only": ["mon-1"]}, "infra.returns_begun", "mon-1"),
        ("destroy", {}, "infra.returns_begun", "app-1, mon-1"),
        ("refresh", {"baseline": ["app-1"], "reason": "x"}, "infra.baseline_begun", "app-1"),
    ],
)
def test_a_recovery_leaves_to_a_person_what_up_would_turn_back(
    tmp_path: Path, verb: str, asked: dict[str, Any], code: str, servers: str
) -> None:
    Ground(tmp_path, verb, **asked).engine.unfinished.begin()
    ground = Ground(tmp_path, "recover")
    for _ in range(2):
        with pytest.raises(NeedsPerson) as left:
            ground.verbs.carry_out()
        assert (left.value.code, left.value.fields) == (code, {"servers": servers})
    assert set(ground.engine.did) == {"forget_begun"}
    up = Ground(tmp_path, "up")
    up.engine.tells = up.engine.unfinished.begin
    up.verbs.carry_out()
    ground.verbs.carry_out()
    assert ground.engine.did[-1] == "up", "somebody has asked for that since"


def test_a_recovery_from_a_look_looks_again_and_mends_nothing(tmp_path: Path) -> None:
    Ground(tmp_path, "refresh").engine.unfinished.begin()
    ground = Ground(tmp_path, "recover")
    ground.verbs.carry_out()
    assert ground.engine.did == ["forget_begun", "refresh"]
