"""The rules as a policy pack of the engine's; mandatory, all of them. Messages are codes: the command has the words."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from pulumi_policy import EnforcementLevel, PolicyPack, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

from infra.policies import rules

TODAY: Final = "LAJUR_INFRA_TODAY"
"""The environment's name for the day, as YYYY-MM-DD: the pack reads no clock."""
_SERVER: Final = "lajur:leased:Server"

Rule = Callable[[Mapping[str, Any]], str | None]


def main() -> None:
    today = date.fromisoformat(os.environ[TODAY])
    held: dict[str, tuple[str, Rule]] = {
        "public_ssh": ("SSH is not open to everybody", rules.public_ssh),
        "outside_lease": ("A server is used only while its lease runs", lambda inputs: rules.outside_lease(inputs, today)),
        "abroad": ("Data stays in Indonesia", rules.abroad),
    }
    policies = [_policy(name, description, rule) for name, (description, rule) in held.items()]
    PolicyPack("lajur", list(policies), EnforcementLevel.MANDATORY)


def _policy(name: str, description: str, rule: Rule) -> ResourceValidationPolicy:
    def validate(arguments: ResourceValidationArgs, report: ReportViolation) -> None:
        if arguments.resource_type != _SERVER or not arguments.props.get("lease"):
            return  # one that is not meant this time comes without its inputs
        wrong = rule(_plain(arguments.props))
        if wrong is not None:
            report(json.dumps({"server": arguments.name, "text": wrong}), None)

    return ResourceValidationPolicy(name=name, description=description, validate=validate)


def _plain(value: Any) -> Any:
    """The engine's proxies as ordinary values."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
