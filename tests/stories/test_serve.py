"""The service on a real kernel: `lajur serve` opens and closes a window by its own clock, and nobody touches anything.

What is looked at is what anybody could look at: the API, the queues in the kernel, the log, and what a subscriber heard.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from ruamel.yaml import YAML
from standardwebhooks.webhooks import Webhook

from network.clock import SimulatedClock
from network.ledger import check_audit
from network.serving import serving
from network.settings import Settings
from tests.contract.receiver import Request, receiver
from tests.lab.machine import until
from tests.stories.conftest import Command, command, copied
from tests.stories.service import PATIENCE, Kernel, Served, events, flooded, kernel, returns, run_of, served, slots, sure

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]

LAB: Final = f"layanan{os.getpid() % 10**5}"
"""A key of this session's own: another checkout may run the same at the same time."""

OFFICES: Final = 5
WINDOW: Final = "rka-skpd"
LICENSING, PLANNING = "dpmptsp", "bappeda"
OPENS: Final = datetime.fromisoformat("2026-08-18T08:00:00+09:00")
BEFORE: Final = OPENS - timedelta(minutes=10)
"""When a service begins that is to have settled before the window opens. Its clock is put forward as soon as it has."""

LASTS: Final = timedelta(seconds=55)
"""Long enough for the verdict on a minute, which takes half of it (`network.core.reporting.LEAST_SEEN`), and for all looks."""

CLOSES: Final = OPENS + LASTS
SHORTLY: Final = timedelta(seconds=2)
FLOOD: Final = 280
"""Seconds: longer than the story. It ends with it."""

