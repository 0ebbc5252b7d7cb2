"""The composition root of links: which hand serves which device, and where its secrets are. Decides nothing.

Beside `network.wiring`, which does the same for queues and for all else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from inventory.model import Device as TruthDevice
from inventory.regency import Regency
from network.clock import SystemClock
from network.core.link_ports import LinkDevice, LinkDialect
from network.core.links.capabilities import CAPABILITIES, Capabilities
from network.core.links.difference import Keys
from network.core.links.intent import LinkIntent, intend, platform_of
from network.core.ports import Clock
from network.credentials import resolve
from network.dialects.links.frr import FrrLinks
from network.dialects.links.ios import IosLinks
from network.dialects.links.junos import JunosLinks
from network.dialects.links.routeros import RouterOsLinks
from network.dialects.links.vrp import VrpLinks
from network.drivers.unknown_links import UnknownLinkDevice
from network.places import lock_folder, place_of, scope
from network.runners.locked import LockedRunner
from network.runners.threads import ThreadRunner
from network.services.links.hands import LinkEvent, LinkHands
from network.settings import Settings
from network.wiring import KNOWN_HOSTS, open_ledger, reached

if TYPE_CHECKING:
    from network.lab.lab import LabState
    from network.ledger.store import SqlLedger

DIALECTS: Mapping[str, LinkDialect] = {
    "frr": FrrLinks(),
    "cisco_ios": IosLinks(),
    "arista_eos": IosLinks(eos=True),
    "juniper_junos": JunosLinks(),
    "mikrotik_routeros": RouterOsLinks(),
    "huawei_vrp": VrpLinks(),
}
"""By platform, as `EndIntent.platform` names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkGround:
    """The links of what stands there, the hands that reach them, and by which way: lab, memory or direct. `alone` are networks by
    which they are reached that are no part of the truth: nobody is to wonder at their addresses."""

    regency: Regency
    intents: tuple[LinkIntent, ...]
    hands: LinkHands
    via: str
    lab: LabState | None
    ledger: SqlLedger
    alone: tuple[IPv4Network, ...] = ()


@contextmanager
def link_ground(
    settings: Settings,
    regency: Regency,
    *,
    via: str = "auto",
    lab_id: str | None = None,
    clock: Clock | None = None,
    listen: Callable[[LinkEvent], None] | None = None,
    ledger: SqlLedger | None = None,
) -> Iterator[LinkGround]:
    """The hands of a regency's links, let go of at the end; ways are those of `network.wiring.ground`.

    No device is reached before it is asked something. Raises Refused when that way is not open.
    """
    clock = clock or SystemClock()
    state = settings.state / regency.head.key
    way, lab, regency = reached(regency, via, lab_id)
    place = place_of(way, lab)
    intents = intend(regency)
    with ExitStack() as stack:
        if way == "memory":
            devices = _memory_devices(state / "memory-links", clock, intents)
        else:
            devices = _lab_devices(lab, regency, stack) if lab else _direct_devices(settings, regency, stack)
        ledger = ledger or stack.enter_context(open_ledger(settings))
        hands = LinkHands(
            devices=devices,
            dialects=DIALECTS,
            keys=_keys(way, lab),
            ledger=ledger.links,
            clock=clock,
            runner=LockedRunner(ThreadRunner(lock_folder(state, place)), ledger.locks, scope(regency.head.key, place)),
            place=place,
        )
        if listen is not None:
            hands = replace(hands, listen=listen)
        alone = _bootstrap() if lab is not None and lab.plan.bare else ()
        yield LinkGround(regency=regency, intents=intents, hands=hands, via=way, lab=lab, ledger=ledger, alone=alone)


def _bootstrap() -> tuple[IPv4Network, ...]:
    from network.lab.layout import BOOTSTRAP

    return (BOOTSTRAP,)


def _keys(way: str, lab: LabState | None) -> Keys:
    """Where the routing protocol's keys are. A lab brings its own, and memory needs none."""
    if way == "memory":
        return lambda reference: "memory"
    if lab is not None:
        own = json.loads(lab.ospf_keys.read_text())
        return lambda reference: str(own[reference])
    return lambda reference: resolve(reference, os.environ, device="links.yaml")


def _linked(regency: Regency) -> tuple[TruthDevice, ...]:
    """Devices on which a link ends."""
    ends = {end.device for link in regency.links for end in link.ends}
    return tuple(device for device in regency.devices if device.key in ends)


