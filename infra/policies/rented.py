"""What no rented server may be. Pure: a rule takes what `infra.rented_rules` says of one, and says what is wrong, or nothing.

What nobody says of it counts as wrong: who goes around the truth may not stay silent about where its data is and when it ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final

from infra.policies.rules import Broken, Rule
from inventory.lease_views import is_open_to_strangers
from inventory.server_model import ServerRole

_ABSENT: Final = "–"
_ALL_PORTS: Final = range(1, 65536)
_ENTRANCE: Final = (80, 443)
"""What an edge is for, over TCP."""


def residency(facts: Mapping[str, Any], _today: object) -> Broken | None:
    """What it holds does not leave the country that it must not leave."""
    country, wanted = facts.get("country"), facts.get("residency")
    if country and country == wanted:
        return None
    return _broken("residency", "infra.rented_abroad", facts, country=country, residency=wanted)


def end(facts: Mapping[str, Any], today: object) -> Broken | None:
    """It is rented until a day, which is a day of the cloud's contract and has not passed."""
    until, contract = facts.get("until"), _contract(facts)
    if not until:
        return _broken("rented_end", "infra.rented_no_end", facts)
    if until < str(today) <= contract["end"]:
        return _broken("rented_end", "infra.rented_over", facts, until=until)
    if until <= contract["end"]:
        return None
    return _broken("rented_end", "infra.rented_outlives", facts, until=until, number=contract["number"], end=contract["end"])


def contract_runs(facts: Mapping[str, Any], today: object) -> Broken | None:
    """Nothing is rented under a contract that is over, or has not begun."""
    contract, day = _contract(facts), str(today)
    if day > contract["end"]:
        return _broken("rented_contract", "infra.rented_ended", facts, number=contract["number"], end=contract["end"])
    if day < contract["start"]:
        return _broken("rented_contract", "infra.rented_ahead", facts, number=contract["number"], start=contract["start"])
    return None


def image(facts: Mapping[str, Any], _today: object) -> Broken | None:
    """What it begins with is known by its checksum, not by a name that may lead elsewhere tomorrow."""
    return None if facts.get("checksum") else _broken("rented_image", "infra.rented_unpinned", facts, image=facts.get("image"))


def public_ports(facts: Mapping[str, Any], _today: object) -> Broken | None:
    """Only what an entrance needs is open to anybody but the regency's own; SSH never."""
    return next(_open(facts), None)


def budget(facts: Mapping[str, Any], _today: object) -> Broken | None:
    """What the stage rents in this calendar month is within what the stage may spend."""
    stage, cost, limit = facts.get("stage"), facts.get("cost") or 0, facts.get("budget")
    if limit is None:
        return _broken("rented_budget", "infra.rented_no_budget", facts, stage=stage)
    if cost <= limit:
        return None
    said = {"stage": stage, "month": facts.get("month"), "cost": cost, "budget": limit, "excess": cost - limit}
    return _broken("rented_budget", "infra.rented_over_budget", facts, **said)


RENTED_RULES: Final[Mapping[str, tuple[str, Rule]]] = {
    "rented_budget": ("What a stage rents in a month is within its budget", budget),
    "rented_contract": ("A server is rented only while the contract of its cloud runs", contract_runs),
    "rented_end": ("A rented server has an end within the contract of its cloud", end),
    "rented_image": ("An image has a checksum", image),
    "rented_ports": ("Only what an entrance needs is open to everybody, and never SSH", public_ports),
    "residency": ("What a rented server holds stays in its country", residency),
}
"""By name, as `infra.policies.rules.RULES`."""


def broken_rented(inputs: Mapping[str, Any]) -> tuple[Broken, ...]:
    """Every rule that this server breaks, of `infra.rented_rules.rule_inputs`, in the order of their names."""
    asked = (rule(inputs, inputs["today"]) for _, rule in RENTED_RULES.values())
    return tuple(each for each in asked if each is not None)


def _open(facts: Mapping[str, Any]) -> Iterator[Broken]:
    """What lets somebody else in, rule by rule; a group of ours is nobody else."""
    own = [ip_network(each) for name in ("own", "managed") for each in facts.get(name) or ()]
    own = [each for each in own if not (isinstance(each, IPv4Network) and is_open_to_strangers(each))]
    ssh = {22, facts.get("ssh") or 22}
    for each in facts.get("rules") or ():
        peer, ports = str(each.get("from") or ""), _ports(each)
        if peer.startswith("group:") or _is_own(peer, own):
            continue
        said = {"network": peer or "0.0.0.0/0", "protocol": each.get("protocol") or "any", "ports": each.get("ports") or "*"}
        if each.get("protocol") in ("tcp", "any", None) and any(port in ports for port in ssh):
            yield _broken("rented_ports", "infra.rented_public_ssh", facts, **said)
        elif not _is_entrance(each, ports, facts):
            yield _broken("rented_ports", "infra.rented_public_port", facts, **said)


def _is_own(peer: str, own: list[IPv4Network | IPv6Network]) -> bool:
    """Nobody owns everybody."""
    network = ip_network(peer or "0.0.0.0/0")
    return any(
        network.subnet_of(each)  # type: ignore[arg-type]
        for each in own
        if network.version == each.version
    )


def _is_entrance(rule: Mapping[str, Any], ports: range, facts: Mapping[str, Any]) -> bool:
    is_edge = facts.get("role") == ServerRole.EDGE and rule.get("protocol") == "tcp"
    return is_edge and len(ports) == 1 and ports[0] in _ENTRANCE


def _ports(rule: Mapping[str, Any]) -> range:
    """Those that it opens; none of a protocol that has no ports."""
    if rule.get("protocol") == "icmp":
        return range(0)
    low, _, high = str(rule.get("ports") or "").partition("-")
    return range(int(low), int(high or low) + 1) if low else _ALL_PORTS


def _contract(facts: Mapping[str, Any]) -> Mapping[str, str]:
    return facts.get("contract") or {"number": _ABSENT, "start": "", "end": ""}


def _broken(policy: str, code: str, facts: Mapping[str, Any], **said: Any) -> Broken:
    own = {"server": facts["server"], "cloud": facts.get("cloud") or _ABSENT, **said}
    return Broken(policy, code, {name: _ABSENT if value in (None, "") else str(value) for name, value in own.items()})
