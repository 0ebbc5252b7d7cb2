"""A peak begins and ends in a lab with a cloud, under fifty requests a second: servers come and go, and nobody notices."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.engine.binary import find
from inventory.load import load_regency
from inventory.views import small_copy
from network.bench.sample.load import Load, Report, Wish
from network.lab import lab
from network.lab.lab import LabState
from tests.lab.conftest import new_lab_id
from tests.playbooks.conftest import engineer
from tests.roles.carrying import NAME, artefact
from tests.stories.conftest import Command

pytestmark = [pytest.mark.lab, pytest.mark.cloud, pytest.mark.engine, pytest.mark.timeout(1800)]

KEYS = ("app-plan-1",)
LEASED = ("app-1", "edge-1")
BEFORE, INSIDE, AFTER = "2026-09-01T09:00", "2026-09-10T09:00", "2026-09-12T17:05"
PATIENCE = 900
INSTEAD = (
    ("      migrate: [bin/migrate]\n", ""),
    ("      database: records\n", ""),
    (
        "    servers: [app-1, app-2]\n    until: 2028-12-31\n    port: 8080\n",
        "    servers: [app-1]\n    until: 2028-12-31\n    port: 8080\n",
    ),
)
"""Of the gateway: one server leased, no database."""
RENTED = ("    servers: 2\n    window: rka-skpd\n", "    servers: 1\n    window: rka-skpd\n")
"""`make demo-cloud` and the bench have them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A lab with an edge and one server behind it that carries a release. `lajur` is waited for as long as all of it takes."""

    own: Command
    there: LabState

    def lajur(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            self.own.words(*words), env=self.own.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == code, f"lajur {' '.join(words)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def due(self, at: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.lajur("infra", "up", "--due", "--yes", "--output", "json", "--at", at))
        return found

    def under_load(self, at: str) -> tuple[dict[str, Any], Report]:
        """What came of it, and of fifty requests a second meanwhile."""
        plan = self.there.plan
        edge = plan.node("edge-1").address
        assert edge is not None
        wish = Wish(
            host=edge,
            port=443,
            tls=True,
            name=NAME,
            namespace=plan.namespace("noc"),
            patience=30.0,
            seconds=float(PATIENCE),
        )
        with Load(wish) as load:
            load.wait_for(50)
            found = self.due(at)
            load.wait_for(200)
            return found, load.stop()


@pytest.fixture(scope="module")
def peak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peak]:
    folder, lab_id, engine = tmp_path_factory.mktemp("peak"), new_lab_id(), find(os.environ)
    assert engine is not None, "make setup builds it"
    plain = engineer(folder, "manokwari", lab_id)
    own = Command({**plain.lajur.environment, "LAJUR_INFRA_ENGINE": str(engine.path)})
    truth = Path(own.environment["LAJUR_REGENCIES"]) / lab_id
    for file, changes in (("workloads.yaml", INSTEAD), ("clouds.yaml", (RENTED,))):
        text = (truth / file).read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (truth / file).write_text(text, "utf-8")
    whole = load_regency(truth)
    servers = tuple(each for each in whole.servers if each.key in LEASED)
    try:
        lab.up(small_copy(whole, 1).model_copy(update={"servers": servers}), lab_id, servers=True, cloud=True)
        (there,) = lab.find(lab_id)
        made = Peak(own=own, there=there)
        made.lajur("play", "site")
        made.lajur("release", "deploy", "gateway", str(released(folder)))
        yield made
    finally:
        lab.down(lab_id)


def shown(load: Report) -> str:
    """What tells a server that went too soon from a machine that stood still: the edge takes 500 connections of one source."""
    return f"{load.problems} {load.codes} of {load.sent}; longest {load.longest:.0f} ms, {load.gap:.1f} s without an answer"


def released(folder: Path) -> Path:
    """Version 1.0.0 as a person has it, with its checksum beside it."""
    (folder / "made").mkdir()
    made = folder / "gateway-1.0.0.tar"
    shutil.copy(artefact(folder / "made", "1.0.0").path, made)
    made.with_name(f"{made.name}.sha256").write_text(f"{hashlib.sha256(made.read_bytes()).hexdigest()}  {made.name}\n")
    return made


def test_days_before_nothing_is_rented_and_the_cloud_has_room(peak: Peak) -> None:
    found = peak.due(BEFORE)
    assert (found["edges"], found["servers"], found["lacks"], found["unasked"]) == ([], [], [], [])


def test_they_come_and_go_and_no_request_is_lost(peak: Peak) -> None:
    opened, load = peak.under_load(INSIDE)
    assert [(each["server"], each["move"]) for each in opened["servers"]] == [(key, "came") for key in KEYS]
    assert load.failed == 0, shown(load)
    assert peak.due(INSIDE)["servers"] == [], "nothing more is to be done"
    closed, load = peak.under_load(AFTER)
    assert [(each["server"], each["move"]) for each in closed["servers"]] == [(key, "went") for key in KEYS]
    assert load.failed == 0, shown(load)
    for each in closed["servers"]:
        logs = Path(each["logs"])
        assert logs.stat().st_mode & 0o777 == 0o600
        assert "Started lajur-gateway.service" in gzip.decompress(logs.read_bytes()).decode()
    edges = [(each["capacity"], each["edge"], each["status"]) for each in (*opened["edges"], *closed["edges"])]
    assert edges == [("app-plan", "open", "skipped"), ("app-plan", "close", "acted")]
    assert set(json.loads(peak.lajur("infra", "outputs", "--output", "json"))["servers"]) == set()
