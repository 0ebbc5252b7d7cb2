"""Asks systems on the routers of offices, over their pinned SSH. Implements `network.core.systems.SystemProber`. Changes nothing;
one login for each office, closed when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

import paramiko
from netmiko import NetmikoBaseException

from inventory.model import Office, Platform
from network.core.systems import Answer, System
from network.dialects import vendor_facts
from network.dialects.linux_shell import Unreadable
from network.dialects.systems import linux, vendors
from network.drivers import system_agent
from network.drivers.failures import unreadable
from network.drivers.ssh_door import Dialer, Door, Secrets, Target, converse, cut_looking

SECONDS: Final = 5.0
"""For each system, all of them at once."""

_DOING: Final = "systems"


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """The router of an office. `login` gives its secrets when they are needed, and may refuse."""

    target: Target
    platform: Platform
    login: Callable[[], Secrets]


class SshSystemProber:
    """`routers` by device. `issuers` (PEM) are the only authorities whose certificates are good; None: those that each router
    knows."""

    def __init__(self, routers: Mapping[str, Router], dialer: Dialer, known_hosts: Path, issuers: str | None = None) -> None:
        self._routers = routers
        self._dialer = dialer
        self._known_hosts = known_hosts
        self._issuers = issuers

    def probe(self, office: Office, systems: Sequence[System]) -> Mapping[str, Answer]:
        router = self._routers[office.device]
        door = Door(router.target, self._dialer, self._known_hosts, router.login())
        if router.platform is not Platform.LINUX:
            return self._told(door, router, office, systems)
        with closing(door.open(_DOING)) as session:
            script = linux.ask_script(_agent(), office.lan, systems, seconds=SECONDS, issuers=self._issuers)
            text = converse(session, router.target, script, _DOING)
            try:
                answers = linux.read_answers(text, systems)
            except Unreadable as error:
                raise unreadable(office.device, _DOING, str(error)) from error
            if answers is None:
                source = _inside(office, linux.addresses(text))
                answers = linux.read_pings(
                    converse(session, router.target, linux.ping_script(systems, source), _DOING), systems, source
                )
            return answers

    def _told(self, door: Door, router: Router, office: Office, systems: Sequence[System]) -> Mapping[str, Answer]:
        """One after another: a terminal does one thing at a time."""
        platform = router.platform
        with closing(door.dialogue(_DOING, platform.value)) as dialogue:
            try:
                shown = dialogue.say(vendor_facts.COMMANDS[platform][vendor_facts.ADDRESSES])
                seen = vendor_facts.read(platform, {vendor_facts.ADDRESSES: shown}).facts.addresses or ()
                source = _inside(office, (each.address for each in seen))
                return {
                    each.key: vendors.read(
                        platform, each.probe, dialogue.say(vendors.command(platform, each.probe, source)), source
                    )
                    for each in systems
                }
            except (NetmikoBaseException, paramiko.SSHException, EOFError, OSError, ValueError) as error:
                raise cut_looking(router.target, _DOING, str(error).partition("\n")[0][:200] or type(error).__name__) from error


@cache
def _agent() -> str:
    return Path(system_agent.__file__).read_text()


def _inside(office: Office, addresses: Iterable[IPv4Address]) -> str:
    return str(next((each for each in addresses if each in office.lan), ""))
