"""Where the fault lies: the system, the office's own way, an uplink, a certificate, or nobody can say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from network.core.system_faults import judge
from network.core.systems import Answer, Board, By, Cell, Extent, Why, Word, systems
from network.errors import DeviceUnreachable
from network.messages import CATALOGUE

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
OFFICES = ("setda", "bappeda", "dpmptsp")
"""Of two hubs: the last two share one."""

DOMESTIC = ("oss", "sicantik", "eplanning", "si-peri-etnik", "oss-mobile")
GOOD = Answer(word=Word.ANSWERS, by=By.HTTPS, milliseconds=20, status=200, source="100.64.11.1")
SILENT = Answer(word=Word.SILENT, by=By.HTTPS, why=Why.TIMEOUT, source="100.64.11.1")
SLOW = Answer(word=Word.SLOW, by=By.HTTPS, milliseconds=2900, source="100.64.11.1")


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(TRUTH)


def board(
    regency: Regency,
    heard: Mapping[tuple[str, str], Answer],
    *,
    offices: tuple[str, ...] = OFFICES,
    unreached: tuple[str, ...] = (),
) -> Board:
    """Everything answers but what is said in `heard`; a star is every office, or every system."""
    cells = {}
    for office in offices:
        for each in systems(regency):
            keys = ((office, each.key), ("*", each.key), (office, "*"), ("*", "*"))
            answer = next((heard[key] for key in keys if key in heard), GOOD)
            if office not in unreached:
                cells[office, each.key] = Cell(answer=answer, at=NOW)
    error = DeviceUnreachable("device.unreachable", device="r", step="systems", address="192.0.2.1:22", reason="timed out")
    return Board(at=NOW, systems=systems(regency), offices=offices, cells=cells, unreached=dict.fromkeys(unreached, error))


def told(regency: Regency, found: Board) -> dict[str, Mapping[str, object]]:
    """By code, without its prefix. Every code has its words, and what to do."""
    remarks = judge(regency, found)
    for each in remarks:
        for reason in (each.what, each.next):
            message = CATALOGUE[reason.code]
            for text in (message.id, message.en):
                text.format_map({**reason.fields})
    return {each.what.code.removeprefix("systems."): each.what.fields for each in remarks}


def test_the_connected_systems_of_the_truth_with_class_windows_owner_and_way(regency: Regency) -> None:
    found = {each.key: each for each in systems(regency)}
    assert tuple(found) == DOMESTIC
    assert (found["oss"].service_class, found["oss"].owner, found["oss"].uplink) == (
        "public_service", "Kementerian Investasi/BKPM", "domestic",
    )  # fmt: skip
    assert "rka-skpd" in found["eplanning"].windows


def test_where_all_answers_nothing_is_said(regency: Regency) -> None:
    found = board(regency, {})
    assert found.is_good
    assert judge(regency, found) == ()
    assert {found.extent(key) for key in DOMESTIC} == {Extent.EVERYWHERE}


def test_a_system_that_answers_nobody_is_down_and_no_bandwidth_helps(regency: Regency) -> None:
    found = board(regency, {("*", "oss"): SILENT})
    assert found.extent("oss") is Extent.NOWHERE
    assert list(told(regency, found)) == ["down"]
    (remark,) = judge(regency, found)
    assert remark.grave
    assert "bandwidth" in CATALOGUE[remark.next.code].en


def test_one_office_alone_cannot_tell_a_system_from_its_own_way(regency: Regency) -> None:
    found = board(regency, {("*", "oss"): SILENT}, offices=("dpmptsp",))
    assert found.extent("oss") is Extent.UNSURE
    assert list(told(regency, found)) == ["silent_alone"]
    others_cut = board(regency, {("dpmptsp", "oss"): SILENT}, unreached=("setda", "bappeda"))
    assert others_cut.extent("oss") is Extent.UNSURE, "who could not ask says nothing of the system"
    assert set(told(regency, others_cut)) == {"unreached", "silent_alone"}


def test_a_system_that_one_office_misses_is_that_offices_matter(regency: Regency) -> None:
    found = board(regency, {("setda", "oss"): SILENT})
    assert found.extent("oss") is Extent.PARTLY
    assert told(regency, found)["silent_some"]["offices"] == "setda"


def test_an_office_that_nothing_answers_is_cut_off_and_its_links_are_named_once(regency: Regency) -> None:
    found = told(regency, board(regency, {("setda", "*"): SILENT}))
    assert list(found) == ["office"]
    assert found["office"]["links"] == "core-sow, sow-setda"


def test_an_uplink_by_which_nothing_answers_is_told_in_place_of_its_systems(regency: Regency) -> None:
    assert list(told(regency, board(regency, {("*", "*"): SILENT}))) == ["uplink"]
    mixed = {("*", "*"): SILENT, ("*", "oss-mobile"): GOOD}
    assert list(told(regency, board(regency, mixed))) == ["down"], "one of them answers: the uplink is there"


@pytest.mark.parametrize(
    ("unreached", "links"),
    [
        (("setda",), "core-sow, sow-setda"),
        (("bappeda",), "sgg-bappeda"),
        (("bappeda", "dpmptsp"), "core-sgg, sgg-bappeda"),
    ],
)
def test_an_office_whose_router_is_away_is_told_with_the_links_that_explain_it(
    regency: Regency, unreached: tuple[str, ...], links: str
) -> None:
    """A hub's link is at fault only where no office of the hub is reached."""
    found = board(regency, {}, unreached=unreached)
    assert not found.is_good
    remarks = [each for each in judge(regency, found) if each.what.code == "systems.unreached"]
    assert remarks[0].what.fields["links"] == links
    assert found.extent("oss") is Extent.EVERYWHERE, "of those that could ask"


