"""What is kept of a run that never ended: of a return, half by half; of any change, what it was at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra import record
from infra.adopting import adopt
from infra.errors import ReachError
from infra.releasing import release
from infra.request import Request, Verb
from infra.unfinished import Left, Unfinished
from tests.unit.infra.test_adopting import OWN, Box, Ground

ONE = {"kind": "history", "path": "/srv/siti/.bash_history", "before": "-", "after": "gone"}


@pytest.fixture
def ground() -> Ground:
    return Ground()


class Cut(Box):
    """Its connection breaks while it is wiped."""

    def _wiped(self, text: str) -> str:
        raise ReachError("infra.cut", server="app-1", address="-", reason="-")


def test_a_return_is_on_record_before_anything_is_wiped_though_nothing_is_proved(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box = Cut(held=ground.box.held)
    with pytest.raises(ReachError, match="cut"):
        release(ground.task(), state)
    (begun,) = ground.of("infra.wiping")
    assert (begun["proof"]["whole"], begun["proof"]["wiped"]) == (False, [])
    assert ground.of("infra.wiped") == ground.of("infra.released") == []

    ground.access["wiped"], ground.box.locked = begun["proof"], True
    with pytest.raises(ReachError, match="login_refused"):
        release(ground.task(), state)  # nobody heard that the first half was done
    assert ground.of("infra.released") == []


def test_who_is_not_let_in_has_begun_nothing(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.locked = True
    with pytest.raises(ReachError, match="login_refused"):
        release(ground.task(), state)
    assert ground.of("infra.wiping") == []


def test_what_an_earlier_run_proved_is_in_the_proof_of_the_one_that_finishes(ground: Ground) -> None:
    state = adopt(ground.task())
    way = {"own": OWN, "user": "lajur", "host": "100.67.0.11", "port": 22}
    kept = {"whole": True, "ended": True, "wiped": [ONE], "last_begun": True, **way, "adopted": state["adopted"]}
    ground.access["wiped"] = kept
    release(ground.task(), state)
    assert ground.of("infra.wiping")[0]["proof"] == {**kept, "data": [], "stopped": []}, (
        "what was proved is not forgotten meanwhile"
    )
    assert ground.of("infra.released")[0]["proof"]["wiped"] == [ONE]
    assert record.READ not in ground.box.ran


def request(folder: Path, verb: Verb, **more: Any) -> Request:
    (folder / "work" / "manokwari").mkdir(parents=True, exist_ok=True)
    paths = dict.fromkeys(("folder", "passphrase_file", "known_hosts", "reports"), folder)
    named = {"state": f"file://{folder}", "project": "lajur", "stack": "manokwari", "access": {}}
    times = {"today": "2026-11-26", "now": "2026-11-26T08:00:00Z"}
    return Request.model_validate({"verb": verb, "home": folder, **paths, **named, **times, **more})


def test_what_a_run_was_at_stays_until_it_ends_in_order(tmp_path: Path) -> None:
    run = Unfinished(request(tmp_path, Verb.REFRESH, only=["app-1"], baseline=["app-1"]))
    run.begin()
    left = Left(verb=Verb.REFRESH, servers=("app-1",), baseline=("app-1",))
    for code in ("infra.engine_died", "infra.state_unreachable", "infra.interrupted"):
        run.end(code)
        assert Unfinished(request(tmp_path, Verb.RECOVER)).left() == left

    other = Unfinished(request(tmp_path, Verb.UP))
    other.end("infra.state_locked")
    other.end()
    assert other.left() == left, "who never began ends nothing of another's"
    Unfinished(request(tmp_path, Verb.DRIFT)).begin()
    recovering = Unfinished(request(tmp_path, Verb.RECOVER))
    recovering.begin()
    assert recovering.left() == left, "who recovers carries on with it"
    recovering.end("infra.login_refused")
    assert recovering.left() is None


def test_of_an_engine_that_was_killed_the_note_stays_whatever_is_said(tmp_path: Path) -> None:
    run = Unfinished(request(tmp_path, Verb.UP))
    run.begin()
    run.keep()
    for code in ("infra.interrupted", "infra.several_failed", ""):
        run.end(code)
    assert run.left() == Left(verb=Verb.UP, servers=(), baseline=())


def test_a_note_that_could_not_be_written_is_tried_again_before_the_next_word(tmp_path: Path) -> None:
    run = Unfinished(request(tmp_path, Verb.UP))
    work = tmp_path / "work"
    work.rename(tmp_path / "away")
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            run.begin()
    (tmp_path / "away").rename(work)
    run.begin()
    assert run.left() is not None


@pytest.mark.parametrize("note", ["", "[]", json.dumps({"verb": "dance", "servers": [], "baseline": []}), '{"verb": "up"}'])
def test_a_note_that_cannot_be_read_says_nothing(tmp_path: Path, note: str) -> None:
    asked = request(tmp_path, Verb.RECOVER)
    (tmp_path / "work" / "manokwari" / "unfinished.json").write_text(note)
    assert Unfinished(asked).left() is None