SOON: Final = 20.0
"""Seconds in which the service does what it does at once, on a machine that is busy otherwise."""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A lab of a few offices of manokwari under a key of its own, where the budget window lasts less than a minute."""
    folder = tmp_path_factory.mktemp("serve")
    regencies = copied(folder, "manokwari", LAB)
    _shorten(regencies / LAB / "windows.yaml")
    own = command(folder, regencies, LAB)
    try:
        own("lab", "up", "--offices", str(OFFICES))
        own("shift", "run", "--via", "lab", "--at", (OPENS - timedelta(hours=1)).isoformat())
        yield regencies
    finally:
        own("lab", "down")


def _shorten(windows: Path, lasts: timedelta = LASTS) -> None:
    yaml = YAML()
    truth = yaml.load(windows)
    window = next(each for each in truth["windows"] if each["key"] == WINDOW)
    window["start"], window["end"] = (f"{each:%Y-%m-%dT%H:%M:%S}" for each in (OPENS, OPENS + lasts))
    with windows.open("w") as file:
        yaml.dump(truth, file)


@pytest.fixture
def lajur(ground: Path, tmp_path: Path) -> Command:
    """The command with a record of its own; the lab is the one that all share."""
    own = command(tmp_path, ground, LAB)
    return Command({**own.environment, "LAJUR_WEBHOOK_ALLOW": "127.0.0.1/32"})


def reason(edge: str) -> str:
    return f"{WINDOW} {edge}"


def start(day: int = 0) -> str:
    """Of the occurrence so many days after the first, as the API writes it."""
    return (OPENS + timedelta(days=day)).astimezone(UTC).isoformat().replace("+00:00", "Z")


def test_a_planning_window_opens_and_closes_with_nobody_touching_it(lajur: Command, tmp_path: Path) -> None:
    with ExitStack() as stack:
        heard = stack.enter_context(receiver())
        stack.enter_context(flooded(lajur, FLOOD))
        here = stack.enter_context(served(lajur, BEFORE))
        hook = {"url": f"http://127.0.0.1:{heard.port}/", "kinds": ["window.opened", "window.closed"]}
        secret = here.post("/subscriptions", hook, "hook")["secret"]
        until(here.settled, PATIENCE)
        base, before = sure(here), kernel(lajur)
        assert run_of(here, reason("open")) is None, "the window must not be open before this is looked at"
        here.put(OPENS - SHORTLY)

        # From here on the test only looks.
        until(lambda: run_of(here, reason("open")) is not None, PATIENCE)
        opening = run_of(here, reason("open"))
        assert opening is not None
        assert events(here, opening["id"]) == [*PHASES, "done"]
        _is_open(here, lajur, base, before)
        until(lambda: here.figures().get("lajur_active") == {f"{WINDOW} window": 1.0} and here.settled(), PATIENCE)
        _figures_are_told(here)

        until(lambda: run_of(here, reason("close")) is not None, PATIENCE)
        closing = run_of(here, reason("close"))
        assert closing is not None
        assert events(here, closing["id"])[-1] == "done"
        after = kernel(lajur)
        assert after.rates == before.rates
        assert all(after.sent[name] >= count for name, count in before.sent.items()), "no queue was made anew"
        assert sure(here) == base
        assert returns(lajur) == []
        assert slots(here) == [("close", start(), "acted"), ("open", start(), "acted")]

        until(lambda: "down domestic" in here.figures().get("lajur_uplink_meters_ratio", {}), PATIENCE)
        assert 0.8 < here.figures()["lajur_uplink_meters_ratio"]["down domestic"] < 1.5
        until(lambda: here.figures().get("lajur_coverage_reached_offices") == {"": float(OFFICES)}, PATIENCE)
        assert {at.rpartition(" ")[2] for at, holds in here.figures()["lajur_link_state"].items() if holds} == {"up"}
        until(lambda: len(here.get("/reports")["items"]) == 1, PATIENCE)
        _promises_were_kept(here, base)
        until(lambda: len(heard.requests) == 2, PATIENCE)
        _subscriber_heard(heard.requests, secret)
        until(lambda: _actions(here).count("window.reported") == 1, PATIENCE)
        _record_holds(here, lajur, tmp_path)
        _log_is_structured(here)
        assert here.end() == 0


PHASES: Final = ["armed", "lowered", "raised", "read_back", "return_left", "confirmed"]


def _is_open(here: Served, lajur: Command, base: Mapping[tuple[str, str, str], int], before: Kernel) -> None:
    inside, opened = sure(here), kernel(lajur)
    assert inside == sure(here, OPENS + timedelta(seconds=5)) != base
    assert inside[PLANNING, "domestic", "down"] > base[PLANNING, "domestic", "down"]
    assert all(inside[at] >= guarantee for at, guarantee in base.items() if at[0] == LICENSING), "protected"
    assert any(inside[at] < guarantee for at, guarantee in base.items()), "somebody pays"
    assert opened.rates.keys() == before.rates.keys()
    changed = [name for name, rate in opened.rates.items() if rate != before.rates[name]]
    assert len(changed) > OFFICES, "the kernel has other guarantees"
    assert all(opened.sent[name] >= count for name, count in before.sent.items())
    assert returns(lajur), "the device returns without us"


def _figures_are_told(here: Served) -> None:
    """Everything that is watched, in the middle of a flood through an open window."""
    seen = here.figures()
    held, promised = seen["lajur_office_applied_bps"], seen["lajur_office_guarantee_bps"]
    assert held == promised
    assert len(promised) == OFFICES * 4
    measured = seen["lajur_office_measured_bps"]
    assert measured[f"down {LICENSING} domestic"] >= promised[f"down {LICENSING} domestic"] / 2
    assert 0 <= seen["lajur_uplink_headroom_bps"]["down domestic"] < seen["lajur_uplink_shaped_bps"]["down domestic"]
    assert seen["lajur_runs_total"]["done"] == 1
    assert seen["lajur_drift_steps"] == {"": 0.0}
    assert seen["lajur_slot_late_seconds_count"] == {"": 1.0}
    assert seen["lajur_slot_late_seconds_sum"][""] < SOON
    assert seen["lajur_telemetry_age_seconds"]["core"] < SOON
    assert seen["lajur_telemetry_never_read"] == {"core": 0.0}
    assert seen["lajur_keeper_tick_age_seconds"][""] < SOON
    assert not [what for what in seen.get("lajur_failing", {}) if "snmp" not in what], "a busy agent may miss a poll"
    ready = here.api.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert all(part["ok"] for part in ready.json()["parts"].values())


def _promises_were_kept(here: Served, base: Mapping[tuple[str, str, str], int]) -> None:
    told = here.get(f"/reports/window/{WINDOW}/{start()}")
    assert told["minutes"] == 1
    assert told["wanting"] > 0
    assert told["below"] == 0
    lines = {(each["office"], each["uplink"], each["direction"]): each for each in told["lines"]}
    assert lines.keys() == base.keys()
    assert all(each["applied"] >= each["promised"] * 0.95 for each in lines.values())
    licensing = lines[LICENSING, "domestic", "down"]
    # An average over the time of the window, which readings cover but for the moments between them.
    assert licensing["promised"] >= base[LICENSING, "domestic", "down"] * 0.999
    assert licensing["measured"] > 0
    totals = {(each["uplink"], each["direction"]): each for each in told["totals"]}
    assert 0 < totals["domestic", "down"]["promised"] <= 200_000_000
    assert totals["domestic", "down"]["measured"] <= 200_000_000


def _subscriber_heard(requests: list[Request], secret: str) -> None:
    hook = Webhook(secret)
    told = [hook.verify(each.body, each.headers) for each in requests]
    assert [(each["type"], each["subject"], each["data"]["edge"]) for each in told] == [
        ("id.lajur.window.opened", WINDOW, "open"),
        ("id.lajur.window.closed", WINDOW, "close"),
    ]


def _actions(here: Served) -> list[str]:
    return [each["action"] for each in here.get("/audit", limit="100")["items"]]


def _record_holds(here: Served, lajur: Command, folder: Path) -> None:
    """A stranger computes the chain again from the export."""
    export = folder / "audit.jsonl"
    export.write_text(here.api.get("/v1/audit/export").raise_for_status().text)
    words = [sys.executable, check_audit.__file__, str(export)]
    checked = subprocess.run(words, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert lajur("audit", "verify")
    actions = _actions(here)
    assert actions.count("slot.acted") == 2
    assert actions.count("run.begun") == actions.count("run.finished") == 2
    assert {each["result"] for each in here.get("/runs")["items"]} == {"done"}


def _log_is_structured(here: Served) -> None:
    """Every line but what the command tells a person; a request's has the correlator that it came with."""
    here.api.get(f"/v1/regencies/{LAB}/runs", headers={"x-correlator": "story-1"})
    until(lambda: any(each.get("correlator") == "story-1" for each in here.log()), PATIENCE)
    assert sum(not line.startswith("{") for line in here.said) == 2, "it is simulated; where it answers"
    lines = here.log()
    assert all(each["correlator"] for each in lines if each["event"] == "http.request")
    ran = [each["reason"] for each in lines if each["event"] == "keeper.ran"]
    assert ran == [reason("open"), reason("close")]
    assert [each for each in lines if each["level"] in {"error", "critical"} or each["event"] == "keeper.failed"] == []


