"""Many links: canaries first, nearer ones first, stopped by the first that fails; and what a dead controller left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

import pytest

from network.core.links.capabilities import CAPABILITIES
from network.core.links.intent import LinkIntent
from network.core.ports import Heard
from network.drivers.memory_links import Fault
from network.errors import KeptUnsaved, LajurError, NeedsPerson, RunReturned
from network.link_wiring import DIALECTS
from network.services.links.apply import apply_link
from network.services.links.change import LinkChange
from network.services.links.hands import LinkStage
from network.services.links.leftovers import recover
from network.services.links.look import look_at
from network.services.links.recover import LinkSettled
from network.services.links.rollout import lanes, roll_out
from tests.unit.services.links.conftest import InTurn, Links, die_at

T = TypeVar("T")
LINK = "sgg-bappeda"
FAR, NEAR = "r-bappeda", "hub-sgg"


def test_all_links_of_a_bare_network_come_up_and_a_second_time_nothing_changes(links: Links) -> None:
    report = roll_out(links.intents, links.wish(), links.hands())
    assert {each.intent.key for each in report.done} == {intent.key for intent in links.intents}
    assert not report.failed
    assert not report.not_begun
    assert all(seen.good for seen in look_at(links.intents, links.hands()))
    again = roll_out(links.intents, links.wish(), links.hands())
    assert set(again.nothing) == {intent.key for intent in links.intents}
    assert not again.done


def test_nearer_links_are_finished_before_farther_ones_begin(links: Links) -> None:
    roll_out(links.intents, links.wish(), links.hands())
    depth = {intent.key: intent.depth for intent in links.intents}
    done = [depth[event.link.partition(" ")[0]] for event in links.events if event.stage is LinkStage.DONE]
    assert done == sorted(done)


def test_the_canary_stops_everything(links: Links) -> None:
    first = links.intents[0]
    before = links.texts()
    links.net.faults.append(Fault(device=first.far.device, verb="commit", how="line"))
    report = roll_out(links.intents, links.wish(), links.hands(), canary=1)
    assert [each.links for each in report.failed] == [(first.key,)]
    assert set(report.not_begun) == {intent.key for intent in links.intents[1:]}
    assert links.texts() == before


def test_a_failure_in_a_batch_ends_it_there_and_says_what_became_of_each(links: Links) -> None:
    links.net.dark.add((FAR, "wan0"))
    report = roll_out(links.intents, links.wish(), links.hands(), batch=2)
    (failed,) = report.failed
    assert failed.links == (LINK,)
    assert isinstance(failed.error, RunReturned)
    listed = [*(each.intent.key for each in report.done), *failed.links, *report.returned, *report.not_begun, *report.nothing]
    assert sorted(listed) == sorted(intent.key for intent in links.intents)
    assert report.not_begun


def test_a_device_that_is_dead_spoils_its_own_link_only(links: Links) -> None:
    links.net.cut_when[FAR] = lambda net: True
    report = roll_out(links.intents, links.wish(), links.hands(), batch=100)
    assert [each.links for each in report.failed] == [(LINK,)]
    assert {each.intent.key for each in report.done} == {intent.key for intent in links.intents} - {LINK}
    assert not report.returned
    assert not report.not_begun


def test_a_device_that_is_dead_is_no_canary(links: Links) -> None:
    first = links.intents[0]
    links.net.cut_when[first.far.device] = lambda net: True
    report = roll_out(links.intents, links.wish(), links.hands())
    assert first.key not in {each.intent.key for each in report.done}
    assert len(report.done) == len(links.intents) - sum(first.far.device in intent.devices for intent in links.intents)


class _Interrupted(InTurn):
    """Somebody wants no more after the first bundle of links, whose key no device has."""

    bundles: frozenset[str] = frozenset()

    def each(
        self, devices: Sequence[str], work: Callable[[str], T], heard: Heard[T] | None = None
    ) -> Mapping[str, T | LajurError]:
        found = super().each(devices, work, heard)
        if devices and set(devices) <= self.bundles:
            raise KeyboardInterrupt
        return found


def test_an_interruption_ends_what_is_under_way_and_begins_nothing_more(links: Links) -> None:
    runner = _Interrupted(links.folder / "locks", wait=0.2)
    runner.bundles = frozenset(intent.key for intent in links.intents)
    hands = replace(links.hands(), runner=runner)
    report = roll_out(links.intents, links.wish(), hands)
    assert report.interrupted
    assert len(report.done) == 1
    assert len(report.not_begun) == len(links.intents) - 1
    assert not report.failed
    assert not report.returned
    assert links.results() == ["done"]


def test_an_interruption_of_what_is_under_way_is_no_report(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LinkChange, "carry_out", interrupted)
    with pytest.raises(KeyboardInterrupt):
        roll_out(links.intents, links.wish(), links.hands())


def test_links_that_share_a_device_are_in_one_lane(links: Links) -> None:
    by_lane = lanes(links.intents)
    assert sorted(intent.key for lane in by_lane for intent in lane) == sorted(intent.key for intent in links.intents)
    for lane in by_lane:
        for other in by_lane:
            if lane is not other:
                assert not _devices(lane) & _devices(other)


def _devices(lane: list[LinkIntent]) -> set[str]:
    return {device for intent in lane for device in intent.devices}


BEFORE_ANY_IS_KEPT = [LinkStage.COMMITTED_FAR, LinkStage.COMMITTED_NEAR, LinkStage.LOOKING, LinkStage.VERIFIED]


@pytest.mark.parametrize("late", [0.0, 3600.0])
@pytest.mark.parametrize("at", BEFORE_ANY_IS_KEPT)
def test_a_controller_that_dies_before_an_end_is_kept_leaves_both_as_they_were(
    links: Links, monkeypatch: pytest.MonkeyPatch, at: LinkStage, late: float
) -> None:
    before = links.texts()
    die_at(links, monkeypatch, at, LINK)
    links.clock.sleep(late)
    (settled,) = recover(links.wish(), links.hands())
    assert isinstance(settled, LinkSettled)
    assert settled.result == "returned"
    assert links.texts() == before
    assert links.results() == ["returned"]


@pytest.mark.parametrize("late", [0.0, 3600.0])
def test_a_controller_that_dies_between_the_confirmations_is_followed_to_the_end(
    links: Links, monkeypatch: pytest.MonkeyPatch, late: float
) -> None:
    die_at(links, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    links.clock.sleep(late)  # late: the near end has gone back by itself meanwhile
    (settled,) = recover(links.wish(), links.hands())
    assert isinstance(settled, LinkSettled)
    assert settled.result == "done"
    (seen,) = look_at((links.link(LINK),), links.hands())
    assert seen.good
    assert links.results() == (["abandoned", "done"] if late else ["done"])


def test_the_next_run_on_a_link_settles_what_was_left_on_it(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.VERIFIED, LINK)
    assert apply_link(links.link(LINK), links.wish(), links.hands()).result == "done"
    assert links.results() == ["returned", "done"]


def test_a_controller_that_dies_at_the_very_end_has_done_its_work(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.CONFIRMED_NEAR, LINK)
    (settled,) = recover(links.wish(), links.hands())
    assert isinstance(settled, LinkSettled)
    assert settled.result == "done"


def test_one_that_is_alive_is_passed_by(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.COMMITTED_FAR, LINK)
    with links.hands().runner.hold([NEAR], "alive"):
        (told,) = recover(links.wish(), links.hands())
    assert isinstance(told, LajurError)
    assert links.results() == ["running"]


def test_one_that_was_left_elsewhere_is_nothing_to_these_devices(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two labs with one record: what holds on the one is not judged by the other."""
    there, here = (replace(links.hands(), place=place) for place in ("lab rd3 1.000", "lab rd1 1.000"))
    monkeypatch.setattr(links, "hands", lambda: there)
    die_at(links, monkeypatch, LinkStage.VERIFIED, LINK)
    links.begin_anew()
    assert recover(links.wish(), here) == ()
    assert links.results() == ["running"]
    (settled,) = recover(links.wish(), there)
    assert isinstance(settled, LinkSettled)


