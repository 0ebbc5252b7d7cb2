"""The builder of servers as a child process. Implements `network.core.building.Builder`.

One request goes in on its standard input, secrets and all, so that they stand in no argument, environment or file. Events come
out, one line of JSON each. Whatever it started is ended with it: the engine and its provider live in the child's session.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from network.core.build_words import bounded, error_of, event_of, unheard
from network.core.building import BuildEvent, BuildRequest, Ending, Heard
from network.errors import BuildError, LajurError, NeedsPerson, Refused
from network.runners.interrupts import Interrupts, noted
from network.runners.session import end_session, has_ended

LONGEST_LINE: Final = 16 * 1024 * 1024
"""Bytes of one line: what is on record of a hundred servers, their packages too, fits several times over."""

MOST_EVENTS: Final = 100_000
_TAIL: Final = 16 * 1024
"""Bytes that are kept of what it writes to its standard error."""

_LONGEST_RESULT: Final = 4 * 1024 * 1024
_READ: Final = 64 * 1024
_LOOK_AGAIN: Final = 0.5
"""Seconds between two looks at a child that says nothing."""

_ENDING: Final = 1.0
"""Seconds between the end of what a process says and its own."""

_KEPT_NAMES: Final = frozenset({"HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER", "XDG_CACHE_HOME"})
_KEPT_KINDS: Final = ("LC_", "PG", "SSL_CERT_")
"""Of the environment: what any program needs, and what PostgreSQL's library reads. A secret of ours is handed on by no name."""

_OWN: Final = [sys.executable, "-P", "-m", "infra"]
"""`-P`: what lies in the folder where somebody happens to be is no part of the program."""

_HIDDEN: Final = "***"
_SHORTEST_SECRET: Final = 6
"""A shorter one would also hide what only looks like it."""

Document: TypeAlias = dict[str, Any]


