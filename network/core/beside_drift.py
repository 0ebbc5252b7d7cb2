"""What somebody did to a device beside its configuration: by hand, with `ip` or `tc`, where no text shows it. Pure.

Nothing of ours goes that way, so that nothing of ours takes it back: each finding names the command that does, on the device.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network

from inventory import views
from inventory.model import Device, DeviceRole
from inventory.regency import Regency
from network.core.drift import Finding
from network.core.links.beside import Beside
from network.core.links.plan import EndPlan

_OSPF = 110
"""FRR's distance of OSPF: a route from elsewhere with less wins over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What of a device is looked at. `alone`: networks that are left alone whoever put them there, as a lab's own. `shaped`: the
    interfaces whose queues are ours, and compared as such."""

    regency: Regency
    alone: Sequence[IPv4Network] = ()
    shaped: Collection[tuple[str, str]] = ()


def beside_drift(name: str, plans: Sequence[EndPlan], held: Beside, scope: Scope) -> Iterator[Finding]:
    """Everything that differs on one device; `plans` are those of its ends, with what their text says differently already."""
    device = scope.regency.device(name)
    for plan in plans:
        if plan.intent.interface in held.interfaces:
            yield from _end(plan, held, scope)
    yield from _lan(device, held, scope)
    if scope.regency.ospf is not None:
        yield from _routes(device, held, scope)
        if not held.forwards:
            command = "sysctl -w net.ipv4.ip_forward=1"
            yield Finding(device=name, what="drift.forwarding", place="net.ipv4.ip_forward", wanted="1", found="0", mend=command)


def _end(plan: EndPlan, held: Beside, scope: Scope) -> Iterator[Finding]:
    end = plan.intent
    place, name = f"{end.link}: {end.interface}", end.interface
    comes = " ".join(line.text for line in plan.lines if line.sign == "+").split()
    goes = " ".join(line.text for line in plan.lines if line.sign == "-").split()
    there = {address for interface, address in held.addresses if interface == name}
    if name in held.down and "shutdown" not in goes:
        yield Finding(device=end.device, what="drift.down", place=place, wanted="up", found="down", mend=f"ip link set {name} up")
    if end.address is not None and end.address not in there and end.address not in comes:
        mend = f"ip address add {end.address} dev {name}"
        yield Finding(device=end.device, what="drift.address_absent", place=place, wanted=end.address, mend=mend)
    for address in sorted(there - {end.address} - set(goes)):
        yield from _extra(end.device, place, name, address, scope)
    if (end.device, name) not in scope.shaped:
        for interface, kind in held.queues:
            if interface == name:
                mend = f"tc qdisc del dev {name} root"
                yield Finding(device=end.device, what="drift.queue_beside", place=place, found=kind, mend=mend)


def _extra(device: str, place: str, interface: str, address: str, scope: Scope) -> Iterator[Finding]:
    if not any(IPv4Interface(address).ip in network for network in scope.alone):
        mend = f"ip address del {address} dev {interface}"
        yield Finding(device=device, what="drift.address_extra", place=place, found=address, mend=mend)


def _lan(device: Device, held: Beside, scope: Scope) -> Iterator[Finding]:
    for office in scope.regency.offices:
        if office.device != device.key or office.lan_interface not in held.interfaces:
            continue
        name = office.lan_interface
        place = f"LAN {office.key}: {name}"
        there = sorted(address for interface, address in held.addresses if interface == name)
        inside = [address for address in there if IPv4Interface(address).ip in office.lan]
        if name in held.down:
            mend = f"ip link set {name} up"
            yield Finding(device=device.key, what="drift.down", place=place, wanted="up", found="down", mend=mend)
        if not inside:
            yield Finding(device=device.key, what="drift.lan_absent", place=place, wanted=str(office.lan))
        for address in there:
            if address not in inside:
                yield from _extra(device.key, place, name, address, scope)


def _routes(device: Device, held: Beside, scope: Scope) -> Iterator[Finding]:
    """Those by hand, above all to where OSPF leads and before it. By which a lab is managed they are left alone. The border's way
    out is its provider's affair, and so is one that FRR was told of."""
    regency = scope.regency
    known = [IPv4Network(each.address) for each in regency.devices] + [office.lan for office in regency.offices]
    known += [IPv4Interface(written).network for link in regency.links for written in views.link_addresses(regency, link) or ()]
    for route in held.routes:
        if route.gateways and all(any(hop in network for network in scope.alone) for hop in route.gateways):
            continue
        not_ours = route.static or device.role is DeviceRole.BORDER
        led = any(route.network.subnet_of(network) for network in known) or (route.network.prefixlen == 0 and not not_ours)
        before = led and route.distance < _OSPF
        if not_ours and not before:
            continue
        what = "drift.route" if before else "drift.route_beside"
        yield Finding(device=device.key, what=what, place=str(route.network), found=route.shown, mend=route.undo)