def test_one_that_cannot_be_read_is_told(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.COMMITTED_NEAR, LINK)
    links.net.cut_when[FAR] = lambda net: True
    (told,) = recover(links.wish(), links.hands())
    assert isinstance(told, LajurError)
    assert not isinstance(told, NeedsPerson)


def test_links_that_are_kept_and_not_written_are_told_together_and_stop_the_rest(links: Links) -> None:
    links.net.faults.append(Fault(device=links.intents[0].far.device, verb="confirm", how="unsaved"))
    report = roll_out(links.intents, links.wish(), links.hands(), canary=1)
    (failed,) = report.failed
    assert isinstance(failed.error, KeptUnsaved)
    assert failed.links == (links.intents[0].key,)
    assert not report.returned
    assert set(report.not_begun) == {intent.key for intent in links.intents[1:]}


def test_nothing_more_is_begun_once_nobody_wants_it(links: Links) -> None:
    answers = iter([True, False])
    report = roll_out(links.intents, links.wish(), links.hands(), canary=1, wanted=lambda: next(answers))
    assert [each.intent.key for each in report.done] == [links.intents[0].key]
    assert not report.failed
    assert set(report.not_begun) == {intent.key for intent in links.intents[1:]}


def test_a_run_that_ends_by_itself_while_it_is_waited_for_is_no_failure(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.CONFIRMED_NEAR, LINK)
    (record,) = links.ledger.links.unfinished(links.regency.head.key)
    hands = links.hands()
    hold = hands.runner.hold

    @contextmanager
    def after_its_owner(devices: Sequence[str], run: str) -> Iterator[None]:
        links.ledger.links.finish(record.id, "done", links.clock.now())
        with hold(devices, run):
            yield

    monkeypatch.setattr(hands.runner, "hold", after_its_owner)
    (found,) = recover(links.wish(), hands)
    assert isinstance(found, LinkSettled)
    assert (found.run.id, found.result) == (record.id, "own")


