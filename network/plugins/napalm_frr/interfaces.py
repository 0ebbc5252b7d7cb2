"""NAPALM's values of interfaces from what iproute2, vtysh and ethtool print. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from napalm_frr.shell import Answer, vtysh

INTERFACES: Final = ("ip -j link show", vtysh("show interface vrf all json"), "date '+%Y/%m/%d %H:%M:%S'")
COUNTERS: Final = ("ip -j -s link show",)
ADDRESSES: Final = ("ip -j address show",)
_MODULES: Final = r"""command -v ethtool >/dev/null || exit 127
for nic in $(ip -o link show | sed -n 's/^[0-9]*: \([^:@]*\)[:@].*link\/ether.*/\1/p'); do
  echo "== $nic"
  ethtool -m "$nic" 2>/dev/null
done
true"""
OPTICS: Final = (_MODULES,)

_DATE: Final = "%Y/%m/%d %H:%M:%S"
_UNKNOWN: Final = -1
_POWER: Final = re.compile(r"^\s*(.+?)\s*:\s*(?:[\d.]+ mW / )?(-?(?:[\d.]+|inf)) (dBm|mA)\s*$", re.MULTILINE)
_CHANNEL: Final = re.compile(r"\s*\(?channel (\d+)\)?", re.IGNORECASE)
_FIELDS: Final = {
    "laser output power": "output_power",
    "transmit avg optical power": "output_power",
    "receiver signal average optical power": "input_power",
    "receiver signal oma": "input_power",
    "rcvr signal avg optical power": "input_power",
    "laser bias current": "laser_bias_current",
    "laser tx bias current": "laser_bias_current",
}
_DARK: Final = -40.0
"""dBm shown for no light at all, whose logarithm is no number."""


def interfaces(links: Answer, frr: Answer, date: Answer) -> dict[str, dict[str, Any]]:
    """`speed` in Mbit/s, -1 where it has none; `last_flapped` in seconds since the last change, -1 where FRR saw none."""
    known = _by_name(frr.json())
    now = _moment(date.text.strip())
    return {link["ifname"]: _interface(link, known.get(link["ifname"], {}), now) for link in links.json()}


def _interface(link: dict[str, Any], frr: dict[str, Any], now: datetime | None) -> dict[str, Any]:
    flags = link.get("flags", [])
    speed = float(frr.get("speed", 0))
    changes = [moment for each in ("lastLinkUp", "lastLinkDown") if (moment := _moment(str(frr.get(each, "")))) is not None]
    return {
        "is_up": "LOWER_UP" in flags and "UP" in flags,
        "is_enabled": "UP" in flags,
        "description": str(frr.get("description", "")),
        "last_flapped": max(0.0, (now - max(changes)).total_seconds()) if now and changes else float(_UNKNOWN),
        "mtu": int(link.get("mtu", _UNKNOWN)),
        "speed": speed if 0 < speed < 2**32 - 1 else float(_UNKNOWN),
        "mac_address": str(link.get("address", "")).upper() if link.get("link_type") == "ether" else "",
    }


def counters(links: Answer) -> dict[str, dict[str, int]]:
    """What the kernel does not count apart (broadcasts, multicasts sent) is -1."""
    return {link["ifname"]: _counters(link["stats64"]) for link in links.json() if "stats64" in link}


def _counters(stats: dict[str, Any]) -> dict[str, int]:
    received, sent = stats["rx"], stats["tx"]
    multicast = int(received.get("multicast", 0))
    return {
        "tx_errors": int(sent["errors"]) + int(sent.get("carrier_errors", 0)),
        "rx_errors": int(received["errors"]),
        "tx_discards": int(sent["dropped"]),
        "rx_discards": int(received["dropped"]) + int(received.get("over_errors", 0)),
        "tx_octets": int(sent["bytes"]),
        "rx_octets": int(received["bytes"]),
        "tx_unicast_packets": int(sent["packets"]),
        "rx_unicast_packets": max(0, int(received["packets"]) - multicast),
        "tx_multicast_packets": _UNKNOWN,
        "rx_multicast_packets": multicast,
        "tx_broadcast_packets": _UNKNOWN,
        "rx_broadcast_packets": _UNKNOWN,
    }


def addresses(shown: Answer) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """Interfaces without an address are left out."""
    found: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    for link in shown.json():
        for each in link.get("addr_info", []):
            family = {"inet": "ipv4", "inet6": "ipv6"}.get(each.get("family", ""))
            if family and "local" in each:
                of = found.setdefault(link["ifname"], {}).setdefault(family, {})
                of[each["local"]] = {"prefix_length": int(each["prefixlen"])}
    return found


def optics(said: Answer) -> dict[str, dict[str, Any]]:
    """Power in dBm, bias in mA, of every port whose module measures light; -40 dBm for none at all."""
    found = {}
    for part in re.split(r"^== ", said.text, flags=re.MULTILINE)[1:]:
        name, _, text = part.partition("\n")
        channels: dict[int, dict[str, float]] = {}
        for label, value, _unit in _POWER.findall(text):
            channel = _CHANNEL.search(label)
            field = _FIELDS.get(_CHANNEL.sub("", label).strip().lower())
            if field:
                of = channels.setdefault(int(channel[1]) - 1 if channel else 0, {})
                of.setdefault(field, max(float(value), _DARK))
        if any("input_power" in each for each in channels.values()):
            found[name.strip()] = {
                "physical_channels": {"channel": [{"index": at, "state": _state(each)} for at, each in sorted(channels.items())]}
            }
    return found


def _state(channel: dict[str, float]) -> dict[str, dict[str, float]]:
    """A module tells what it measures now and keeps no history."""
    return {
        field: dict.fromkeys(("instant", "avg", "min", "max"), channel.get(field, 0.0))
        for field in ("input_power", "output_power", "laser_bias_current")
    }


def _by_name(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """FRR puts interfaces below their VRF when it is asked for all of them, or does not."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in shown.items():
        if isinstance(value, dict) and "administrativeStatus" in value:
            found[name] = value
        elif isinstance(value, dict):
            found |= _by_name(value)
    return found


def _moment(text: str) -> datetime | None:
    """The device's own clock, against which only itself is compared."""
    try:
        return datetime.strptime(text.partition(".")[0], _DATE)  # noqa: DTZ007
    except ValueError:
        return None
