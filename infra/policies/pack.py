"""The rules as a policy pack of the engine's; mandatory, all of them. `infra.verbs` asks them first, server by server: the pack
is the wall before whoever goes around it. Of what is rented it looks at the resources themselves: a server's image, a group's
rules. Messages are codes: the command has the words."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from pulumi_policy import EnforcementLevel, PolicyPack, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from infra.policies.rented import RENTED_RULES
from infra.policies.rules import RULES, Broken, Rule

TODAY: Final = "LAJUR_INFRA_TODAY"
"""The environment's name for the day, as YYYY-MM-DD: the pack reads no clock."""
MEANT: Final = "LAJUR_INFRA_MEANT"
"""The environment's name for the servers that are worked at, as a list in JSON: of the others nothing is changed, and the engine
shows them all the same. Empty or absent: all are."""
FACTS: Final = "LAJUR_INFRA_RENTED"
"""The environment's name for what the truth says of rented servers (`infra.rented_rules.rules_told`), in JSON. Of what stands
there nobody knows anything where it is absent, which is against every rule."""
_SERVER: Final = "lajur:leased:Server"
_MACHINE: Final = "lajur:cloud:Server"
_GROUP: Final = "lajur:cloud:Group"
_COMPONENT: Final = "lajur:infra:CloudServer$"
"""Of the address of what is below a rented server: what is taken over there is judged as the machine that it is."""


_ASKED: Final = ("cloud", "metadata", "image", "checksum", "rules")
"""Of what is rented, what the rules are asked of."""
_PORTS: Final = "rented_ports"
"""The rule that is asked of groups, and it alone."""


def main() -> None:
    today = date.fromisoformat(os.environ[TODAY])
    meant = frozenset(json.loads(os.environ.get(MEANT) or "[]"))
    told = json.loads(os.environ.get(FACTS) or "{}")
    policies = [
        *(_policy(name, description, rule, today, meant) for name, (description, rule) in RULES.items()),
        *(_rented(name, description, rule, today, meant, told) for name, (description, rule) in RENTED_RULES.items()),
    ]
    PolicyPack("lajur", list(policies), EnforcementLevel.MANDATORY)


def _policy(name: str, description: str, rule: Rule, today: date, meant: Collection[str]) -> ResourceValidationPolicy:
    def validate(arguments: ResourceValidationArgs, report: ReportViolation) -> None:
        if arguments.resource_type != _SERVER or not arguments.props.get("lease") or _COMPONENT in arguments.urn:
            return  # one that is not meant this time and was never made comes without its inputs
        if meant and arguments.name not in meant:
            return
        _report(rule(_plain(arguments.props), today), arguments.name, report)

    return ResourceValidationPolicy(name=name, description=description, validate=validate)


def _rented(
    name: str, description: str, rule: Rule, today: date, meant: frozenset[str], told: Mapping[str, Any]
) -> ResourceValidationPolicy:
    def validate(arguments: ResourceValidationArgs, report: ReportViolation) -> None:
        if arguments.resource_type not in (_MACHINE, _GROUP) or not arguments.props.get("cloud"):
            return
        asked = {each: arguments.props[each] for each in _ASKED if each in arguments.props}  # others may not be known yet
        facts = seen(arguments.resource_type, arguments.name, _plain(asked), told)
        if (meant and not meant & {arguments.name, *facts["servers"]}) or (arguments.resource_type == _GROUP) != (name == _PORTS):
            return
        _report(rule(facts, today), facts["server"], report)

    return ResourceValidationPolicy(name=name, description=description, validate=validate)


def seen(kind: str, name: str, props: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule is asked of a resource: what is said of its entry, and what it is to be itself."""
    entry = name if kind == _GROUP else str((props.get("metadata") or {}).get("entry", ""))
    said: dict[str, Any] = {"servers": [], **(told.get("entries") or {}).get(entry, {})}
    if kind == _MACHINE:
        own = {"server": name, "servers": [name], "image": props.get("image"), "checksum": props.get("checksum")}
        return {**said, "cloud": props["cloud"], **own}
    coming = [each for each in props.get("rules") or () if each.get("direction") != "out"]
    rules = [{"protocol": each.get("protocol"), "ports": each.get("ports"), "from": each.get("peer")} for each in coming]
    server = next(iter(said["servers"]), name)
    return {**said, "cloud": props["cloud"], "server": server, "rules": rules, "own": told.get("own") or ()}


def _report(wrong: Broken | None, server: str, report: ReportViolation) -> None:
    if wrong is not None:
        report(json.dumps({"server": server, "code": wrong.code, "fields": dict(wrong.fields)}), None)


def _plain(value: Any) -> Any:
    """The engine's proxies as ordinary values."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
