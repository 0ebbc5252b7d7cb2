"""Random changes of a small regency on two devices: what held before, and what is to hold now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from inventory import views
from inventory.model import Rates
from inventory.policy import Policy, Window
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core import guard
from network.core.allocate import allocate, base
from network.core.intent import Boost, intend
from network.core.observed import DeviceState
from network.core.plan import Plan
from network.errors import Refused
from network.services.apply import Wish

OFFICES: Final = 3
FIRST: Final = "core"
SECOND: Final = "core-2"
"""The device that holds the second uplink's trees, so that a run has two to keep in step."""

_START: Final = datetime(2026, 8, 18, 7, 0)  # noqa: DTZ001 - local to the regency
_TRIES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`before` is what holds, `after` is what somebody carries the devices to, some minutes later."""

    before: Wish
    after: Wish


def ground(regency: Regency) -> Regency:
    """A few offices of the regency, the last uplink's shapers on a device of their own."""
    small = views.small_copy(regency, OFFICES)
    own = small.uplinks[-1].link
    links = tuple(
        link.model_copy(update={"ends": (link.ends[0], link.ends[1].model_copy(update={"device": SECOND}))})
        if link.key == own
        else link
        for link in small.links
    )
    policy = small.policy.model_copy(update={"reserves": small.policy.reserves[:1]})
    return small.model_copy(update={"links": links, "policy": policy})


def change(regency: Regency, random: Random) -> Change:
    """Any change that the guard would let pass."""
    start = _START.replace(tzinfo=regency.zone) + timedelta(minutes=random.randrange(600))
    later = start + timedelta(minutes=random.choice((1, 1, 20, 180)))
    return Change(before=any_wish(regency, random, start), after=any_wish(regency, random, later))


def any_wish(regency: Regency, random: Random, now: datetime, arm_seconds: int = 30) -> Wish:
    """Any wish that the guard would let pass, now and at every end that follows."""
    for _ in range(_TRIES):
        own = _regency(regency, random)
        boosts = _boosts(own, random, now)
        wish = Wish(regency=own, reason="trial", now=now, boosts=boosts, arm_seconds=arm_seconds, ceilings={})
        if _may_be(wish):
            return wish
    raise AssertionError("no policy of so many could be: the world is too small for its own rules")


def _may_be(wish: Wish) -> bool:
    """Whether all that the wish leads to, at every end that is known, can be."""
    now: datetime | None = wish.now
    bare = {device: DeviceState(shapers={}) for device in (FIRST, SECOND)}
    try:
        while now is not None:
            intent = intend(wish.regency, now, wish.boosts)
            allocations = allocate(wish.regency, intent)
            guard.check(wish.regency, intent, allocations, Plan(steps=()), bare, base(wish.regency, intent))
            now = intent.until
    except Refused:
        return False
    return True


def _regency(regency: Regency, random: Random) -> Regency:
    """Other offices, other shares, another window: whatever a person may write from one day to the next."""
    some = random.sample(regency.offices, len(regency.offices) - random.randrange(2))
    kept = {office.key for office in some}
    windows = tuple(_window(window, random, kept) for window in regency.windows)
    return regency.model_copy(
        update={
            "offices": tuple(office for office in regency.offices if office.key in kept),
            "policy": _policy(regency.policy, random),
            "windows": windows,
        }
    )


def _policy(policy: Policy, random: Random) -> Policy:
    classes = {
        key: each.model_copy(
            update={"share": random.randrange(60), "weight": random.randint(1, 8), "priority": random.randint(2, 4)}
        )
        for key, each in policy.classes.items()
    }
    reserves = tuple(
        each.model_copy(update={"rate": Rates(down=_part(each.rate.down, random), up=_part(each.rate.up, random))})
        for each in policy.reserves
    )
    return policy.model_copy(update={"classes": classes, "reserves": reserves, "largest_move": 100})


def _part(rate: Bandwidth, random: Random) -> Bandwidth:
    return Bandwidth(rate * random.randint(1, 12) // 8)


def _window(window: Window, random: Random, kept: set[str]) -> Window:
    classes = {
        key: each.model_copy(update={} if each.share is None else {"share": random.randrange(60)})
        for key, each in window.policy.classes.items()
    }
    offices = {key: each for key, each in window.policy.offices.items() if key in kept}
    policy = window.policy.model_copy(update={"classes": classes, "offices": offices})
    exempt = tuple(key for key in window.exempt if key in kept)
    return window.model_copy(update={"policy": policy, "exempt": exempt, "confirmed": random.random() < 0.8})


def _boosts(regency: Regency, random: Random, now: datetime) -> tuple[Boost, ...]:
    found = []
    for number in range(random.choice((0, 0, 1, 2))):
        amount = Rates(down=Bandwidth(random.randrange(0, 4000) * 1000), up=Bandwidth(random.randrange(1, 1000) * 1000))
        starts = now + timedelta(minutes=random.choice((-30, -30, 45)))
        found.append(
            Boost(
                id=f"boost-{number}-{random.randrange(10**6)}",
                offices=(random.choice(regency.offices).key,),
                uplink=random.choice((None, *(uplink.key for uplink in regency.uplinks))),
                amount=amount,
                reason="trial",
                created=starts - timedelta(minutes=number),
                starts=starts,
                expires=now + timedelta(minutes=random.randint(5, 400)),
                actor="os:trial",
            )
        )
    return tuple(boost for boost in found if boost.starts < boost.expires)
