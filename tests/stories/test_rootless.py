"""Somebody who is not root: a whole lab is refused, a cloud stands alone, and its servers are records."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from tests.stories.conftest import Command, command, copied

KEY = f"rakyat{os.getpid() % 10**5}"
USERS = ("unshare", "--user", "--map-user", "1000", "--map-group", "1000")
"""To the machine whoever runs the tests; to every program in there user 1000, who may do nothing that root may."""


def allowed() -> bool:
    return subprocess.run([*USERS, *USERS, "true"], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.lab,
    pytest.mark.cloud,
    pytest.mark.engine,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not allowed(), reason="no user namespaces on this machine"),
    pytest.mark.allowed_skip("a machine without user namespaces has no cloud without root, as `lab.needs_users` says"),
]


@dataclass(frozen=True, slots=True)
class Powerless(Command):
    """The command as somebody who is not root gives it, below the users that `holder` has."""

    holder: int
    patience: ClassVar[float] = 900  # once, the base of the cloud is made

    def words(self, *words: str) -> list[str]:
        return ["nsenter", "--user", "--preserve-credentials", "--target", str(self.holder), *Command.words(self, *words)]


@pytest.fixture
def lajur(tmp_path: Path) -> Iterator[Powerless]:
    environment = command(tmp_path, copied(tmp_path, "manokwari", KEY), KEY).environment
    with subprocess.Popen([*USERS, "sh", "-c", "echo; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        own = Powerless(environment, holder.pid)
        try:
            yield own
        finally:
            own("lab", "down", "--lab", KEY)
            holder.terminate()


def test_without_root_a_cloud_stands_alone_and_its_servers_are_records(lajur: Powerless) -> None:
    lajur("lab", "up", code=3)
    lajur("lab", "up", "--cloud", "--servers", code=3)

    made = lajur.json("lab", "up", "--cloud")
    assert {name: made[name] for name in ("offices", "servers", "nodes", "fake", "next")} == {
        "offices": 0,
        "servers": 0,
        "nodes": 2,
        "fake": True,
        "next": "lajur infra preview",
    }
    assert not Path(made["clouds"]).exists(), "the machine itself has nothing of it"
    seen = lajur.json("lab", "status")
    assert (seen["state"], seen["fake"], [node["key"] for node in seen["nodes"]]) == ("ready", True, ["noc", "cloud"])
    assert "uid=0" in lajur("lab", "exec", "noc", "--", "id")

    lajur("lab", "traffic", code=3)
    lajur("status")  # in memory: nothing but a cloud is there
    rented = lajur.json("infra", "up", "--yes", code=5)
    assert {each["server"]: each["result"] for each in rented["servers"]} == {"awan": "done", "practice-1": "failed"}
    assert "practice-1" in lajur("infra", "drift", code=2)
    lajur("infra", "destroy", "--server", "practice-1", "--release", "--yes")
    assert "practice-1" not in lajur("infra", "drift", code=2), "nothing of it is left"

    assert lajur.json("lab", "down")["labs"] == [KEY]
    assert lajur.json("lab", "status")["state"] == "absent"
