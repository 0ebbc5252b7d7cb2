"""NAPALM's values of BGP neighbours and their configuration, from vtysh. Pure. Where bgpd does not run there are none."""

from __future__ import annotations

import re
from typing import Any, Final

from napalm_frr.shell import Answer, vtysh
from napalm_frr.text import Tree, parse

SUMMARY: Final = (vtysh("show bgp vrf all summary json"), vtysh("show bgp vrf all neighbors json"))
NEIGHBORS: Final = (vtysh("show bgp vrf all neighbors json"),)
CONFIG: Final = (vtysh("show running-config"),)

_FAMILIES: Final = {"ipv4": "ipv4", "ipv6": "ipv6", "l2Vp": "l2vpn"}
_MODEL: Final = {"ipv4": "inet", "ipv6": "inet6"}


def neighbors(summary: Answer, detail: Answer) -> dict[str, dict[str, Any]]:
    """By VRF, the default one as `global`, which is always there. `uptime` in seconds, -1 for a session that is down."""
    found: dict[str, dict[str, Any]] = {"global": {"router_id": "", "peers": {}}}
    details = _vrfs(detail)
    for vrf, families in _vrfs(summary).items():
        of = found.setdefault(_vrf(vrf), {"router_id": "", "peers": {}})
        for told in families.values():
            if isinstance(told, dict) and "peers" in told:
                of["router_id"] = str(told.get("routerId", ""))
                for address, peer in told["peers"].items():
                    of["peers"][address] = _peer(peer, details.get(vrf, {}).get(address, {}))
    return found


