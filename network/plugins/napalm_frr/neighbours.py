"""NAPALM's values of what is next to a device: LLDP, ARP, IPv6 neighbours, MAC addresses, VLANs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from napalm.base.exceptions import CommandErrorException

from napalm_frr.shell import Answer, inside
from napalm_frr.words import shown

LLDP: Final = ("lldpcli -f json0 show neighbors details",)
MAC: Final = ("bridge -j -s fdb show",)
VLANS: Final = ("bridge -j vlan show",)

_GONE: Final = {"FAILED", "INCOMPLETE", "NOARP"}
_UNKNOWN: Final = -1


def arp_command(vrf: str) -> str:
    return inside(vrf, "ip -j -s -4 neigh show")


def nd_command() -> str:
    return "ip -j -s -6 neigh show"


def lldp(said: Answer) -> dict[str, list[dict[str, str]]]:
    return {
        name: [{"hostname": each["remote_system_name"], "port": each["remote_port"]} for each in found]
        for name, found in lldp_detail(said).items()
    }


def lldp_detail(said: Answer, *, interface: str = "") -> dict[str, list[dict[str, Any]]]:
    """Raises CommandErrorException where lldpd is not there or does not answer: that is not the same as nobody next to it."""
    if said.status != 0:
        raise CommandErrorException(f"lldpd tells nothing: {shown(said.text) or f'status {said.status}'}")
    found: dict[str, list[dict[str, Any]]] = {}
    for part in said.json().get("lldp", []):
        for each in part.get("interface", []):
            if interface in ("", each["name"]) and "chassis" in each:
                found.setdefault(each["name"], []).append(_lldp(each))
    return found


def _lldp(each: dict[str, Any]) -> dict[str, Any]:
    chassis, port = _first(each["chassis"]), _first(each.get("port", []))
    name = _value(chassis, "name")
    told = [(str(cap.get("type", "")).lower(), bool(cap.get("enabled"))) for cap in chassis.get("capability", [])]
    port_id, about = _value(port, "id"), _value(port, "descr")
    by_name = _kind(port, "id") in ("ifname", "local")
    return {
        "parent_interface": each["name"],
        "remote_chassis_id": _value(chassis, "id"),
        "remote_system_name": name,
        "remote_system_description": _value(chassis, "descr"),
        # lldpd names a port by its MAC address unless it is told otherwise; its description is then the interface's name.
        "remote_port": port_id if by_name or not about else about,
        "remote_port_description": about,
        "remote_system_capab": [name for name, _ in told],
        "remote_system_enable_capab": [name for name, enabled in told if enabled],
    }


def arp(said: Answer) -> list[dict[str, Any]]:
    """`age` in seconds since the entry was last updated, -1 for one that is permanent."""
    return [
        {"interface": each["dev"], "mac": each["lladdr"].upper(), "ip": each["dst"], "age": _age(each)} for each in _alive(said)
    ]


def nd(said: Answer) -> list[dict[str, Any]]:
    return [
        {
            "interface": each["dev"],
            "mac": each["lladdr"].upper(),
            "ip": each["dst"],
            "age": _age(each),
            "state": str((each.get("state") or [""])[0]),
        }
        for each in _alive(said)
    ]


def mac_table(said: Answer) -> list[dict[str, Any]]:
    """What the bridges have learnt and been told. `vlan` is 0 on a bridge without VLANs; moves are not counted: -1."""
    return [
        {
            "mac": each["mac"].upper(),
            "interface": each["ifname"],
            "vlan": int(each.get("vlan", 0)),
            "static": each.get("state") in ("static", "permanent"),
            "active": each.get("state") != "stale",
            "moves": _UNKNOWN,
            "last_move": float(_UNKNOWN),
        }
        for each in said.json()
        if "master" in each
    ]


def vlans(said: Answer) -> dict[str, dict[str, Any]]:
    """The VLANs of all bridges. Linux gives them no names: they are called after their number."""
    found: dict[int, list[str]] = {}
    for port in said.json():
        for each in port.get("vlans", []):
            for number in range(int(each["vlan"]), int(each.get("vlanEnd", each["vlan"])) + 1):
                found.setdefault(number, []).append(port["ifname"])
    return {str(number): {"name": f"vlan{number}", "interfaces": sorted(names)} for number, names in sorted(found.items())}


def _alive(said: Answer) -> Iterator[dict[str, Any]]:
    if said.status != 0:
        raise CommandErrorException(shown(said.text) or f"status {said.status}")
    for each in said.json():
        if "lladdr" in each and not _GONE & set(each.get("state", [])):
            yield each


def _age(each: dict[str, Any]) -> float:
    return float(each.get("updated", _UNKNOWN)) if "PERMANENT" not in each.get("state", []) else float(_UNKNOWN)


def _first(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return parts[0] if parts else {}


def _value(part: dict[str, Any], name: str) -> str:
    """json0 wraps every value in a list of objects."""
    return str(_first(part.get(name, [])).get("value", ""))


def _kind(part: dict[str, Any], name: str) -> str:
    return str(_first(part.get(name, [])).get("type", ""))
