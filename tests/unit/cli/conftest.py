"""The command in this process: one call is one line that a person types, with a state of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest

from inventory.load import SHIPPED, load_regency
from network import infra_wiring, release_wiring
from network.cli.app import run
from network.core.releases.truth import workload_of
from network.drivers.memory_releases import MemoryFleet, MemoryReleaseHands
from network.errors import Refused
from tests.unit.cli.releasing import OLD, made_doors
from tests.unit.cli.twin import SECRET, Twin, several


@dataclass(frozen=True, slots=True)
class Said:
    """What came of one line."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Lajur: TypeAlias = Callable[..., Said]
Release: TypeAlias = Callable[..., Said]
"""`release("deploy", "gateway", FILE)`, of servers in memory."""


def ran(words: Sequence[str], environment: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> Said:
    """One line in this process."""
    capsys.readouterr()
    code = run(words, environment)
    out, err = capsys.readouterr()
    return Said(code, out, err)


@pytest.fixture
def regencies(tmp_path: Path) -> Path:
    """A copy of a small regency that a test may spoil."""
    folder = tmp_path / "regencies"
    shutil.copytree(SHIPPED / "tolikara", folder / "tolikara")
    return folder


@pytest.fixture
def lajur(tmp_path: Path, regencies: Path, capsys: pytest.CaptureFixture[str]) -> Lajur:
    """`lajur("plan", "--via", "memory")`; further names are variables of the environment."""

    def call(*words: str, **environment: str) -> Said:
        own = {"LAJUR_STATE": str(tmp_path / "state"), "LAJUR_REGENCIES": str(regencies), "LAJUR_REGENCY": "tolikara"}
        return ran(words, {**own, **environment}, capsys)

    return call


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Twin:
    made = Twin()
    monkeypatch.setattr(infra_wiring, "ChildBuilder", lambda *_, **__: made)
    return made


@pytest.fixture
def infra(lajur: Lajur, regencies: Path, tmp_path: Path) -> Callable[..., Any]:
    """The command for a regency that is real, with a passphrase and a key of its own."""
    head = regencies / "tolikara" / "regency.yaml"
    head.write_text(head.read_text().replace("illustrative: true", "illustrative: false"))
    phrase = tmp_path / "phrase"
    phrase.write_text("a phrase\n")
    phrase.chmod(0o600)

    def call(*words: str, **environment: str) -> Any:
        own = {"LAJUR_SSH_KEY": SECRET, "LAJUR_INFRA_PASSPHRASE_FILE": str(phrase)}
        return lajur("infra", *words, **{**own, **environment})

    return call


@pytest.fixture
def fleet(regencies: Path, monkeypatch: pytest.MonkeyPatch) -> MemoryFleet:
    """The servers of manokwari's gateway, which carry an old release."""
    several(regencies)
    truth = load_regency(regencies / "manokwari")
    made = MemoryFleet(workload_of(truth, "gateway"))
    made.carry(OLD)

    @contextmanager
    def ground(*_: object, **__: object) -> Iterator[Any]:
        yield SimpleNamespace(regency=truth, servers=truth.servers, lab=None, way="direct")

    def hands(workload: Any, _: object) -> MemoryReleaseHands:
        if workload.key != "gateway":
            raise Refused("release.not_standing", workload=workload.key, servers="mon-1")
        return MemoryReleaseHands(made)

    monkeypatch.setattr(release_wiring, "play_ground", ground)
    monkeypatch.setattr(release_wiring, "release_hands", hands)
    monkeypatch.setattr(release_wiring, "door_hands", lambda _: made_doors)
    made_doors.maps.clear()
    made_doors.unreachable.clear()
    return made


@pytest.fixture
def release(lajur: Lajur, fleet: MemoryFleet) -> Release:
    assert fleet.let_in()
    return lambda *words, **environment: lajur(
        "release", *words, **{"LAJUR_REGENCY": "manokwari", "LAJUR_LANG": "en", **environment}
    )
