"""One server as `infra.adopting` asks for it, over SSH or by its controller. Implements its `Machine`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, get_args

from infra.errors import HostKeyRefused, ReachError
from infra.facts import Facts, Section, Snapshot
from infra.reach.controller import BmcLogin
from infra.reach.ssh import Limits, Login, Reach, key_fingerprint
from infra.reading import LARGEST, parse, question
from infra.text import clean

if TYPE_CHECKING:
    from infra.reach.ironic import Ironic
    from infra.reach.redfish import Redfish

_COMING: Final = 180.0
"""Seconds that a new machine may take from being there to letting us in."""
_LIMITS: Final = Limits(output=LARGEST, total=120.0)
"""A package that is installed anew takes its time."""


class _Runs(Protocol):
    def run(self, text: str) -> str: ...

    def close(self) -> None: ...


Reached = TypeVar("Reached", bound=_Runs)


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


class ControlledMachine:
    """A server that nobody of us logs in to: its controller tells what it is made of, and there is nothing to carry out on it."""

    def __init__(self, controller: Redfish | Ironic) -> None:
        self._controller = controller

    def look(self) -> tuple[Facts, Snapshot]:
        """Raises BmcError. What a controller does not tell is `untold` and `lacking`."""
        seen = self._controller.facts()
        told = {"cpus": seen.cpus, "memory": seen.memory, "disks": seen.disks, "os": None, "network": None}
        parts: dict[str, Any] = {"cpus": seen.cpus or 0, "memory": seen.memory or 0, "disks": seen.disks or ()}
        untold: Any = tuple(name for name, value in told.items() if value is None)
        facts = Facts(**parts, vendor=seen.vendor, model=seen.model, serial=seen.serial, untold=untold)
        return facts, Snapshot(**parts, lacking=get_args(Section))

    def run(self, text: str) -> str:
        """Nothing: there is no record on it, and nothing to wipe."""
        return ""

    def own_key(self) -> str | None:
        return None

    def is_let_in(self) -> bool:
        return False

    def close(self) -> None:
        self._controller.close()


def open_machine(inputs: Mapping[str, Any], access: Mapping[str, Any]) -> SshMachine | ControlledMachine:
    """The server of these inputs, reached with what the broker gave: over SSH where there is a login, else by its controller."""
    if not inputs["entered"]:
        return ControlledMachine(open_controller(inputs["controller"], access))
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


def open_controller(inputs: Mapping[str, Any], access: Mapping[str, Any]) -> Redfish | Ironic:
    """The controller of these inputs, or the Ironic before it; connects when it is first asked. Either library takes a good part
    of a second to import, which a regency without controllers need not wait for."""
    through_ironic = inputs["via"] == "ironic"
    login = BmcLogin(
        server=str(inputs["server"]),
        url=str(inputs["url"]),
        user=str(access["bmc_user"] or ""),
        password=str(access["bmc_password"] or ""),
        certificate=inputs["certificate"] or None,
        system=inputs["node" if through_ironic else "system"] or None,
    )
    if through_ironic:
        from infra.reach.ironic import Ironic

        return Ironic(login)
    from infra.reach.redfish import Redfish

    return Redfish(login)


def awaited(reach: Callable[[], Reached], *, seconds: float = _COMING, sleep: Callable[[float], None] = time.sleep) -> Reached:
    """The machine once it lets us in. Raises ReachError: at once where another one answers than is expected, else when it took
    too long."""
    end = time.monotonic() + seconds
    while True:
        machine = reach()
        try:
            machine.run("true")
        except HostKeyRefused:
            machine.close()
            raise
        except ReachError:
            machine.close()
            if time.monotonic() >= end:
                raise
            sleep(1)
        else:
            return machine
