"""Which rented servers come and go for peaks: edges, what is to be done from what stands, who has to know."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from inventory.cloud_views import Stay, stays
from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from network.core.capacity import PURPOSE, Leaving, Seen, Stage, around, course, edges, wanted
from network.core.slot import Slot

MINUTE = timedelta(minutes=1)
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
KEYS = ("app-plan-1", "app-plan-2")


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "manokwari")


@pytest.fixture(scope="module")
def stay(regency: Regency) -> Stay:
    return next(each for each in stays(regency, SINCE, UNTIL) if each.key == "app-plan-1")


def came(stay: Stay, stage: Stage = Stage.IN, **more: str) -> Seen:
    return Seen(entry="app-plan", stage=stage, start=stay.start, end=stay.end, **more)


def test_a_time_has_two_edges_whatever_the_number_of_servers(regency: Regency, stay: Stay) -> None:
    found = edges(regency, SINCE, UNTIL)
    assert [(each.at, each.slot) for each in found] == [
        (at, Slot("manokwari", PURPOSE, "app-plan", stay.start, name)) for at, name in ((stay.start, "open"), (stay.end, "close"))
    ]
    assert stay.end - stay.start == timedelta(days=3)


@pytest.mark.parametrize(("before", "after", "names"), [(MINUTE, 0 * MINUTE, ["close"]), (0 * MINUTE, MINUTE, [])])
def test_an_edge_is_due_at_its_moment_and_after_what_was_looked_at(
    regency: Regency, stay: Stay, before: timedelta, after: timedelta, names: list[str]
) -> None:
    assert [each.slot.edge for each in edges(regency, stay.end - before, stay.end + after)] == names


def test_servers_come_at_the_start_and_go_at_the_end(regency: Regency, stay: Stay) -> None:
    assert wanted(regency, stay.start - MINUTE) == {}
    assert course(regency, stay.start - MINUTE, {}, ()).nothing
    assert [each.key for each in course(regency, stay.start, {}, ()).opens] == list(KEYS)
    both = dict.fromkeys(KEYS, came(stay))
    assert course(regency, stay.end - MINUTE, both, KEYS).nothing
    gone = course(regency, stay.end, both, KEYS)
    assert gone.opens == ()
    assert [(each.key, each.rented, each.entry.key) for each in gone.closes] == [(key, True, "app-plan") for key in KEYS]


def test_who_woke_late_after_all_was_over_has_nothing_to_do(regency: Regency, stay: Stay) -> None:
    assert course(regency, stay.end + timedelta(days=30), {}, ()).nothing


def test_one_that_is_not_in_yet_or_is_gone_is_brought(regency: Regency, stay: Stay) -> None:
    now = stay.start + MINUTE
    half = {KEYS[0]: came(stay, Stage.OPENING), KEYS[1]: came(stay)}
    assert [each.key for each in course(regency, now, half, KEYS).opens] == [KEYS[0]]
    assert [each.key for each in course(regency, now, dict.fromkeys(KEYS, came(stay)), KEYS[:1]).opens] == [KEYS[1]]
    leaving = dict.fromkeys(KEYS, came(stay, Stage.LEAVING))
    assert [each.key for each in course(regency, now, leaving, KEYS).opens] == list(KEYS), "its time was made longer"


def test_one_that_nobody_wrote_down_is_known_by_its_key(regency: Regency, stay: Stay) -> None:
    """`lajur infra up` brings what should stand too, and knows nothing of edges."""
    assert [each.key for each in course(regency, stay.start, {}, KEYS).opens] == list(KEYS)
    (one, _) = course(regency, stay.end, {}, KEYS).closes
    assert (one.key, one.rented, one.seen.entry) == (KEYS[0], True, "app-plan")
    assert course(regency, stay.end, {}, ("practice-1", "app-1")).nothing, "others are nobody's business"


def test_one_that_is_gone_and_still_on_record_is_brought_to_its_end(regency: Regency, stay: Stay) -> None:
    left = came(stay, Stage.LEAVING, logs="/kept/app-plan-1.gz")
    (one,) = course(regency, stay.end, {KEYS[0]: left}, ()).closes
    assert one == Leaving(key=KEYS[0], entry=regency.capacity[0], seen=left, rented=False)


def test_what_was_begun_and_never_taken_over_goes_with_its_time(regency: Regency, stay: Stay) -> None:
    opening = {KEYS[0]: came(stay, Stage.OPENING)}
    one, other = course(regency, stay.end, opening, (), KEYS[1:]).closes
    assert (one.key, one.rented, one.begun) == (KEYS[0], False, True)
    assert (other.key, other.rented, other.begun, other.seen.stage) == (KEYS[1], False, True, Stage.OPENING)
    assert [each.begun for each in course(regency, stay.end, opening, KEYS).closes] == [False, False], "taken over after all"


@pytest.mark.parametrize(("rented", "begun"), [(("practice-1",), ()), ((), ("practice-1",))])
def test_one_that_is_rented_until_a_day_that_is_over_is_told_and_left(
    regency: Regency, rented: tuple[str, ...], begun: tuple[str, ...]
) -> None:
    last = datetime.combine(regency.cloud_servers[0].until, time(23, 59), tzinfo=regency.zone)
    assert course(regency, last, {}, rented, begun).nothing
    found = course(regency, last + MINUTE, {}, rented, begun)
    assert (found.nothing, found.closes, [each.key for each in found.over]) == (False, (), ["practice-1"])
    (told,) = found.for_person
    assert (told.code, told.fields) == ("capacity.over", {"servers": "practice-1 (2027-02-28)"})
    assert course(regency, last + MINUTE, {}, (), ()).nothing


def test_another_entry_with_the_same_keys_begins_anew(regency: Regency, stay: Stay) -> None:
    changes = {"key": "earlier", "prefix": "app-plan", "window": "akhir-tahun", "servers": 1}
    other = regency.capacity[0].model_copy(update=changes)
    both = regency.model_copy(update={"capacity": (regency.capacity[0], other)})
    record = {KEYS[0]: Seen(entry="earlier", stage=Stage.IN)}
    found = course(both, stay.start, record, KEYS[:1])
    assert ([each.key for each in found.closes], [each.key for each in found.opens]) == ([KEYS[0]], [KEYS[1]])


def test_what_brought_it_may_have_left_the_truth(regency: Regency, stay: Stay) -> None:
    gone = course(regency.model_copy(update={"cloud_servers": ()}), stay.start - MINUTE, {}, ("practice-1",), ("practice-1",))
    assert (gone.lost, gone.closes, gone.opens) == (("practice-1",), (), ())
    bare = regency.model_copy(update={"capacity": ()})
    found = course(bare, stay.start, {KEYS[0]: came(stay)}, KEYS[:1])
    assert (found.lost, found.closes, found.opens) == ((KEYS[0],), (), ())


def test_what_is_on_record_reads_back_and_what_nobody_wrote_does_not(stay: Stay) -> None:
    for seen in (came(stay, Stage.LEAVING, logs="/x"), Seen(entry="a", stage=Stage.OPENING)):
        assert Seen.of(seen.value) == seen
    for value in ({}, {"entry": "a", "stage": "gone"}, {"entry": "a", "stage": "in", "start": "2026-01-01T00:00"}):
        assert Seen.of(value) is None


def test_who_has_to_know(regency: Regency, stay: Stay) -> None:
    there = [server.key for server in regency.servers]
    found = around(regency, regency.capacity, there, stay.start)
    assert [each.key for each in found.workloads] == ["gateway"]
    assert (found.edges, found.every_edge) == ({"gateway": ("edge-1",)}, ("edge-1",))
    assert found.needed == ("db-1", "mon-1"), "the database lets them in, and is played with the server of its backups"
    assert found.told == ("edge-1",), "whom nobody else tells: here the one that answers for names"
    small = around(regency, regency.capacity, ["app-1"], stay.start)
    assert (small.every_edge, small.needed, small.told) == ((), (), ())
