"""A security group and its rules, which are compared as a set: their order says nothing, and each has one form."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from infra.renting import fields, marking
from infra.renting.fields import Field
from infra.renting.kind import Kind, State, Task, Values, about
from infra.renting.networks import give_back_left_ports
from infra.renting.owner import of_tags

_RULE: Final = fields.record(
    ("protocol",),
    {
        "direction": fields.one_of("in", "out"),
        "family": fields.one_of("IPv4", "IPv6"),
        "protocol": fields.one_of("tcp", "udp", "icmp", "any"),
        "ports": fields.ports,
        "peer": fields.peer,
    },
)
_OUT: Final = tuple({"direction": "out", "family": family, "protocol": "any"} for family in ("IPv4", "IPv6"))
"""What may go out when no rule says so: everything, as in every new group of a cloud."""
_WAYS: Final = {"in": "ingress", "out": "egress"}
_GROUP: Final = "group:"
_EVERYBODY: Final = ("0.0.0.0/0", "::/0")


class Group(Kind):
    """`rules`: who may come in, and who may go out where one says `direction: out`."""

    name = "Group"
    own: ClassVar[Mapping[str, Field]] = {"rules": Field(check=fields.each(_RULE), default=[])}

    def together(self, inputs: Values) -> Iterator[tuple[str, str]]:
        seen = set[str]()
        for number, each in enumerate(inputs.get("rules") or ()):
            if not isinstance(each, Mapping):
                continue
            if each.get("ports") and each.get("protocol") not in ("tcp", "udp", None):
                yield f"rules[{number}].ports", f"{each['protocol']} has no ports"
            rule = str(_plain(each))
            if rule in seen:
                yield f"rules[{number}]", "another one says the same"
            seen.add(rule)

    def plain(self, name: str, value: Any) -> Any:
        if name != "rules":
            return super().plain(name, value)
        return sorted(str(each) for each in _whole(value or ()))

    def listed(self, name: str, value: Any) -> Iterator[str]:
        return super().listed(name, _whole(value) if name == "rules" else value)

    def owned(self, task: Task) -> list[str]:
        return marking.owned(task, task.cloud.network.security_groups)

    def make(self, task: Task, found: str | None) -> str:
        """Its rules are brought by `change`."""
        own = task.cloud.network
        group = own.get_security_group(found) if found else own.create_security_group(name=task.owner.called)
        marking.mark(task, group)
        return str(group.id)

    def look(self, task: Task, key: str) -> State | None:
        group = task.cloud.there(lambda: task.cloud.network.get_security_group(key))
        if group is None:
            return None
        return {"rules": list(self._there(task, key).values()), "owner": of_tags(group.tags)}

    def change(self, task: Task, key: str, now: Values) -> None:
        """What is to be let in is let in before anything is shut."""
        own = task.cloud.network
        marking.mark(task, own.get_security_group(key))
        there, meant = self._there(task, key), _whole(task.inputs.get("rules", ()))
        for number, rule in enumerate(meant):
            if rule not in there.values():
                with about(f"rules[{number}]"):
                    own.create_security_group_rule(security_group_id=key, **_asked(rule))
        for held, rule in there.items():
            if rule not in meant:
                own.delete_security_group_rule(held)

    def remove(self, task: Task, key: str) -> None:
        give_back_left_ports(task, key)
        task.cloud.network.delete_security_group(key)
        task.until_gone(lambda: task.cloud.network.get_security_group(key))

    def _there(self, task: Task, key: str) -> dict[str, dict[str, str]]:
        """The rules by their ids, in an order that is always the same."""
        found = {each.id: _read(each) for each in task.cloud.network.security_group_rules(security_group_id=key)}
        return dict(sorted(found.items(), key=lambda each: (str(each[1]), each[0])))


def _whole(rules: Any) -> list[dict[str, str]]:
    plain = [_plain(each) for each in rules if each is not None]
    return plain + ([] if any(each["direction"] == "out" for each in plain) else [_plain(each) for each in _OUT])


def _plain(rule: Mapping[str, Any]) -> dict[str, str]:
    """With every part, and everybody as an empty peer."""
    peer = str(rule.get("peer") or "")
    family = rule.get("family") or ("IPv6" if ":" in peer and not peer.startswith(_GROUP) else "IPv4")
    ports = str(rule.get("ports") or "")
    low, _, high = ports.partition("-")
    return {
        "direction": str(rule.get("direction") or "in"),
        "family": str(family),
        "protocol": str(rule.get("protocol") or "any"),
        "ports": low if low == high else ports,
        "peer": "" if peer in _EVERYBODY else peer,
    }


def _read(rule: Any) -> dict[str, str]:
    """One of Neutron's."""
    low, high = rule.port_range_min, rule.port_range_max
    group = f"{_GROUP}{rule.remote_group_id}" if rule.remote_group_id else ""
    return _plain(
        {
            "direction": "in" if rule.direction == "ingress" else "out",
            "family": rule.ether_type,
            "protocol": {"ipv6-icmp": "icmp", "icmpv6": "icmp"}.get(rule.protocol, rule.protocol),
            "ports": "" if low is None else str(low) if low == high else f"{low}-{high}",
            "peer": group or rule.remote_ip_prefix,
        }
    )


def _asked(rule: Mapping[str, str]) -> dict[str, Any]:
    """In Neutron's words."""
    asked: dict[str, Any] = {"direction": _WAYS[rule["direction"]], "ether_type": rule["family"]}
    if rule["protocol"] != "any":
        asked["protocol"] = "ipv6-icmp" if (rule["protocol"], rule["family"]) == ("icmp", "IPv6") else rule["protocol"]
    if rule["ports"]:
        low, _, high = rule["ports"].partition("-")
        asked |= {"port_range_min": int(low), "port_range_max": int(high or low)}
    if rule["peer"].startswith(_GROUP):
        asked["remote_group_id"] = rule["peer"].removeprefix(_GROUP)
    elif rule["peer"]:
        asked["remote_ip_prefix"] = str(ipaddress.ip_network(rule["peer"]))
    return asked
