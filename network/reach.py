"""Ways to every device of a regency, beside `network.wiring`, which knows those that hold shapers: whose key it shows, what it
shows of itself. Decides nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.model import Device
from inventory.regency import Regency
from inventory.server_model import Server
from network import wiring
from network.core.host_key import KeyRing
from network.core.inspection import Inspector
from network.core.systems import SystemProber
from network.credentials import resolve
from network.errors import Refused
from network.places import not_up
from network.settings import Settings
from network.wiring import KNOWN_HOSTS, Ground

if TYPE_CHECKING:
    from network.drivers.ssh_door import Dialer, Secrets, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How the devices of one ground are dialled. `login` may refuse: a secret is resolved when it is needed."""

    dialer: Dialer
    known_hosts: Path
    targets: Mapping[str, Target]
    login: Callable[[str], Secrets]


def address(device: Device) -> str:
    """Where the truth says that it answers; in a lab the port is always 22."""
    return f"{device.address}:{device.login.port}"


def entered(regency: Regency) -> tuple[Server, ...]:
    """The servers that are logged in to; their host keys are pinned beside those of devices."""
    return tuple(server for server in regency.servers if server.login is not None)


def addresses(regency: Regency) -> dict[str, str]:
    """Of every device, and of every server that is logged in to."""
    return {device.key: str(device.address) for device in regency.devices} | {
        server.key: str(server.address) for server in entered(regency)
    }


def reach(settings: Settings, ground: Ground, environment: Mapping[str, str] = os.environ) -> Reach:
    """Raises Refused when the ground has nothing that can be dialled."""
    from network.drivers.ssh_door import Secrets, Target, dial

    regency = ground.regency
    if ground.lab is not None and ground.via == "lab":
        from network.lab.enter import dialer

        key = ground.lab.client_key.read_text()
        return Reach(
            dialer=dialer(ground.lab),
            known_hosts=ground.lab.known_hosts,
            targets={key: Target(device=key, host=host) for key, host in addresses(regency).items()},
            login=lambda device: Secrets(private_key=key),
        )
    if ground.via == "memory" and settings.lab is not None:
        raise not_up(settings.lab, regency.head.key)
    if ground.via == "memory":
        raise Refused("reach.memory", regency=regency.head.key)

    there = addresses(regency)
    logins = {each.key: each.login for each in regency.devices}
    logins |= {each.key: each.login for each in regency.servers if each.login is not None}

    def login(name: str) -> Secrets:
        wanted = logins[name]
        key, password = (
            resolve(reference, environment, device=name) if reference else None for reference in (wanted.key, wanted.password)
        )
        return Secrets(private_key=key, password=password)

    return Reach(
        dialer=dial,
        known_hosts=settings.state / KNOWN_HOSTS,
        targets={name: Target(device=name, host=there[name], port=own.port, username=own.user) for name, own in logins.items()},
        login=login,
    )


def key_ring(way: Reach) -> KeyRing:
    from network.drivers.key_ring import SshKeyRing

    return SshKeyRing(way.targets, way.dialer, way.known_hosts)


def inspector(way: Reach, ground: Ground) -> Inspector:
    from network.drivers.inspect_ssh import SshInspector, Subject

    places = wiring.places(ground.regency)
    subjects = {
        each.key: Subject(
            target=way.targets[each.key],
            platform=each.platform,
            login=partial(way.login, each.key),
            places=places.get(each.key, {}),
            shapes=each.services.queues is not None,
            routes=each.services.routing is not None,
        )
        for each in ground.regency.devices
    }
    return SshInspector(subjects, way.dialer, way.known_hosts, ground.hands.clock)


def prober(way: Reach, ground: Ground) -> SystemProber:
    """Who asks systems from the offices. In a lab their certificates are signed by its own authority."""
    from network.drivers.systems_ssh import Router, SshSystemProber

    routers = {
        each.device: Router(
            target=way.targets[each.device],
            platform=ground.regency.device(each.device).platform,
            login=partial(way.login, each.device),
        )
        for each in ground.regency.offices
    }
    lab = ground.lab if ground.via == "lab" else None
    return SshSystemProber(routers, way.dialer, way.known_hosts, lab.issuers if lab is not None else None)
