"""NAPALM's values of routes and of the instances that hold them, from vtysh. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_interface
from typing import Any, Final

from napalm.base.exceptions import CommandErrorException

from napalm_frr.interfaces import INTERFACES
from napalm_frr.shell import Answer, vtysh
from napalm_frr.words import shown

INSTANCES: Final = (vtysh("show vrf"), INTERFACES[1], vtysh("show running-config"))

_UNITS: Final = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_PROTOCOLS: Final = {"kernel": "kernel", "connected": "connected", "static": "static"}
_MOST: Final = 200
"""Prefixes whose BGP attributes are asked for one by one."""


def route_command(destination: str, *, longer: bool) -> str:
    """Raises CommandErrorException when it is no address and no prefix."""
    if not destination:
        raise CommandErrorException(
            "get_route_to needs a destination: an address or a prefix, such as 10.0.0.0/8 (with longer=True also what is in it)"
        )
    try:
        asked = ip_interface(destination)
    except ValueError as error:
        raise CommandErrorException(f"neither an address nor a prefix: {shown(destination)}") from error
    family = "ip" if asked.version == 4 else "ipv6"
    if longer:
        return vtysh(f"show {family} route {asked.network} longer-prefixes json")
    return vtysh(f"show {family} route {asked.network if '/' in destination else asked.ip} json")


def bgp_commands(shown_routes: Answer) -> list[str]:
    """What is to be asked next: the attributes of every prefix that BGP brought, and last the number of this AS."""
    prefixes = [prefix for prefix, routes in shown_routes.json().items() if any(each["protocol"] == "bgp" for each in routes)]
    asked = [vtysh(f"show bgp {'ipv6' if ':' in each else 'ipv4'} unicast {each} json") for each in prefixes[:_MOST]]
    return [*asked, vtysh("show bgp summary json")] if asked else []


def routes(said: Answer, protocol: str, bgp: Sequence[Answer]) -> dict[str, list[dict[str, Any]]]:
    """One entry for each next hop. `age` in seconds."""
    *prefixes, summary = bgp or (Answer(""),)
    paths = {path["prefix"]: path for path in (each.json() for each in prefixes) if "prefix" in path}
    local_as = next((int(each["as"]) for each in summary.json().values() if isinstance(each, dict) and "as" in each), 0)
    found: dict[str, list[dict[str, Any]]] = {}
    for prefix, entries in said.json().items():
        for entry in entries:
            if protocol and entry["protocol"] != protocol.lower():
                continue
            for hop in entry.get("nexthops", []):
                found.setdefault(prefix, []).append(_route(entry, hop, paths.get(prefix, {}), local_as))
    return found


def _route(entry: dict[str, Any], hop: dict[str, Any], path: dict[str, Any], local_as: int) -> dict[str, Any]:
    selected = bool(entry.get("selected"))
    vrf = entry.get("vrfName", "default")
    return {
        "protocol": _PROTOCOLS.get(entry["protocol"], entry["protocol"]),
        "current_active": selected and bool(hop.get("fib")),
        "last_active": selected,
        "age": seconds(entry.get("uptime", "")),
        "next_hop": str(hop.get("ip", "")),
        "outgoing_interface": str(hop.get("interfaceName", "")),
        "selected_next_hop": bool(hop.get("fib")),
        "preference": int(entry.get("distance", 0)),
        "inactive_reason": "" if selected else "another route is better" if hop.get("active") else "next hop not reachable",
        "routing_table": "default" if vrf == "default" else vrf,
        "protocol_attributes": _attributes(entry, hop, path, local_as),
    }


def _attributes(entry: dict[str, Any], hop: dict[str, Any], path: dict[str, Any], local_as: int) -> dict[str, Any]:
    if entry["protocol"] != "bgp":
        return {"metric": int(entry.get("metric", 0))}
    hops = str(hop.get("ip", ""))
    through = [
        each
        for each in path.get("paths", [])
        if not hops or any(next_hop.get("ip") == hops for next_hop in each.get("nexthops", []))
    ] or path.get("paths", [{}])
    best: dict[str, Any] = through[0] if through else {}
    peer = best.get("peer", {})
    as_path = best.get("aspath", {}).get("string", "")
    return {
        "local_as": local_as,
        "remote_as": int(next(iter(as_path.replace("{", " ").split()), 0)) if as_path[:1].isdecimal() else 0,
        "peer_id": str(peer.get("routerId", "")),
        "remote_address": str(peer.get("peerId", "")),
        "as_path": "" if as_path == "Local" else as_path,
        "communities": list(best.get("community", {}).get("list", [])),
        "local_preference": int(best.get("locPrf", best.get("localpref", 0)) or 0),
        "preference2": int(best.get("weight", 0)),
        "metric": int(best.get("metric", best.get("med", 0)) or 0),
        "metric2": int(entry.get("metric", 0)),
    }


def instances(vrfs: Answer, interfaces: Answer, running: Answer, *, name: str) -> dict[str, dict[str, Any]]:
    """`default` and every VRF that FRR knows, with their interfaces."""
    members: dict[str, list[str]] = {"default": []}
    for line in vrfs.text.splitlines():
        if (found := re.match(r"vrf (\S+) ", f"{line} ")) is not None:
            members.setdefault(found[1], [])
    for interface, vrf in _vrf_of(interfaces.json(), "default"):
        members.setdefault(vrf, []).append(interface)
    distinguishers = _distinguishers(running.text)
    return {
        vrf: {
            "name": vrf,
            "type": "DEFAULT_INSTANCE" if vrf == "default" else "L3VRF",
            "state": {"route_distinguisher": distinguishers.get(vrf, "")},
            "interfaces": {"interface": {each: {} for each in sorted(names)}},
        }
        for vrf, names in members.items()
        if name in ("", vrf)
    }


def seconds(uptime: str) -> int:
    """Of `00:01:02`, `1d02h03m` or `02w3d04h`; -1 for what is none of them, as `never`."""
    if (clock := re.fullmatch(r"(\d+):(\d\d):(\d\d)", uptime)) is not None:
        hours, minutes, rest = map(int, clock.groups())
        return hours * 3600 + minutes * 60 + rest
    parts = re.findall(r"(\d+)([wdhms])", uptime)
    return sum(int(count) * _UNITS[unit] for count, unit in parts) if parts else -1


def _vrf_of(shown_interfaces: dict[str, Any], vrf: str) -> list[tuple[str, str]]:
    found = []
    for name, value in shown_interfaces.items():
        if isinstance(value, dict) and "administrativeStatus" in value:
            found.append((name, str(value.get("vrfName", vrf))))
        elif isinstance(value, dict):
            found += _vrf_of(value, name)
    return found


def _distinguishers(running: str) -> dict[str, str]:
    found = {}
    vrf = ""
    for line in running.splitlines():
        if (header := re.match(r"router bgp \d+ vrf (\S+)", line)) is not None:
            vrf = header[1]
        elif line.startswith("exit"):
            vrf = ""
        elif vrf and (told := re.match(r"\s+rd(?: vpn export)? (\S+)", line)) is not None:
            found[vrf] = told[1]
    return found
