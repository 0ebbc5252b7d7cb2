"""A socket between the child process and the provider, which the engine starts and of which we hold no end.

Over it the provider is given what it logs in with, which therefore stands in no state, no environment and no file, and tells
what it did. The child serves it in a folder that only this user can enter, for as long as it lives. One line of JSON each way.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from infra.errors import InfraError, NeedsPerson, Refused

ADDRESS: Final = "LAJUR_INFRA_BROKER"
"""The environment's name for the path of the socket."""
_PREFIX: Final = "lajur-infra-"
_NAME: Final = "broker"
LONGEST: Final = 16 * 1024 * 1024
"""Bytes of one line: an acceptance report of a machine with a long list of packages fits many times over."""

Answer = Callable[[str, dict[str, Any]], dict[str, Any]]
"""What the child does with one request: its word and its fields, to the fields of the answer. May raise InfraError."""


@contextmanager
def serve(answer: Answer) -> Iterator[str]:
    """Serve until the end of the block; the path of the socket."""
    sweep()
    folder = tempfile.mkdtemp(prefix=_PREFIX)  # mode 0700; short, as a socket's path may hold 107 bytes only
    path = Path(folder) / _NAME
    with socket.socket(socket.AF_UNIX) as listener:
        # Under its name only once it answers: one that refuses is dead.
        listener.bind(str(path.with_suffix(".new")))
        listener.listen(256)
        path.with_suffix(".new").rename(path)
        threading.Thread(target=_accept, args=(listener, answer), daemon=True).start()
        try:
            yield str(path)
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                path.unlink()
            with suppress(OSError):
                Path(folder).rmdir()


def sweep() -> None:
    """Remove what children of this user left that were killed: their folders, where nobody answers any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if _is_own(folder) and _is_dead(folder / _NAME):
                (folder / _NAME).unlink()
                folder.rmdir()


def _is_own(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _is_dead(path: Path) -> bool:
    """Whether a socket is there on which nobody listens. One that is too busy to answer lives."""
    if not stat.S_ISSOCK(path.lstat().st_mode):
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return True
    return False


def _accept(listener: socket.socket, answer: Answer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(connection, answer), daemon=True).start()


def _talk(connection: socket.socket, answer: Answer) -> None:
    with connection, suppress(OSError, ValueError):
        _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        if uid != os.geteuid():
            return
        with connection.makefile("rwb") as lines:
            while raw := lines.readline(LONGEST):
                request = json.loads(raw)
                lines.write(json.dumps(_answered(answer, request)).encode() + b"\n")
                lines.flush()


def _answered(answer: Answer, request: Mapping[str, Any]) -> dict[str, Any]:
    """What the child cannot do is no reason to take it for gone."""
    try:
        return {"answer": answer(request["word"], request["fields"])}
    except InfraError as error:
        return {"code": error.code, "fields": error.fields, "exit": error.exit_code}


class Line:
    """The provider's end. Safe to use from several threads: each request has a connection of its own."""

    def __init__(self, path: str) -> None:
        self._path = path

    def ask(self, word: str, **fields: Any) -> dict[str, Any]:
        """Raises OSError when the child is gone, InfraError when it lives and cannot do what it is asked."""
        with self._connected() as connection, connection.makefile("rwb") as lines:
            lines.write(json.dumps({"word": word, "fields": fields}).encode() + b"\n")
            lines.flush()
            raw = lines.readline(LONGEST)
        if not raw:
            raise ConnectionResetError("the child is gone")
        found: dict[str, Any] = json.loads(raw)
        if "answer" not in found:
            kinds = {each.exit_code: each for each in (Refused, NeedsPerson)}
            raise kinds.get(found["exit"], InfraError)(found["code"], **found["fields"])
        said: dict[str, Any] = found["answer"]
        return said

    def tell(self, event: str, fields: Mapping[str, Any]) -> None:
        """Say what happened; returns once it was heard."""
        self.ask("tell", event=event, fields=dict(fields))

    def leash(self) -> socket.socket:
        """A connection on which nothing is said: it can be read when the child is gone."""
        return self._connected()

    def _connected(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(self._path)
        except BaseException:
            connection.close()
            raise
        return connection
