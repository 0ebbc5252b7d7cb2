"""A process of an `up` is killed where the machines hold it. Nothing runs on, nothing is lost, the next run converges."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.holders import Here
from tests.contract.postgres import Postgres
from tests.infra.site import Site, machine_of, standing
from tests.infra.troubled import Troubled, until

pytestmark = pytest.mark.engine

LATER = "2026-11-27T08:00:00Z"
HELD = {"opening": "", "looking": "look", "adopting": "record", "writing": "record"}
"""By point: which question the second machine does not answer meanwhile."""

EVERYWHERE = [(point, who) for point in HELD for who in ("child", "engine", "provider", "policies")]
POINTS = [
    ("opening", "child"),
    ("opening", "engine"),
    ("looking", "child"),
    ("looking", "policies"),
    ("adopting", "engine"),
    ("adopting", "provider"),
    ("writing", "child"),
    ("writing", "engine"),
]
"""Those of CI; `LAJUR_FULL` has all that there are."""
FULL = [(point, who) for point, who in EVERYWHERE if point != "opening" or who in ("child", "engine")]


def chosen() -> list[tuple[str, str]]:
    return FULL if os.environ.get("LAJUR_FULL") else POINTS


def stack_file(site: Site) -> Path:
    return site.folder / "state" / ".pulumi" / "stacks" / "lajur" / "manokwari.json"


def is_asked(site: Site, server: str) -> bool:
    return site.machine(server).with_suffix(".holding").exists()


def reach(point: str, site: Site, run: Troubled) -> None:
    """Wait until the run is there."""
    if point == "opening":
        run.heard("infra.stage", stage="opening")
        run.pid("engine", "stack")
        return
    until(lambda: is_asked(site, "mon-1"), "the machine is asked")
    if point == "writing":
        until(lambda: stack_file(site).exists() and "SEWA-CONTOH-01" in stack_file(site).read_text(), "one server is written")


def stands(site: Site, outputs: dict[str, Any]) -> None:
    """Both servers are adopted once, and what is kept of them is what stands on them."""
    assert sorted(outputs) == ["app-1", "mon-1"]
    for server, output in outputs.items():
        (record,) = json.loads(site.machine(server).read_text())["files"].values()
        assert json.loads(record) == {"regency": "manokwari", "server": server, "at": output["adopted"]}


@pytest.mark.parametrize(("point", "who"), chosen())
def test_whoever_is_killed_nothing_runs_on_and_the_next_run_converges(site: Site, point: str, who: str) -> None:
    site.change("mon-1", held=HELD[point])
    with Troubled(site) as run:
        reach(point, site, run)
        run.kill(who)
        if who == "policies":
            site.change("mon-1", held="")  # the engine asks them again at its end
        broken = run.ended()
    site.change("mon-1", held="")
    if who != "child":
        assert (broken.code, broken.last["exit"]) == ("infra.engine_died", 5)
        assert broken.last["fields"]["cause"]
    again = site.run("up", now=LATER)
    if again.last["event"] == "failed":
        assert (again.code, again.last["exit"]) == ("infra.state_locked_dead", 3)
        again = site.run("recover", now=LATER)
        assert [each["holder"] for each in again.of("infra.lock_removed")]
    stands(site, again.result["outputs"])
    kept = json.loads(stack_file(site).read_text())["checkpoint"]["latest"]
    assert not kept.get("pending_operations")
    assert set(Counter(each["urn"] for each in kept["resources"]).values()) == {1}


def test_a_recovery_takes_nothing_over_where_nothing_is_half_done_or_where_nobody_knows_what_was(site: Site) -> None:
    fresh = site.run("recover")
    assert (len(fresh.of("infra.nothing_half_done")), fresh.result["outputs"]) == (1, {})
    site.change("mon-1", held="record")
    with Troubled(site) as run:
        reach("writing", site, run)
        run.kill("engine")
        run.ended()
    site.change("mon-1", held="")
    before = {server: site.machine(server).read_text() for server in ("app-1", "mon-1")}
    # As on another host: neither its notes are here nor its locks, which a person took away.
    shutil.rmtree(site.folder / "home")
    shutil.rmtree(site.folder / "state" / ".pulumi" / "locks")
    told = site.run("recover", now=LATER)
    assert len(told.of("infra.cleared")) == 1
    assert "mon-1" not in told.result["outputs"]
    assert {server: site.machine(server).read_text() for server in before} == before
    again = site.run("recover", now=LATER)
    assert len(again.of("infra.nothing_half_done")) == 1
    assert not again.of("infra.resource")
    stands(site, site.run("up", now=LATER).result["outputs"])


@pytest.fixture
def shared(tmp_path: Path, postgres: Postgres) -> Iterator[Site]:
    """The same two servers, with their state in a database that operators share."""
    state = postgres.database().replace("postgresql://", "postgres://") + "?sslmode=disable"
    with standing(tmp_path, {server: machine_of(server) for server in ("app-1", "mon-1")}, state=state) as made:
        yield made


@pytest.mark.postgres
def test_in_a_database_a_living_lock_refuses_a_dead_one_is_removed_and_a_passphrase_is_the_same_for_all(shared: Site) -> None:
    theirs = {"home": str(shared.folder / "their-home")}
    shared.change("mon-1", held="record")
    with Troubled(shared) as run:
        until(lambda: is_asked(shared, "mon-1"), "the machine is asked")
        assert shared.run("up", **theirs).code == "infra.state_locked"
        run.kill("engine")
        assert run.ended().code == "infra.engine_died"
    shared.change("mon-1", held="")
    left = shared.run("up", **theirs)
    # From inside a container, one who does not see the notes of the other cannot know.
    assert left.code == ("infra.state_locked_dead" if Here.found().whole else "infra.state_locked_elsewhere")
    stands(shared, shared.run("recover").result["outputs"])
    assert len(shared.run("recover", **theirs).of("infra.nothing_half_done")) == 1
    (shared.folder / "other").write_text("another passphrase")
    new = {"home": str(shared.folder / "new-home"), "passphrase_file": str(shared.folder / "other")}
    assert shared.run("up", **new).code == "infra.passphrase_wrong"


IN_DATABASE = [(held, who) for held in ("look", "record") for who in ("child", "engine", "provider")]


@pytest.mark.postgres
@pytest.mark.parametrize(("held", "who"), IN_DATABASE if os.environ.get("LAJUR_FULL") else [("look", "child")])
def test_in_a_database_the_next_run_converges_too(shared: Site, held: str, who: str) -> None:
    shared.change("mon-1", held=held)
    with Troubled(shared) as run:
        until(lambda: is_asked(shared, "mon-1"), "the machine is asked")
        run.kill(who)
        run.ended()
    shared.change("mon-1", held="")
    again = shared.run("recover", now=LATER)
    assert len(again.of("infra.lock_removed")) == (who != "provider")
    stands(shared, again.result["outputs"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_lets_what_is_begun_end_and_is_the_last_word(site: Site, number: signal.Signals) -> None:
    site.change("mon-1", held="record")
    with Troubled(site) as run:
        until(lambda: is_asked(site, "mon-1"), "the machine is asked")
        os.killpg(run.process.pid, number)  # as the runner does: to whoever would hear of Ctrl-C
        if number == signal.SIGTERM:
            run.heard("infra.stage", stage="stopping")
            site.change("mon-1", held="")
        told = run.ended()
    assert (told.code, told.last["exit"]) == ("infra.interrupted", 5)
    site.change("mon-1", held="")
    again = site.run("up", now=LATER)  # no lock was left, so there is nothing to recover from
    stands(site, again.result["outputs"])
    assert again.result["operations"]["app-1"] == "same"
