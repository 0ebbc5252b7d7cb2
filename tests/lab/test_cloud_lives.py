"""What the provider rents of a real control plane: made once, changed, replaced, mended, given back whole. Its servers are on
record only: those that can be entered are in `test_cloud.py` and `test_rented.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from network.lab.enter import words_inside
from network.lab.keys import write_key
from network.lab.lab import LabState

pytestmark = [pytest.mark.lab, pytest.mark.cloud, pytest.mark.timeout(1200)]


def told(with_fake_cloud: LabState, program: str, *words: str) -> dict[str, Any]:
    """What the program saw, inside `noc`."""
    file = Path(__file__).with_name(program)
    whole = [*words_inside(with_fake_cloud), sys.executable, str(file), str(with_fake_cloud.clouds), *words]
    done = subprocess.run(whole, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def seen(with_fake_cloud: LabState, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    key = tmp_path_factory.mktemp("key") / "key"
    key.with_suffix(".pub").write_text(f"{write_key(key)}\n")
    return told(with_fake_cloud, "cloud_lives.py", str(key))


def test_what_was_made_is_as_it_was_wanted_and_as_it_is_imported(seen: dict[str, Any]) -> None:
    assert seen["after creation"] == {}
    assert seen["imported"] == {}


def test_when_the_state_is_lost_all_is_found_again_and_nothing_made_twice(seen: dict[str, Any]) -> None:
    assert seen["made twice"] == []
    assert seen["more than before"] is False


def test_what_can_be_changed_is_changed_where_it_stands(seen: dict[str, Any]) -> None:
    assert seen["same ones"] is True
    assert seen["after changes"] == {}


def test_what_somebody_did_by_hand_is_seen_and_mended(seen: dict[str, Any]) -> None:
    assert seen["by hand"] == {"Group": ["rules"], "Server": ["power"], "Address": ["port"]}
    assert seen["mended"] == {}


def test_what_cannot_be_changed_is_replaced(seen: dict[str, Any]) -> None:
    assert seen["replaced"] == {"grown": 2, "demands": ["size"], "another": True, "size": 1}


def test_what_is_refused_says_why_in_the_cloud_s_words(seen: dict[str, Any]) -> None:
    codes = {case: told[0].removeprefix("infra.cloud_") for case, told in seen["refused"].items()}
    assert codes == {
        "quota": "quota",
        "login": "login",
        "unknown": "unknown",
        "no room": "no_room",
        "no flavor": "unoffered",
        "not outside": "field",
        "too late": "timeout",
        "late, again": "made",
        "in use": "in_use",
    }
    assert "No valid host" in seen["refused"]["no room"][1]
    for case in ("quota", "login", "not outside", "in use"):
        assert seen["refused"][case][2].startswith("req-"), seen["refused"][case]
    assert "wrong-one" not in json.dumps(seen)


def test_all_of_it_is_given_back_and_what_is_gone_is_done(seen: dict[str, Any]) -> None:
    assert seen["left"] == {}
    assert seen["looked at when gone"] == ["gone"]


@pytest.mark.engine
def test_the_engine_makes_mends_replaces_and_imports_it(with_fake_cloud: LabState, tmp_path: Path) -> None:
    seen = told(with_fake_cloud, "cloud_engine.py", str(tmp_path))
    assert (seen["preview"], seen["after preview"]) == ({"create": 3}, 0)
    assert (seen["up"], seen["again"]) == ({"create": 3}, {"same": 3})
    assert (seen["drift"], seen["resolvers"]) == ({"same": 2, "update": 1}, [])
    assert (seen["replaced"], seen["another"]) == ({"replace": 1, "same": 1, "update": 1}, True)
    assert seen["left"] == []
    assert (seen["import"]["import"], seen["imported"], seen["marked"]) == (1, True, ["lajur=manokwari/dalam"])
    assert seen["failed"] == []
