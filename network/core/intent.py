"""What should hold now: base policy, then the active windows by precedence, then boosts.

Composes wishes and never divides an uplink: that is `network.core.allocate`. `now` is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from inventory.model import Office, Rates, Uplink
from inventory.policy import Division, Policy, Reserve, ServiceClassChange, Spare, Window
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from network.core.calendar import Occurrence, active
from network.core.tree import NodeId, ShaperId, leaf
from network.errors import Refused

K = TypeVar("K", int, NodeId)

Reserves = dict[tuple[str, str], Reserve]
"""By application and uplink, in that order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boost:
    """An ad-hoc raise: each of `offices` gets `amount` more on `uplink` (None: on every one), from `starts` to `expires`.

    Boosts are paid in the order in which they were `created`. An `emergency` may also take from protected offices, never
    below a floor.
    """

    id: str
    offices: tuple[str, ...]
    uplink: str | None
    amount: Rates
    reason: str
    created: datetime
    starts: datetime
    expires: datetime
    actor: str
    emergency: bool = False

    def holds(self, now: datetime) -> bool:
        return self.starts <= now < self.expires

    def on(self, shaper: ShaperId) -> int:
        """Bit/s that each of its offices gets there; 0 where it says nothing."""
        return self.amount.of(shaper.direction) if self.uplink in (None, shaper.uplink) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafWish:
    """What policy wishes for one leaf. `base` in bit/s: the floor, or this office's part of an application's reserve.

    `share` divides what is left above all bases (0 on the leaf of a reserve); `weight` and `priority` divide the spare.
    """

    node: NodeId
    office: str
    application: str | None
    base: int
    share: int
    weight: int
    priority: int
    spare: Spare


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWish:
    """An office under the policy of now. `window` is the one that last changed it, None under the base policy."""

    service_class: str
    share: int
    weight: int
    priority: int
    spare: Spare
    protected: bool
    window: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """The wish of one moment. `windows`: keys of what acts, lowest precedence first; `boosts`: those that hold, oldest first.

    `until`: when the first of them ends, None when nothing acts or no end is known. `reserved_by` says which window last
    changed a reserve, by application and uplink. `emergency`: whether one of the windows is one.
    """

    now: datetime
    windows: tuple[str, ...]
    boosts: tuple[Boost, ...]
    offices: Mapping[str, OfficeWish]
    leaves: Mapping[ShaperId, tuple[LeafWish, ...]]
    reserved_by: Mapping[tuple[str, str], str]
    until: datetime | None
    emergency: bool = False

    @property
    def temporary(self) -> bool:
        """Whether anything but the base policy acts."""
        return bool(self.windows or self.boosts)

    def lifts(self, shaper: ShaperId) -> bool:
        """Whether an emergency acts there, so that protected offices may have less than the base policy gives."""
        return self.emergency or any(boost.emergency and boost.on(shaper) for boost in self.boosts)


def shapers(regency: Regency) -> tuple[ShaperId, ...]:
    """One tree for each uplink and direction, in the order of the truth."""
    return tuple(ShaperId(uplink.id, uplink.key, direction) for uplink in regency.uplinks for direction in Direction)


def intend(regency: Regency, now: datetime, boosts: Iterable[Boost] = (), *, windows: frozenset[str] | None = None) -> Intent:
    """The intent of `now`. Only confirmed windows act; `windows` says instead, for a what-if, exactly which ones do.

    The window with the higher precedence has the last word on all that it names, whether by class or by office. A
    reserve of a window counts only where the base policy has one for that application and uplink: leaves never come
    or go with a window. Raises Refused when `windows` names one that the truth does not have.
    """
    on = active(regency, now)
    acting = _acting(regency, on, windows)
    keys = tuple(window.key for window in acting)
    offices = {office.key: _office(regency.policy, office, acting) for office in regency.offices}
    reserves, reserved_by = _reserves(regency.policy, acting)
    leaves = {
        ShaperId(uplink.id, uplink.key, direction): _leaves(regency, uplink, direction, offices, reserves)
        for uplink in regency.uplinks
        for direction in Direction
    }
    holding = sorted((boost for boost in boosts if boost.holds(now)), key=lambda boost: (boost.created, boost.id))
    return Intent(
        now=now,
        windows=keys,
        boosts=tuple(holding),
        offices=offices,
        leaves=leaves,
        reserved_by=reserved_by,
        until=min((*(each.end for each in on if each.window in keys), *(boost.expires for boost in holding)), default=None),
        emergency=any(window.emergency for window in acting),
    )


