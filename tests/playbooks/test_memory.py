"""An engineer's plays on devices in memory: looked at, carried out, given again; what a limit does, and what errors say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.playbooks.conftest import LINKS, QOS, ROOT, Engineer, engineer, lines_in

pytestmark = pytest.mark.timeout(600)

KEY = "buku"
OFFICES = 12


@pytest.fixture
def ansible(tmp_path: Path) -> Engineer:
    return engineer(tmp_path, "tolikara", KEY)


def test_hosts_and_groups_come_from_the_truth(ansible: Engineer) -> None:
    listed = json.loads(ansible.run("ansible-inventory", "--list"))
    assert len(listed["_meta"]["hostvars"]) == OFFICES + 4
    assert listed["stage_pilot"]["hosts"] == ["r-kominfo", "r-bappeda", "r-dpmptsp"]
    assert set(listed["hub_kgm"]["hosts"]) == {"hub-kgm", "r-pkm-kanggime", "r-distrik-kanggime", "r-distrik-kembu"}
    for group in ("office_dpmptsp", "platform_linux", "platform_frr", "role_core", "class_office"):
        assert listed[group]["hosts"]
    assert "env:" not in json.dumps(listed)


def test_queues_are_looked_at_carried_out_and_then_hold(ansible: Engineer) -> None:
    looked = ansible(QOS, "--check", "--diff")
    assert looked.changed == {"core"}
    assert lines_in(looked.text, ansible.lajur("plan", code=2))

    refused = ansible(QOS, "--limit", "stage_pilot", code=2, LAJUR_LANG="id")
    assert len(refused.failed) == 1
    assert "tidak ada yang diubah" in refused.text
    ansible.lajur("plan", code=2)

    assert ansible(QOS, "-v").changed == {"core"}
    assert ansible.lajur("plan")
    assert not ansible(QOS, "--diff").changed


def test_links_are_looked_at_carried_out_in_batches_and_then_hold(ansible: Engineer) -> None:
    looked = ansible(LINKS, "--check", "--diff")
    assert len(looked.changed) == OFFICES + 3
    assert lines_in(looked.text, ansible.lajur("link", "plan", code=2))

    pilot = ansible(LINKS, "--limit", "stage_pilot")
    assert pilot.changed == {"r-kominfo", "r-bappeda", "r-dpmptsp"}
    assert set(pilot.hosts) == pilot.changed

    rest = ansible(LINKS, "--diff", "-vvv")
    assert rest.changed == set(looked.changed) - pilot.changed
    assert rest.text.count("PLAY [") == 3
    assert "md5 ********" in rest.text
    assert "md5 memory" not in rest.text

    again = ansible(LINKS, "--diff")
    assert set(again.hosts) == set(looked.hosts)
    assert not again.changed
    assert not again.failed
    ansible.lajur("link", "plan")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('{"lajur_batches": "x"}', "lajur_batches adalah x; tulis daftar"),
        ('{"lajur_batches": []}', "lajur_batches adalah []"),
        ('{"lajur_batches": [0]}', "lajur_batches adalah [0]"),
        (
            '{"lajur_canary": "role_hubb"}',
            "lajur_canary menyebut role_hubb, yang bukan kelompok maupun perangkat dalam inventaris. Barangkali: role_hub",
        ),
    ],
)
def test_settings_that_mean_nothing_are_refused_before_anything_is_done(setting: str, said: str, ansible: Engineer) -> None:
    for words in (("--check",), ()):
        refused = ansible(LINKS, "-e", setting, *words, code=2, LAJUR_LANG="id")
        assert said in " ".join(refused.text.split())
        assert not refused.changed


def test_the_first_that_fails_ends_the_play(ansible: Engineer) -> None:
    devices = Path(ansible.lajur.environment["LAJUR_REGENCIES"]) / KEY / "devices.yaml"
    head, found, rest = devices.read_text().partition("  - key: r-setda\n    role: office\n    platform: linux\n")
    assert found
    rest = rest.replace("    services: {routing: frr}\n", "", 1)
    devices.write_text(f"{head}{found}{rest}")
    stopped = ansible(LINKS, "-e", "lajur_canary=r-setda", code=2)
    assert set(stopped.hosts) == stopped.failed == {"r-setda"}
    assert "linux" in stopped.text
    ansible.lajur("link", "plan", "r-kominfo", code=2)


def test_a_regency_that_there_is_not_and_a_play_from_elsewhere(ansible: Engineer, tmp_path: Path) -> None:
    gone = {"LAJUR_REGENCY": "atlantis", "LAJUR_LANG": "id"}
    missing = ansible.run("ansible-playbook", QOS, "--check", code=1, environment=gone)
    assert "Tidak ada kabupaten atlantis" in missing
    assert KEY in missing

    own = tmp_path / "own.yml"
    own.write_text(f"plugin: lajur\nregency: {KEY}\nregencies: regencies\n")
    words = (str(ROOT / QOS), "--check", "-i", str(own))
    elsewhere = {"LAJUR_REGENCY": "atlantis", "LAJUR_REGENCIES": str(tmp_path)}
    assert "changed=1" in ansible.run("ansible-playbook", *words, folder=tmp_path, environment=elsewhere)
