"""An agent with the keys of many servers, before an OpenSSH server that lets nobody try many."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from network.errors import Refused
from network.runners.agent import agent, shown_key
from network.server_wiring import Way, ssh_config
from tests.contract.sshd import ADDRESS, Sshd

OWN = "env:LAJUR_KEY_OWN"
OTHERS = 4


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Sshd]:
    made = Sshd(tmp_path)
    made.stop()
    with (tmp_path / "config").open("a") as config:
        config.write(f"MaxAuthTries {OTHERS - 1}\n")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def keys(server: Sshd, tmp_path: Path) -> Mapping[str, str]:
    """By reference, this server's own after those of others."""
    found = {}
    for number in range(OTHERS):
        server.make_key(f"other{number}")
        found[f"env:LAJUR_KEY_{number}"] = (tmp_path / f"other{number}").read_text()
    return {**found, OWN: server.client_key}


def way(server: Sshd, public: Path | None) -> Way:
    known = server.known_hosts()
    return Way(server="app-1", host=ADDRESS, port=server.port, user=getpass.getuser(), known_hosts=known, key=None, public=public)


def entered(folder: Path, way: Way, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    (folder / "ssh_config").write_text(ssh_config([way]))
    words = ["ssh", "-n", "-F", str(folder / "ssh_config"), "app-1", "echo here"]
    own = {**os.environ, **environment}
    return subprocess.run(words, env=own, capture_output=True, text=True, timeout=240, check=False)


def test_each_server_sees_its_own_key_alone(server: Sshd, keys: Mapping[str, str], tmp_path: Path) -> None:
    with agent(keys, "app-1") as environment:
        public = shown_key(OWN, environment)
        assert public is not None
        done = entered(tmp_path, way(server, public), environment)
        assert (done.stdout, done.returncode) == ("here\n", 0), done.stderr
        # What it is spared: whatever the agent has is offered, and its own comes too late.
        done = entered(tmp_path, way(server, None), environment)
        assert (done.stdout, done.returncode) == ("", 255)
        assert "Too many authentication failures" in done.stderr
        folder = public.parent
    assert not folder.exists()


def test_no_private_key_lies_anywhere(keys: Mapping[str, str]) -> None:
    with agent(keys, "app-1") as environment:
        shown = [shown_key(reference, environment) for reference in keys]
        assert len({file.read_text().split()[1] for file in shown if file}) == len(keys)
        (folder,) = {file.parent for file in shown if file}
        assert folder.stat().st_mode & 0o077 == 0
        assert not any("PRIVATE" in each.read_text() for each in folder.iterdir() if each.is_file())


def test_of_a_key_that_no_agent_of_ours_has_nothing_is_shown(keys: Mapping[str, str]) -> None:
    with agent(keys, "app-1") as environment:
        assert shown_key("env:LAJUR_KEY_NEW", environment) is None
    assert shown_key(OWN, {}) is None
    assert shown_key(OWN, environment) is None
    with agent({}, "app-1") as nothing:
        assert nothing == {}


def test_what_is_no_key_is_refused() -> None:
    with pytest.raises(Refused) as told, agent({OWN: "no key"}, "app-1"):
        pytest.fail("there is no such key")
    assert told.value.code == "play.agent"
    assert "no key" not in str(told.value.fields["reason"])
