"""A rented server from the truth to the cloud and back, by the command: rented, entered, mended, played on, given back whole."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from network.bench.renting import hands
from network.lab.enter import words_inside
from network.lab.lab import LabState
from tests.stories.conftest import Command, command

pytestmark = [pytest.mark.lab, pytest.mark.cloud, pytest.mark.engine, pytest.mark.timeout(1200)]
KEY = "practice-1"
PREFIX = "lajur-manokwari_"
BEFORE = [("server.rented", KEY), ("server.returned", KEY)]
"""On record of a stay that is over, as the first one here is."""


@pytest.fixture(scope="module")
def rented(with_cloud: LabState, tmp_path_factory: pytest.TempPathFactory) -> tuple[LabState, Command]:
    own = command(tmp_path_factory.mktemp("rented"), Path("inventory/regencies").resolve(), "manokwari")
    own.environment["LAJUR_LAB"] = with_cloud.plan.lab
    return with_cloud, own


def by_hand(there: LabState, deed: str) -> dict[str, list[str]]:
    words = [*words_inside(there), sys.executable, "-m", hands.__name__, str(there.clouds), PREFIX, deed]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def differences(lajur: Command, code: int) -> set[str]:
    found = lajur.json("infra", "drift", code=code)["findings"]
    return {each["name"] for each in found}


def actions(lajur: Command) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in lajur("audit", "export").splitlines()]
    return [(each["action"], each["subject"]) for each in lines if each["action"].startswith("server.re")]


def changed(lajur: Command, folder: Path, pattern: str, instead: str) -> Command:
    """The command over a truth whose clouds.yaml was changed."""
    shutil.copytree("inventory/regencies/manokwari", folder / "manokwari")
    truth = folder / "manokwari" / "clouds.yaml"
    text, count = re.subn(pattern, instead, truth.read_text())
    assert count
    truth.write_text(text)
    return Command({**lajur.environment, "LAJUR_REGENCIES": str(folder)})


@pytest.mark.parametrize(("pattern", "instead"), [(r'(checksum: "sha512:)\\\n(\s*)\w', r"\1\\\n\g<2>0"), ("small", "mungil")])
def test_what_a_cloud_lacks_is_refused_before_anything_is_rented(
    rented: tuple[LabState, Command], tmp_path: Path, pattern: str, instead: str
) -> None:
    there, lajur = rented
    other = changed(lajur, tmp_path, pattern, instead)
    other("infra", "preview", code=3)
    other("infra", "up", "--yes", code=3)
    assert by_hand(there, "list") == {}
    assert actions(lajur) == []


def test_what_was_begun_for_a_server_that_cannot_be_made_is_told(rented: tuple[LabState, Command], tmp_path: Path) -> None:
    """Its volume is paid for: who looks is told of it until somebody goes on, or gives it back."""
    there, lajur = rented
    other = changed(lajur, tmp_path, rf"(key: {KEY}\n)", r"\1    zone: nowhere\n")
    other("infra", "up", "--yes", code=3)
    begun = by_hand(there, "list")
    assert begun.keys() >= {"volume", "key", "network"}
    assert "server" not in begun
    findings = lajur.json("infra", "drift", code=2)["findings"]
    assert ("rented_begun", KEY, "volume") in {(each["kind"], each["server"], each["name"]) for each in findings}
    (rent,) = lajur.json("infra", "costs")["rents"]
    assert (rent["server"], rent["part"], rent["stands"]) == (KEY, "volume", True)
    lajur.json("infra", "destroy", "--server", KEY, "--release", "--yes")
    assert by_hand(there, "list") == {}
    (rent,) = lajur.json("infra", "costs")["rents"]
    assert not rent["stands"]


def interrupted(lajur: Command, verb: str, at: str, times: int) -> int:
    """Have that interrupted when it comes to this part of the server; the exit code."""
    words = lajur.words("infra", verb, "--server", KEY, "--yes", "--lang", "en", *(["--release"] if verb == "destroy" else []))
    own: dict[str, Any] = {"env": lajur.environment, "start_new_session": True, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(words, stdout=subprocess.PIPE, **own) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if f"({at})" in line:
                break
        for _ in range(times):
            running.send_signal(signal.SIGINT)
            time.sleep(0.2)
        running.stdout.read()
    return running.returncode


def test_what_a_killed_run_began_is_counted_and_given_back_whole(rented: tuple[LabState, Command]) -> None:
    there, lajur = rented
    assert interrupted(lajur, "up", "machine", 2) != 0
    assert by_hand(there, "list").keys() >= {"volume", "key", "network"}
    assert [each["stands"] for each in lajur.json("infra", "costs")["rents"]] == [False, True]
    lajur("infra", "destroy", "--server", KEY, "--release", "--yes")
    assert by_hand(there, "list") == {}
    assert [each["stands"] for each in lajur.json("infra", "costs")["rents"]] == [False, False]


def test_it_is_rented_with_all_that_it_stands_on_and_nothing_twice(rented: tuple[LabState, Command]) -> None:
    there, lajur = rented
    ahead = lajur.json("infra", "preview", code=2)
    assert {each["server"]: each["operation"] for each in ahead["servers"]}[KEY] == "create"
    up = lajur.json("infra", "up", "--yes")
    assert {each["server"]: each["result"] for each in up["servers"]} == {"awan": "done", KEY: "done"}
    held = by_hand(there, "list")
    assert {kind: len(names) for kind, names in held.items()} == dict.fromkeys(
        ("network", "router", "group", "port", "volume", "key", "server", "address"), 1
    )
    again = lajur.json("infra", "up", "--yes")
    assert again["worked"] == 0
    assert by_hand(there, "list") == held
    assert actions(lajur)[-2:] == [*BEFORE[1:], ("server.rented", KEY)]
    state = "".join(each.read_text() for each in there.clouds.parent.glob("infra/state/**/*.json")) if there.clouds else ""
    password = next(
        line.split()[-1] for line in str(there.clouds and there.clouds.read_text()).splitlines() if "password:" in line
    )
    assert KEY in state
    assert password not in state
    assert "PRIVATE KEY" not in state


def test_it_is_a_host_like_any_other(rented: tuple[LabState, Command]) -> None:
    there, lajur = rented
    (address,) = by_hand(there, "list")["address"]
    put_out = lajur.json("infra", "outputs")["servers"][KEY]
    assert put_out["address"] == address
    assert put_out["acceptance"]["accepted"] is True
    environment = {**lajur.environment, "ANSIBLE_CONFIG": "ansible.cfg"}
    words = [str(Path(sys.executable).with_name("ansible")), "-i", "playbooks/lajur.yml", KEY, "-m", "ansible.builtin.raw"]
    said = subprocess.run(
        [*words, "-a", "cat /var/lib/lajur/adopted"], env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert f'"server": "{KEY}"' in said.stdout


def test_what_somebody_does_by_hand_is_found_and_mended(rented: tuple[LabState, Command]) -> None:
    """A server that was deleted is made anew, and known again at its address."""
    there, lajur = rented
    assert differences(lajur, 0) == set()
    for deed in ("open", "unmark", "delete"):
        by_hand(there, deed)
    assert differences(lajur, 2) >= {"group.rules", "network.owner", "machine", "attachment"}
    up = lajur.json("infra", "up", "--yes")
    assert {each["server"]: each["result"] for each in up["servers"]}[KEY] == "done"
    assert differences(lajur, 0) == set()
    assert actions(lajur)[-2:] == [*BEFORE[1:], ("server.rented", KEY)], "it stayed rented"


def test_it_is_given_back_with_all_that_it_stood_on(rented: tuple[LabState, Command]) -> None:
    there, lajur = rented
    lajur("infra", "destroy", "--server", KEY, "--yes", code=3)
    assert by_hand(there, "list")["server"], "a protected one goes only by name and word"
    assert interrupted(lajur, "destroy", "attachment", 1) == 130
    assert by_hand(there, "list")["server"], "what has begun came to its end, and nothing more"
    assert lajur.json("infra", "costs")["rents"][-1]["stands"]
    assert "volume" in {each["name"] for each in lajur.json("infra", "drift", code=5)["findings"] if each["reason"] == "leaving"}
    lajur("infra", "recover", code=5)
    lajur.json("infra", "destroy", "--server", KEY, "--release", "--yes")
    assert by_hand(there, "list") == {}
    assert actions(lajur)[-3:] == [*BEFORE[1:], *BEFORE]
    assert lajur.json("infra", "outputs")["servers"] == {}
    pinned = there.known_hosts.read_text()
    assert "100.68." not in pinned, "whoever has its address next is not taken for it"
