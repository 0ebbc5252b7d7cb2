"""What modules of this project do alike on a server: ask over HTTP, run a program, cut what a machine says.

Standard library only.
"""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import itertools
import json
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_SAID = 2000
"""Characters that are kept of what a machine says."""

MOST_BODY = 8 * 1024
"""Bytes of an answer's body that are read. HAProxy's own checks look through one buffer (16 KiB, `tune.bufsize`), in which the
head of the answer lies too: what is good here must be good there."""

MOST_CURSOR = 20_000
"""Characters of a place in the journal with what stands beside it."""

_HELD = 2.0
_LONGEST_VERSION = 64


@dataclass(frozen=True)
class Answer:
    """`status` 0: none in time; `ms` until its last byte; `fits`: 2xx, and it holds what is expected; `said`: the version
    in it."""

    status: int
    ms: int
    fits: bool
    said: str = ""

    def document(self) -> dict[str, Any]:
        return {"status": self.status, "ms": self.ms, "fits": self.fits}


def ask(host: str, port: int, path: str, expect: str, seconds: float = 2.0, name: str = "", *, scheme: str = "http") -> Answer:
    """One GET over HTTP, or with `scheme` https over TLS. All of it together takes at most `seconds`, however slowly the answer
    trickles in."""
    begun = time.monotonic()
    status, body = 0, b""
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        connection.connect()
        if scheme == "https":
            connection.sock.settimeout(max(0.001, begun + seconds - time.monotonic()))
            connection.sock = _over_tls(connection.sock)
        connection.request("GET", path, headers={"Host": name or host, "Connection": "close", "User-Agent": "lajur"})
        status, body = _read(connection, begun + seconds)
    except (OSError, http.client.HTTPException, ValueError):
        status = 0
    finally:
        connection.close()
    ms = round((time.monotonic() - begun) * 1000)
    fits = 200 <= status < 300 and expect.encode() in body
    return Answer(status=status, ms=ms, fits=fits, said=_version(body) if fits else "")


def _over_tls(line: socket.socket) -> ssl.SSLSocket:
    """Whatever certificate is shown: it is called by its address, and asked for nothing but its health."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(line)


def _read(connection: http.client.HTTPConnection, deadline: float) -> tuple[int, bytes]:
    held = connection.sock
    response = connection.getresponse()
    body = b""
    while len(body) < MOST_BODY:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        held.settimeout(left)
        part = response.read1(MOST_BODY - len(body))
        if not part:
            break
        body += part
    return response.status, body


def _version(body: bytes) -> str:
    """What a health document calls `version`, if it is one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    version = found.get("version") if isinstance(found, Mapping) else None
    return version[:_LONGEST_VERSION] if isinstance(version, str) else ""


def reaches(host: str, port: int, seconds: float) -> bool:
    """Whether something takes a connection there; nothing is said to it."""
    try:
        socket.create_connection((host, port), timeout=seconds).close()
    except (OSError, ValueError):
        return False
    return True


