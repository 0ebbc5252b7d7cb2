"""Whether a cloud will have room: told days ahead, for what does not stand yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inventory.cloud_views import Stay, stays
from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.units import Duration
from network.core.quotas import NAMES, Lack, Quota, Room, coming, lacking, room_of

DAY = timedelta(days=1)
PLAN = ("app-plan-1", "app-plan-2")


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "manokwari")


@pytest.fixture(scope="module")
def stay(regency: Regency) -> Stay:
    found = stays(regency, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    return next(each for each in found if each.key == PLAN[0])


def room(free: int = 100_000, **frees: int) -> Room:
    """Of each quota `free` is free, or as many as are named."""
    return {name: Quota(limit=frees.get(name, free) + 5, used=5) for name in NAMES}


def told(found: tuple[Lack, ...]) -> list[tuple[str, int, int, int]]:
    return [(each.quota, each.needed, each.free, each.missing) for each in found]


def test_nothing_is_asked_or_lacking_before_a_time_is_near(regency: Regency, stay: Stay) -> None:
    assert coming(regency, stay.start - 15 * DAY) == ()
    assert {each.key for each in coming(regency, stay.start - 14 * DAY)} == set(PLAN)
    assert coming(regency, stay.start) == (), "what has begun is brought, not foreseen"
    assert lacking(regency, stay.start - 15 * DAY, {"awan": room(0)}, ("practice-1",)) == ()


def test_a_quota_without_room_is_named_with_how_much_it_lacks(regency: Regency, stay: Stay) -> None:
    now = stay.start - 5 * DAY
    assert lacking(regency, now, {"awan": room()}, ("practice-1",)) == ()
    (one,) = lacking(regency, now, {"awan": room(cores=3)}, ("practice-1",))
    assert one == Lack(
        cloud="awan",
        entry="app-plan",
        name=regency.capacity[0].name,
        start=stay.start,
        end=stay.end,
        quota="cores",
        needed=4,
        free=3,
    )
    assert told(lacking(regency, now, {"awan": room(0)}, ("practice-1",))) == [
        ("instances", 2, 0, 2),
        ("cores", 4, 0, 4),
        ("memory", 4096, 0, 4096),
        ("addresses", 2, 0, 2),
    ], "they have no volumes"
    assert lacking(regency, now, {}, ("practice-1",)) == (), "of a cloud that said nothing"


def test_what_should_stand_by_then_and_does_not_yet_needs_room_too(regency: Regency, stay: Stay) -> None:
    now = stay.start - 5 * DAY
    assert told(lacking(regency, now, {"awan": room(instances=2)}, ())) == [("instances", 3, 2, 1)]
    assert told(lacking(regency, now, {"awan": room(volume_size=18)}, ())) == [("volume_size", 19, 18, 1)], "20 GB in GiB"


def test_what_leaves_until_then_gives_its_room_back(regency: Regency, stay: Stay) -> None:
    early = regency.cloud_servers[0].model_copy(update={"until": (stay.start - 2 * DAY).date()})
    sooner = regency.model_copy(update={"cloud_servers": (early,)})
    now = stay.start - 5 * DAY
    assert told(lacking(sooner, now, {"awan": room(instances=0)}, ("practice-1",))) == [("instances", 2, 1, 1)]
    assert told(lacking(regency, now, {"awan": room(instances=0)}, ("practice-1",))) == [("instances", 2, 0, 2)]


def test_other_times_at_the_same_time_need_room_too(regency: Regency, stay: Stay) -> None:
    other = regency.capacity[0].model_copy(update={"key": "more", "prefix": "more", "servers": 1, "before": Duration(2 * 86400)})
    both = regency.model_copy(update={"capacity": (*regency.capacity, other)})
    found = lacking(both, stay.start - 5 * DAY, {"awan": room(instances=2)}, ("practice-1",))
    assert [(each.entry, each.needed) for each in found] == [("more", 3)], "the one that begins while the other stands"


def test_of_what_is_told_only_numbers_count() -> None:
    said = {
        "instances": {"limit": 10, "used": 2},
        "cores": {"limit": -1, "used": 4},
        "memory": {"limit": "{{ 1 }}", "used": 1},
        "volumes": {"limit": True, "used": 1},
        "volume_size": {"limit": 5, "used": -1},
        "addresses": "many",
        "strange": {"limit": 1, "used": 1},
    }
    assert room_of(said) == {"instances": Quota(limit=10, used=2), "cores": Quota(limit=None, used=4)}
    assert room_of("nothing") == room_of(None) == {}
