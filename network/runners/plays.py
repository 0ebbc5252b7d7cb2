"""`ansible-playbook` as a child process. Implements `network.core.plays.Plays`.

What it does is told by a callback of ours (`playbooks/callback_plugins/lajur_events.py`), a line of JSON for each task that ended
on a host; what it says to people goes to a file. Whatever it started is ended with it. It ends when whoever started it is gone: a
play that went on without us would change machines after somebody else has taken the turn.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

from network.core.build_words import bounded
from network.core.plays import HostEnd, PlayEvent, PlayHeard, PlayRequest, PlayResult, Shown, Status
from network.errors import PlayError, Refused
from network.runners.interrupts import noted
from network.runners.session import end_session

_WITH_US: Final = ("setpriv", "--pdeathsig", "TERM")
"""The kernel asks the child to end when we end, however that comes about. It becomes the program: same process, same session."""

EVENTS: Final = "LAJUR_EVENTS_FD"
_LONGEST_LINE: Final = 8 * 1024 * 1024
_LONGEST_MESSAGE: Final = 2000
_LONGEST_NAME: Final = 200
_MOST_EXIT: Final = 255
_PATIENCE: Final = 30.0
"""Seconds that it may take to stop in order when the caller is interrupted."""

_LOOK_AGAIN: Final = 0.2
_MOST_LOGS: Final = 50
_PIPE: Final = ".variables"
"""Ending of the pipe beside a play's log. One that a killed caller left behind is empty, and goes with the log."""

_SIGNS: Final = ("{{", "{%", "{#")
"""How a template of Ansible begins."""


