"""Servers that left the truth before they were given back, with the real engine: said by name, never touched, in nobody's way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.infra.site import Site, machine_of, standing, truth_of

pytestmark = pytest.mark.engine

SERVERS = ("app-1", "mon-1", "edge-1")
STOPPED = {"service-07.service": False}


def differences(result: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(each["server"], each["kind"], each["found"]) for each in result["differences"]}


def records(site: Site) -> dict[str, bool]:
    """By server: whether our record still stands on its machine."""
    return {server: bool(json.loads(site.machine(server).read_text())["files"]) for server in SERVERS}


@pytest.fixture
def site_of_three(tmp_path: Path) -> Any:
    """Of which one may be given back without being asked twice."""
    truth = truth_of(tmp_path, {})
    file = truth / "servers.yaml"
    made = json.loads(file.read_text())
    next(server for server in made["servers"] if server["key"] == "edge-1")["protected"] = False
    file.write_text(json.dumps(made))
    with standing(tmp_path, {server: machine_of(server) for server in SERVERS}, truth=truth) as site:
        yield site


def test_what_left_the_truth_is_a_difference_and_the_others_go_on(site_of_three: Site) -> None:
    site = site_of_three
    site.run("up").result  # noqa: B018 - raises when it failed
    site.change("app-1", services=STOPPED)
    left = {(server, "unreachable", "infra.unknown_server") for server in ("mon-1", "edge-1")}

    seen = site.run("preview", "app-1").result
    assert seen["changes"] == {"app-1": "update"}, "nothing is announced that `up` would not do"
    assert differences(seen) == {*left, ("app-1", "service_stopped", "stopped")}
    assert differences(site.run("drift", "app-1").result) == {*left, ("app-1", "service_stopped", "stopped")}

    done = site.run("up", "app-1")
    assert (done.code, done.last["exit"]) == ("infra.several_failed", 3)
    failures = {(each["server"], each["code"]) for each in done.last["fields"]["failures"]}
    assert failures == {("edge-1", "infra.unknown_server"), ("mon-1", "infra.protected")}
    assert [each["server"] for each in done.of("infra.repaired")] == ["app-1"]
    assert sorted(done.of("infra.outputs")[0]["outputs"]) == sorted(SERVERS), "none of them is let go of"
    assert not [each for each in done.of("infra.resource") if each["operation"] == "delete"]

    kept = site.run("destroy", "app-1", only=["mon-1"], release=["mon-1"])
    assert (kept.code, kept.last["exit"], kept.last["fields"]["server"]) == ("infra.unknown_server", 3, "mon-1")
    assert records(site) == dict.fromkeys(SERVERS, True)

    gone = site.run("destroy", "app-1", only=["edge-1"], release=["edge-1"], lost={"edge-1": "burnt"})
    assert gone.result == {"released": ["edge-1"], "left": ["app-1", "mon-1"]}
    assert (site.reports / "lost-edge-1.json").exists()
    one = site.run("up", "app-1")
    assert (one.code, one.last["exit"], one.last["fields"]["servers"]) == ("infra.protected", 3, "mon-1")

    back = site.run("up", "app-1", "mon-1")
    assert set(back.result["operations"]) == {"app-1", "mon-1"}, "put back, it stands as it stood"
    assert back.result["unrepaired"] == []
    given = site.run("destroy", "app-1", "mon-1", only=["mon-1"], release=["mon-1"])
    assert given.result == {"released": ["mon-1"], "left": ["app-1"]}
    assert (site.reports / "return-mon-1.json").exists()
