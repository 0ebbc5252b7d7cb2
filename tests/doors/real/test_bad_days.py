"""Bad days: a full disk, one that cannot be written, a database that is gone, files that do not hold together.

Devices keep what they hold, nothing is half-written, and it is over by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from tests.contract.postgres import running as postgres_running
from tests.doors.real.conftest import OpenReal
from tests.doors.real.service import AT, HERE, MOMENT, SHIPPED, Real, boost, rates, window
from tests.doors.test_problems import problem

ROOT = Path(__file__).parents[3]
PATIENCE = 100.0


def until(client: httpx.Client, status: int) -> dict[str, Any]:
    """What /readyz says once it says this."""
    end = monotonic() + PATIENCE
    while (answer := client.get("/readyz")).status_code != status:
        assert monotonic() < end, answer.text
        sleep(0.1)
    told: dict[str, Any] = answer.json()
    return told


class Child:
    """The service on a small disk of its own (`child.py`)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        told = self._heard()
        self.client = httpx.Client(base_url=told["address"], trust_env=False, timeout=240)
        self.client.headers["Authorization"] = f"Bearer {told['token']}"

    def do(self, word: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._heard()

    def ask(self, key: str, now: datetime) -> httpx.Response:
        body = boost(now, amount=rates("8 kbit/s", "8 kbit/s"), reason=key)
        return self.client.post(f"{AT}/boosts", json=body, headers={"Idempotency-Key": key})

    def _heard(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "it ended"
        return json.loads(line)


@contextmanager
def started(folder: Path) -> Iterator[Child]:
    words = ["unshare", "--mount", "--propagation", "private", sys.executable, str(Path(__file__).with_name("child.py"))]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'qos-api'}"}
    with subprocess.Popen(
        [*words, str(folder / "state")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as process:
        try:
            child = Child(process)
            with child.client:
                yield child
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    with started(tmp_path) as own:
        yield own


@pytest.mark.lab
@pytest.mark.parametrize(
    ("begin", "end", "code"), [("fill", "free", "ledger.full"), ("read-only", "writable", "ledger.read_only")]
)
def test_a_disk_that_takes_nothing_is_told_and_waited_out(child: Child, begin: str, end: str, code: str) -> None:
    client = child.client
    assert child.ask("before", MOMENT).status_code == 201
    assert client.post(f"{AT}/shifts", headers={"Idempotency-Key": "s"}).status_code == 200
    assert until(client, 200)["parts"]["ledger"]["ok"]
    before, held = client.get("/v1/audit/export").text, child.do("held")

    child.do(begin)
    told = until(client, 503)
    assert (told["code"], told["fields"]["parts"], told["parts"]["ledger"]["code"]) == ("api.not_ready", "ledger", code)
    for key in ("one", "two"):
        refused = child.ask(key, MOMENT)
        shown = refused.json()
        assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json"), refused.text
        assert (shown["code"], shown["fields"]) == (code, {})
        assert int(refused.headers["retry-after"]) > 0
    changes: list[tuple[str, Any]] = [
        (f"{AT}/windows", window()),
        (f"{AT}/subscriptions", {"url": "https://93.184.215.14/"}),
        (f"{AT}/plans", {"reason": "x"}),
        (f"{AT}/shifts", None),
        ("/v1/tokens", {"name": "x", "grants": {"*": ["viewer"]}}),
    ]
    for where, body in changes:
        changed = client.post(where, json=body, headers={"Idempotency-Key": where})
        assert changed.status_code == 503, (where, changed.text)
    assert client.get("/healthz").status_code == 200
    assert child.do("held") == held

    child.do(end)
    until(client, 200)
    after = client.get("/v1/audit/export").text
    assert after.startswith(before), "nothing that was written before is lost"
    assert '"one"' not in after[len(before) :], "what was refused was not half-written"
    again = child.ask("one", MOMENT)
    assert (again.status_code, "idempotency-replayed" in again.headers) == (201, False)
    assert client.get("/v1/audit/verification").status_code == 200
    assert [each["reason"] for each in client.get(f"{AT}/boosts").json()["items"]] == ["one", "before"]


def failing(real: Real) -> str | None:
    """What the keeper's last round could not do."""
    error = real.here.keeper.pulse.error
    return error.code if error else None


@pytest.mark.postgres
def test_a_database_that_goes_and_comes_back(opened_real: OpenReal) -> None:
    with postgres_running() as server:
        real = opened_real(ledger=server.database())
        engineer, operator = real.token("engineer"), real.token("operator")
        assert real.post("boosts", engineer, boost(real.clock.now(), reason="before")).status_code == 201
        assert real.post("shifts", operator).status_code == 200
        before, held = real.record(), real.held()

        with server.away():
            told = until(real.client, 503)
            assert (told["fields"]["parts"], told["parts"]["ledger"]["code"]) == ("ledger", "ledger.unreachable")
            body = boost(real.clock.now(), reason="meanwhile")
            for _ in range(2):
                refused = problem(real.post("boosts", engineer, body, idempotency_key="m"), 503, "ledger.unreachable")
                assert refused["fields"] == {}
            real.clock.advance(timedelta(minutes=5))
            real.here.keeper.round()
            assert failing(real) == "ledger.unreachable"
            assert real.held() == held

        until(real.client, 200)
        assert real.record() == before
        made = real.post("boosts", engineer, body, idempotency_key="m")
        assert (made.status_code, "idempotency-replayed" in made.headers) == (201, False)
        real.here.keeper.round()
        assert failing(real) is None
        assert real.held() != held, "the boost that was granted since"


def test_a_truth_that_is_broken_meanwhile_is_told_and_changes_nothing(opened_real: OpenReal, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "regencies")
    real = opened_real(regencies=tmp_path / "regencies")
    viewer, operator = real.token("viewer"), real.token("operator")
    real.post("shifts", operator)
    held, rows = real.held(), real.get("allocations", viewer).json()["items"]
    policy = tmp_path / "regencies" / HERE / "policy.yaml"
    whole = policy.read_text(encoding="utf-8")
    policy.write_text(whole.replace("share: 10", "share: 1e9"), encoding="utf-8")
    sleep(1.1)  # a second for which files that were looked at are taken as they are
    assert real.get("allocations", viewer).json()["items"] == rows
    told = until(real.client, 503)
    assert (told["fields"]["parts"], told["parts"][f"truth {HERE}"]["code"]) == (f"truth {HERE}", "truth.invalid")
    assert real.post("shifts", operator).json()["result"] == "nothing"
    assert real.held() == held
    policy.write_text(whole, encoding="utf-8")
    end = monotonic() + PATIENCE
    while real.get("/readyz").status_code != 200 and monotonic() < end:
        real.get("allocations", viewer)
        sleep(0.1)
    assert real.get("/readyz").status_code == 200
