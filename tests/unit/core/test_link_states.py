"""What a link is, from what its two ends say: agreement, dispute, silence, and words that are older than a change."""

from __future__ import annotations

from itertools import pairwise

import pytest

from inventory.model import Link, LinkEnd
from inventory.units import Bandwidth
from network.core.link_states import (
    CONFIRM_SECONDS,
    EndSight,
    LinkState,
    LinkTurn,
    Source,
    Why,
    Word,
    by_poll,
    by_trap,
    events,
    judge,
    newer,
    unheard,
)
from network.core.rates import CACHE_SECONDS, InterfaceReading, InterfaceStatus

NEAR, FAR = LinkEnd(device="hub", interface="o1"), LinkEnd(device="office", interface="wan0")
LINK = Link.model_validate({"key": "hub-office", "ends": (NEAR, FAR), "rate": Bandwidth(10**8)})
STALE = 75.0


def said(*, up: bool | None, at: float, since: float | None = None, enabled: bool = True) -> EndSight:
    """What a poll at `at` says, of a device that has been up for a day."""
    uptime = 8_640_000
    changed = None if since is None else uptime - round((at - since) * 100)
    status = InterfaceStatus(index=2, uptime=uptime, up=up, enabled=enabled, changed=changed)
    return by_poll(InterfaceReading(device="hub", taken=at, interfaces={}, status={"o1": status}), NEAR, None)


def state(near: EndSight | None, far: EndSight | None, now: float = 100.0) -> LinkState:
    return judge(LINK, near, far, now, STALE)


def test_up_is_what_both_ends_say() -> None:
    found = state(said(up=True, at=99, since=40), said(up=True, at=98, since=30))
    assert (found.word, found.source, found.why, found.end) == (Word.UP, Source.POLL, None, None)
    assert found.since == pytest.approx(40, abs=0.02)


@pytest.mark.parametrize("far", [said(up=False, at=98), unheard(Why.SILENT, 98), unheard(Why.NO_SNMP, 0), None])
def test_an_end_without_carrier_is_a_link_that_is_down_whatever_the_other_does_not_say(far: EndSight | None) -> None:
    found = state(said(up=False, at=99, since=60), far)
    assert (found.word, found.why, found.end) == (Word.DOWN, Why.NO_CARRIER, "hub o1")
    assert found.since == pytest.approx(60, abs=0.02)


def test_an_end_that_somebody_switched_off_is_told_as_that() -> None:
    assert state(said(up=False, at=99, enabled=False), unheard(Why.SILENT, 99)).why is Why.SWITCHED_OFF


def test_two_ends_that_disagree_for_longer_than_an_agent_keeps_its_answers_are_one_way() -> None:
    found = state(said(up=True, at=99), said(up=False, at=99, since=60))
    assert (found.word, found.end) == (Word.ONE_WAY, "office wan0")


def test_a_word_from_before_the_change_disputes_nothing() -> None:
    found = state(said(up=True, at=90), by_trap(up=False, received=95.0))
    assert (found.word, found.source, found.since) == (Word.DOWN, Source.TRAP, 95.0)
    assert state(said(up=False, at=90, since=50), by_trap(up=True, received=95.0)).word is Word.UP


def test_an_end_that_does_not_answer_leaves_the_link_unknown_and_not_up() -> None:
    found = state(said(up=True, at=99), unheard(Why.SILENT, 99))
    assert (found.word, found.why, found.end) == (Word.UNKNOWN, Why.SILENT, "office wan0")


def test_an_end_that_can_never_be_asked_leaves_the_word_to_the_other() -> None:
    assert state(said(up=True, at=99), unheard(Why.NO_SNMP, 0)).word is Word.UP
    assert state(unheard(Why.NO_SNMP, 0), unheard(Why.NO_SNMP, 0)).word is Word.UNKNOWN


def test_what_nobody_confirms_grows_stale() -> None:
    ends = said(up=True, at=99), said(up=True, at=99)
    assert state(*ends, now=99 + STALE).word is Word.UP
    late = state(*ends, now=99 + STALE + 1)
    assert (late.word, late.why) == (Word.UNKNOWN, Why.STALE)


def test_nobody_asked_is_unknown() -> None:
    assert (state(None, None).word, state(None, None).why) == (Word.UNKNOWN, Why.NOT_ASKED)


@pytest.mark.parametrize(("up", "why"), [(None, Why.UNSURE), (False, Why.NO_CARRIER)])
def test_a_word_that_is_neither_is_no_word(up: bool | None, why: Why) -> None:
    assert said(up=up, at=9).why is why


def test_an_interface_that_the_device_does_not_have_is_told() -> None:
    reading = InterfaceReading(device="hub", taken=9.0, interfaces={})
    assert by_poll(reading, NEAR, None).why is Why.NO_INTERFACE


