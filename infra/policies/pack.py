"""The rules as a policy pack of the engine's; mandatory, all of them. `infra.verbs` asks them first, server by server: the pack
is the wall before whoever goes around it. Messages are codes: the command has the words."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from pulumi_policy import EnforcementLevel, PolicyPack, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from infra.policies.rules import RULES, Rule

TODAY: Final = "LAJUR_INFRA_TODAY"
"""The environment's name for the day, as YYYY-MM-DD: the pack reads no clock."""
MEANT: Final = "LAJUR_INFRA_MEANT"
"""The environment's name for the servers that are worked at, as a list in JSON: of the others nothing is changed, and the engine
shows them all the same. Empty or absent: all are."""
_SERVER: Final = "lajur:leased:Server"


def main() -> None:
    today = date.fromisoformat(os.environ[TODAY])
    meant = frozenset(json.loads(os.environ.get(MEANT) or "[]"))
    policies = [_policy(name, description, rule, today, meant) for name, (description, rule) in RULES.items()]
    PolicyPack("lajur", list(policies), EnforcementLevel.MANDATORY)


def _policy(name: str, description: str, rule: Rule, today: date, meant: Collection[str]) -> ResourceValidationPolicy:
    def validate(arguments: ResourceValidationArgs, report: ReportViolation) -> None:
        if arguments.resource_type != _SERVER or not arguments.props.get("lease"):
            return  # one that is not meant this time and was never made comes without its inputs
        if meant and arguments.name not in meant:
            return
        wrong = rule(_plain(arguments.props), today)
        if wrong is not None:
            report(json.dumps({"server": arguments.name, "code": wrong.code, "fields": dict(wrong.fields)}), None)

    return ResourceValidationPolicy(name=name, description=description, validate=validate)


def _plain(value: Any) -> Any:
    """The engine's proxies as ordinary values."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
