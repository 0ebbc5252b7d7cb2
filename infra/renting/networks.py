"""A network with its subnet, and the router that leads out of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar, Final

from infra.errors import CloudUnfinished
from infra.renting import fields, marking
from infra.renting.fields import Field
from infra.renting.kind import BESIDE, Kind, State, Task, Values, about, as_said
from infra.renting.owner import of_tags

_INTERFACES: Final = (
    "network:router_interface",
    "network:router_interface_distributed",
    "network:ha_router_replicated_interface",
)
_RENAMED: Final = 60.0
"""Seconds in which a network of somebody's, which every address is of, keeps its name."""


class Network(Kind):
    """One prefix on one network. `gateway`, left empty, is what the cloud chooses, which is the first address."""

    name = "Network"
    own: ClassVar[Mapping[str, Field]] = {
        "cidr": Field(check=fields.cidr, required=True, replaces=True),
        "gateway": Field(check=fields.address, free=True),
        "resolvers": Field(check=fields.each(fields.address), default=[]),
        "dhcp": Field(check=fields.yes_no, default=True),
    }

    def together(self, inputs: Values) -> Iterator[tuple[str, str]]:
        gateway, cidr = inputs.get("gateway"), inputs.get("cidr")
        if gateway and cidr and ipaddress.ip_address(gateway) not in ipaddress.ip_network(cidr):
            yield "gateway", f"{gateway} is not in {cidr}"

    def owned(self, task: Task) -> list[str]:
        return marking.owned(task, task.cloud.network.networks)

    def make(self, task: Task, found: str | None) -> str:
        own, wanted = task.cloud.network, task.inputs
        network = own.get_network(found) if found else own.create_network(name=task.owner.called)
        marking.mark(task, network)
        subnet = _subnet(task, network.id)
        if subnet is None:
            chosen = {"gateway_ip": wanted["gateway"]} if wanted.get("gateway") else {}
            with about("cidr"):
                subnet = own.create_subnet(
                    network_id=network.id,
                    name=task.owner.called,
                    ip_version=ipaddress.ip_network(wanted["cidr"]).version,
                    cidr=wanted["cidr"],
                    dns_nameservers=list(wanted.get("resolvers", ())),
                    is_dhcp_enabled=wanted.get("dhcp", True),
                    **chosen,
                )
        marking.mark(task, subnet)
        return str(network.id)

    def look(self, task: Task, key: str) -> State | None:
        network = task.cloud.there(lambda: task.cloud.network.get_network(key))
        if network is None:
            return None
        subnet = _subnet(task, key)
        return {
            "cidr": subnet.cidr if subnet else "",
            "gateway": (subnet.gateway_ip or "") if subnet else "",
            "resolvers": list(subnet.dns_nameservers or ()) if subnet else [],
            "dhcp": bool(subnet.is_dhcp_enabled) if subnet else False,
            "subnet": subnet.id if subnet else "",
            "owner": of_tags(network.tags),
        }

    def change(self, task: Task, key: str, now: Values) -> None:
        own, wanted = task.cloud.network, task.inputs
        marking.mark(task, own.get_network(key))
        subnet = _subnet(task, key)
        if subnet is None:
            self.make(task, key)
            return
        chosen = {"gateway_ip": wanted["gateway"]} if wanted.get("gateway") else {}
        resolvers, dhcp = list(wanted.get("resolvers", ())), wanted.get("dhcp", True)
        own.update_subnet(subnet, dns_nameservers=resolvers, is_dhcp_enabled=dhcp, **chosen)
        marking.mark(task, subnet)

    def remove(self, task: Task, key: str) -> None:
        """A router of the same regency lets go of it first: when another one takes its place, the router is led there after."""
        own = task.cloud.network
        for port in own.ports(network_id=key):
            if port.device_owner in _INTERFACES:
                router = own.get_router(port.device_id)
                if of_tags(router.tags).startswith(f"{task.owner.regency}/"):
                    own.remove_interface_from_router(router.id, port_id=port.id)
            elif _is_left(task, port):
                own.delete_port(port)
        own.delete_network(key)
        task.until_gone(lambda: task.cloud.network.get_network(key))