# ---- which of two words of one end counts


def test_a_poll_that_may_show_the_time_before_a_trap_takes_nothing_back() -> None:
    trap = by_trap(up=False, received=50.0)
    assert newer(trap, said(up=True, at=50.0 + CACHE_SECONDS - 0.1)) == trap
    assert newer(trap, said(up=True, at=50.0 + CONFIRM_SECONDS)).up is True


def test_a_silence_right_after_a_trap_takes_nothing_back_either() -> None:
    trap = by_trap(up=False, received=50.0)
    assert newer(trap, unheard(Why.SILENT, 54.0)) == trap
    assert newer(trap, unheard(Why.SILENT, 80.0)).up is None


def test_a_poll_that_agrees_keeps_the_moment_of_the_trap() -> None:
    trap = by_trap(up=False, received=50.0)
    status = InterfaceStatus(index=2, uptime=8_640_000, up=False, changed=8_640_000 - 150)
    reading = InterfaceReading(device="hub", taken=54.0, interfaces={}, status={"o1": status})
    found = newer(trap, by_poll(reading, NEAR, trap))
    assert (found.since, found.why) == (50.0, Why.NO_CARRIER)


def test_a_device_that_restarted_says_nothing_of_when() -> None:
    status = InterfaceStatus(index=2, uptime=500, up=True, changed=4_294_000_000)
    reading = InterfaceReading(device="hub", taken=54.0, interfaces={}, status={"o1": status})
    assert by_poll(reading, NEAR, None).since is None


# ---- what is told


def told(before: LinkState, after: LinkState) -> list[LinkTurn]:
    return list(events({"hub-office": before}, {"hub-office": after}, 100.0))


def test_a_change_is_told_once_with_the_moment_that_the_device_gives_it() -> None:
    up, down = state(said(up=True, at=80), said(up=True, at=80)), state(said(up=False, at=99, since=90), None)
    (turn,) = told(up, down)
    assert (turn.before, turn.after.word, turn.flapped) == (Word.UP, Word.DOWN, False)
    assert turn.at == pytest.approx(90, abs=0.02)
    assert not told(down, down)


def test_a_moment_before_the_link_was_last_seen_well_is_not_believed() -> None:
    up, down = state(said(up=True, at=80), said(up=True, at=80)), state(said(up=False, at=99, since=20), None)
    assert told(up, down)[0].at == 100.0


def test_at_the_first_look_only_what_is_wrong_is_told() -> None:
    new = state(None, None)
    assert not told(new, state(said(up=True, at=99), said(up=True, at=99)))
    assert told(new, state(said(up=False, at=99), None))[0].after.word is Word.DOWN


@pytest.mark.parametrize(
    ("uptime", "changed"),
    [
        (500, 4_294_000_000),  # sysUpTime began anew after 497 days, ifLastChange is of before
        (500, 0),  # the agent began anew and has seen no change since
        (4_294_967_295, 0),
    ],
)
def test_a_clock_of_a_device_that_begins_anew_is_no_interruption(uptime: int, changed: int) -> None:
    before = said(up=True, at=50.0, since=10.0)
    status = InterfaceStatus(index=2, uptime=uptime, up=True, changed=changed)
    after = by_poll(InterfaceReading(device="hub", taken=80.0, interfaces={}, status={"o1": status}), NEAR, before)
    assert after.since == before.since
    assert told(state(before, before, 51.0), state(newer(before, after), newer(before, after), 81.0)) == []


def test_a_clock_that_passes_an_old_change_once_more_is_no_interruption() -> None:
    def polled(uptime: int, at: float, before: EndSight | None) -> EndSight:
        status = InterfaceStatus(index=2, uptime=uptime, up=True, changed=2_000)
        reading = InterfaceReading(device="hub", taken=at, interfaces={}, status={"o1": status})
        return by_poll(reading, NEAR, before)

    round_the_clock = polled(4_294_966_000, 5e7, None)
    behind = polled(1_000, 5e7 + 30, round_the_clock)
    passed = polled(4_000, 5e7 + 60, behind)
    assert passed.since == behind.since == round_the_clock.since
    seen = [state(each, each, each.heard) for each in (round_the_clock, behind, passed)]
    assert [told(*pair) for pair in pairwise(seen)] == [[], []]


def test_an_interruption_between_two_polls_is_told() -> None:
    before = state(said(up=True, at=60, since=10), said(up=True, at=60, since=10))
    after = state(said(up=True, at=90, since=75), said(up=True, at=90, since=75))
    (turn,) = told(before, after)
    assert turn.flapped
    assert turn.at == pytest.approx(75, abs=0.02)
    assert not told(before, before)
