"""One server as `infra.adopting` asks for it, over SSH. Implements its `Machine`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infra.errors import HostKeyRefused, ReachError
from infra.facts import Facts, Snapshot
from infra.reach.ssh import Limits, Login, Reach, key_fingerprint
from infra.reading import LARGEST, parse, question
from infra.text import clean

_LIMITS: Final = Limits(output=LARGEST, total=120.0)
"""A package that is installed anew takes its time."""


class SshMachine:
    """A connection of its own, opened when first needed."""

    def __init__(self, login: Login, known_hosts: Path) -> None:
        self._login = login
        self._known_hosts = known_hosts
        self._reach = Reach(known_hosts, lambda server: login, _LIMITS)

    def look(self) -> tuple[Facts, Snapshot]:
        """Raises ReachError, and OutputError when what it says cannot be understood."""
        nonce = secrets.token_hex(16)
        said = self._reach.run(self._login.server, "exec sh -s", question(nonce).encode())
        return parse(said.out, nonce)

    def run(self, text: str) -> str:
        said = self._reach.run(self._login.server, "exec sh -s", text.encode())
        if said.code != 0:
            lines = said.err.decode(errors="backslashreplace").strip().splitlines()
            reason = clean(lines[-1]) if lines else "–"
            raise ReachError("infra.command_failed", server=self._login.server, status=said.code, reason=reason)
        return said.out.decode(errors="backslashreplace")

    def own_key(self) -> str | None:
        return key_fingerprint(self._login)

    def is_let_in(self) -> bool:
        """Tried anew from the beginning. A host key that changed meanwhile locks us out as well as it does anybody."""
        with Reach(self._known_hosts, lambda server: self._login, _LIMITS) as again:
            try:
                again.run(self._login.server, "exit 0")
            except HostKeyRefused:
                return False
            except ReachError as error:
                if error.code == "infra.login_refused":
                    return False
                raise
        return True

    def close(self) -> None:
        self._reach.close()


def open_machine(inputs: Mapping[str, Any], access: Mapping[str, Any]) -> SshMachine:
    """The server of these inputs, reached with what the broker gave."""
    login = Login(
        server=str(inputs["server"]),
        host=str(access["host"] or inputs["address"]),
        port=int(access["port"]),
        user=str(access["user"]),
        private_key=access["private_key"],
        password=access["password"],
        sudo=bool(access["sudo"]),
    )
    return SshMachine(login, Path(access["known_hosts"]))
