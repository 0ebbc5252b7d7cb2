"""Ansible as a child process: what it is given, what of its words is believed, and how it ends."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from network.core.plays import PlayEvent, PlayRequest, PlayResult, Status
from network.errors import PlayError, Refused
from network.runners.plays import ChildPlays, at_terminal

TELL = """
import json, os, sys, signal, time
def tell(**line):
    os.write(int(os.environ["LAJUR_EVENTS_FD"]), json.dumps(line).encode() + b"\\n")
"""


def plays(folder: Path, body: str, **environment: str) -> ChildPlays:
    """With a stand-in for `ansible-playbook` that does `body`."""
    (folder / "playbooks/steps").mkdir(parents=True)
    for name in ("site", "steps/swap"):
        (folder / f"playbooks/{name}.yml").write_text("[]\n")
    program = folder / "ansible-playbook"
    program.write_text(f"#!{sys.executable}\n{TELL}\n{textwrap.dedent(body)}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return ChildPlays(folder / "playbooks", folder / "logs", {"PATH": os.environ["PATH"], **environment}, program=program)


def play(player: ChildPlays, **request: Any) -> tuple[PlayResult, list[PlayEvent]]:
    heard: list[PlayEvent] = []
    return player.play(PlayRequest(**{"playbook": "site", **request}), heard.append), heard


def test_what_it_is_given(tmp_path: Path) -> None:
    player = plays(
        tmp_path,
        """
        file = sys.argv[sys.argv.index("--extra-vars") + 1][1:]
        mode = oct(os.stat(file).st_mode & 0o777)
        value = {"words": sys.argv[1:], "given": json.load(open(file)), "mode": mode, "config": os.environ["ANSIBLE_CONFIG"]}
        tell(host="app-1", task="t", status="ok", value=value)
        tell(bad=[])
        """,
    )
    result, _ = play(player, playbook="steps/swap", hosts=("app-1", "app-2"), variables={"release": "2-abc"}, check=True)
    value = result.hosts["app-1"].values["t"]
    assert value["words"][0] == str(tmp_path / "playbooks/steps/swap.yml")
    assert value["words"][3:] == ["--limit", "app-1,app-2", "--check", "--diff"]
    assert value["given"] == {"release": "2-abc"}
    assert value["mode"] == "0o600"
    assert value["config"] == str(tmp_path / "ansible.cfg")


@pytest.mark.parametrize("value", ["{{ 6 * 7 }}", ["{% x %}"], {"a": {"b": "{# c"}}, {"{{ x }}": 1}])
def test_a_value_that_looks_like_a_template_is_refused_before_anything_starts(tmp_path: Path, value: object) -> None:
    with pytest.raises(Refused) as told:
        play(plays(tmp_path, "sys.exit(9)"), variables={"v": value})
    assert told.value.code == "play.template"


def test_a_playbook_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        play(plays(tmp_path, ""), playbook="sitt")
    assert told.value.code == "play.no_playbook"
    assert told.value.fields["known"] == "site"


def test_a_host_that_failed_is_part_of_the_result(tmp_path: Path) -> None:
    body = """
    tell(host="a", task="one", status="changed")
    tell(host="b", task="one", status="failed", message="disk full")
    tell(host="c", task="one", status="unreachable", message="timed out")
    tell(host="a", task="two", status="ok")
    tell(bad=["b", "c"])
    sys.exit(2)
    """
    result, heard = play(plays(tmp_path, body))
    assert {host: end.status for host, end in result.hosts.items()} == {
        "a": Status.CHANGED,
        "b": Status.FAILED,
        "c": Status.UNREACHABLE,
    }
    assert result.bad["b"].message == "disk full"
    assert len(heard) == 4


def test_what_was_rescued_or_ignored_is_no_failure(tmp_path: Path) -> None:
    body = """
    tell(host="a", task="one", status="failed", message="x")
    tell(host="b", task="one", status="failed", message="x", ignored=True)
    tell(bad=[])
    """
    result, _ = play(plays(tmp_path, body))
    assert not result.bad


def test_strange_words_of_the_child_are_passed_over(tmp_path: Path) -> None:
    body = """
    fd = int(os.environ["LAJUR_EVENTS_FD"])
    os.write(fd, b"not json\\n[1]\\n{}\\n" + b'{"host": "a", "task": "t", "status": "splendid"}\\n')
    os.write(fd, b"[" * 100000 + b"\\n")
    tell(host="a", task="t", status="ok", value={"text": "{{ 6 * 7 }}"}, message="m" * 10000)
    """
    result, (event,) = play(plays(tmp_path, body))
    assert result.hosts["a"].values == {"t": {"text": "{{ 6 * 7 }}"}}
    assert len(event.message) == 2000


def test_one_that_dies_says_how_and_where_its_words_are(tmp_path: Path) -> None:
    body = """
    tell(host="a", task="t", status="ok")
    print("[ERROR]: no space left", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
    """
    with pytest.raises(PlayError) as told:
        play(plays(tmp_path, body))
    assert told.value.code == "play.died"
    assert told.value.fields["how"] == "SIGKILL"
    assert "no space left" in Path(str(told.value.fields["log"])).read_text()
    assert "no space left" in str(told.value.__cause__)


def test_one_that_did_nothing_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(PlayError) as told:
        play(plays(tmp_path, "print('skipping: no hosts matched')"))
    assert told.value.code == "play.nothing"


def test_logs_are_private_and_do_not_grow_for_ever(tmp_path: Path) -> None:
    player = plays(tmp_path, "tell(host='a', task='t', status='ok')")
    (tmp_path / "logs").mkdir()
    for number in range(60):
        (tmp_path / f"logs/{number}.log").touch()
    result, _ = play(player)
    assert Path(result.log).stat().st_mode & 0o077 == 0
    assert len(list((tmp_path / "logs").iterdir())) == 50


def test_an_interruption_reaches_it_and_nothing_outlives_it(tmp_path: Path) -> None:
    body = f"""
    import subprocess
    child = subprocess.Popen(["sleep", "300"])
    open({str(tmp_path / "child")!r}, "w").write(str(child.pid))
    def ended(*_):
        open({str(tmp_path / "asked")!r}, "w").close()
        sys.exit(99)
    signal.signal(signal.SIGINT, ended)
    tell(host="a", task="t", status="ok")
    time.sleep(300)
    """
    plays(tmp_path, body)
    code = f"""
    from pathlib import Path
    from network.core.plays import PlayRequest
    from network.runners.plays import ChildPlays, at_terminal
    here = Path({str(tmp_path)!r})
    player = ChildPlays(here / "playbooks", here / "logs", {{"PATH": "/usr/bin:/bin"}}, program=here / "ansible-playbook")
    try:
        player.play(PlayRequest(playbook="site"), lambda event: (here / "heard").touch())
    except KeyboardInterrupt:
        raise SystemExit(130)
    """
    root = Path(__file__).parents[3]
    words = [
        sys.executable,
        "-c",
        f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n{textwrap.dedent(code)}",
    ]
    process = subprocess.Popen(words, cwd=root)
    until = time.monotonic() + 30
    while not ((tmp_path / "heard").exists() and (tmp_path / "child").exists()):
        assert time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert (tmp_path / "asked").exists()
    child = int((tmp_path / "child").read_text())
    assert not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]


FILE = 'file = sys.argv[sys.argv.index("--extra-vars") + 1][1:]'


@pytest.mark.parametrize("read", ["open(file).read()", "open(file).read(10)", "b''"], ids=["all", "some", "nothing"])
def test_variables_are_gone_afterwards_however_much_of_them_was_read(tmp_path: Path, read: str) -> None:
    body = f"""
    {FILE}
    {read}
    tell(host="a", task="t", status="ok", value={{"file": file}})
    """
    result, _ = play(plays(tmp_path, body), variables={"a": "x" * 500_000})
    assert not Path(str(result.hosts["a"].values["t"]["file"])).exists()
    assert [each.suffix for each in (tmp_path / "logs").iterdir()] == [".log"]


def test_without_variables_none_are_handed_over(tmp_path: Path) -> None:
    result, _ = play(plays(tmp_path, "tell(host='a', task='t', status='ok', value={'words': sys.argv[2:]})"))
    assert result.hosts["a"].values["t"]["words"] == []


WORKER = """
import subprocess
worker = subprocess.Popen(["setsid", "sleep", "300"])
"""
"""Ansible's workers begin sessions of their own."""

CALLER = """
import signal, sys
from pathlib import Path
from network.core.plays import PlayRequest
from network.runners.plays import ChildPlays, at_terminal
for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, signal.default_int_handler)
here = Path(sys.argv[1])
if sys.argv[2] == "terminal":
    shown = at_terminal([str(here / "ansible-playbook")], {"PATH": "/usr/bin:/bin"}, here)
    raise SystemExit(abs(shown.code))
player = ChildPlays(here / "playbooks", here / "logs", {"PATH": "/usr/bin:/bin"}, program=here / "ansible-playbook")
try:
    player.play(PlayRequest(playbook="site", variables={"word": "rahasia-sekali"}), lambda event: None)
except KeyboardInterrupt:
    raise SystemExit(130)
"""


def caller(folder: Path, how: str) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A program that plays; the numbers of what its play started, once all of it runs."""
    words = [sys.executable, "-c", CALLER, str(folder), how]
    # What a killed one leaves in its folder for files of a moment goes with the test's.
    environment = {**os.environ, "TMPDIR": str(folder)}
    process = subprocess.Popen(words, cwd=Path(__file__).parents[3], env=environment, start_new_session=True)
    wait_for((folder / "pids").exists)
    return process, [int(each) for each in (folder / "pids").read_text().split()]


def wait_for(holds: Any) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def noting(folder: Path, then: str = "") -> str:
    return f"""
{WORKER}
def ended(*_):
    worker.terminate()
    sys.exit(99)
signal.signal(signal.SIGTERM, ended)
{then}
open({str(folder / "part")!r}, "w").write(f"{{os.getpid()}} {{worker.pid}}")
os.rename({str(folder / "part")!r}, {str(folder / "pids")!r})
time.sleep(300)
"""


@pytest.mark.parametrize("read", ["open(file).read()", "None"], ids=["read", "unread"])
def test_of_variables_nothing_is_left_where_the_caller_was_killed(tmp_path: Path, read: str) -> None:
    player = plays(tmp_path, noting(tmp_path, f"{FILE}\n{read}"))
    process, started = caller(tmp_path, "child")
    process.kill()
    process.wait(30)
    wait_for(lambda: not any(map(runs, started)))
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert files
    assert not any("rahasia-sekali" in each.read_text(errors="replace") for each in files)
    (pipe,) = (tmp_path / "logs").glob("*.variables")
    assert pipe.is_fifo()
    for number in range(60):
        (tmp_path / f"logs/{number}.log").touch()
    (tmp_path / "ansible-playbook").write_text(f"#!{sys.executable}\n{TELL}\ntell(host='a', task='t', status='ok')")
    play(player)
    assert not pipe.exists()


@pytest.mark.parametrize("how", ["child", "terminal"])
def test_it_does_not_outlive_a_caller_that_was_killed(tmp_path: Path, how: str) -> None:
    plays(tmp_path, noting(tmp_path))
    process, started = caller(tmp_path, how)
    assert all(map(runs, started))
    process.kill()
    process.wait(30)
    wait_for(lambda: not any(map(runs, started)))


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGHUP])
def test_who_began_a_session_of_its_own_is_ended_too(tmp_path: Path, asked: signal.Signals) -> None:
    deaf = "signal.signal(signal.SIGINT, lambda *_: None)\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)"
    plays(tmp_path, noting(tmp_path, deaf))
    process, started = caller(tmp_path, "child")
    process.send_signal(asked)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert not any(map(runs, started))


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGHUP])
def test_at_a_terminal_a_request_to_end_is_handed_on(tmp_path: Path, asked: signal.Signals) -> None:
    plays(tmp_path, noting(tmp_path))
    process, started = caller(tmp_path, "terminal")
    process.send_signal(asked)
    assert process.wait(60) == 99
    wait_for(lambda: not any(map(runs, started)))


def test_a_program_that_there_is_not(tmp_path: Path) -> None:
    player = plays(tmp_path, "")
    (tmp_path / "ansible-playbook").unlink()
    with pytest.raises(Refused) as told:
        play(player)
    assert told.value.code == "play.no_ansible"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([("cause", {}), ("clean", {"cleanup": True})], "cause"),
        ([("tried", {"rescued": True}), ("clean", {"cleanup": True})], "clean"),
        ([("tried", {"rescued": True}), ("cause", {}), ("clean", {"cleanup": True})], "cause"),
        ([("first", {}), ("second", {})], "second"),
    ],
)
def test_what_is_told_of_a_host_is_the_cause_and_not_what_failed_in_its_wake(
    tmp_path: Path, lines: list[tuple[str, dict[str, bool]]], wanted: str
) -> None:
    body = "".join(f"tell(host='a', task='{task}', status='failed', **{more})\n" for task, more in lines)
    result, _ = play(plays(tmp_path, f"{body}tell(bad=['a'])\nsys.exit(2)"))
    assert result.hosts["a"].task == wanted


def test_a_play_at_a_terminal_tells_which_task_it_had_begun_last(tmp_path: Path) -> None:
    begun = 'os.write(int(os.environ[\'LAJUR_EVENTS_FD\']), b\'{"begun": "first"}\\n{"begun": "second"}\\n\')'
    plays(tmp_path, f"{begun}; sys.exit(99)")
    shown = at_terminal([str(tmp_path / "ansible-playbook")], {"PATH": os.environ["PATH"]}, tmp_path)
    assert (shown.code, shown.hosts, shown.task) == (99, {}, "second")


def test_the_callback_ends_the_play_when_nobody_reads_it_any_more() -> None:
    plugin = Path(__file__).parents[3] / "playbooks/callback_plugins/lajur_events.py"
    code = f"""
    import importlib.util, os, time
    reading, writing = os.pipe()
    os.environ["LAJUR_EVENTS_FD"] = str(writing)
    spec = importlib.util.spec_from_file_location("lajur_events", {str(plugin)!r})
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    callback = module.CallbackModule()
    callback._write({{"host": "a"}})
    os.close(reading)
    callback._write({{"host": "a"}})
    time.sleep(60)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGTERM, done.stderr
