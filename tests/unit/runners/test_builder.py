"""The builder as a child: what it says is taken with care, what it left is ended, and an interruption leaves nothing running."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from network.core.building import Access, BuildEvent, BuildRequest, Ending, Verb
from network.errors import BuildError, LajurError, NeedsPerson, Refused
from network.messages import text
from network.runners import builder as module
from network.runners import session
from network.runners.builder import ChildBuilder

PROGRAM = Path(__file__).parent / "fake_builder.py"
WAIT = 30.0
"""Seconds after which a test gives up on what must happen."""

SECRET = "hunter2-hunter2"
KEY = "-----BEGIN PRIVATE-----\nAAAAB3NzaC1yc2EAAA\n-----END PRIVATE-----"
REQUEST = BuildRequest(
    verb=Verb.UP,
    folder="/truth",
    state="file:///state",
    home="/home",
    passphrase_file="/passphrase",
    known_hosts="/known_hosts",
    today="2027-03-01",
    now="2027-03-01T00:00:00+00:00",
    project="lajur",
    stack="tolikara",
    reports="/reports",
    access={"app-1": Access(user="root", private_key=KEY, password=SECRET)},
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not end when asked is ended soon."""
    monkeypatch.setattr(session, "_POLITE", 0.2)


def child(*words: str, patience: float = WAIT, silence: float = WAIT) -> ChildBuilder:
    return ChildBuilder(program=(sys.executable, str(PROGRAM), *words), patience=patience, silence=silence)


def run(*words: str, request: BuildRequest = REQUEST) -> tuple[Ending, list[BuildEvent]]:
    heard: list[BuildEvent] = []
    return child(*words).run(request, heard.append), heard


def readable(error: LajurError | None) -> str:
    """What a person reads of it; both languages can be filled."""
    assert error is not None
    return " / ".join(text(error.code, language, error.fields) for language in ("id", "en"))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.01)


def test_events_are_heard_in_order_and_the_result_comes_back() -> None:
    ending, heard = run("ok")
    assert [(each.code, each.fields.get("status")) for each in heard] == [
        ("infra.resource", "begun"),
        ("infra.accepted", None),
        ("infra.resource", "done"),
    ]
    assert (ending.error, ending.interrupted) == (None, False)
    assert set(ending.result["outputs"]) == {"app-1"}


def test_the_request_comes_whole_and_secrets_only_in_it() -> None:
    environment = {"LAJUR_APP_PASSWORD": SECRET, "PGPASSFILE": "/passes", "PATH": os.environ["PATH"], "PULUMI_ACCESS_TOKEN": "x"}
    many = {f"app-{number}": Access(user="root", private_key=KEY * 40) for number in range(200)}
    request = replace(REQUEST, access=many)
    made = ChildBuilder(program=(sys.executable, str(PROGRAM), "echo"), environment=environment)
    ending = made.run(request, lambda _: None)
    seen = ending.result
    assert len(seen["request"]["access"]) == 200
    assert {name: seen["request"][name] for name in ("verb", "today", "kind")} == {
        "verb": "up", "today": "2027-03-01", "kind": "lajur.infra/1",
    }  # fmt: skip
    assert {"PGPASSFILE", "PATH"} <= set(seen["environment"])
    assert not {"LAJUR_APP_PASSWORD", "PULUMI_ACCESS_TOKEN"} & set(seen["environment"])
    assert SECRET not in str(seen["arguments"])
    assert seen["session"] != os.getsid(0)
    assert KEY.splitlines()[1] not in str(seen["request"]), "what comes back is veiled"
    assert SECRET not in repr(REQUEST)


def test_its_own_error_has_the_class_of_its_exit_code() -> None:
    ending, _ = run("refuses")
    error = ending.error
    assert isinstance(error, Refused)
    assert (error.code, error.exit_code, error.fields["pid"]) == ("infra.state_locked", 3, 7)
    assert "root@host" in readable(error)
    assert "whoever wants to know" in readable(error.__cause__ if isinstance(error.__cause__, LajurError) else None)


@pytest.mark.parametrize(
    ("verb", "kind", "said"), [(Verb.UP, NeedsPerson, "lajur infra recover"), (Verb.DRIFT, BuildError, "nothing was changed")]
)
def test_one_that_dies_without_a_word_is_an_error_with_what_it_wrote_last(verb: Verb, kind: type[LajurError], said: str) -> None:
    ending, heard = run("dies", request=replace(REQUEST, verb=verb))
    assert [each.code for each in heard] == ["infra.stage"]
    assert isinstance(ending.error, kind)
    assert "SIGKILL" in readable(ending.error)
    assert said in readable(ending.error)
    cause = ending.error.__cause__
    assert isinstance(cause, LajurError)
    assert "Traceback: the end" in readable(cause)


def test_one_that_says_nothing_at_all_is_an_error() -> None:
    ending, heard = run("silent")
    assert (heard, ending.error is not None and ending.error.code) == ([], "infra.died")
    assert "exit 0" in readable(ending.error)


