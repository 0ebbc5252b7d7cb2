"""A leased server given back by an engineer, on a real machine: its services stopped, its data and credentials wiped, a paper."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.engine.binary import find
from inventory.load import load_regency
from inventory.views import small_copy
from network.lab import lab
from network.lab.lab import LabState
from network.ledger.sqlite import open_sqlite
from network.server_wiring import entered, ssh_config
from network.settings import Settings
from network.wiring import open_regency
from tests.playbooks.conftest import Engineer, engineer
from tests.stories.conftest import Command

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]

LAB = f"ret{os.getpid() % 10**6}"
RETURN = "playbooks/lease_return.yml"
SERVER, OTHER = "app-1", "mon-1"
LAID = r"""
set -e
mkdir -p /var/lib/postgresql/15/main/base/1 /etc/postgresql/15/main/conf.d /srv/lajur/gateway/shared /var/lib/pgbackrest
for i in $(seq 300); do head -c 8192 /dev/urandom >/var/lib/postgresql/15/main/base/1/$i; done
head -c 200000000 /dev/zero >/var/lib/postgresql/15/main/base/1/large
echo port=5432 >/etc/postgresql/15/main/conf.d/lajur.conf
echo personal >/srv/lajur/gateway/shared/upload
mkdir -p /etc/lajur/credentials/gateway && echo secret >/etc/lajur/credentials/gateway/database
cd /etc/systemd/system
printf '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n' >lajur-gateway.service
systemctl -q enable --now lajur-gateway.service
"""
LEFT = "find /var/lib/postgresql /etc/postgresql /srv/lajur /etc/lajur ! -type d 2>/dev/null | wc -l"


class Ground:
    """An engineer, and the servers of a lab of theirs."""

    def __init__(self, own: Engineer, state: LabState, ssh: Path) -> None:
        self.ansible, self.state, self._ssh = own, state, ssh

    def on(self, server: str, text: str, code: int = 0) -> str:
        """Over SSH, as long as we are let in."""
        words = ["ssh", "-F", str(self._ssh), "-o", "ControlMaster=no", "-o", "ControlPath=none", server, "sh -s"]
        done = subprocess.run(words, input=text, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout.strip()

    def inside(self, server: str, text: str) -> str:
        """From this machine, past every lock."""
        return lab.exec_in(LAB, server, ["sh", "-c", text]).stdout.strip()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One office and two servers, both taken over; down again whatever happens."""
    folder = tmp_path_factory.mktemp("return")
    engine = find(os.environ)
    assert engine is not None, "make setup builds it"
    plain = engineer(folder, "manokwari", LAB)
    own = Engineer(Command({**plain.lajur.environment, "LAJUR_INFRA_ENGINE": str(engine.path)}))
    settings = Settings.read(own.lajur.environment, folder)
    whole = load_regency(Path(own.lajur.environment["LAJUR_REGENCIES"]) / LAB)
    servers = tuple(each for each in whole.servers if each.key in (SERVER, OTHER))
    try:
        lab.up(small_copy(whole, 1).model_copy(update={"servers": servers}), LAB, timeout=240, servers=True)
        ssh = folder / "ssh_config"
        ssh.write_text(ssh_config(entered(settings, open_regency(settings, LAB)).ways.values()))
        own.lajur("infra", "up", "--yes")
        (state,) = lab.find(LAB)
        yield Ground(own, state, ssh)
    finally:
        lab.down(LAB)


def test_a_server_is_given_back_with_its_data_wiped_and_proved(ground: Ground) -> None:
    ansible = ground.ansible
    ground.on(SERVER, LAID)

    for words, said in (
        ((), "lajur_return=app-2"),
        (("-e", f"lajur_return={SERVER}"), "protected"),
        (("-e", "lajur_return=app-9", "-e", "lajur_release=true"), "app-9"),
        (("-e", f"lajur_return={SERVER}", "-e", "lajur_release=true"), "--without-backup"),
    ):
        refused = ansible(RETURN, *words, code=2, LAJUR_LANG="en")
        assert said in " ".join(refused.text.split())
    named = ("-e", f"lajur_return={SERVER}", "-e", "lajur_release=true")

    both = ("-e", f"lajur_return={OTHER},{SERVER}", "-e", "lajur_release=true")
    assert ansible(RETURN, *both, "--check", LAJUR_LANG="en").changed == {SERVER, OTHER}
    looked = ansible(RETURN, *named, "--check", "--diff", LAJUR_LANG="en")
    assert set(looked.hosts) == looked.changed == {SERVER}
    assert all(word in looked.text for word in ("/var/lib/postgresql", "/srv/lajur/gateway", "301", "gateway")), looked.text
    assert ground.on(SERVER, f"systemctl is-active lajur-gateway; {LEFT}").split() == ["active", "304"]

    why = ("-e", json.dumps({"lajur_without_backup": "a copy of the test"}))
    done = ansible(RETURN, *named, *why, LAJUR_LANG="en")
    assert "Given back: app-1" in done.text
    paper = Path(re.search(r"\S+return-app-1\.json", done.text)[0])  # type: ignore[index]
    proof = json.loads(paper.read_text())
    trees = {tree["path"]: tree for tree in proof["data"]}
    assert (trees["/var/lib/postgresql"]["files"], trees["/var/lib/postgresql"]["missed"]) == (301, 0)
    assert trees["/var/lib/postgresql"]["bytes"] == 300 * 8192 + 200_000_000
    assert (proof["allowed"], proof["stopped"]) == ("a copy of the test", ["lajur-gateway.service"])
    assert all(tree["after"] == "gone" for tree in trees.values())

    ground.on(SERVER, "true", code=255)
    seen = ground.inside(SERVER, f"systemctl is-active lajur-gateway; systemctl is-enabled lajur-gateway; {LEFT}")
    assert seen.split() == ["inactive", "disabled", "0"]
    with open_sqlite(Path(ansible.lajur.environment["LAJUR_STATE"])) as ledger:
        begun = [each.event.detail for each in ledger.entries() if each.event.action == "infra.begun"][-1]
    assert begun["without_backup"] == "a copy of the test"
