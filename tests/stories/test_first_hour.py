"""The first hour with real equipment, line by line: a regency from questions or a table, and a key that is trusted."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from network.drivers.host_keys import pinned
from tests.contract.ssh_peer import ADDRESS, Peer, ecdsa, key_of
from tests.contract.test_device_command import answering_at
from tests.stories.conftest import Command, answers, command
from tests.unit.cli.test_init import ACCESS, HEAD, REST, WHOLE

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def lajur(tmp_path: Path) -> Command:
    return command(tmp_path, tmp_path / "regencies", "coba")


def typed(lajur: Command, lines: list[str], *words: str, code: int = 0) -> str:
    """Run one line with answers on standard input; what it said."""
    done = subprocess.run(
        lajur.words(*words),
        input="".join(f"{line}\n" for line in lines),
        env=lajur.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def test_a_regency_from_questions_is_whole(lajur: Command, tmp_path: Path) -> None:
    folder = tmp_path / "regencies" / "coba"
    waiting = typed(lajur, WHOLE, "init", str(folder), "--dry-run", code=2)
    assert "illustrative: false" in waiting
    assert not folder.exists()
    said = typed(lajur, [*WHOLE, "y"], "init", str(folder))
    assert "lajur device trust" in said
    checked = lajur.json("inventory", "check")
    assert (checked["errors"], checked["warnings"]) == (0, 0)
    assert {each["trusted"][0] if each["trusted"] else None for each in lajur.json("device", "list")["devices"]} == {None}
    typed(lajur, [*WHOLE, "y"], "init", str(folder), code=3)


def test_a_regency_from_a_table_of_an_indonesian_spreadsheet(lajur: Command, tmp_path: Path) -> None:
    table = tmp_path / "kantor.csv"
    rows = ["Nama;Kelas;Hub;Alamat IP", "Dinas Kominfo;core;Pusat;10.10.0.40", "Puskesmas Ilu;branch;Ilu;"]
    table.write_bytes("\ufeff".encode() + "\r\n".join(rows).encode())
    lines = [*HEAD, "", *REST, "", "", "", "", *ACCESS, "ya"]
    typed(lajur, lines, "init", "--offices", str(table), "--lang", "id")
    assert lajur.json("inventory", "check")["errors"] == 0
    addresses = {each["device"]: each["address"] for each in lajur.json("device", "list")["devices"]}
    assert addresses["r-dinas-kominfo"] == "10.10.0.40:22"
    assert len(set(addresses.values())) == len(addresses)


@pytest.mark.lab
def test_the_first_hour_from_a_table_to_a_network_that_holds(lajur: Command, tmp_path: Path) -> None:
    """Every step is looked at first, names the next one, and the last finds nothing that differs."""
    table = tmp_path / "kantor.csv"
    rows = [
        "Nama;Kelas;Hub;Laju;Jarak (km)",
        "Dinas Kominfo;core;Pusat;;",
        "Bappeda;planning_finance;Pusat;500;2,5",
        "Distrik;branch;Ilu;;",
    ]
    table.write_bytes("\ufeff".encode() + "\r\n".join(rows).encode())
    lines = [*HEAD, "", *REST, "", "", "", "", *ACCESS, "ya"]
    begin = ("init", "--offices", str(table), "--practice", "--lang", "id")
    assert "tanpa --dry-run" in typed(lajur, lines, *begin, "--dry-run", code=2)
    assert "lajur lab up --bare" in typed(lajur, lines, *begin)
    links = tmp_path / "regencies" / "coba" / "links.yaml"
    links.write_text(links.read_text().replace("ospf:\n", "ospf:\n  hello: 1\n  dead: 4\n", 1))
    assert lajur.json("inventory", "check")["errors"] == 0
    lab = f"s{os.getpid() % 10**7}h"
    here = Command({**lajur.environment, "LAJUR_LAB": lab, "COLUMNS": "200"})
    try:
        assert "lajur link apply --all" in here("lab", "up", "--bare", "--lang", "id")
        _walk(here)
    finally:
        here("lab", "down", "--lab", lab)


def _walk(lajur: Command) -> None:
    def here(*words: str, code: int = 0) -> str:
        return typed(lajur, [], *words, code=code)

    assert "lajur device check" in here("device", "trust", "--dry-run", "--lang", "id")
    assert "lajur link apply pusat-bappeda" in here("device", "check", code=2)
    assert "Next: `lajur link apply --all`" in here("link", "plan", code=2)
    assert "Berikutnya: `lajur link apply --all`" in here("link", "apply", "--all", "--dry-run", "--lang", "id", code=2)
    assert "Next: `lajur plan`" in here("link", "apply", "--all", "--yes")
    here("link", "plan")
    assert "lajur link plan" in here("device", "check")
    assert "Berikutnya: `lajur apply`" in here("plan", "--lang", "id", code=2)
    here("apply", "--dry-run", code=2)
    assert "Next: `lajur status`" in here("apply", "--yes")
    assert lajur.json("drift")["findings"] == []


def test_a_key_is_trusted_after_a_question(lajur: Command, tmp_path: Path) -> None:
    folder = tmp_path / "regencies" / "coba"
    typed(lajur, WHOLE, "init", str(folder), "--yes")
    key = key_of(ecdsa())
    with closing(Peer()) as peer:
        answering_at(folder, peer)
        environment = {**lajur.environment, "TERM": "xterm", "LAJUR_LANG": "id", "COLUMNS": "200"}
        ended, shown = answers(lajur.words("device", "trust", "core"), environment, "ya")
        assert ended == 0, shown
        assert key.fingerprint in shown
        assert pinned(tmp_path / "state" / "known_hosts", ADDRESS, peer.port) == (key,)
    (entry,) = [line for line in lajur("audit", "export").splitlines() if "device.trusted" in line]
    assert key.fingerprint in entry
    lajur("audit", "verify")
