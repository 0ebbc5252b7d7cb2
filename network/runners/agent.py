"""An ssh-agent of our own for keys that stand in no file. It ends with whoever asked for it, and never meets a user's own."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from network.errors import Refused

_PATIENCE: Final = 10.0
_LOOK_AGAIN: Final = 0.02


SHOWN: Final = "LAJUR_AGENT_KEYS"
"""The variable that names the folder with the public halves of the keys that an agent of ours has."""


@contextmanager
def agent(keys: Mapping[str, str], servers: str) -> Iterator[Mapping[str, str]]:
    """What to add to a child's environment, nothing where there are no keys. `keys` by reference; `servers`: whose keys they are,
    for the reader.

    Raises Refused: `play.agent`.
    """
    if not keys:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="lajur-agent-") as folder:
        socket = Path(folder) / "agent"
        process = _started(socket, servers)
        try:
            for reference, text in keys.items():
                _add(socket, text, servers)
                (Path(folder) / _name(reference)).write_text(_shown(text, servers))
            yield {"SSH_AUTH_SOCK": str(socket), SHOWN: folder}
        finally:
            process.kill()
            process.wait()


def shown_key(reference: str, environment: Mapping[str, str]) -> Path | None:
    """The file with the public half of this key, by which OpenSSH picks it from our agent; None where that has no such key."""
    folder = environment.get(SHOWN)
    file = Path(folder) / _name(reference) if folder else None
    return file if file is not None and file.is_file() else None


def _name(reference: str) -> str:
    return f"{sha256(reference.encode()).hexdigest()[:16]}.pub"


def _started(socket: Path, servers: str) -> subprocess.Popen[bytes]:
    words = ["setpriv", "--pdeathsig", "KILL", "ssh-agent", "-D", "-a", str(socket)]
    try:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise Refused("play.agent", servers=servers, reason=error.strerror or words[0]) from error
    until = monotonic() + _PATIENCE
    while not socket.exists():
        if process.poll() is not None or monotonic() > until:
            process.kill()
            process.wait()
            raise Refused("play.agent", servers=servers, reason="ssh-agent")
        sleep(_LOOK_AGAIN)
    return process


def _add(socket: Path, text: str, servers: str) -> None:
    _ssh(["ssh-add", "-q", "-"], text, servers, SSH_AUTH_SOCK=str(socket))


def _shown(text: str, servers: str) -> str:
    return _ssh(["ssh-keygen", "-y", "-f", "/dev/stdin"], text, servers)


def _ssh(words: list[str], text: str, servers: str, **more: str) -> str:
    """The key goes in on standard input; one with a passphrase is not asked for."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "SSH_ASKPASS_REQUIRE": "never", **more}
    done = subprocess.run(
        words,
        input=f"{text.strip()}\n",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=_PATIENCE,
    )
    if done.returncode != 0:
        raise Refused("play.agent", servers=servers, reason=done.stderr.strip()[-200:] or f"{words[0]}: {done.returncode}")
    return done.stdout
