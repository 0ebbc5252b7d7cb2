"""How a line ends: every kind of error has its exit code, and nobody is left with a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

import pytest

from inventory.findings import finding_at
from network import errors, wiring
from network.services.hands import RunEvent, Stage
from tests.unit.cli.conftest import Lajur

ROOT: Final = Path(__file__).resolve().parents[3]
REACH = {"device": "core", "step": "observe"}
ERRORS = [
    (errors.UsageError("settings.arm_seconds", value="x"), 64),
    (errors.Refused("wiring.no_lab", regency="tolikara"), 3),
    (errors.TruthError("truth.invalid", regency="tolikara", findings=(finding_at("file.empty", "offices.yaml", 1),)), 3),
    (errors.DeviceError("cli.error.because", cause="silence", **REACH), 4),
    (errors.LedgerError("memory.unreadable", file="memory.json"), 4),
    (errors.LabError("lab.not_up", lab="tolikara"), 4),
    (errors.RunReturned("run.returned", run="run-1", cause=errors.LabError("lab.not_up", lab="tolikara")), 4),
    (errors.NeedsPerson("run.needs_person", run="run-1", devices="core", cause=errors.LabError("lab.not_up", lab="x")), 5),
    (ZeroDivisionError("by zero"), 70),
    (errors.LabError("no.such.code"), 70),
    (KeyboardInterrupt(), 130),
]


def _fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_regency(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(wiring, "open_regency", open_regency)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("error", "code"), ERRORS, ids=lambda value: type(value).__name__)
def test_every_error_has_its_exit_code(
    error: BaseException, code: int, language: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_with(error, monkeypatch)
    said = lajur("window", "next", "--lang", language)
    assert (said.code, said.out) == (code, "")
    assert said.err.strip()
    assert "Traceback" not in said.err


def test_an_error_is_told_in_the_readers_language(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(errors.LabError("lab.not_up", lab="tolikara"), monkeypatch)
    said = {language: lajur("window", "next", LAJUR_LANG=language).err for language in ("id", "en")}
    assert said["id"] != said["en"]
    assert all("tolikara" in each for each in said.values())


def test_an_error_as_json_names_code_and_ending(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(ERRORS[2][0], monkeypatch)
    report = json.loads(lajur("window", "next", "--output", "json").err)
    assert (report["document"], report["code"], report["exit_code"]) == ("Error", "truth.invalid", 3)
    assert [(each["file"], each["line"]) for each in report["findings"]] == [("offices.yaml", 1)]


def test_a_truth_error_tells_every_finding(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tuple(finding_at("file.empty", name, 1) for name in ("offices.yaml", "hubs.yaml"))
    _fail_with(errors.TruthError("truth.invalid", regency="tolikara", findings=found), monkeypatch)
    said = lajur("window", "next")
    assert "offices.yaml:1" in said.err
    assert "hubs.yaml:1" in said.err


def test_causes_are_told_to_who_asks(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    error = errors.LabError("lab.not_up", lab="tolikara")
    error.__cause__ = OSError("no route to host")
    _fail_with(error, monkeypatch)
    assert "no route to host" not in lajur("window", "next").err
    assert "no route to host" in lajur("window", "next", "-v").err


def test_a_bug_shows_where_and_everything_only_when_asked(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail_with(ZeroDivisionError("by zero"), monkeypatch)
    short, long = lajur("window", "next"), lajur("window", "next", "-vv")
    assert "ZeroDivisionError" in short.err
    assert "test_endings.py:" in short.err
    assert "Traceback" in long.err


@pytest.mark.parametrize(
    ("stages", "code", "word"),
    [
        ((), 130, "No device was being changed"),
        ((Stage.WAITING,), 130, "No device was being changed"),
        ((Stage.ARMED, Stage.GOING_BACK, Stage.BACK), 130, "holds again"),
        ((Stage.ARMED, Stage.LOWERED, Stage.CONFIRMED), 130, "carried out and confirmed"),
        ((Stage.ARMED, Stage.GOING_BACK), 5, "lajur status"),
    ],
)
def test_an_interruption_says_what_it_means_for_the_devices(
    stages: tuple[Stage, ...], code: int, word: str, lajur: Lajur, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ground(*_: object, listen: object, **__: object) -> NoReturn:
        assert callable(listen)
        for stage in stages:
            listen(RunEvent(run="run-1", stage=stage, elapsed=0.1))
        raise KeyboardInterrupt

    monkeypatch.setattr(wiring, "ground", ground)
    said = lajur("apply", "--yes")
    assert said.code == code
    assert word in said.err


def test_every_stage_of_a_run_has_words(lajur: Lajur, monkeypatch: pytest.MonkeyPatch) -> None:
    def ground(*_: object, listen: object, **__: object) -> NoReturn:
        assert callable(listen)
        for stage in Stage:
            listen(RunEvent(run="run-1", stage=stage, elapsed=0.25, steps=7))
        raise errors.Refused("wiring.no_lab", regency="tolikara")

    monkeypatch.setattr(wiring, "ground", ground)
    told = lajur("apply", "--yes", "-v").err.splitlines()
    assert len([line for line in told if "0.25 s" in line]) == len(Stage) - 1, "all but the waiting, which has no end yet"
    assert lajur("apply", "--yes").err.count("0.25 s") == 0


_STARTED: Final = """
import os, sys
from network.cli import start
class Tidied:
    def __del__(self):
        os.kill(os.getpid(), 2)
class Told:
    def find_spec(self, name, path=None, target=None):
        if name == 'network.cli.app':
            os.write(1, b'.')
            if 'AT_ONCE' in os.environ:
                os.kill(os.getpid(), 2)
        if name == 'network.wiring' and 'TIDYING' in os.environ:
            Tidied()
sys.meta_path.insert(0, Told())
start.main()
"""


@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5])
def test_who_interrupts_while_the_command_begins_sees_no_traceback(after: float, tmp_path: Path) -> None:
    environment = {**os.environ, "LAJUR_STATE": str(tmp_path), "LAJUR_REGENCY": "tolikara", "PYTHONPATH": str(ROOT)}
    environment |= {} if after else {"AT_ONCE": "yes"}
    # Whoever started the tests may have interruptions ignored.
    started = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{_STARTED}"
    words = [sys.executable, "-c", started, "plan", "--via", "memory"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.read(1) == b"."
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=after)
        if after:
            child.send_signal(signal.SIGINT)
        err = child.stderr.read().decode()
        code = child.wait(timeout=30)
    assert "Traceback" not in err
    assert code in (130, 2), err  # 2: it was done before, and changes are waiting
    assert after or code == 130


def test_an_interruption_that_comes_while_python_tidies_up_is_not_lost(tmp_path: Path) -> None:
    own = {"LAJUR_STATE": str(tmp_path), "LAJUR_REGENCY": "tolikara", "PYTHONPATH": str(ROOT), "TIDYING": "yes"}
    code = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{_STARTED}"
    words = [sys.executable, "-c", code, "plan", "--via", "memory"]
    done = subprocess.run(words, env={**os.environ, **own}, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (130, False), done.stderr


def test_an_interruption_that_is_ignored_stays_so(tmp_path: Path) -> None:
    environment = {**os.environ, "LAJUR_STATE": str(tmp_path), "LAJUR_REGENCY": "tolikara", "PYTHONPATH": str(ROOT)}
    code = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{_STARTED}"
    words = [sys.executable, "-c", code, "window", "list"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.read(1) == b"."
        child.send_signal(signal.SIGINT)
        child.stdout.read()
        assert child.wait(timeout=30) == 0
