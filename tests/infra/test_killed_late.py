"""A process is killed while servers are given back or looked at. What was begun is finished by whoever asks for it again, nothing
is carried back or claimed meanwhile, and nothing is mended that a person wanted to accept."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from infra import record
from tests.infra.site import Site, machine_of, standing
from tests.infra.test_killed import LATER, is_asked
from tests.infra.troubled import Troubled, until

pytestmark = pytest.mark.engine

OWN_KEY = "/etc/ssh/keys/root"
FULL = bool(os.environ.get("LAJUR_FULL"))
RETURNS = [(half, who) for half in ("wipe", "lock") for who in ("child", "engine", "provider")]
HALVES = RETURNS if FULL else [("wipe", "engine"), ("lock", "provider")]
LOOKERS = ("child", "engine", "provider") if FULL else ("engine",)
FOLDERS = ("state", "home", "reports", "machines")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two servers that were taken over, and beside them a copy of all that is kept of them."""
    folder = tmp_path_factory.mktemp("whole")
    with standing(folder, {server: machine_of(server) for server in ("app-1", "mon-1")}) as site:
        site.run("up").result  # noqa: B018 - raises when it failed
        for name in FOLDERS:
            shutil.copytree(folder / name, folder / "kept" / name)
        yield site


@pytest.fixture
def taken(whole: Site) -> Site:
    """As they stood when they had been taken over."""
    for name in FOLDERS:
        shutil.rmtree(whole.folder / name)
        shutil.copytree(whole.folder / "kept" / name, whole.folder / name)
    return whole


def machine(site: Site, server: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.machine(server).read_text())
    return found


def killed(site: Site, who: str, held: str, verb: str, **asked: Any) -> None:
    """While mon-1 keeps this answer back."""
    site.change("mon-1", held=held)
    with Troubled(site, verb, **asked) as run:
        until(lambda: is_asked(site, "mon-1"), "the machine is asked")
        run.kill(who)
        broken = run.ended()
    site.change("mon-1", held="")
    if who != "child":
        assert (broken.code, broken.last["exit"]) == ("infra.engine_died", 5)


@pytest.mark.parametrize(("half", "who"), HALVES)
def test_a_return_that_was_begun_stays_a_return(taken: Site, half: str, who: str) -> None:
    asked = {"only": ["mon-1"], "release": ["mon-1"]}
    killed(taken, who, half, "destroy", **asked)
    assert not list(taken.reports.glob("return-mon-1.[hj]*")), "nothing is claimed yet"
    begun = machine(taken, "mon-1")
    if FULL or who == "provider":
        refused = taken.run("up", now=LATER)
        assert refused.code == ("infra.return_begun" if who == "provider" else "infra.state_locked_dead")
    told = taken.run("recover", now=LATER)
    assert (told.code, told.last["exit"], told.last["fields"]) == ("infra.returns_begun", 5, {"servers": "mon-1"})
    assert machine(taken, "mon-1") == begun, "nothing is carried back"

    given = taken.run("destroy", **asked)
    assert (given.result["released"], given.result["left"]) == (["mon-1"], ["app-1"])
    (proof,) = [each["proof"] for each in given.of("infra.released")]
    heard = record.PATH if half == "lock" else OWN_KEY
    assert [each["path"] for each in proof["wiped"]] == [heard], "what went unheard is not claimed"
    assert machine(taken, "mon-1")["locked"]
    assert (taken.reports / "return-mon-1.html").exists()
    assert not (taken.reports / "return-mon-1.begun").exists()


@pytest.mark.parametrize("who", LOOKERS)
def test_what_was_to_be_accepted_is_not_mended_away(taken: Site, who: str) -> None:
    stopped = {"service-07.service": False}
    taken.change("app-1", services=stopped)
    accept = {"baseline": ["app-1"], "reason": "it is not used any more"}
    killed(taken, who, "look", "refresh", **accept)
    told = taken.run("recover", now=LATER)
    assert (told.code, told.last["exit"], told.last["fields"]) == ("infra.baseline_begun", 5, {"servers": "app-1"})
    assert machine(taken, "app-1")["services"] == stopped
    assert taken.run("refresh", **accept).result["baseline"] == ["app-1"]
    if FULL:
        assert taken.run("up", now=LATER).result["operations"] == {"app-1": "same", "mon-1": "same"}
        assert machine(taken, "app-1")["services"] == stopped


@pytest.mark.skipif(not FULL, reason="only at full size")
@pytest.mark.allowed_skip("the same in small stands beside it: only at full size")
@pytest.mark.parametrize("who", ["child", "engine", "provider"])
def test_who_only_looked_has_nothing_mended_by_recovering(taken: Site, who: str) -> None:
    stopped = {"service-07.service": False}
    taken.change("app-1", services=stopped)
    killed(taken, who, "look", "refresh")
    told = taken.run("recover", now=LATER)
    assert [each["name"] for each in told.result["differences"]] == ["service-07.service"]
    assert machine(taken, "app-1")["services"] == stopped
    assert taken.run("up", now=LATER).result["operations"] == {"app-1": "update", "mon-1": "same"}
    assert machine(taken, "app-1")["services"] == {"service-07.service": True}
