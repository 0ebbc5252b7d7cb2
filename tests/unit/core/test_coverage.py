"""Offices on working fibre, and links that were proven: over a regency with radio and satellite in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.model import LinkEnd, Medium
from inventory.regency import Regency
from network.core.coverage import Lack, coverage, path
from network.core.link_states import EndSight, LinkState, Source, Why, Word, judge, unheard
from network.core.proofs import Proof, is_proven, mark, unproven

TRUTH = Path(__file__).parents[3] / "inventory" / "regencies" / "manokwari"
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(TRUTH)


def all_up(regency: Regency) -> dict[str, LinkState]:
    return {link.key: LinkState(link=link.key, word=Word.UP, since=10.0) for link in regency.links}


def with_word(states: dict[str, LinkState], link: str, word: Word) -> dict[str, LinkState]:
    return {**states, link: replace(states[link], word=word, why=Why.NO_CARRIER, end="core h1")}


def test_all_up_leaves_out_only_what_is_no_fibre(regency: Regency) -> None:
    found = coverage(regency, all_up(regency), 100.0)
    radio = [office for office in regency.offices if any(link.medium is not Medium.FIBRE for link in path(regency, office))]
    assert found.offices == len(regency.offices)
    assert found.covered == len(regency.offices) - len(radio)
    assert found.reached == len(regency.offices)
    assert {line.office for line in found.lacking} == {office.key for office in radio}
    assert {line.lack for line in found.lacking} == {Lack.NOT_FIBRE}


@pytest.mark.parametrize(("word", "lack"), [(Word.DOWN, Lack.DOWN), (Word.ONE_WAY, Lack.ONE_WAY), (Word.UNKNOWN, Lack.UNKNOWN)])
def test_a_hub_that_is_cut_off_takes_its_offices_and_no_others(regency: Regency, word: Word, lack: Lack) -> None:
    whole = coverage(regency, all_up(regency), 100.0)
    found = coverage(regency, with_word(all_up(regency), "core-sgg", word), 100.0)
    lost = {line.office for line in found.lacking} - {line.office for line in whole.lacking}
    assert lost == {office.key for office in regency.offices if office.hub == "sgg"}
    line = next(line for line in found.lines if line.hub == "sgg")
    assert (line.lack, line.link, line.end, line.since) == (lack, "core-sgg", "core h1", 90.0)
    assert found.percent < whole.percent


def test_the_gravest_reason_is_told_first(regency: Regency) -> None:
    states = with_word(with_word(all_up(regency), "core-sgg", Word.UNKNOWN), "sgg-kominfo", Word.DOWN)
    line = next(line for line in coverage(regency, states, 0.0).lines if line.office == "kominfo")
    assert (line.lack, line.link) == (Lack.DOWN, "sgg-kominfo")


def test_a_radio_that_is_down_is_down(regency: Regency) -> None:
    states = with_word(all_up(regency), "core-sow", Word.DOWN)
    assert {line.lack for line in coverage(regency, states, 0.0).lines if line.hub == "sow"} == {Lack.DOWN}


def test_what_nobody_knows_does_not_count(regency: Regency) -> None:
    found = coverage(regency, {}, 0.0)
    assert (found.covered, found.reached, found.percent) == (0, 0, 0.0)


def test_one_end_alone_proves_no_link_to_an_office(regency: Regency) -> None:
    """What arrives at the hub says nothing of what arrives at the office."""
    carries = EndSight(up=True, holds=9.0, heard=9.0, source=Source.POLL, since=1.0)
    alone = judge(regency.link("sgg-kominfo"), carries, unheard(Why.NO_SNMP, 0.0), 10.0, 75.0)
    assert (alone.word, alone.unasked) == (Word.UP, "r-kominfo wan0")
    both = judge(regency.link("sgg-kominfo"), carries, carries, 10.0, 75.0)
    assert both.unasked is None
    line = next(
        line for line in coverage(regency, {**all_up(regency), alone.link: alone}, 10.0).lines if line.office == "kominfo"
    )
    assert (line.lack, line.why, line.end) == (Lack.UNKNOWN, Why.NO_SNMP, "r-kominfo wan0")
    found = coverage(regency, {**all_up(regency), both.link: both}, 10.0)
    assert next(line for line in found.lines if line.office == "kominfo").lack is None


@pytest.mark.parametrize(
    ("near", "far", "lack", "why"),
    [
        (True, None, Lack.UNKNOWN, Why.SILENT),  # a router that never answered
        (True, False, Lack.DOWN, Why.NO_CARRIER),
        (None, True, Lack.UNKNOWN, Why.SILENT),  # one that answers over another way, and its hub does not
        (None, None, Lack.UNKNOWN, Why.SILENT),
    ],
)
def test_an_office_counts_only_by_what_both_ends_of_its_link_say_now(
    regency: Regency, near: bool | None, far: bool | None, lack: Lack, why: Why
) -> None:
    def sight(up: bool | None) -> EndSight:
        if up is None:
            return unheard(Why.SILENT, 9.0)
        return EndSight(up=up, holds=8.0, heard=9.0, source=Source.POLL, since=8.5, why=None if up else Why.NO_CARRIER)

    state = judge(regency.link("sgg-kominfo"), sight(near), sight(far), 10.0, 75.0)
    line = next(
        line for line in coverage(regency, {**all_up(regency), state.link: state}, 10.0).lines if line.office == "kominfo"
    )
    assert (line.lack, line.why) == (lack, why)


def test_a_link_that_is_up_in_one_direction_only_does_not_count(regency: Regency) -> None:
    carries = EndSight(up=True, holds=50.0, heard=53.0, source=Source.POLL, since=1.0)
    dark = EndSight(up=False, holds=50.0, heard=53.0, source=Source.POLL, since=20.0, why=Why.NO_CARRIER)
    state = judge(regency.link("sgg-kominfo"), carries, dark, 54.0, 75.0)
    line = next(
        line for line in coverage(regency, {**all_up(regency), state.link: state}, 54.0).lines if line.office == "kominfo"
    )
    assert (line.lack, line.end) == (Lack.ONE_WAY, "r-kominfo wan0")


def test_what_was_heard_long_ago_does_not_count(regency: Regency) -> None:
    old = EndSight(up=True, holds=1.0, heard=1.0, source=Source.POLL, since=0.0)
    new = EndSight(up=True, holds=99.0, heard=99.0, source=Source.POLL, since=0.0)
    for near, far, end in ((old, new, "hub-sgg o1"), (new, old, "r-kominfo wan0")):
        state = judge(regency.link("sgg-kominfo"), near, far, 100.0, 75.0)
        found = coverage(regency, {**all_up(regency), state.link: state}, 100.0)
        line = next(line for line in found.lines if line.office == "kominfo")
        assert (line.lack, line.why, line.end) == (Lack.UNKNOWN, Why.STALE, end)


def test_all_but_one_is_never_a_hundred(regency: Regency) -> None:
    only_fibre = regency.model_copy(
        update={"links": tuple(link.model_copy(update={"medium": Medium.FIBRE}) for link in regency.links)}
    )
    assert coverage(only_fibre, all_up(only_fibre), 0.0).percent == 100.0
    assert coverage(only_fibre, with_word(all_up(only_fibre), "sgg-kominfo", Word.DOWN), 0.0).percent < 100.0


# ---- proofs


def proven(regency: Regency, *keys: str) -> dict[str, Proof]:
    return {key: Proof(link=key, mark=mark(regency.link(key)), at=NOON, actor="os:root", seen={}) for key in keys}


def test_an_office_is_unproven_until_all_its_links_are_proven(regency: Regency) -> None:
    def lacking(*keys: str) -> list[tuple[str, ...]]:
        return [each.links for each in unproven(regency, proven(regency, *keys), {"kominfo"})]

    assert lacking() == [("core-sgg", "sgg-kominfo")]
    assert lacking("core-sgg") == [("sgg-kominfo",)]
    assert lacking("core-sgg", "sgg-kominfo") == []


def test_a_proof_is_of_the_ends_that_were_proven(regency: Regency) -> None:
    link = regency.link("sgg-kominfo")
    proofs = proven(regency, "sgg-kominfo")
    assert is_proven(link, proofs)
    assert is_proven(link.model_copy(update={"mtu": 9000}), proofs)
    moved = link.model_copy(update={"ends": (LinkEnd(device="hub-sgg", interface="o99"), link.ends[1])})
    assert not is_proven(moved, proofs)
    assert not is_proven(link.model_copy(update={"medium": Medium.RADIO}), proofs)