def _acting(regency: Regency, on: Iterable[Occurrence], forced: frozenset[str] | None) -> tuple[Window, ...]:
    by_key = {window.key: window for window in regency.windows}
    if forced is None:
        return tuple(on_a_day_off(regency, by_key[each.window]) if each.exempt_only else by_key[each.window] for each in on)
    unknown = sorted(forced - by_key.keys())
    if unknown:
        raise Refused("intent.no_such_window", window=", ".join(unknown), known=", ".join(sorted(by_key)) or "-")
    return tuple(sorted((by_key[key] for key in forced), key=lambda window: (window.precedence, window.key)))


def on_a_day_off(regency: Regency, window: Window) -> Window:
    """What the window is where it takes place for the calendar's exempt offices alone: nobody else is touched, no reserve is."""
    others = tuple(office.key for office in regency.offices if office.key not in regency.days.exempt)
    policy = window.policy.model_copy(update={"reserves": ()})
    return window.model_copy(update={"exempt": (*window.exempt, *others), "policy": policy})


def _office(policy: Policy, office: Office, acting: Iterable[Window]) -> OfficeWish:
    base = policy.classes[office.service_class]
    wish = OfficeWish(
        service_class=office.service_class,
        share=base.share,
        weight=base.weight,
        priority=base.priority,
        spare=base.spare,
        protected=base.protected,
    )
    for window in acting:
        if office.key in window.exempt:
            continue
        for change in (window.policy.classes.get(office.service_class), window.policy.offices.get(office.key)):
            if change is not None:
                wish = _changed(wish, change, window.key)
    return wish


def _changed(wish: OfficeWish, change: ServiceClassChange, window: str) -> OfficeWish:
    return replace(
        wish,
        share=wish.share if change.share is None else change.share,
        weight=wish.weight if change.weight is None else change.weight,
        priority=wish.priority if change.priority is None else change.priority,
        spare=wish.spare if change.spare is None else change.spare,
        window=window,
    )


def _reserves(policy: Policy, acting: Iterable[Window]) -> tuple[Reserves, dict[tuple[str, str], str]]:
    reserves: Reserves = {(reserve.application, reserve.uplink): reserve for reserve in policy.reserves}
    reserved_by: dict[tuple[str, str], str] = {}
    for window in acting:
        for reserve in window.policy.reserves:
            place = reserve.application, reserve.uplink
            if place in reserves:
                reserves[place] = reserve
                reserved_by[place] = window.key
    return reserves, reserved_by


def _leaves(
    regency: Regency, uplink: Uplink, direction: Direction, offices: Mapping[str, OfficeWish], reserves: Reserves
) -> tuple[LeafWish, ...]:
    here = [reserve for reserve in reserves.values() if reserve.uplink == uplink.key]
    floor = regency.policy.floors.get(uplink.key)
    taken = sum(reserve.weight for reserve in here)
    rest = (
        LeafWish(
            node=leaf(office.id),
            office=office.key,
            application=None,
            base=0 if floor is None else floor.of(direction),
            share=offices[office.key].share,
            weight=max(1, offices[office.key].weight - taken),
            priority=offices[office.key].priority,
            spare=offices[office.key].spare,
        )
        for office in regency.offices
    )
    return tuple(rest) + tuple(
        wish for reserve in here for wish in _reserved(regency, reserve, reserve.rate.of(direction), offices)
    )


def _reserved(regency: Regency, reserve: Reserve, rate: Bandwidth, offices: Mapping[str, OfficeWish]) -> Iterator[LeafWish]:
    application = regency.application(reserve.application)
    equally = reserve.divide is Division.EQUALLY
    parts = divide(rate, {office.id: 1 if equally else offices[office.key].share for office in regency.offices})
    for office in regency.offices:
        yield LeafWish(
            node=leaf(office.id, application.id),
            office=office.key,
            application=application.key,
            base=parts[office.id],
            share=0,
            weight=reserve.weight,
            priority=reserve.priority,
            spare=offices[office.key].spare,
        )


def divide(total: int, weights: Mapping[K, int]) -> dict[K, int]:
    """`total` in proportion to `weights`, whole, by largest remainder; ties by key. All 0 when no weight is above 0."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    parts = {id: total * weight // whole for id, weight in weights.items()}
    for id in sorted(weights, key=lambda id: (-(total * weights[id] % whole), id))[: total - sum(parts.values())]:
        parts[id] += 1
    return parts
