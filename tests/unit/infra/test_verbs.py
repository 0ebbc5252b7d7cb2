"""What the verbs do with a stack of the test: the engine is none, what is heard of the provider and what is kept are real."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra.errors import InfraError, NeedsPerson, Refused
from infra.policies.rules import Broken
from tests.unit.infra.ground import Ground

PROOF = {"wiped": [], "own": "SHA256:x", "adopted": "2026-11-26T08:00:00Z"}


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


def test_what_stands_is_told_before_a_baseline_that_is_left(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "refresh", baseline=["app-1", "mon-1"], reason="x")
    ground.engine.tells = lambda: ground.told("infra.rebased", server="app-1")
    with pytest.raises(NeedsPerson, match="baseline_left"):
        ground.verbs.carry_out()
    assert ground.events() == ["infra.rebased", "infra.outputs"]


def test_a_state_that_cannot_be_read_afterwards_hides_no_error(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "up")
    ground.engine.tells = lambda: ground.told(
        "infra.failed", server="app-1", kind="lajur:leased:Server", code="infra.short", fields={"lines": "-"}, status=3
    )

    def gone() -> dict[str, Any]:
        raise NeedsPerson("infra.interrupted")

    ground.engine.outputs = gone  # type: ignore[method-assign]
    with pytest.raises(Refused, match="short"):
        ground.verbs.carry_out()


def test_who_left_the_truth_is_told_also_where_a_rule_refuses_another(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "up", {"mon-1": (ended("mon-1"),)})
    ground.engine.there = {"app-1": True, "mon-1": True, "old-1": True, "old-2": False}
    with pytest.raises(Refused) as refused:
        ground.verbs.carry_out()
    assert (refused.value.code, refused.value.fields["servers"]) == ("infra.several_failed", "mon-1, old-1")
    one = Ground(tmp_path, "up", {"mon-1": (ended("mon-1"),)}, only=["mon-1", "app-1"])
    one.engine.there = ground.engine.there
    with pytest.raises(Refused, match=r"infra\.policy"):
        one.verbs.carry_out()


def test_a_paper_that_cannot_be_written_says_so_with_its_folder(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "up")
    (tmp_path / "reports").write_text("no folder")
    with pytest.raises(NeedsPerson) as unwritten:
        ground.told("infra.accepted", server="app-1", report=ACCEPTED)
    assert unwritten.value.code == "infra.paper_unwritten"
    fields = unwritten.value.fields
    assert (fields["server"], fields["folder"], bool(fields["reason"])) == ("app-1", str(tmp_path), True)


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
    assert ground.engine.did == []
    assert ground.begun("mon-1") == PROOF
    ground.reports.end("mon-1")
    ground.verbs.carry_out()
    assert (ground.engine.did, ground.events()) == ([], ["infra.nothing_half_done"])


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
    assert ground.engine.did == []
    Ground(tmp_path, "up").verbs.carry_out()
    ground.verbs.carry_out()
    assert ground.engine.did == [], "somebody has asked for something else since, and it is through"


@pytest.mark.parametrize(("verb", "only"), [("up", ["mon-1"]), ("up", []), ("refresh", []), ("refresh", ["app-1"])])
@pytest.mark.parametrize("dead", [True, False])
def test_a_recovery_carries_on_with_what_was_asked_and_with_nothing_else(
    tmp_path: Path, verb: str, only: list[str], dead: bool
) -> None:
    Ground(tmp_path, verb, only=only).engine.unfinished.begin()
    ground = Ground(tmp_path, "recover")
    ground.engine.dead = dead
    ground.verbs.carry_out()
    assert ground.engine.did == ["let_go"] * dead + [" ".join([verb, *only])]
    assert "infra.nothing_half_done" not in ground.events()
    again = Ground(tmp_path, "recover")
    again.verbs.carry_out()
    assert (again.engine.did, again.events()) == ([], ["infra.nothing_half_done"])


@pytest.mark.parametrize("there", [{}, {"app-1": True, "mon-1": True}])
def test_where_nothing_is_half_done_a_recovery_touches_nothing_and_says_so(tmp_path: Path, there: dict[str, bool]) -> None:
    ground = Ground(tmp_path, "recover")
    ground.engine.there = there
    ground.verbs.carry_out()
    assert (ground.engine.did, ground.events()) == ([], ["infra.nothing_half_done"])


def test_a_return_that_was_through_before_its_run_died_is_no_reason_to_take_anything_over(tmp_path: Path) -> None:
    Ground(tmp_path, "destroy", only=["mon-1"], release=["mon-1"]).engine.unfinished.begin()
    ground = Ground(tmp_path, "recover")
    ground.engine.dead, ground.engine.there = True, {"app-1": True}
    ground.verbs.carry_out()
    assert (ground.engine.did, ground.events()) == (["let_go"], ["infra.lock_removed", "infra.nothing_half_done"])
    assert ground.engine.unfinished.left() is None


@pytest.mark.parametrize(("dead", "pending"), [(True, False), (False, True), (True, True)])
def test_what_a_run_left_that_nobody_knows_here_is_cleared_and_looked_at_only(tmp_path: Path, dead: bool, pending: bool) -> None:
    ground = Ground(tmp_path, "recover")
    ground.engine.dead, ground.engine.pending = dead, pending
    ground.verbs.carry_out()
    assert ground.engine.did == ["let_go"] * dead + ["refresh"]
    assert ground.events() == ["infra.lock_removed"] * dead + ["infra.cleared"]
    assert ground.engine.unfinished.left() is None


def test_a_living_run_is_left_alone_by_a_recovery(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "recover")

    def held() -> bool:
        raise Refused("infra.state_locked", holder="x@y", pid=1, since="-")

    ground.engine.forget_begun = held  # type: ignore[method-assign]
    with pytest.raises(Refused, match="state_locked"):
        ground.verbs.carry_out()
    assert ground.engine.did == []


def ended(server: str) -> Broken:
    return Broken("outside_lease", "infra.lease_ended", {"server": server, "number": "S-1", "start": "-", "end": "2026-11-25"})


def abroad(server: str) -> Broken:
    return Broken("abroad", "infra.abroad", {"server": server, "number": "S-1", "country": "SG"})


@pytest.mark.parametrize("verb", ["up", "preview"])
def test_whom_a_rule_refuses_keeps_nobody_else_from_being_carried_out(tmp_path: Path, verb: str) -> None:
    ground = Ground(tmp_path, verb, {"mon-1": (ended("mon-1"), abroad("mon-1")), "edge-1": (ended("edge-1"),)})
    with pytest.raises(Refused) as refused:
        ground.verbs.carry_out()
    assert ground.engine.did == [f"{verb} app-1"]
    assert (refused.value.code, refused.value.exit_code) == ("infra.policy", 3)
    assert refused.value.fields["servers"] == "edge-1, mon-1"
    listed: Any = refused.value.fields["refusals"]
    assert [(each["server"], each["code"]) for each in listed] == [
        ("edge-1", "infra.lease_ended"),
        ("mon-1", "infra.abroad"),
        ("mon-1", "infra.lease_ended"),
    ]


def test_only_who_is_meant_is_judged_and_where_nobody_may_the_engine_is_not_asked(tmp_path: Path) -> None:
    broken = {"mon-1": (ended("mon-1"),)}
    fine = Ground(tmp_path, "up", broken, only=["app-1"])
    fine.verbs.carry_out()
    assert fine.engine.did == ["up app-1"]
    none = Ground(tmp_path, "up", broken, only=["mon-1"])
    with pytest.raises(Refused, match="policy"):
        none.verbs.carry_out()
    assert none.engine.did == []


def test_a_refusal_beside_a_failure_is_one_of_several_in_the_order_of_the_servers(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "up", {"mon-1": (ended("mon-1"),)})
    ground.engine.tells = lambda: ground.told(
        "infra.failed", server="app-1", kind="lajur:leased:Server", code="infra.short", fields={"lines": "-"}, status=3
    )
    with pytest.raises(Refused) as failed:
        ground.verbs.carry_out()
    assert (failed.value.code, failed.value.fields["servers"]) == ("infra.several_failed", "app-1, mon-1")
    listed: Any = failed.value.fields["failures"]
    assert [(each["server"], each["code"]) for each in listed] == [("app-1", "infra.short"), ("mon-1", "infra.lease_ended")]


def test_a_recovery_too_asks_the_rules_and_is_through_with_what_they_refuse(tmp_path: Path) -> None:
    Ground(tmp_path, "up", only=["mon-1"]).engine.unfinished.begin()
    ground = Ground(tmp_path, "recover", {"mon-1": (ended("mon-1"),)})
    with pytest.raises(Refused, match="policy"):
        ground.verbs.carry_out()
    assert ground.engine.did == []
    assert ground.engine.unfinished.left() is None
