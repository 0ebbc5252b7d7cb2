"""What no leased server may be, rule by rule; each says what is wrong in a code of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from infra.policies.rules import broken
from infra.program import judged
from inventory.load import load_regency
from tests.infra.site import REGENCY

DAY = date(2026, 11, 26)


def inputs(management: list[str] | None = None, **lease: str) -> dict[str, Any]:
    held = {"number": "S-1", "start": "2026-01-01", "end": "2026-12-31", "country": "ID", **lease}
    return {"server": "app-1", "management": management or ["100.65.0.0/16"], "lease": held}


@pytest.mark.parametrize("day", [date(2026, 1, 1), DAY, date(2026, 12, 31)])
def test_a_server_that_is_as_it_should_be_breaks_none_on_both_ends_of_its_lease_too(day: date) -> None:
    assert broken(inputs(), day) == ()


@pytest.mark.parametrize(
    ("given", "code", "fields"),
    [
        (inputs(end="2026-11-25"), "infra.lease_ended", {"number": "S-1", "end": "2026-11-25"}),
        (inputs(start="2026-11-27"), "infra.lease_ahead", {"number": "S-1", "start": "2026-11-27"}),
        (inputs(country="SG"), "infra.abroad", {"number": "S-1", "country": "SG"}),
        (inputs(["10.0.0.0/8", "0.0.0.0/0"]), "infra.public_ssh", {"network": "0.0.0.0/0"}),
        (inputs(["203.0.112.0/23"]), "infra.public_ssh", {"network": "203.0.112.0/23"}),
    ],
)
def test_each_says_what_is_wrong(given: dict[str, Any], code: str, fields: dict[str, str]) -> None:
    (wrong,) = broken(given, DAY)
    assert (wrong.code, wrong.server) == (code, "app-1")
    assert fields.items() <= dict(wrong.fields).items()


@pytest.mark.parametrize(
    ("networks", "is_refused"),
    [
        (["0.0.0.0/0"], True),
        (["100.67.0.0/24"], False),
        (["10.0.0.0/8"], False),
        (["8.8.0.0/16"], True),
        (["8.8.8.0/24"], False),
        (["100.0.0.0/9"], True),
        (["10.0.0.0/8", "0.0.0.0/1"], True),
    ],
)
def test_ssh_is_open_to_who_administers_and_never_to_everybody(networks: list[str], is_refused: bool) -> None:
    assert [each.code for each in broken(inputs(networks), DAY)] == ["infra.public_ssh"] * is_refused


def test_who_breaks_several_is_told_all_in_an_order_that_stays() -> None:
    wrong = broken(inputs(["0.0.0.0/0"], end="2026-11-25", country="SG"), DAY)
    assert [each.policy for each in wrong] == ["abroad", "outside_lease", "public_ssh"]


def test_every_server_of_the_program_is_judged_in_the_order_of_their_keys() -> None:
    found = judged(load_regency(REGENCY), {"mon-1", "edge-1", "app-1"}, date(2027, 2, 1))
    assert {server: [each.code for each in wrong] for server, wrong in found.items()} == {
        "app-1": [],
        "edge-1": ["infra.lease_ended"],
        "mon-1": ["infra.lease_ended"],
    }
    assert list(found) == ["app-1", "edge-1", "mon-1"]
