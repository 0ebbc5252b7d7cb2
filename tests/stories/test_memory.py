"""A regency carried through a window, line by line, on devices in memory: what a person would type."""

from __future__ import annotations

import json
import signal
import subprocess
from datetime import timedelta
from itertools import islice
from pathlib import Path
from threading import Event

import pytest

from inventory.load import SHIPPED, load_regency
from network import wiring
from network.core.booking import Subscription
from network.serving import serving
from network.settings import Settings
from tests.stories.conftest import Command, answers

pytestmark = pytest.mark.timeout(600)

MEMORY = ("--via", "memory")
TRUTH = load_regency(SHIPPED / "tolikara")
WINDOW = next(window for window in TRUTH.windows if window.confirmed)
INSIDE = ("--at", (WINDOW.start + timedelta(minutes=5)).isoformat())
WINDOW_OPENS, WINDOW_ENDS = (each.replace(tzinfo=TRUTH.zone) for each in (WINDOW.start, WINDOW.end))
AFTER = ("--at", (WINDOW.end + timedelta(minutes=1)).isoformat())


def test_a_window_opens_and_closes(lajur: Command) -> None:
    waiting = lajur.json("plan", *MEMORY, code=2)
    assert {each["office"] for each in waiting["offices"]} == {office.key for office in TRUTH.offices}
    lajur("apply", "--yes", *MEMORY)
    lajur("plan", *MEMORY)

    planned = lajur.json("plan", *MEMORY, *INSIDE, code=2)
    assert planned["hitless"]
    assert planned["windows"] == [WINDOW.key]
    assert WINDOW.policy.offices.keys() <= {each["office"] for each in planned["offices"] if each["next"] > each["now"]}
    opened = lajur.json("shift", "run", *MEMORY, *INSIDE)
    assert [(each["window"], each["edge"]) for each in opened["edges"]] == [(WINDOW.key, "open")]
    lajur("plan", *MEMORY, *INSIDE)

    closed = lajur.json("shift", "run", *MEMORY, *AFTER)
    assert [(each["window"], each["edge"]) for each in closed["edges"]] == [(WINDOW.key, "close")]
    lajur("plan", *MEMORY, *AFTER)
    assert [run["result"] for run in lajur.json("shift", "list", *MEMORY)["runs"]] == ["done"] * 3


def test_a_timer_that_claims_an_edge_tells_subscribers(lajur: Command) -> None:
    with wiring.open_ledger(Settings.read(lajur.environment, Path.home())) as ledger:
        hook = Subscription(id="s", regency="tolikara", url="https://x.example", kinds=(), actor="a", created=WINDOW_OPENS)
        ledger.outbox.subscribe(hook)
        lajur("shift", "run", "--due", *MEMORY, *INSIDE)
        lajur("shift", "run", "--due", *MEMORY, *INSIDE)
        told = [json.loads(each.payload) for each in ledger.outbox.take(WINDOW_ENDS, timedelta(minutes=1), 9)]
    assert [(each["type"], each["subject"]) for each in told] == [("id.lajur.window.opened", WINDOW.key)]


def test_what_is_served_is_tidied(lajur: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    tidied = Event()
    with serving(Settings.read(lajur.environment, Path.home()), ["tolikara"], via="memory", at=WINDOW_OPENS) as opened:
        monkeypatch.setattr(type(opened.ledger), "prune", lambda *_: tidied.set())
        with opened.working():
            assert tidied.wait(60)


@pytest.mark.parametrize(("answer", "code", "left"), [("t", 2, 2), ("", 2, 2), ("y", 0, 0)])
def test_apply_asks_on_a_terminal(answer: str, code: int, left: int, lajur: Command) -> None:
    environment = {**lajur.environment, "TERM": "xterm", "LAJUR_LANG": "id"}
    ended, shown = answers(lajur.words("apply", *MEMORY), environment, answer)
    assert ended == code
    assert "Jalankan rencana ini?" in shown
    lajur("plan", *MEMORY, code=left)


def test_a_watched_status_ends_when_asked_to(lajur: Command) -> None:
    words = lajur.words("status", "--watch", "--output", "json", *MEMORY)
    with subprocess.Popen(words, env=lajur.environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        frames = [json.loads(line) for line in islice(child.stdout, 2)]
        # Not SIGINT: whoever runs the tests in the background has it ignored, and so has the child.
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=240)
    assert child.returncode == 0
    assert [each["document"] for each in frames] == ["Status", "Status"]
    assert frames[0]["now"] < frames[1]["now"]


def test_a_closed_pipe_is_no_bug(lajur: Command) -> None:
    with subprocess.Popen(
        lajur.words("inventory", "show"), env=lajur.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        told = child.stderr.read()
    assert "Traceback" not in told
    assert "bug" not in told