class ChildPlays:
    """Starts `program` on the playbooks in `folder`, from the folder above it, where `ansible.cfg` is. `environment` is the
    child's whole; `logs`: the folder for what it says, of which the last fifty are kept."""

    def __init__(self, folder: Path, logs: Path, environment: Mapping[str, str], *, program: Path) -> None:
        self._folder, self._logs, self._program = folder, logs, program
        self._environment = {**environment, "ANSIBLE_CONFIG": str(folder.parent / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        file = self._playbook(request.playbook)
        _refuse_templates("variables", request.variables)
        log = self._new_log(request.playbook)
        with _variables(request.variables, log.with_suffix(_PIPE)) as variables:
            words = [str(self._program), str(file), *variables]
            words += ["--limit", ",".join(request.hosts)] if request.hosts else []
            words += ["--check", "--diff"] if request.check else []
            told = _Told(heard)
            code = self._run(words, log, told)
        if code not in (0, 2, 4) or (code != 0 and not told.bad):  # 2: a host failed, 4: one could not be reached
            how = signal.Signals(-code).name if code < 0 else f"exit {code}"
            raise PlayError("play.died", playbook=request.playbook, how=how, log=str(log)) from _last_words(log)
        if not told.hosts:
            raise PlayError("play.nothing", playbook=request.playbook, reason=_end_of(log) or "-", log=str(log))
        return PlayResult(hosts=told.ends(), log=str(log))

    def _playbook(self, name: str) -> Path:
        file = self._folder / f"{name}.yml"
        if not file.is_file():
            known = sorted(path.relative_to(self._folder).with_suffix("").as_posix() for path in self._folder.glob("*.yml"))
            raise Refused("play.no_playbook", playbook=name, folder=str(self._folder), known=", ".join(known))
        return file

    def _new_log(self, playbook: str) -> Path:
        self._logs.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in sorted(self._logs.glob("*.log"), key=lambda path: path.stat().st_mtime)[: -_MOST_LOGS + 1]:
            for each in (old, old.with_suffix(_PIPE)):
                each.unlink(missing_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{playbook.replace('/', '-')}-", suffix=".log", dir=self._logs)
        os.close(handle)
        return Path(name)

    def _run(self, words: Sequence[str], log: Path, told: _Told) -> int:
        _there(words[0])
        reading, writing = os.pipe()
        try:
            with log.open("ab") as said:
                process = subprocess.Popen(
                    [*_WITH_US, *words],
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    env={**self._environment, EVENTS: str(writing)},
                    cwd=self._folder.parent,
                    pass_fds=(writing,),
                    start_new_session=True,
                )
        except OSError as error:
            os.close(reading)
            raise Refused("play.no_ansible", place=words[0]) from error
        finally:
            os.close(writing)
        with process, os.fdopen(reading, "rb", buffering=0) as events:
            try:
                return _until_end(process, events, told)
            finally:
                end_session(process.pid)


def at_terminal(words: Sequence[str], environment: Mapping[str, str], folder: Path, *, aside: bool = False) -> Shown:
    """Play where the reader sees it and may interrupt it. `aside`: what it says goes to standard error."""
    _there(words[0])
    reading, writing = os.pipe()
    told = _Told(lambda event: None)
    with os.fdopen(reading, "rb", buffering=0) as events:
        try:
            own = {**environment, EVENTS: str(writing)}
            out = sys.stderr.fileno() if aside else None
            process = subprocess.Popen([*_WITH_US, *words], env=own, cwd=folder, pass_fds=(writing,), stdout=out)
        except OSError as error:
            raise Refused("play.no_ansible", place=words[0]) from error
        finally:
            os.close(writing)
        os.set_blocking(events.fileno(), False)
        with process, _handed_on(process):
            while process.poll() is None:
                try:
                    told.read(events)
                    time.sleep(_LOOK_AGAIN / 10)
                except KeyboardInterrupt:  # it is at the same terminal and ends by itself
                    continue
            told.read(events)
            return Shown(code=process.wait(), hosts=told.ends(), task=told.begun)


def _there(program: str) -> None:
    """Raises Refused where there is no such program: what stands before it would only say so by an exit code."""
    if shutil.which(program) is None:
        raise Refused("play.no_ansible", place=program)


@contextmanager
def _handed_on(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Hand on to the child what only we are asked: unlike Ctrl-C, a request to end does not come from its terminal. What somebody
    else has a use for, or ignores, is left as it is."""

    def hand_on(*_: Any) -> None:
        process.terminate()

    with ExitStack() as restored:
        if threading.current_thread() is threading.main_thread():
            for each in (signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(each) is signal.default_int_handler:
                    restored.callback(signal.signal, each, signal.signal(each, hand_on))
        yield


def _until_end(process: subprocess.Popen[bytes], events: IO[bytes], told: _Told) -> int:
    """Its exit code. Asked to stop, it gets a while to do so, and the caller is interrupted when it has ended."""
    os.set_blocking(events.fileno(), False)
    stopping: float | None = None
    with noted() as interrupts:
        while process.poll() is None:
            told.read(events)
            if interrupts.count and stopping is None:
                stopping = time.monotonic()
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGINT)
            if stopping is not None and (interrupts.count > 1 or time.monotonic() - stopping > _PATIENCE):
                break
            time.sleep(_LOOK_AGAIN / 10)
        told.read(events)
    if stopping is not None:
        raise KeyboardInterrupt
    return process.wait()


class _Told:
    """What the callback has told so far. Nothing of it is taken as it stands: it came from machines."""

    def __init__(self, heard: PlayHeard) -> None:
        self._heard = heard
        self._rest = b""
        self._values: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._changed: set[str] = set()
        self._rescued: set[str] = set()
        self.begun = ""
        self.hosts: dict[str, HostEnd] = {}

    @property
    def bad(self) -> bool:
        return any(end.status.is_bad for end in self.hosts.values())

    def ends(self) -> dict[str, HostEnd]:
        return {
            host: replace(end, values=self._values.get(host, {}), changed=host in self._changed)
            for host, end in self.hosts.items()
        }

    def read(self, events: IO[bytes]) -> None:
        while part := events.read(1024 * 1024):
            *lines, self._rest = (self._rest + part).split(b"\n")
            self._rest = self._rest[:_LONGEST_LINE]
            for line in lines:
                with suppress(ValueError, KeyError, TypeError, RecursionError):
                    self._take(json.loads(line[:_LONGEST_LINE]))

    def _take(self, line: Any) -> None:
        if not isinstance(line, Mapping):
            return
        if isinstance(bad := line.get("bad"), list):
            self._settle({str(host) for host in bad})
            return
        if isinstance(begun := line.get("begun"), str):
            self.begun = begun[:_LONGEST_NAME]
            return
        value, code = line.get("value"), line.get("exit")
        event = PlayEvent(
            host=str(line["host"])[:100],
            task=str(line["task"])[:_LONGEST_NAME],
            status=Status(line["status"]),
            message=str(line.get("message") or "")[:_LONGEST_MESSAGE],
            value=bounded(value, _LONGEST_LINE) if isinstance(value, Mapping) else {},
            ignored=line.get("ignored") is True,
            exit=code if type(code) is int and 0 <= code <= _MOST_EXIT else 0,
        )
        before = self.hosts.get(event.host)
        if event.status is Status.CHANGED:
            self._changed.add(event.host)
        if event.value:
            self._values.setdefault(event.host, {})[event.task] = event.value
        if event.status.is_bad and not event.ignored and not self._is_aftermath(event, line):
            ended = HostEnd(status=event.status, task=event.task, message=event.message, exit=event.exit)
            self.hosts[event.host] = ended
        elif before is None or (event.status is Status.CHANGED and not before.status.is_bad):
            status = Status.CHANGED if event.status is Status.CHANGED else Status.OK
            self.hosts[event.host] = HostEnd(status=status, task=event.task)
        self._heard(event)

    def _is_aftermath(self, event: PlayEvent, line: Mapping[str, Any]) -> bool:
        """What fails while a block puts in order what it began is not why it failed; but of what was rescued nothing is left."""
        before = self.hosts.get(event.host)
        is_first = before is None or not before.status.is_bad or event.host in self._rescued
        self._rescued.discard(event.host)
        if line.get("rescued") is True:
            self._rescued.add(event.host)
        return line.get("cleanup") is True and not is_first

    def _settle(self, bad: set[str]) -> None:
        """The play is over: what failed on other hosts was rescued."""
        for host, end in self.hosts.items():
            if end.status.is_bad and host not in bad:
                self.hosts[host] = HostEnd(status=Status.CHANGED, task=end.task)


@contextmanager
def _variables(values: Mapping[str, Any], pipe: Path) -> Iterator[list[str]]:
    """The words that hand them over: through a pipe that only we can open. Arguments of a program can be seen by everybody, and a
    file would stay where we are killed; Ansible opens by name only, so that no descriptor can be handed on."""
    if not values:
        yield []
        return
    os.mkfifo(pipe, 0o600)
    giver = threading.Thread(target=_give, args=(pipe, json.dumps(dict(values)).encode()), daemon=True)
    giver.start()
    try:
        yield ["--extra-vars", f"@{pipe}"]
    finally:
        with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as unheard:
            # One that ended too soon has read nothing: then we hear it out ourselves.
            while giver.is_alive():
                unheard.read(_LONGEST_LINE)
                giver.join(_LOOK_AGAIN / 10)
        pipe.unlink()


def _give(pipe: Path, text: bytes) -> None:
    """Once, to whoever opens the pipe first."""
    with suppress(BrokenPipeError), pipe.open("wb") as given:
        given.write(text)


def _refuse_templates(name: str, value: Any) -> None:
    """Raises Refused for a text that Ansible would carry out: it trusts what it is given by us."""
    if isinstance(value, str) and any(sign in value for sign in _SIGNS):
        raise Refused("play.template", name=name, value=value[:100])
    if isinstance(value, Mapping):
        for key, each in value.items():
            _refuse_templates(str(key), key)
            _refuse_templates(str(key), each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _refuse_templates(name, each)


def _end_of(log: Path) -> str:
    """The last lines that say what is wrong, else the last at all."""
    lines = [line for line in log.read_text(errors="replace")[-16384:].splitlines() if line.strip()]
    wrong = [line for line in lines if line.startswith(("[ERROR]", "ERROR!"))] or lines
    return " ".join(wrong[-3:])[-1000:]


def _last_words(log: Path) -> PlayError | None:
    text = _end_of(log)
    return PlayError("infra.said", text=text) if text else None