def _lab_devices(lab: LabState, regency: Regency, stack: ExitStack) -> dict[str, LinkDevice]:
    from network.lab.enter import dialer

    own = {"key": lab.client_key.read_text(), "known_hosts": str(lab.known_hosts), "dial": dialer(lab), "port": 22}
    login = _Login(user="root", port=22, password=None, known_hosts=lab.known_hosts)
    return {device.key: _device(device, CAPABILITIES["frr"], login, own, stack) for device in _linked(regency)}


def _direct_devices(settings: Settings, regency: Regency, stack: ExitStack) -> dict[str, LinkDevice]:
    known_hosts = settings.state / KNOWN_HOSTS
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="lajur-")))
    devices: dict[str, LinkDevice] = {}
    for device in _linked(regency):
        known = CAPABILITIES.get(platform_of(device))
        if known is None:
            devices[device.key] = UnknownLinkDevice(device.key, platform_of(device), tuple(CAPABILITIES))
            continue
        key, password = (
            resolve(reference, os.environ, device=device.key) if reference else None
            for reference in (device.login.key, device.login.password)
        )
        login = _Login(user=device.login.user, port=device.login.port, password=password, known_hosts=known_hosts)
        devices[device.key] = _device(device, known, login, _options(known, device, key, known_hosts, folder, stack), stack)
    return devices


@dataclass(frozen=True, slots=True, kw_only=True)
class _Login:
    user: str
    port: int
    password: str | None = field(repr=False)
    known_hosts: Path


def _options(
    known: Capabilities, device: TruthDevice, key: str | None, known_hosts: Path, folder: Path, stack: ExitStack
) -> dict[str, Any]:
    """NAPALM's `optional_args`, with pinned host keys wherever its driver can be told of them."""
    options: dict[str, Any] = {"port": device.login.port}
    if known.driver == "frr":
        return {**options, "key": key, "known_hosts": str(known_hosts)}
    if key is not None:
        options |= {"key_file": _key_file(key, stack), "use_keys": True}
    if known.driver == "junos":
        config = folder / "ssh_config"
        config.write_text(f'Host *\n  UserKnownHostsFile "{known_hosts}"\n')
        options["ssh_config_file"] = str(config)
    else:
        options |= {"transport": "ssh", "ssh_strict": True, "alt_host_keys": True, "alt_key_file": str(known_hosts)}
    return options


def _key_file(key: str, stack: ExitStack) -> str:
    """Its drivers take a key by its path alone: one of this process, of which nothing is left however it ends."""
    handle = os.memfd_create("lajur-key")
    stack.callback(os.close, handle)
    with open(handle, "w", encoding="utf-8", closefd=False) as file:
        file.write(f"{key}\n")  # OpenSSH reads no key whose last line has no end
    return f"/proc/self/fd/{handle}"


def _device(device: TruthDevice, known: Capabilities, login: _Login, options: dict[str, Any], stack: ExitStack) -> LinkDevice:
    # Imported where it is used: NAPALM takes a second and more, and most commands need none of it.
    from network.drivers.link_sessions import LinkTarget

    target = LinkTarget(
        device=device.key,
        host=str(device.address),
        port=login.port,
        username=login.user,
        known_hosts=str(login.known_hosts),
    )
    made: LinkDevice
    if known.via == "netmiko":
        from network.drivers.netmiko_links import NetmikoLinkDevice, NetmikoLogin
        from network.drivers.routeros_links import RouterOsLinkDevice

        kind = RouterOsLinkDevice if known.driver == "mikrotik_routeros" else NetmikoLinkDevice
        made = kind(target, known, NetmikoLogin(password=login.password, key_file=options.get("key_file")))
    else:
        from network.drivers.napalm_links import NapalmLinkDevice

        made = NapalmLinkDevice(target, known, login.password, options)
    stack.callback(made.close)
    return made


def _memory_devices(folder: Path, clock: Clock, intents: tuple[LinkIntent, ...]) -> dict[str, LinkDevice]:
    """A network that remembers what was kept in it, one file a device."""
    from network.drivers.memory_links import MemoryLinkDevice, MemoryNet, kept_in

    net = kept_in(folder, MemoryNet(intents, clock))
    return {name: MemoryLinkDevice(net, name) for name in net.boxes}