def run(words: Sequence[str], seconds: float = 30.0, text: str | None = None) -> tuple[int, str, str]:
    """Exit code, output and errors; 124 and what it had said when it took longer: then it is ended, with all that it started.
    Words are handed over as they are."""
    try:
        process = subprocess.Popen(
            list(words),
            stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return 127, "", f"{words[0]}: {error.strerror}"
    with process:
        try:
            said, errors = process.communicate(text, seconds)
        except subprocess.TimeoutExpired:
            end(process)
            return 124, *_rest(process)
        except BaseException:
            end(process)
            raise
    return process.returncode, said, errors


def end(process: subprocess.Popen[Any]) -> None:
    """Kill a program that began a session of its own, and what it started in it. Nobody may have waited for it: its number is
    its own until then."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _rest(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What one that was ended had said. Who left its session may hold the pipes open: nobody waits for that."""
    try:
        return process.communicate(timeout=_HELD)
    except subprocess.TimeoutExpired as error:
        return _text(error.stdout), _text(error.stderr)


def _text(said: bytes | str | None) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said or ""


def end_of(text: str, secrets: Sequence[str] = ()) -> str:
    """The last lines of what was said, without secrets and without what moves a cursor; what was said again and again once."""
    for secret in secrets:
        text = text.replace(secret, "***")
    shown = "".join(each if each.isprintable() or each == "\n" else "?" for each in text)
    return folded(shown.strip())[-MOST_SAID:]


def folded(text: str) -> str:
    """Equal lines in a row as one, with how many they were."""
    rows = [(line, len(list(same))) for line, same in itertools.groupby(text.splitlines())]
    return "\n".join(f"{line} ({count}×)" if count > 1 and line.strip() else line for line, count in rows)


def trouble(problem: str, said: str = "", secrets: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    return {"problem": problem, "said": end_of(said, secrets), **more}


def journal_cursor() -> str:
    """Where the journal is now, after everything that was said before is in it; empty where there is no journal."""
    run(["journalctl", "--sync"], 20)
    _, said, _ = run(["journalctl", "--quiet", "--lines=1", "--output=cat", "--output-fields=_PID", "--show-cursor"], 20)
    marks = [line for line in said.splitlines() if line.startswith("-- cursor: ")]
    return marks[-1].removeprefix("-- cursor: ").strip() if marks else ""


def journal_since(cursor: str, words: Sequence[str]) -> Iterator[str]:
    """The text of each entry that `words` select and that came after `cursor`; from the oldest on where the cursor says nothing.

    `--after-cursor` is not asked: where the entry of the cursor is not selected itself, it leaves out the first that is.
    """
    options = ["--quiet", "--output=json", "--output-fields=MESSAGE"]
    if cursor and run(["journalctl", "--quiet", "--lines=1", f"--cursor={cursor}"], 20)[0] == 0:
        options.append(f"--cursor={cursor}")
    with subprocess.Popen(
        ["journalctl", *options, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        try:
            yield from messages(process.stdout, cursor)
        finally:
            process.kill()


def messages(lines: Iterable[str], cursor: str) -> Iterator[str]:
    """The journal gives a text as numbers where it is not one."""
    for line in lines:
        try:
            entry = json.loads(line)
            said = entry.get("MESSAGE")
        except (ValueError, AttributeError):
            continue
        if cursor and entry.get("__CURSOR") == cursor:
            continue
        if isinstance(said, list):
            said = bytes(said).decode(errors="replace")
        if isinstance(said, str):
            yield said


def talk(path: str, command: str, seconds: float = 5.0) -> str:
    """One command to a stream socket that answers and hangs up, such as HAProxy's. Raises OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(seconds)
        line.connect(path)
        line.sendall(command.encode() + b"\n")
        # The master process waits for a further command until it is told that there is none.
        line.shutdown(socket.SHUT_WR)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts).decode(errors="replace")


def backend_rows(text: str, backend: str) -> dict[str, dict[str, str]]:
    """What HAProxy's `show stat` says of a backend, by server."""
    lines = csv.DictReader(io.StringIO(text.removeprefix("# ")))
    return {row["svname"]: row for row in lines if row.get("pxname") == backend and row.get("svname")}


def tries(rows: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    """By server: how often HAProxy asked again, or elsewhere, because this one did not answer; its log does not say whom it asked
    first. An answer that did not come counts as both `wretr` and `wredis`, a connection as one of them."""
    every = {name: row for name, row in rows.items() if name not in ("FRONTEND", "BACKEND")}
    return {name: max(counted(row, "wretr"), counted(row, "wredis")) for name, row in every.items()}


def counted(row: Mapping[str, str], name: str) -> int:
    said = row.get(name) or ""
    return int(said) if said.isdecimal() else 0


def mark(cursor: str, tried: Mapping[str, int] | None) -> str:
    """A place in the journal and what the servers had failed by then, in one text; without the latter where it is not known."""
    kept = "" if tried is None else "#" + ",".join(f"{name}:{many}" for name, many in tried.items())
    return cursor + kept if len(cursor) + len(kept) <= MOST_CURSOR else cursor


def marked(text: str) -> tuple[str, dict[str, int] | None]:
    """What `mark` made one of."""
    cursor, sign, kept = text.partition("#")
    if not sign:
        return cursor, None
    pairs = [each.rpartition(":") for each in kept.split(",") if each]
    return cursor, {name: int(many) for name, _, many in pairs if many.isdecimal()}


def secrets_in(folder: Path) -> tuple[str, ...]:
    """Every credential, and of an address the password in it."""
    found: set[str] = set()
    for each in folder.glob("*"):
        try:
            text = each.read_text("utf-8").strip()
        except (OSError, ValueError):
            continue
        found |= {text, text.partition("://")[2].rpartition("@")[0].partition(":")[2]}
        found |= {word.partition("=")[2].strip("'\"") for word in text.split() if word.startswith("password=")}
    return tuple(sorted((each for each in found if len(each) >= 6), key=len, reverse=True))