class Router(Kind):
    """`outside`: the network that it leads to, by name or id, none where it is empty. `subnets`: whom it leads out."""

    name = "Router"
    own: ClassVar[Mapping[str, Field]] = {
        "outside": Field(check=fields.text),
        "subnets": Field(check=fields.each(fields.given), default=[]),
    }

    def owned(self, task: Task) -> list[str]:
        return marking.owned(task, task.cloud.network.routers)

    def make(self, task: Task, found: str | None) -> str:
        """Its ways are opened by `change`."""
        own = task.cloud.network
        router = own.get_router(found) if found else own.create_router(name=task.owner.called)
        marking.mark(task, router)
        return str(router.id)

    def look(self, task: Task, key: str) -> State | None:
        own = task.cloud.network
        router = task.cloud.there(lambda: own.get_router(key))
        if router is None:
            return None
        outside = (router.external_gateway_info or {}).get("network_id") or ""
        return {
            "outside": network_name(task, outside, task.inputs.get("outside")),
            "subnets": sorted(self._led(task, key)),
            "address": _outer_address(router),
            "owner": of_tags(router.tags),
        }

    def change(self, task: Task, key: str, now: Values) -> None:
        own, wanted = task.cloud.network, task.inputs
        router = own.get_router(key)
        marking.mark(task, router)
        there, meant = set(self._led(task, key)), set(wanted.get("subnets", ()))
        for subnet in sorted(there - meant):
            own.remove_interface_from_router(key, subnet_id=subnet)
        if wanted.get("outside", "") != now["outside"]:
            outside = wanted.get("outside")
            with about("outside"):
                leading = {"network_id": network_id(task, outside)} if outside else {}
                own.update_router(router, external_gateway_info=leading)
        for subnet in sorted(meant - there):
            with about("subnets"):
                own.add_interface_to_router(key, subnet_id=subnet)

    def remove(self, task: Task, key: str) -> None:
        """It is kept while a floating address leads over it, which may be given back beside us; else the cloud says so."""
        own = task.cloud.network
        with suppress(CloudUnfinished):
            free = replace(task, seconds=min(task.seconds, BESIDE))
            free.until(lambda: None if any(each.router_id == key for each in own.ips()) else True, "ips")
        for subnet in self._led(task, key):
            task.cloud.there(lambda subnet=subnet: own.remove_interface_from_router(key, subnet_id=subnet))  # type: ignore[misc]
        own.delete_router(key)
        task.until_gone(lambda: own.get_router(key))

    def _led(self, task: Task, key: str) -> list[str]:
        """The subnets that it has an interface in."""
        ports = task.cloud.network.ports(device_id=key)
        inner = [each for each in ports if each.device_owner in _INTERFACES]
        return list(dict.fromkeys(ip["subnet_id"] for each in inner for ip in each.fixed_ips or ()))


def give_back_left_ports(task: Task, group: str) -> None:
    """Those in a group of ours whose server is gone, cut short before they went after it."""
    for port in task.cloud.network.ports(device_id=""):
        if group in (port.security_group_ids or ()) and _is_left(task, port):
            task.cloud.network.delete_port(port)


def _is_left(task: Task, port: Any) -> bool:
    return not port.device_id and of_tags(port.tags).startswith(f"{task.owner.regency}/")


def network_id(task: Task, said: str) -> str:
    """Of a network of somebody's, by its id or name."""
    find = task.cloud.network.find_network
    return str(task.cloud.lately(f"network {said}", _RENAMED, lambda: find(said, ignore_missing=False)).id)


def network_name(task: Task, key: str, said: Any) -> str:
    """A network of somebody's as it was asked for, else by its name."""
    if not key:
        return ""
    get, there = task.cloud.network.get_network, task.cloud.there
    found = task.cloud.lately(f"network named {key}", _RENAMED, lambda: there(lambda: get(key)))
    return as_said(said, key, found.name if found else key)


def _subnet(task: Task, network: str) -> Any:
    """Of the subnets there ours, the first of them where nobody knows; None where there is none."""
    there = sorted(task.cloud.network.subnets(network_id=network), key=lambda each: str(each.id))
    ours = [each for each in there if of_tags(each.tags) == task.owner.text or each.name == task.owner.called]
    return next(iter([*ours, *there]), None)


def _outer_address(router: Any) -> str:
    fixed = (router.external_gateway_info or {}).get("external_fixed_ips") or [{}]
    return str(fixed[0].get("ip_address") or "")
