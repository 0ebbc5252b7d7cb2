"""Links in every platform's words, against folders of data.

`tests/golden/links/<platform>/<case>`: `end.json` (what differs from the usual end) and `running.txt` (as the device prints it)
in; `expected.txt` (what the device is told) and `shown.txt` (what a person sees) out. A case that expects nothing to be done has
a `reason.txt`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from network.core.links.difference import MASK
from network.core.links.intent import LOOPBACK, Authentication, Base, EndIntent, Routing, Side
from network.core.links.plan import EndPlan
from network.link_wiring import DIALECTS

GOLDEN = Path(__file__).parents[2] / "golden" / "links"
KEY = "Pa55!key"

INTERFACES = {
    "frr": "wan0",
    "cisco_ios": "GigabitEthernet0/1",
    "arista_eos": "Ethernet1",
    "juniper_junos": "ge-0/0/1",
    "huawei_vrp": "GigabitEthernet0/0/1",
    "mikrotik_routeros": "ether1",
}


def cases() -> list[Any]:
    return [
        pytest.param(platform.name, case, id=f"{platform.name}-{case.name}")
        for platform in sorted(GOLDEN.iterdir())
        for case in sorted(platform.iterdir())
    ]


def end_of(platform: str, given: dict[str, Any]) -> EndIntent:
    """The usual end, with what the case says differently."""
    routing = {"area": "0", "hello": 1, "dead": 4, "key_id": 1, "cost": None} | given.pop("routing", {})
    key_id = routing.pop("key_id")
    known = Authentication(key_id=key_id, reference="env:KEY") if key_id else None
    base = {"router_id": "100.65.0.5", "area": "0", "passive": [LOOPBACK], "way_out": False} | given.pop("base", {})
    usual = {
        "link": "sgg-bappeda",
        "side": Side.FAR,
        "device": "r-bappeda",
        "platform": platform,
        "interface": INTERFACES[platform],
        "description": "lajur sgg-bappeda: hub-sgg o5 (Sanggeng)",
        "peer_end": ("hub-sgg", "o5"),
        "address": "100.66.0.17/31",
        "peer": "100.66.0.16",
        "routing": Routing(**routing, authentication=known),
        "base": Base(**{**base, "passive": tuple(base["passive"])}),
    }
    return EndIntent(**{**usual, **given})


def planned(platform: str, case: Path) -> EndPlan:
    end = end_of(platform, json.loads((case / "end.json").read_text()))
    return DIALECTS[platform].plan(end, (case / "running.txt").read_text(), lambda reference: KEY)


def shown(plan: EndPlan) -> str:
    lines = [f"{line.sign} {line.section}: {line.text}\n" for line in plan.lines]
    return "".join([*lines, *(f"lacks {code}\n" for code in plan.lacks)])


@pytest.mark.parametrize(("platform", "case"), cases())
def test_an_end_becomes_what_its_platform_understands(platform: str, case: Path) -> None:
    plan = planned(platform, case)
    assert plan.candidate == (case / "expected.txt").read_text()
    assert shown(plan) == (case / "shown.txt").read_text()
    if not plan.changes:
        assert (case / "reason.txt").read_text().strip()


@pytest.mark.parametrize(("platform", "case"), cases())
def test_nobody_sees_a_key(platform: str, case: Path) -> None:
    plan = planned(platform, case)
    for secret in (KEY, "0ldK3y"):
        assert secret not in shown(plan)
        assert secret not in repr(plan)
    if KEY in plan.candidate:
        assert MASK in shown(plan)


def test_every_platform_has_cases_of_its_own() -> None:
    assert {each.name for each in GOLDEN.iterdir()} == set(DIALECTS)
