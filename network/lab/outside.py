"""The systems outside a lab, from inside: start who plays them, tell one to be down, ask who signs for them."""

from __future__ import annotations

import os
import signal
import socket
import sys
from enum import StrEnum
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from network.errors import LabError, LabMisnamed
from network.lab import netns
from network.lab.layout import LabPlan
from network.lab.state import Folder

_SECONDS: Final = 10.0
_POLL: Final = 0.02


class Manner(StrEnum):
    """How a system is. `down`: nothing listens; `hang`: it takes connections and says nothing; `error`: its page says that it
    does not work, with status 200 where the truth says what a good page holds, else 503; `certificate`: it shows one that has
    run out."""

    UP = "up"
    DOWN = "down"
    HANG = "hang"
    SLOW = "slow"
    ERROR = "error"
    CERTIFICATE = "certificate"


def start(plan: LabPlan, folder: Folder) -> None:
    """Start who plays the systems, in `inet`; it ends with the lab. Nobody waits for it here."""
    if not plan.systems:
        return
    words = [
        *("ip", "netns", "exec", plan.namespace("inet"), "setpriv", "--pdeathsig", "KILL", *netns.HARMLESS),
        *(sys.executable, "-m", "network.lab.systems", folder.lab),
    ]
    with folder.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
        actions = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
        actions += [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        os.posix_spawnp(words[0], words, os.environ, file_actions=actions, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])


def issuers(folder: Folder) -> str:
    """The authority (PEM) that signs for the systems outside. Waits for a lab that was just brought up. Raises LabError."""
    deadline = monotonic() + _SECONDS
    while True:
        try:
            return folder.issuers.read_text()
        except FileNotFoundError as error:
            if monotonic() > deadline:
                raise LabError("lab.systems_silent", lab=folder.lab, log=str(folder.log)) from error
            sleep(_POLL)


def tell(plan: LabPlan, folder: Folder, key: str, manner: Manner) -> None:
    """Let a system be so, from now on. Raises LabError when it is no system of the lab, or nobody plays it."""
    if key not in {each.key for each in plan.systems}:
        names = ", ".join(each.key for each in plan.systems) or "-"
        raise LabMisnamed("lab.system_unknown", lab=plan.lab, system=key, systems=names)
    issuers(folder)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(_SECONDS)
            line.connect(str(folder.systems))
            line.sendall(f"{key} {manner}\n".encode())
            if line.recv(16) == b"done\n":
                return
            cause = "-"
    except OSError as error:
        cause = str(error)
    raise LabError("lab.systems_silent", lab=plan.lab, log=cause)
