"""What no rented server may be, rule by rule, and what the pack sees of what comes around the truth."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.policies.pack import seen
from infra.policies.rented import broken_rented
from infra.program import judged
from infra.rentals import rentals
from infra.rented_rules import rule_inputs, rules_told
from inventory.load import load_regency
from inventory.messages import spoken
from inventory.regency import Regency
from network.core.build_words import RENTED_REFUSALS
from network.messages import text

DAY = date(2026, 11, 27)
PEAK = date(2026, 9, 12)
CONTRACT = {"number": "A-1", "start": "2026-01-01", "end": "2026-12-31"}


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(Path("inventory/regencies/manokwari"))


def facts(**other: Any) -> dict[str, Any]:
    whole = {
        "server": "web-1",
        "cloud": "awan",
        "country": "ID",
        "residency": "ID",
        "stage": "pilot",
        "role": "application",
        "image": "debian-12",
        "checksum": "sha256:" + "0" * 64,
        "until": "2026-12-31",
        "contract": CONTRACT,
        "ssh": 22,
        "rules": [{"protocol": "any", "ports": "", "from": "10.90.0.0/24"}],
        "own": ["10.90.0.0/24"],
        "managed": ["10.0.0.0/8"],
        "month": "2026-11",
        "cost": 500_000,
        "budget": 500_000,
        "today": "2026-11-27",
    }
    return {**whole, **other}


def opened(ports: str, peer: str, protocol: str = "tcp", **other: Any) -> dict[str, Any]:
    return facts(rules=[{"protocol": protocol, "ports": ports, "from": peer}], **other)


@pytest.mark.parametrize(
    "whole",
    [
        facts(),
        facts(country="SG", residency="SG"),
        facts(today="2026-01-01"),
        facts(today="2026-12-31"),
        facts(rules=[]),
        opened("22", "10.3.0.0/16"),
        opened("22", "203.0.113.0/28", managed=["203.0.113.0/28"]),
        opened("", "group:web", "any"),
        opened("443", "", role="edge"),
        opened("80", "0.0.0.0/0", role="edge"),
        opened("443", "::/0", role="edge"),
    ],
)
def test_what_is_as_it_should_be_breaks_none(whole: dict[str, Any]) -> None:
    assert broken_rented(whole) == ()


@pytest.mark.parametrize(
    ("whole", "code", "said"),
    [
        (facts(country="SG"), "infra.rented_abroad", {"country": "SG", "residency": "ID"}),
        (facts(country=None, residency=None), "infra.rented_abroad", {"country": "–"}),
        (facts(until=""), "infra.rented_no_end", {}),
        (facts(until="2026-11-26"), "infra.rented_over", {"until": "2026-11-26"}),
        (facts(until="2027-01-01"), "infra.rented_outlives", {"until": "2027-01-01", "end": "2026-12-31", "number": "A-1"}),
        (facts(today="2027-01-01"), "infra.rented_ended", {"end": "2026-12-31"}),
        (facts(today="2025-12-31"), "infra.rented_ahead", {"start": "2026-01-01"}),
        (facts(checksum=""), "infra.rented_unpinned", {"image": "debian-12"}),
        (facts(cost=500_001), "infra.rented_over_budget", {"cost": "500001", "budget": "500000", "excess": "1"}),
        (facts(budget=None), "infra.rented_no_budget", {"stage": "pilot"}),
        (facts(cost=1, budget=0), "infra.rented_over_budget", {"month": "2026-11"}),
        (opened("22", ""), "infra.rented_public_ssh", {"network": "0.0.0.0/0", "ports": "22"}),
        (opened("22", "::/0"), "infra.rented_public_ssh", {"network": "::/0"}),
        (opened("2222", "", ssh=2222), "infra.rented_public_ssh", {"ports": "2222"}),
        (opened("", "", "any", role="edge"), "infra.rented_public_ssh", {"ports": "*"}),
        (opened("1-1000", "", role="edge"), "infra.rented_public_ssh", {"ports": "1-1000"}),
        (opened("22", "8.8.0.0/16", managed=["8.8.0.0/16"]), "infra.rented_public_ssh", {"network": "8.8.0.0/16"}),
        (opened("22", "0.0.0.0/0", managed=["0.0.0.0/0"]), "infra.rented_public_ssh", {"network": "0.0.0.0/0"}),
        (opened("22", "192.168.0.0/16"), "infra.rented_public_ssh", {"network": "192.168.0.0/16"}),
        (opened("443", ""), "infra.rented_public_port", {"ports": "443"}),
        (opened("80-443", "", role="edge"), "infra.rented_public_port", {"ports": "80-443"}),
        (opened("5432", "", role="edge"), "infra.rented_public_port", {"ports": "5432"}),
        (opened("443", "", "udp", role="edge"), "infra.rented_public_port", {"protocol": "udp"}),
        (opened("22", "", "udp"), "infra.rented_public_port", {"protocol": "udp"}),
        (opened("", "", "icmp"), "infra.rented_public_port", {"protocol": "icmp"}),
        (opened("5432", "203.0.113.7/32"), "infra.rented_public_port", {"network": "203.0.113.7/32"}),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_each_says_what_is_wrong(whole: dict[str, Any], code: str, said: dict[str, str], language: Any) -> None:
    (wrong,) = broken_rented(whole)
    assert (wrong.code, wrong.server) == (code, "web-1")
    assert said.items() <= dict(wrong.fields).items()
    assert code in RENTED_REFUSALS
    told = text(code, language, wrong.fields)
    assert all(each in told for each in ("web-1", "awan", *(str(spoken(*each, language)) for each in said.items())))


def test_who_breaks_several_is_told_all_in_an_order_that_stays() -> None:
    wrong = broken_rented(opened("22", "", country="SG", budget=None, checksum="", until=""))
    assert [each.policy for each in wrong] == ["rented_budget", "rented_end", "rented_image", "rented_ports", "residency"]


def test_what_the_truth_rents_breaks_none_on_its_days_and_is_named_afterwards(regency: Regency) -> None:
    keys = frozenset({"practice-1", "app-plan-1"})
    there = {each.stay.key: each for each in rentals(regency, keys, regency_moment(regency))}
    assert judged(regency, (), PEAK, there) == {"app-plan-1": (), "practice-1": ()}
    assert {key: [each.code for each in wrong] for key, wrong in judged(regency, (), DAY, there).items()} == {
        "app-plan-1": ["infra.rented_over"],
        "practice-1": [],
    }
    later = judged(regency, (), date(2029, 1, 1), there)
    assert {each.code for wrong in later.values() for each in wrong} == {"infra.rented_ended"}


def test_a_month_of_a_stage_counts_everything_that_it_rents(regency: Regency) -> None:
    (rental,) = rentals(regency, frozenset({"practice-1"}), regency_moment(regency))
    of = {month: rule_inputs(regency, rental.stay, date(2026, month, 15)) for month in (9, 10, 11, 12)}
    plan = 2 * 72 * 500
    alone = {30: 720 * 250 + 20 * 1500, 31: 744 * 250 + 20 * 1500}
    costs = {month: each["cost"] for month, each in of.items()}
    assert set(costs.values()) <= {*alone.values(), *(value + plan for value in alone.values())}
    assert of[11]["cost"] in (alone[30], alone[30] + plan)
    assert (of[12]["month"], of[12]["budget"], of[12]["until"]) == ("2026-12", 500_000, "2027-02-28")
    assert judged(poorer(regency), (), DAY, {"practice-1": rental})["practice-1"][0].code == "infra.rented_over_budget"


def test_the_pack_sees_resources_and_says_no_to_what_nobody_vouches_for(regency: Regency) -> None:
    stays = [each.stay for each in rentals(regency, frozenset({"app-plan-1", "app-plan-2"}), regency_moment(regency))]
    told = json.loads(json.dumps(rules_told(regency, stays, PEAK)))
    assert told["entries"]["app-plan"]["servers"] == ["app-plan-1", "app-plan-2"]
    props = {"cloud": "awan", "image": "debian-12", "checksum": "sha256:x", "metadata": {"entry": "app-plan"}}
    machine = seen("lajur:cloud:Server", "app-plan-2", props, told)
    assert broken_rented(machine) == ()
    assert [
        each.code for each in broken_rented({**machine, **seen("lajur:cloud:Server", "x", {**props, "checksum": ""}, told)})
    ] == ["infra.rented_unpinned"]
    alone = seen("lajur:cloud:Server", "around", props, {})
    assert {"infra.rented_abroad", "infra.rented_no_end", "infra.rented_no_budget"} <= {
        each.code for each in broken_rented({**alone, "today": "2026-11-27"})
    }
    rules = [{"protocol": "tcp", "ports": "22", "peer": "10.90.0.0/25"}, {"direction": "out", "protocol": "any"}]
    group = seen("lajur:cloud:Group", "app-plan", {"cloud": "awan", "rules": rules}, told)
    assert (group["server"], broken_rented({**group, "checksum": "x"})) == ("app-plan-1", ())
    wide = seen("lajur:cloud:Group", "app-plan", {"cloud": "awan", "rules": [{"protocol": "tcp", "ports": "22"}]}, told)
    assert [each.code for each in broken_rented({**wide, "checksum": "x"})] == ["infra.rented_public_ssh"]


def regency_moment(regency: Regency) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, tzinfo=regency.zone)


def poorer(regency: Regency) -> Regency:
    """The same with a budget that nothing fits."""
    return regency.model_copy(update={"stages": tuple(each.model_copy(update={"budget": 1}) for each in regency.stages)})