def _peer(peer: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    up = peer.get("state") == "Established"
    return {
        "local_as": int(peer.get("localAs", 0)),
        "remote_as": int(peer.get("remoteAs", 0)),
        "remote_id": str(detail.get("remoteRouterId", "0.0.0.0")),  # noqa: S104 - how FRR writes that there is none
        "is_up": up,
        "is_enabled": not detail.get("adminShutDown", "Admin" in str(peer.get("state", ""))),
        "description": str(detail.get("nbrDesc", peer.get("desc", ""))),
        "uptime": int(peer.get("peerUptimeMsec", 0)) // 1000 if up else -1,
        "address_family": {
            _family(name): {
                "received_prefixes": int(told.get("acceptedPrefixCounter", -1)) if up else -1,
                "accepted_prefixes": int(told.get("acceptedPrefixCounter", -1)) if up else -1,
                "sent_prefixes": int(told.get("sentPrefixCounter", -1)) if up else -1,
            }
            for name, told in detail.get("addressFamilyInfo", {}).items()
        },
    }


def neighbors_detail(said: Answer, *, neighbor: str) -> dict[str, dict[int, list[dict[str, Any]]]]:
    """By VRF and remote AS."""
    found: dict[str, dict[int, list[dict[str, Any]]]] = {}
    for vrf, peers in _vrfs(said).items():
        for address, peer in peers.items():
            if isinstance(peer, dict) and "remoteAs" in peer and neighbor in ("", address):
                of = found.setdefault(_vrf(vrf), {})
                of.setdefault(int(peer["remoteAs"]), []).append(_detail(_vrf(vrf), address, peer))
    return found


def _detail(vrf: str, address: str, peer: dict[str, Any]) -> dict[str, Any]:
    stats = peer.get("messageStats", {})
    families = [each for each in peer.get("addressFamilyInfo", {}).values() if isinstance(each, dict)]
    accepted = sum(int(each.get("acceptedPrefixCounter", 0)) for each in families)
    local = str(peer.get("hostLocal", ""))
    return {
        "up": peer.get("bgpState") == "Established",
        "local_as": int(peer.get("localAs", 0)),
        "remote_as": int(peer["remoteAs"]),
        "router_id": str(peer.get("localRouterId", "")),
        "local_address": "" if local == "Unknown" else local,
        "routing_table": vrf,
        "local_address_configured": "updateSource" in peer,
        "local_port": max(0, int(peer.get("portLocal", 0))),
        "remote_address": address,
        "remote_port": max(0, int(peer.get("portForeign", 0))),
        "multihop": int(peer.get("externalBgpNbrMaxHopsAway", 1)) > 1,
        "multipath": False,
        "remove_private_as": any("privateAsNumsRemovedInUpdatesToNbr" in each for each in families),
        "import_policy": _policy(families, "routeMapForIncomingAdvertisements"),
        "export_policy": _policy(families, "routeMapForOutgoingAdvertisements"),
        "input_messages": int(stats.get("totalRecv", 0)),
        "output_messages": int(stats.get("totalSent", 0)),
        "input_updates": int(stats.get("updatesRecv", 0)),
        "output_updates": int(stats.get("updatesSent", 0)),
        "messages_queued_out": int(stats.get("depthOutq", 0)),
        "connection_state": str(peer.get("bgpState", "")),
        "previous_connection_state": str(peer.get("lastResetDueTo", "")),
        "last_event": str(peer.get("lastNotificationReason", peer.get("lastResetDueTo", ""))),
        "suppress_4byte_as": "4byteAs" not in peer.get("neighborCapabilities", {"4byteAs": ""}),
        "local_as_prepend": bool(peer.get("localAsNoPrepend") is False),
        **_timers(peer),
        "active_prefix_count": accepted,
        "received_prefix_count": accepted,
        "accepted_prefix_count": accepted,
        "suppressed_prefix_count": 0,
        "advertised_prefix_count": sum(int(each.get("sentPrefixCounter", 0)) for each in families),
        "flap_count": int(peer.get("connectionsDropped", 0)),
    }


def _timers(peer: dict[str, Any]) -> dict[str, int]:
    """In seconds."""
    return {
        "holdtime": int(peer.get("bgpTimerHoldTimeMsecs", 0)) // 1000,
        "configured_holdtime": int(peer.get("bgpTimerConfiguredHoldTimeMsecs", 0)) // 1000,
        "keepalive": int(peer.get("bgpTimerKeepAliveIntervalMsecs", 0)) // 1000,
        "configured_keepalive": int(peer.get("bgpTimerConfiguredKeepAliveIntervalMsecs", 0)) // 1000,
    }


def config(running: Answer, *, group: str, neighbor: str) -> dict[str, dict[str, Any]]:
    """By peer group; neighbours without one are in the group `_`."""
    found: dict[str, dict[str, Any]] = {}
    for line, below in parse(running.text).tree.items():
        if (router := re.match(r"router bgp (\d+)", line)) is not None:
            _collect(found, int(router[1]), below)
    if group:
        found = {name: each for name, each in found.items() if name == group}
    if neighbor:
        for each in found.values():
            each["neighbors"] = {name: told for name, told in each["neighbors"].items() if name == neighbor}
        found = {name: each for name, each in found.items() if each["neighbors"]}
    return found


def _collect(found: dict[str, dict[str, Any]], local_as: int, router: Tree) -> None:
    said: dict[str, dict[str, str]] = {}
    limits: dict[str, dict[str, Any]] = {}
    for family, line in _lines(router):
        words = line.removeprefix("no ").split()
        if words[0] != "neighbor" or len(words) < 3:
            continue
        name, attribute, rest = words[1], words[2], " ".join(words[3:])
        key = f"{attribute} {words[-1]}" if attribute in ("route-map", "prefix-list") else attribute
        said.setdefault(name, {})[key] = "" if line.startswith("no ") else rest.removesuffix(" in").removesuffix(" out") or "yes"
        if attribute == "maximum-prefix" and family:
            limits.setdefault(name, {})[_MODEL.get(family[0], family[0])] = {family[1]: _limit(words[3:])}
    groups = {name for name, told in said.items() if told.get("peer-group") == "yes"}
    for name in groups:
        found[name] = _group(said[name], local_as, limits.get(name, {}))
    for name, told in said.items():
        if name not in groups:
            of = told.get("peer-group", "_")
            place = found.setdefault(of, _group({}, local_as if of == "_" else 0, {}))
            inherited = said.get(of, {})
            place["neighbors"][name] = _neighbor(inherited | told, local_as, limits.get(name) or limits.get(of, {}))


def _lines(router: Tree) -> list[tuple[tuple[str, str] | None, str]]:
    found: list[tuple[tuple[str, str] | None, str]] = []
    for line, below in router.items():
        if line.startswith("address-family "):
            words = [*line.split(), "unicast"]
            found += [((words[1], words[2]), each) for each in below]
        else:
            found.append((None, line))
    return found


def _group(told: dict[str, str], local_as: int, limits: dict[str, Any]) -> dict[str, Any]:
    remote = _as_number(told.get("remote-as", ""), local_as)
    return {
        "type": "" if not remote else "internal" if remote == local_as else "external",
        "description": told.get("description", ""),
        "apply_groups": [],
        "multihop_ttl": _number(told.get("ebgp-multihop", "")) or (255 if "ebgp-multihop" in told else 0),
        "multipath": False,
        "local_address": told.get("update-source", ""),
        "local_as": _number(told.get("local-as", "")) or local_as,
        "remote_as": remote,
        "import_policy": told.get("route-map in", ""),
        "export_policy": told.get("route-map out", ""),
        "remove_private_as": bool(told.get("remove-private-AS")),
        "prefix_limit": limits,
        "neighbors": {},
    }


def _neighbor(told: dict[str, str], local_as: int, limits: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": told.get("description", ""),
        "import_policy": told.get("route-map in", ""),
        "export_policy": told.get("route-map out", ""),
        "local_address": told.get("update-source", ""),
        "authentication_key": told.get("password", ""),
        "nhs": bool(told.get("next-hop-self")),
        "route_reflector_client": bool(told.get("route-reflector-client")),
        "local_as": _number(told.get("local-as", "")) or local_as,
        "remote_as": _as_number(told.get("remote-as", ""), local_as),
        "prefix_limit": limits,
    }


def _limit(words: list[str]) -> dict[str, Any]:
    numbers = [int(each) for each in words if each.isdecimal()]
    limit: dict[str, Any] = {"limit": numbers[0] if numbers else 0}
    if len(numbers) > 1:
        restart = numbers[-1] if "restart" in words else 0
        limit["teardown"] = {"threshold": numbers[1], "timeout": restart}
    return limit


def _vrfs(said: Answer) -> dict[str, dict[str, Any]]:
    shown: dict[str, dict[str, Any]] = said.json() if said.status == 0 else {}
    return shown


def _vrf(name: str) -> str:
    return "global" if name == "default" else name


def _family(name: str) -> str:
    return next((shown for start, shown in _FAMILIES.items() if name.startswith(start)), name)


def _policy(families: list[dict[str, Any]], name: str) -> str:
    return next((str(each[name]) for each in families if name in each), "")


def _number(text: str) -> int:
    first = text.partition(" ")[0]
    return int(first) if first.isdecimal() else 0


def _as_number(text: str, local_as: int) -> int:
    return local_as if text == "internal" else _number(text)