class ChildBuilder:
    """Starts `python -m infra` for every request. `within`: words before the program's own, such as those that enter a namespace.

    `patience`: seconds that it may take to stop in order when the caller is interrupted; `silence`: after so many seconds without
    a word the listener is told how long it has been (`infra.silent`). There is no limit on the whole.
    """

    def __init__(
        self,
        within: Sequence[str] = (),
        *,
        environment: Mapping[str, str] = os.environ,
        program: Sequence[str] = (),
        patience: float = 60.0,
        silence: float = 15.0,
    ) -> None:
        self._words = [*within, *(program or _OWN)]
        self._environment = {name: value for name, value in environment.items() if _is_kept(name)}
        self._patience, self._silence = patience, silence

    def run(self, request: BuildRequest, heard: Heard) -> Ending:
        try:
            process = subprocess.Popen(
                self._words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment,
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise Refused("infra.not_started", program=self._words[0], reason=error.strerror or str(error)) from error
        with process, _Talk(process, request, heard) as talk, noted() as interrupts:
            try:
                return self._until_end(talk, interrupts)
            finally:
                end_session(process.pid)

    def _until_end(self, talk: _Talk, interrupts: Interrupts) -> Ending:
        stopping: float | None = None
        while True:
            try:
                more = talk.listen(self._silence)
            except KeyboardInterrupt:  # of the listener, or where signals cannot be noted
                interrupts.count += 1
                more = True
            if talk.fault is not None:
                return Ending(error=talk.fault)
            if not more:
                ending = talk.outcome(interrupted=stopping is not None)
                # One that said its last word has ended its own; of one that did not, Pulumi may still be at work.
                return ending if stopping is None or talk.is_through or has_ended(talk.pid, stopping) else talk.killed()
            if stopping is None and interrupts.count:
                stopping = time.monotonic() + self._patience
                talk.stop(self._patience)
            elif stopping is not None and (interrupts.count > 1 or time.monotonic() > stopping):
                return talk.killed()


class _Talk:
    """One child and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], request: BuildRequest, heard: Heard) -> None:
        self._process, self._request, self._heard = process, request, heard
        self._secrets = _shapes(request.secrets)
        self._left = memoryview(json.dumps(request.document()).encode() + b"\n")
        self._line = bytearray()
        self._tail: deque[bytes] = deque(maxlen=_TAIL // 1024)
        self._events = 0
        self._is_mute = False
        self._last: Document | None = None
        self.fault: LajurError | None = None
        """Why it is not listened to any longer."""

        self._spoke = self._told = time.monotonic()
        self._ways = selectors.DefaultSelector()
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            self._ways.register(pipe, selectors.EVENT_WRITE if pipe is process.stdin else selectors.EVENT_READ)

    @property
    def is_through(self) -> bool:
        """Whether it has said its last word."""
        return self._last is not None

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._ways.close()

    def listen(self, silence: float) -> bool:
        """Hear what there is to hear, or wait a little; False when there is no more to come."""
        process = self._process
        for key, _ in self._ways.select(_LOOK_AGAIN):
            if key.fileobj is process.stdin:
                self._write()
            else:
                self._read(key.fileobj, key.fd)
        now = time.monotonic()
        if now - max(self._spoke, self._told) > silence:
            self._told = now
            self._heard(BuildEvent(code="infra.silent", fields={"seconds": round(now - self._spoke)}))
        if self._is_mute:
            return False
        # Whoever the child left behind may hold its pipes open for ever: they say nothing that is still waited for.
        return not (_ended(process.pid) is not None and now - self._spoke > _LOOK_AGAIN)

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        try:
            self._left = self._left[os.write(pipe.fileno(), self._left) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # it ended without reading; what it says, or how it ended, tells why
            self._left = self._left[:0]
        if not self._left:
            self._ways.unregister(pipe)
            pipe.close()

    def _read(self, pipe: Any, descriptor: int) -> None:
        try:
            part = os.read(descriptor, _READ)
        except BlockingIOError:
            return
        if not part:
            self._ways.unregister(pipe)
            self._is_mute = self._is_mute or pipe is self._process.stdout
        elif pipe is self._process.stderr:
            self._tail.extend(part[at : at + 1024] for at in range(0, len(part), 1024))
        else:
            self._spoke = time.monotonic()
            self._take(part)

    def _take(self, part: bytes) -> None:
        *whole, rest = part.split(b"\n")
        for piece in whole:
            self._line += piece
            line, self._line = bytes(self._line), bytearray()
            self._hear(line)
        self._line += rest
        if len(self._line) > LONGEST_LINE:
            self.fault = self._strange("infra.too_long", most=LONGEST_LINE // 2**20)

    def _hear(self, line: bytes) -> None:
        if not line.strip():
            return
        self._events += 1
        if self._events > MOST_EVENTS:
            self.fault = self._strange("infra.too_much", most=MOST_EVENTS)
        if self.fault is not None:
            return
        try:
            said = _veiled(_document(line), self._secrets)
            if said.get("event") in ("done", "failed"):
                self._last = bounded(said, _LONGEST_RESULT)
                return
            event = event_of(said.get("event"), said.get("fields"))
        except (ValueError, RecursionError):
            event = unheard(_veiled(line[:1000].decode(errors="replace"), self._secrets))
        self._heard(event)

    def stop(self, patience: float) -> None:
        """Ask it to end in order, and everybody who would hear of it at a terminal."""
        self._heard(BuildEvent(code="infra.stopping", fields={"seconds": round(patience)}))
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGINT)

    def killed(self) -> Ending:
        """What it means that it does not get the time to end by itself."""
        error = NeedsPerson("infra.killed", verb=self._request.verb.value) if self._request.verb.changes else None
        return Ending(error=error, interrupted=True)

    def outcome(self, *, interrupted: bool) -> Ending:
        """The result, or the error that its last word, or the lack of one, stands for."""
        last = self._last
        if last is None:
            return self.killed() if interrupted else Ending(error=self._dead())
        found = last.get("result")
        result = found if isinstance(found, Mapping) else {}
        if last["event"] == "done" or (interrupted and last.get("code") == "infra.interrupted"):
            return Ending(result=result, interrupted=last["event"] != "done")
        error = error_of(last)
        error.__cause__ = self._said()
        return Ending(result=result, error=error)

    def _dead(self) -> LajurError:
        return self._strange("infra.died" if self._request.verb.changes else "infra.died_looking", how=_how(self._process))

    def _strange(self, code: str, **fields: object) -> LajurError:
        """It did not do as agreed, so nobody knows how far it came."""
        kind = NeedsPerson if self._request.verb.changes else BuildError
        error = kind(code, verb=self._request.verb.value, **fields)
        error.__cause__ = self._said()
        return error

    def _said(self) -> LajurError | None:
        """The end of what it wrote to its standard error."""
        pipe = self._process.stderr
        with suppress(OSError, ValueError):
            while pipe is not None and (part := os.read(pipe.fileno(), _READ)):
                self._tail.extend(part[at : at + 1024] for at in range(0, len(part), 1024))
        tail = b"".join(self._tail).decode(errors="replace").strip()
        return BuildError("infra.said", text=_veiled(tail, self._secrets)) if tail else None


def _document(line: bytes) -> Document:
    """Raises ValueError, and RecursionError for one that is made to break us."""
    found = json.loads(line)
    return found if isinstance(found, dict) else {"event": type(found).__name__}


def _is_kept(name: str) -> bool:
    return name in _KEPT_NAMES or name.startswith(_KEPT_KINDS)


def _how(process: subprocess.Popen[bytes]) -> str:
    """How it ended, in words that are the same everywhere."""
    deadline = time.monotonic() + _ENDING
    while (ended := _ended(process.pid)) is None:
        if time.monotonic() > deadline:
            return "EOF"
        time.sleep(_ENDING / 50)
    return f"exit {ended.si_status}" if ended.si_code == os.CLD_EXITED else signal.Signals(ended.si_status).name


def _ended(pid: int) -> os.waitid_result | None:
    """How it ended, if it has, without burying it: until then nobody else gets its number."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)


def _shapes(secrets: Sequence[str]) -> tuple[str, ...]:
    """Each secret, and the lines of one that has several."""
    found = {part.strip() for secret in secrets for part in (secret, *secret.splitlines()) if not part.startswith("-----")}
    return tuple(sorted((each for each in found if len(each) >= _SHORTEST_SECRET), key=len, reverse=True))


def _veiled(value: Any, secrets: Sequence[str]) -> Any:
    """The same without any of the secrets, should one have slipped into a text."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, _HIDDEN)
        return value
    if isinstance(value, Mapping):
        return {_veiled(key, secrets): _veiled(each, secrets) for key, each in value.items()}
    return [_veiled(each, secrets) for each in value] if isinstance(value, list) else value
