"""Servers come when a peak begins and go when it ends, whatever goes wrong and whoever is killed in between."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import Final

import pytest

from network.core.building import BuildEvent
from network.core.reason import Reason
from network.core.slot import Slot
from network.drivers.memory_releases import Behaviour
from network.errors import BuildError, LajurError, Refused
from network.messages import Language, text
from network.services.capacity import due, told, waiting
from network.services.capacity_parts import CapacityReport, Moved
from tests.unit.services.releasing import OLD, reasons
from tests.unit.services.renting import DAY, KEYS, MINUTE, Killed, Renting, stay, truth

BOTH = set(KEYS)
LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")


def slot(edge: str) -> Slot:
    return Slot("manokwari", "capacity", "app-plan", stay().start, edge)


def said(report: CapacityReport) -> list[str]:
    """Every code of what is told, each in both languages."""
    every: list[LajurError | Reason] = [*report.errors, *told(report, truth().zone)]
    for each in every:
        assert all(text(each.code, language, each.fields) for language in LANGUAGES)
    return [each.code for each in every]


def opened() -> Renting:
    world = Renting()
    assert said(world.tick()) == []
    return world.at(stay().end)


def test_nothing_is_done_before_and_nothing_on_record() -> None:
    world = Renting().at(stay().start - 20 * DAY)
    before = dict(world.notes.seen)
    assert world.tick().nothing
    assert (world.did, world.notes.seen, world.notes.events) == ([], before, [])


def test_they_are_rented_made_ready_given_the_release_and_let_in() -> None:
    world = Renting()
    assert (len(due(world.hands, stay().start)), len(waiting(world.hands, stay().start).opens)) == (1, 2)
    report = world.tick()
    assert (said(report), [edge.slot for edge in report.acted], report.skipped) == ([], [slot("open")], ())
    assert report.came == [Moved(server=key, entry="app-plan") for key in KEYS]
    assert world.claims.slots == {slot("open"): "acted"}
    assert [each for each in world.did if not each.startswith("release")] == [
        "up",
        "half rented",
        "site app-plan-1 app-plan-2 db-1 mon-1 edge-1",
        "fetch the file",
        "workloads edge-1",
        "steps/entrance edge-1",
        "refresh",
    ]
    based = [event.subject for event in world.notes.events if event.action == "server.baseline"]
    assert based == list(KEYS), "what was put on them is what drift compares with"
    assert (world.serving, world.stages) == (BOTH, dict.fromkeys(KEYS, "in"))
    assert all(world.fleet.servers[key].current == OLD for key in KEYS)
    noted = [(event.action, event.subject) for event in world.notes.events if event.action.startswith("capacity")]
    assert noted == [("capacity.opened", key) for key in KEYS]


@pytest.mark.parametrize("unseen", [BuildError("infra.unreachable", server=KEYS[0], address="-", reason="-"), None])
def test_who_cannot_be_looked_at_serves_and_who_was_not_taken_over_is_told(unseen: LajurError | None) -> None:
    world = Renting(unseen=unseen)
    world.notes.seen.pop("server db-1")
    report = world.tick()
    assert said(report) == ["capacity.not_taken", *(["capacity.not_accepted"] if unseen else [])]
    assert [each.fields["servers"] for each in report.warnings][:1] == ["db-1"]
    assert (world.serving, len(report.came)) == (BOTH, 2)


def test_in_the_middle_of_a_window_nothing_more_is_done() -> None:
    world = Renting()
    world.tick()
    world.did.clear()
    assert world.at(stay().start + DAY).tick().nothing
    assert world.did == []


def test_they_are_drained_taken_out_their_logs_fetched_and_given_back() -> None:
    world = opened()
    world.did.clear()
    report = world.tick()
    assert (said(report), [edge.slot for edge in report.acted]) == ([], [slot("close")])
    assert world.did == [
        "steps/entrance edge-1",
        "workloads edge-1",
        "logs app-plan-1 app-plan-2",
        "destroy",
        "half given back",
        "site db-1 mon-1 edge-1",
    ]
    assert (world.machines, world.serving, world.stages, world.on_record) == (set(), set(), {}, set())
    moment = f"{stay().end:%Y%m%dt%H%M%S}"
    assert report.went == [Moved(server=key, entry="app-plan", logs=f"/kept/logs/{key}-{moment}.log.gz") for key in KEYS]
    closed = [event for event in world.notes.events if event.action == "capacity.closed"]
    assert [event.detail["logs"] for event in closed] == [each.logs for each in report.went]
    assert world.again().nothing


def test_who_slept_through_the_edges_converges_and_they_are_recorded_as_missed() -> None:
    world = Renting().at(stay().start + 16 * MINUTE)
    report = world.tick()
    assert ([edge.slot for edge in report.skipped], report.acted) == ([slot("open")], ())
    assert world.serving == BOTH
    late = world.at(stay().end + DAY).tick()
    assert [edge.slot for edge in late.skipped] == [slot("close")]
    assert (world.machines, world.claims.slots) == (set(), {slot("open"): "skipped", slot("close"): "skipped"})


def test_who_slept_through_all_of_it_rents_nothing() -> None:
    world = Renting().at(stay().end + DAY)
    report = world.tick()
    assert [edge.slot.edge for edge in report.skipped] == ["open", "close"][1:]
    assert (world.did, world.machines) == ([], set())


def test_a_slot_that_another_controller_claimed_is_not_claimed_again() -> None:
    world = Renting()
    world.claims.slots[slot("open")] = "acted"
    report = world.tick()
    assert (report.acted, report.skipped, world.serving) == ((), (), BOTH), "and what is to be done is done all the same"


def steps(world: Renting) -> int:
    world.tick()
    return len(world.did)


@pytest.mark.parametrize("at", range(20))
def test_killed_anywhere_on_the_way_in_the_next_one_goes_on(at: int) -> None:
    world, count = Renting(), itertools.count()

    def end(word: str) -> None:
        if next(count) == at:
            raise Killed(word)

    world.happen = end
    with suppress(Killed):
        world.tick()
        assert at >= len(world.did), "every step was tried"
    assert world.serving <= BOTH
    assert said(world.again()) == []
    assert (world.serving, world.stages, world.machines) == (BOTH, dict.fromkeys(KEYS, "in"), BOTH)
    assert world.claims.slots == {slot("open"): "acted"}


@pytest.mark.parametrize("at", range(8))
def test_killed_anywhere_on_the_way_out_the_next_one_goes_on(at: int) -> None:
    world, count = opened(), itertools.count()

    def end(word: str) -> None:
        if next(count) == at:
            raise Killed(word)

    world.happen = end
    with suppress(Killed):
        world.tick()
        assert at >= 6, "every step was tried"
    assert world.serving <= world.machines, "people are sent to a server that is gone"
    assert said(world.again()) == []
    assert (world.machines, world.serving, world.stages, world.on_record) == (set(), set(), {}, set())
    assert sorted(world.logs) == sorted(KEYS), "once"


def test_a_window_that_is_made_longer_lets_those_in_again_that_were_leaving() -> None:
    world = opened()

    def end(word: str) -> None:
        if word.startswith("logs"):
            raise Killed(word)

    world.happen = end
    with suppress(Killed):
        world.tick()
    assert (world.serving, world.stages) == (set(), dict.fromkeys(KEYS, "leaving"))
    world.at(stay().end - MINUTE)
    assert said(world.again()) == []
    assert (world.serving, world.stages) == (BOTH, dict.fromkeys(KEYS, "in"))


def codes(report: CapacityReport) -> list[str]:
    assert said(report)
    (error,) = report.errors
    assert error.exit_code == 5
    return reasons(error)


def test_one_that_cannot_be_rented_stops_no_other() -> None:
    world = Renting(unrentable=(KEYS[1],))
    report = world.tick()
    assert codes(report) == ["capacity.not_in", "infra.cloud_quota"]
    assert report.errors[0].fields["servers"] == KEYS[1]
    assert (world.serving, world.stages) == ({KEYS[0]}, {KEYS[0]: "in", KEYS[1]: "opening"})
    world.unrentable = ()
    assert world.again().came == [Moved(server=KEYS[1], entry="app-plan")]
    assert world.serving == BOTH


@pytest.mark.parametrize(
    ("bad", "left"),
    [
        ({"site": KEYS}, BOTH),
        ({"site": KEYS[:1]}, {KEYS[0]}),
        ({"site": ("db-1",)}, BOTH),
        ({"workloads": ("edge-1",)}, BOTH),
    ],
)
def test_who_is_not_ready_is_not_let_in(bad: dict[str, tuple[str, ...]], left: set[str]) -> None:
    world = Renting(bad=bad)
    report = world.tick()
    assert codes(report)[:2] == ["capacity.not_in", "capacity.play"]
    assert world.serving == BOTH - left
    world.bad = {}
    assert said(world.again()) == []
    assert world.serving == BOTH


def test_who_only_names_and_watches_them_stops_nobody() -> None:
    world = Renting(bad={"site": ("edge-1",)})
    report = world.tick()
    assert said(report) == ["capacity.untold"]
    assert world.serving == BOTH


def test_an_edge_that_does_not_find_them_well_says_so() -> None:
    world = Renting(deaf={"edge-1"})
    report = world.tick()
    assert codes(report) == ["capacity.not_in", *["capacity.not_ready"] * 2]
    assert report.errors[0].fields["reasons"][0].fields["edge"] == "edge-1"  # type: ignore[index]
    assert set(world.stages.values()) == {"ready"}, "and a play in the meantime does not take them out again"


def test_a_release_that_does_not_start_there_keeps_them_out() -> None:
    world = Renting()
    world.fleet.behaviours[OLD] = Behaviour(starts=False)
    assert "release.trouble.start" in codes(world.tick())
    assert world.serving == set()


def test_before_the_first_release_they_stand_and_that_is_said() -> None:
    world = Renting()
    for server in world.fleet.servers.values():
        server.current, server.unit = "", "inactive"
    report = world.tick()
    assert said(report) == ["capacity.no_release"]
    assert set(world.stages.values()) == {"in"}


def test_an_edge_that_is_away_keeps_them_standing_and_says_so() -> None:
    world = opened()
    world.deaf = {"edge-1"}
    report = world.tick()
    assert codes(report) == ["capacity.not_out", *["capacity.not_drain"] * 2]
    assert world.machines == BOTH
    assert "destroy" not in world.did
    world.deaf = set()
    assert said(world.again()) == []
    assert world.machines == set()


@pytest.mark.parametrize(
    ("bad", "code", "standing"),
    [
        ({"workloads": ("edge-1",)}, "capacity.not_out", BOTH),
        ({"logs": KEYS[:1]}, "capacity.not_out", {KEYS[0]}),
        ({"site": ("db-1",)}, "capacity.not_forgotten", set()),
    ],
)
def test_a_step_that_fails_on_the_way_out_leaves_what_is_told(
    bad: dict[str, tuple[str, ...]], code: str, standing: set[str]
) -> None:
    world = opened()
    world.bad = bad
    assert codes(world.tick())[0] == code
    assert world.machines == standing
    assert set(world.stages.values()) == {"leaving"}
    world.bad = {}
    assert said(world.again()) == []
    assert (world.machines, world.stages) == (set(), {})
    assert sorted(world.logs) == sorted(KEYS)


def test_one_that_the_cloud_does_not_let_go_of_stays_on_record() -> None:
    world = opened()
    world.stuck = (KEYS[0],)
    assert codes(world.tick()) == ["capacity.not_out", "infra.cloud_quota"]
    assert (world.machines, world.stages) == ({KEYS[0]}, {KEYS[0]: "leaving"})
    world.stuck = ()
    assert said(world.again()) == []


def test_one_that_never_served_anybody_goes_without_its_journals() -> None:
    """It may be out of reach, and would be paid for until somebody comes."""
    world = Renting(bad={"site": KEYS[:1]})
    world.tick()
    world.bad = {"logs": KEYS[:1]}
    report = world.at(stay().end).again()
    assert said(report) == []
    assert (world.machines, world.stages, world.logs) == (set(), {}, [KEYS[1]])
    assert [(each.server, bool(each.logs)) for each in report.went] == [(KEYS[0], False), (KEYS[1], True)]


@pytest.mark.parametrize("unadopted", [(), KEYS[1:]])
def test_what_was_begun_of_one_that_never_came_goes_when_its_time_ends(unadopted: tuple[str, ...]) -> None:
    """Its volume, or a machine that nobody could enter, is paid for until then, and nobody else would ask for it any more."""
    world = Renting(unrentable=(KEYS[1],))
    world.tick()
    world.unrentable, world.unadopted = (), unadopted
    assert said(world.at(stay().end).again()) == []
    assert (world.given_back, world.machines, world.stages) == ([KEYS[1:], KEYS[:1]], set(), {})


def test_what_the_cloud_does_not_let_go_of_of_one_that_never_came_stays_on_record() -> None:
    world = Renting(unrentable=(KEYS[1],))
    world.tick()
    world.unrentable, world.stuck = (), (KEYS[1],)
    assert codes(world.at(stay().end).again()) == ["capacity.not_out", "infra.cloud_quota"]
    assert world.stages == {KEYS[1]: "leaving"}
    world.stuck = ()
    assert said(world.again()) == []
    assert (world.given_back, world.stages) == ([KEYS[1:], KEYS[:1], KEYS[1:]], {})


def test_what_brought_them_may_have_left_the_truth() -> None:
    world = opened()
    world.regency = world.regency.model_copy(update={"capacity": ()})
    report = world.tick()
    assert codes(report) == ["capacity.left_truth"]
    assert world.machines == BOTH


def test_two_at_once_are_one() -> None:
    world = Renting()
    world.locks.held["capacity"] = "capacity-1"
    with pytest.raises(Refused, match="busy") as caught:
        world.tick()
    assert caught.value.fields == {"run": "capacity-1", "pid": 42}
    assert (world.did, world.claims.slots) == ([], {})


def test_while_a_release_works_there_they_wait() -> None:
    world = opened()
    world.locks.held["release@edge-1"] = "release-9"
    assert codes(world.tick()) == ["capacity.not_out", "play.busy_release"]
    assert world.machines == BOTH


def room(instances: int) -> dict[str, dict[str, int]]:
    return {"instances": {"limit": instances, "used": 0}, "cores": {"limit": -1, "used": 0}}


def test_a_cloud_without_room_is_told_of_days_ahead_and_on_record_once() -> None:
    world = Renting(quotas=room(2)).at(stay().start - 10 * DAY)
    world.machines, world.notes.seen = set(), {}
    report = world.tick()
    assert (report.nothing, world.did, said(report)) == (True, ["quotas"], ["capacity.short"])
    (lack,) = report.lacks
    assert (lack.quota, lack.needed, lack.free) == ("instances", 3, 2), "with the one that is rented until a day"
    assert [event.action for event in world.notes.events] == ["capacity.short"]
    world.tick()
    assert len(world.notes.events) == 1
    world.quotas = room(5)
    assert said(world.tick()) == []
    world.quotas = room(2)
    world.tick()
    assert len(world.notes.events) == 2


def test_a_cloud_that_cannot_be_asked_stops_nothing_and_forgets_nothing() -> None:
    world = Renting(quotas=room(2)).at(stay().start - 10 * DAY)
    world.tick()
    why = {"cloud": "awan", "what": "quotas", "reason": "-", "request": "-"}
    world.quotas = BuildEvent(code="infra.no_quotas", fields={"cloud": "awan", "code": "infra.cloud_away", "why": why})
    report = world.tick()
    assert said(report) == ["capacity.unasked"]
    assert isinstance(report.unasked["awan"], LajurError)
    assert report.unasked["awan"].code == "infra.cloud_away"
    assert len(world.notes.seen["quotas"].value["lacks"]) == 1
