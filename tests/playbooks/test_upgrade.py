"""Servers as the roles of the release before left them, played with today's.

`release_before.tar.xz` holds what that release played: `playbooks/`, `ansible.cfg` and the alerts. Each release makes it anew:
`git archive --format=tar TAG ansible.cfg playbooks qos-api/alerts | xz -9 > tests/playbooks/release_before.tar.xz`.
"""

from __future__ import annotations

import os
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from network.server_wiring import entered, ssh_config
from network.settings import Settings
from network.wiring import open_regency
from tests.playbooks.conftest import Engineer, Played, engineer

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1500)]

LAB = f"upg{os.getpid() % 10**6}"
BEFORE = Path(__file__).with_name("release_before.tar.xz")
SITE = "playbooks/site.yml"
FRESH, CARRIED = "app-1", "app-2"
"""Two servers of one kind: the release before was never on the first."""
LAID = (
    "{ find /etc /srv /usr/local /var/lib/lajur ! -type d -printf '%m %u %g %p\\n';"
    " systemctl list-unit-files --no-legend --type=service,timer,socket | awk '{print $1, $2}';"
    " dpkg-query -W -f '${Package} ${db:Status-Status}\\n'; nft list ruleset | grep -v elements; } | sort"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """`before` is the folder of the release before."""

    own: Engineer
    before: Path
    ssh: Path

    def laid(self, server: str) -> set[str]:
        """What stands on a server: files with their rights, units, packages, rules of its firewall; its own name left out."""
        done = subprocess.run(
            ["ssh", "-F", str(self.ssh), server, LAID], capture_output=True, text=True, timeout=240, check=True
        ).stdout
        return {line.replace(server, "SERVER") for line in done.splitlines()}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The bare servers of manokwari under a key of their own; down again whatever happens."""
    folder = tmp_path_factory.mktemp("upgrade")
    own = engineer(folder, "manokwari", LAB, patience=900)
    with tarfile.open(BEFORE) as archive:
        archive.extractall(folder / "before", filter="data")
    try:
        own.lajur("lab", "up", "--servers", "--offices", "1")
        settings = Settings.read(own.lajur.environment, folder)
        ssh = folder / "ssh_config"
        ssh.write_text(ssh_config(entered(settings, open_regency(settings, LAB)).ways.values()))
        yield Ground(own=own, before=folder / "before", ssh=ssh)
    finally:
        own.lajur("lab", "down", "--lab", LAB)


def test_servers_of_the_release_before_become_those_of_today(ground: Ground) -> None:
    ground.own.run("ansible-playbook", SITE, "--limit", f"servers:!{FRESH}", folder=ground.before)
    old = ground.laid(CARRIED)
    carried: Played = ground.own(SITE)
    assert not carried.failed
    assert ground.own(SITE).changed == set(), "it takes more than one play"
    assert ground.own.lajur.json("drift", "--servers")["findings"] == []
    new = ground.laid(CARRIED)
    assert new != old, "the two releases do not differ: nothing was tried"
    assert new == ground.laid(FRESH), "the release before left something behind, or today's needs a bare server"
