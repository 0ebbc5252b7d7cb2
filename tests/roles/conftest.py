"""One lab with all leased servers, configured once by `site.yml`, for the tests of every role. They look through SSH.

What a test changes by hand it puts back by playing again: the next one finds what `site.yml` leaves.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import testinfra
from testinfra.host import Host

from network.lab.lab import LabState, find
from network.lab.layout import NAMES
from network.server_wiring import entered, ssh_config
from network.settings import Settings
from network.wiring import open_regency
from tests.playbooks.conftest import Engineer, Played, engineer

LAB = f"roles{os.getpid() % 10**5}"
SITE = "playbooks/site.yml"
STRANGE = "Gerbang {{ 6 * 7 }} {{ $labels.job }} {% raw %} ñ"
"""A name that the truth may have: text, whatever programs on the way take for templates."""
FIRST = 900
"""Seconds that the first converging of everything may take on a busy machine."""


def full(test: Callable[..., None]) -> Callable[..., None]:
    """A test that takes long: at full size only (`make test-full`), so that the whole stays within half an hour."""
    skipped = pytest.mark.skipif(not os.environ.get("LAJUR_FULL"), reason="only at full size")
    marked: Callable[..., None] = pytest.mark.allowed_skip("takes minutes: only at full size")(skipped(test))
    return marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`first`: what was said while the bare servers were configured. `ssh` is the ssh_config(5) by which they are entered."""

    engineer: Engineer
    lab: LabState
    ssh: Path
    first: Played

    def host(self, server: str) -> Host:
        """The server for testinfra; its connection is kept and shared."""
        return testinfra.get_host(f"ssh://{server}", ssh_config=str(self.ssh))

    def run(self, node: str, program: str, *words: str, said: str = "") -> str:
        """A program of the tests' own, `tests/roles/PROGRAM.py`, inside the namespace of this node; what it told."""
        inside = ("nsenter", f"--net={NAMES}/{self.lab.plan.namespace(node)}", "--")
        file = str(Path(__file__).with_name(f"{program}.py"))
        done = subprocess.run(
            [*inside, sys.executable, file, *words], input=said, capture_output=True, text=True, timeout=240, check=True
        )
        return done.stdout

    def play(self, playbook: str, *words: str, code: int = 0) -> Played:
        """`playbooks/NAME.yml` with these words, that must end with `code`."""
        return self.engineer(f"playbooks/{playbook}.yml", *words, code=code)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two offices of manokwari and all its servers under a key of their own; down again whatever happens."""
    folder = tmp_path_factory.mktemp("roles")
    own = engineer(folder, "manokwari", LAB, patience=FIRST)
    try:
        workloads = Path(own.lajur.environment["LAJUR_REGENCIES"]) / LAB / "workloads.yaml"
        text = workloads.read_text("utf-8")
        assert "name: Gerbang OSS dan SiCantik" in text
        workloads.write_text(text.replace("name: Gerbang OSS dan SiCantik", f"name: '{STRANGE}'"), "utf-8")
        own.lajur("lab", "up", "--servers", "--offices", "2")
        (lab,) = find(LAB)
        settings = Settings.read(own.lajur.environment, folder)
        ssh = folder / "ssh_config"
        ssh.write_text(ssh_config(entered(settings, open_regency(settings, LAB)).ways.values()))
        yield Site(engineer=own, lab=lab, ssh=ssh, first=own(SITE))
    finally:
        own.lajur("lab", "down", "--lab", LAB)
