"""An ssh-agent of our own for keys that stand in no file. It ends with whoever asked for it, and never meets a user's own."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from network.errors import Refused

_PATIENCE: Final = 10.0
_LOOK_AGAIN: Final = 0.02


@contextmanager
def agent(keys: Iterable[str], servers: str) -> Iterator[Mapping[str, str]]:
    """What to add to a child's environment, nothing where there are no keys. `servers`: whose keys they are, for the reader.

    Raises Refused: `play.agent`.
    """
    texts = tuple(dict.fromkeys(keys))
    if not texts:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="lajur-agent-") as folder:
        socket = Path(folder) / "agent"
        process = _started(socket, servers)
        try:
            for text in texts:
                _add(socket, text, servers)
            yield {"SSH_AUTH_SOCK": str(socket)}
        finally:
            process.kill()
            process.wait()


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
    """The key goes in on standard input; one with a passphrase is not asked for."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "SSH_AUTH_SOCK": str(socket), "SSH_ASKPASS_REQUIRE": "never"}
    done = subprocess.run(
        ["ssh-add", "-q", "-"],
        input=f"{text.strip()}\n",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=_PATIENCE,
    )
    if done.returncode != 0:
        raise Refused("play.agent", servers=servers, reason=done.stderr.strip()[-200:] or f"ssh-add: {done.returncode}")