def test_a_certificate_and_an_error_page_are_no_fault_of_the_network(regency: Regency) -> None:
    bad = Answer(word=Word.CERTIFICATE, by=By.HTTPS, why=Why.EXPIRED, source="100.64.11.1")
    page = Answer(word=Word.PAGE, by=By.HTTPS, why=Why.EXPECT, status=200, source="100.64.11.1")
    everywhere = told(regency, board(regency, {("*", "oss"): bad, ("*", "sicantik"): page}))
    assert list(everywhere) == ["certificate", "page"]
    some = told(regency, board(regency, {("setda", "oss"): bad, ("setda", "sicantik"): page}))
    assert list(some) == ["certificate_some", "page_some"]


def test_slow_everywhere_is_the_systems_and_slow_with_everything_is_the_offices(regency: Regency) -> None:
    assert list(told(regency, board(regency, {("*", "oss"): SLOW}))) == ["slow"]
    assert list(told(regency, board(regency, {("setda", "oss"): SLOW}))) == ["slow_some"]
    found = told(regency, board(regency, {("setda", "*"): SLOW}))
    assert list(found) == ["full"]
    assert found["full"]["offices"] == "setda"
    assert board(regency, {("setda", "*"): SLOW}).is_good, "slow is an answer"


def test_no_reply_to_ping_proves_nothing(regency: Regency) -> None:
    unclear = Answer(word=Word.UNCLEAR, by=By.PING, why=Why.NO_PING, source="100.64.11.1")
    found = board(regency, {("*", "oss"): unclear})
    assert found.extent("oss") is Extent.UNSURE
    assert not found.is_good
    assert list(told(regency, found)) == ["unclear"]


def test_a_router_that_cannot_ask_and_one_outside_the_lan_are_told(regency: Regency) -> None:
    nothing = Answer(word=Word.UNASKED, by=None, why=Why.NO_MEANS, source="")
    assert list(told(regency, board(regency, {("setda", "oss"): nothing}))) == ["unasked", "no_source"]


def test_many_offices_are_counted_and_not_all_named(regency: Regency) -> None:
    offices = tuple(each.key for each in regency.offices)
    page = Answer(word=Word.PAGE, by=By.HTTPS, why=Why.STATUS, status=503, source="100.64.11.1")
    found = told(regency, board(regency, {("*", "oss"): page, ("setda", "oss"): GOOD}, offices=offices))
    assert found["page_some"]["count"] == len(offices) - 1
    assert len(str(found["page_some"]["offices"]).split(", ")) == 7