def test_a_service_killed_inside_a_window_goes_on_where_it_was(lajur: Command) -> None:
    with served(lajur, BEFORE) as here:
        until(here.settled, PATIENCE)
        here.put(OPENS)
        until(lambda: len(slots(here)) == 1 and len(returns(lajur)) > 0, PATIENCE)
        assert here.end(signal.SIGKILL) == -signal.SIGKILL
    left = returns(lajur)
    assert left, "the device returns without us"
    opened = kernel(lajur)

    with served(lajur, OPENS + timedelta(seconds=5)) as again:
        until(lambda: again.settled() and not _running(again), PATIENCE)
        assert kernel(lajur).rates == opened.rates
        assert returns(lajur)
        again.put(CLOSES - SHORTLY)
        until(lambda: run_of(again, reason("close")) is not None, PATIENCE)
        until(lambda: not _running(again), PATIENCE)
        assert slots(again) == [("close", start(), "acted"), ("open", start(), "acted")]
        assert kernel(lajur).rates != opened.rates
        assert returns(lajur) == []
        assert again.end() == 0


def _running(here: Served) -> bool:
    return any(each["result"] == "running" for each in here.get("/runs")["items"])


def test_a_boost_is_on_a_core_that_was_restarted_in_seconds_and_gone_after_its_end(lajur: Command) -> None:
    now = OPENS + timedelta(hours=3)
    with served(lajur, now) as here:
        until(here.settled, PATIENCE)
        base, before = sure(here), kernel(lajur)
        lajur("lab", "restart", "core")
        ends = now + timedelta(minutes=10)
        wanted = {
            "offices": [LICENSING],
            "uplink": "domestic",
            "amount": {"down": "2 Mbit/s", "up": "1 Mbit/s"},
            "reason": "a queue",
            "expires": ends.isoformat(),
        }
        asked = here.post("/boosts", wanted, "queue-1")
        assert asked["state"] == "granted"
        more = base[LICENSING, "domestic", "down"] + 2_000_000
        until(lambda: sure(here)[LICENSING, "domestic", "down"] == more and kernel(lajur).rates != before.rates, SOON)
        here.put(ends - SHORTLY)
        until(lambda: kernel(lajur).rates == before.rates, PATIENCE)
        assert here.get(f"/boosts/{asked['id']}")["phase"] == "ended"
        until(lambda: here.settled() and here.figures().get("lajur_failing", {}) == {}, PATIENCE)
        assert here.end() == 0