@pytest.fixture
def typed(links: Links, monkeypatch: pytest.MonkeyPatch) -> Links:
    """No far end takes anything back by itself: what was typed there stays, and is saved when it is confirmed."""
    monkeypatch.setitem(CAPABILITIES, "huawei_vrp", replace(CAPABILITIES["frr"], timer=None))
    far = [replace(intent, far=replace(intent.far, platform="huawei_vrp")) for intent in links.intents]
    own = replace(links, intents=tuple(far))
    monkeypatch.setattr(own, "hands", lambda: replace(links.hands(), dialects={**DIALECTS, "huawei_vrp": DIALECTS["frr"]}))
    return own


@pytest.mark.parametrize("at", [LinkStage.COMMITTED_FAR, LinkStage.COMMITTED_NEAR, LinkStage.VERIFIED])
def test_a_change_that_was_typed_is_saved_once_all_ends_hold_it(
    typed: Links, monkeypatch: pytest.MonkeyPatch, at: LinkStage
) -> None:
    die_at(typed, monkeypatch, at, LINK)
    assert typed.net.asked(FAR, "confirm") == 0
    (settled,) = recover(typed.wish(), typed.hands())
    assert isinstance(settled, LinkSettled)
    assert settled.result == "done"
    assert typed.net.asked(FAR, "confirm") == 1
    assert not typed.net.boxes[FAR].inverse


def test_a_change_that_was_typed_and_cannot_be_saved_is_told(typed: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(typed, monkeypatch, LinkStage.VERIFIED, LINK)
    typed.net.faults.append(Fault(device=FAR, verb="confirm", how="unsaved"))
    (found,) = recover(typed.wish(), typed.hands())
    assert isinstance(found, KeptUnsaved)
    assert found.fields["device"] == FAR
    assert typed.results() == ["done"]


def test_a_change_that_was_typed_is_not_saved_before_it_is_proved(typed: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(typed, monkeypatch, LinkStage.COMMITTED_FAR, LINK)
    typed.net.dark.add((FAR, "wan0"))
    (found,) = recover(typed.wish(), typed.hands())
    assert isinstance(found, RunReturned)
    assert typed.net.asked(FAR, "confirm") == 0


def test_a_device_that_takes_back_by_itself_is_not_told_twice(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.CONFIRMED_NEAR, LINK)
    recover(links.wish(), links.hands())
    assert (links.net.asked(FAR, "confirm"), links.net.asked(NEAR, "confirm")) == (1, 1)


def test_recover_tells_what_a_device_keeps_and_cannot_write(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    die_at(links, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    links.net.faults.append(Fault(device=NEAR, verb="confirm", how="unsaved"))
    (found,) = recover(links.wish(), links.hands())
    assert isinstance(found, KeptUnsaved)
    assert links.results() == ["done"]
    assert not recover(links.wish(), links.hands())