def test_a_program_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        ChildBuilder(program=("/nowhere/python",)).run(REQUEST, lambda _: None)
    assert "/nowhere/python" in readable(caught.value)


def test_a_secret_that_slips_into_a_text_is_veiled() -> None:
    ending, heard = run("leaks")
    said = f"{heard} {readable(ending.error)} {ending.error.__cause__ if ending.error else ''}"
    assert SECRET not in said
    assert said.count("***") >= 4


def test_what_is_hostile_or_no_event_is_put_right_and_stops_nothing() -> None:
    ending, heard = run("hostile")
    assert ending.error is None
    difference, *rest = heard
    assert difference.code == "infra.difference"
    assert len(difference.fields["wanted"]) == 2000
    assert set(difference.fields) == {"server", "kind", "name", "wanted", "found", "mend", "reason"}
    codes = [each.code for each in rest]
    assert codes.count("infra.unheard") == 7
    assert codes.count("infra.stage") == 1
    assert rest[-1].fields == {"server": "–", "kind": "–", "operation": "–", "status": "–", "seconds": 0.0}
    for each in rest:
        assert text(each.code, "id", each.fields)


def test_one_that_never_reads_is_not_waited_for() -> None:
    big = {f"app-{number}": Access(user="root", private_key=KEY * 100) for number in range(100)}
    ending, _ = run("unread", request=replace(REQUEST, access=big))
    assert (ending.error, ending.result) == (None, {})


@pytest.mark.parametrize(
    ("scenario", "bound", "code"), [("floods", "LONGEST_LINE", "infra.too_long"), ("chatters", "MOST_EVENTS", "infra.too_much")]
)
def test_one_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch, scenario: str, bound: str, code: str) -> None:
    monkeypatch.setattr(module, bound, 1000)
    ending, heard = run(scenario)
    assert ending.error is not None
    assert ending.error.code == code
    assert "lajur infra recover" in readable(ending.error)
    assert len(heard) <= 1000


def test_nobody_that_it_left_behind_stays_or_holds_us_up() -> None:
    ending, _ = run("leaves")
    assert not is_alive(ending.result["child"])


def test_a_long_silence_is_told() -> None:
    heard: list[BuildEvent] = []
    quiet = threading.Event()

    def listen(event: BuildEvent) -> None:
        heard.append(event)
        if event.code == "infra.silent":
            quiet.set()
            os.kill(os.getpid(), signal.SIGINT)

    mark = Path(os.devnull)
    with interruptible():
        ending = child("polite", str(mark), silence=0.1).run(REQUEST, listen)
    assert quiet.is_set()
    assert ending.interrupted
    assert "infra.silent" in [each.code for each in heard]


class interruptible:  # noqa: N801 - reads as the word of a block
    """As the command has it: a signal interrupts, whatever the test runner made of signals."""

    def __enter__(self) -> None:
        self._before = {each: signal.signal(each, signal.default_int_handler) for each in (signal.SIGINT, signal.SIGTERM)}

    def __exit__(self, *_: object) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)


@pytest.fixture
def mark(tmp_path: Path) -> Iterator[Path]:
    """Where a child that hangs writes who its own children are; none of them outlives the test."""
    path = tmp_path / "children"
    yield path
    pids = [int(pid) for pid in path.read_text().split()] if path.exists() else []
    until(lambda: not any(map(is_alive, pids)), "its children ended with it")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_has_it_stop_in_order(mark: Path, asked: signal.Signals) -> None:
    heard: list[str] = []

    def listen(event: BuildEvent) -> None:
        heard.append(event.code)
        if event.code == "infra.stage":
            os.kill(os.getpid(), asked)

    with interruptible():
        ending = child("polite", str(mark)).run(REQUEST, listen)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert (ending.interrupted, ending.error) == (True, None)
    assert heard == ["infra.stage", "infra.stopping"]


@pytest.mark.parametrize("verb", [Verb.UP, Verb.DRIFT])
@pytest.mark.parametrize("twice", [True, False])
def test_one_that_does_not_stop_is_killed(mark: Path, verb: Verb, twice: bool) -> None:
    def listen(event: BuildEvent) -> None:
        if event.code == "infra.stage" or (twice and event.code == "infra.stopping"):
            os.kill(os.getpid(), signal.SIGINT)

    with interruptible():
        ending = child("stubborn", str(mark), patience=WAIT if twice else 0.1).run(replace(REQUEST, verb=verb), listen)
    assert ending.interrupted
    if verb is Verb.UP:
        assert isinstance(ending.error, NeedsPerson)
        assert "lajur infra recover" in readable(ending.error)
    else:
        assert ending.error is None


def test_a_listener_that_is_interrupted_stops_it_too(mark: Path) -> None:
    def listen(event: BuildEvent) -> None:
        if event.code == "infra.stage":
            raise KeyboardInterrupt

    ending = child("polite", str(mark)).run(REQUEST, listen)
    assert (ending.interrupted, ending.error) == (True, None)


def test_a_listener_that_fails_leaves_nobody_running(mark: Path) -> None:
    def listen(_: BuildEvent) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        child("stubborn", str(mark)).run(REQUEST, listen)