def test_three_callers_at_once_claim_every_slot_once(lajur: Command) -> None:
    inside = (OPENS + timedelta(seconds=3)).isoformat()
    line = ("shift", "run", "--due", "--via", "lab", "--at", inside, "--output", "json")
    with served(lajur, BEFORE) as here:
        until(here.settled, PATIENCE)
        with here.beside(2, *line) as callers:
            here.put(OPENS)
            told = [each.communicate(timeout=PATIENCE) for each in callers]
        assert [each.returncode for each in callers] == [0, 0], told
        until(lambda: here.settled() and len(slots(here)) == 1, PATIENCE)
        assert slots(here) == [("open", start(), "acted")]
        acted = [edge for out, _ in told for edge in json.loads(out)["edges"]]
        assert len(acted) + (run_of(here, reason("open")) is not None and not acted) == 1
        claims = [each for each in here.get("/audit", limit="100")["items"] if each["action"].startswith("slot.")]
        assert len(claims) == 1
        assert here.end() == 0


@pytest.mark.parametrize(("late", "status"), [(20, "acted"), (16 * 60, "skipped")])
def test_a_service_that_starts_in_the_middle_converges_and_says_what_was_missed(
    late: int, status: str, lajur: Command, ground: Path
) -> None:
    """A window of half an hour this time, on the day after the others'."""
    windows = ground / LAB / "windows.yaml"
    before = windows.read_text()
    _shorten(windows, timedelta(minutes=30))
    try:
        with served(lajur, OPENS + timedelta(days=1, seconds=late)) as here:
            until(lambda: here.settled() and len(slots(here)) > 0, PATIENCE)
            assert ("open", start(1), status) in slots(here)
            assert sure(here) == sure(here, OPENS + timedelta(days=1, minutes=20)) != sure(here, OPENS - timedelta(hours=1))
            assert here.end() == 0
    finally:
        windows.write_text(before)


def test_a_clock_that_jumps_over_the_close_back_and_over_a_month_is_followed(lajur: Command) -> None:
    settings = Settings.read(lajur.environment, Path.home())
    with serving(settings, [LAB], via="lab", at=OPENS + timedelta(seconds=1)) as opened, opened.working():
        service, clock = opened.services[LAB], opened.clock
        assert isinstance(clock, SimulatedClock)

        def follows() -> Mapping[str, str]:
            asked = clock.now()
            until(lambda: (service.keeper.pulse.done or asked) > asked and not service.look("test").plan.steps, PATIENCE)
            return kernel(lajur).rates

        inside = follows()
        clock.set(OPENS + timedelta(hours=2))
        closed = follows()
        clock.set(OPENS + timedelta(seconds=2))
        back = follows()
        clock.advance(timedelta(days=31))
        later = follows()
    assert inside == back != closed == later
