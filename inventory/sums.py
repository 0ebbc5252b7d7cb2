"""Whether what is promised fits below every ceiling: floors and reserves, for base policy and for each window. Pure.

Plain sums only. The guarantees above the floors are computed by the brain from what is left, and so always fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from inventory import views
from inventory.days import DAYS_OFF, EVERY_DAY
from inventory.findings import Finding, Path, finding
from inventory.model import Office, Uplink
from inventory.policy import Division, PolicyChange, Reserve
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction

LEAST_RATE: Final = Bandwidth(8_000)
"""Below this a queue's rate says nothing: one packet of 1514 bytes takes more than a second and a half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occasion:
    """Base policy or one window: where it is written, what holds in it, and the offices whose numbers stay as they are."""

    when: str
    path: Path
    change: PolicyChange
    reserves: tuple[Reserve, ...]
    spared: frozenset[str] = frozenset()


def check(regency: Regency) -> Iterator[Finding]:
    base, *windows = _occasions(regency)
    found = list(_occasion(regency, base))
    yield from found
    # A base policy that does not fit is told once, not again for every window on top of it.
    if not found:
        for window in windows:
            yield from _occasion(regency, window)


def _occasions(regency: Regency) -> Iterator[_Occasion]:
    base = {(reserve.application, reserve.uplink): reserve for reserve in regency.policy.reserves}
    reserves = tuple(base.values())
    yield _Occasion(when="policy.yaml", path=("policy", "reserves"), change=PolicyChange(), reserves=reserves)
    everyone, exempt = {office.key for office in regency.offices}, frozenset(regency.calendar.exempt)
    for i, window in enumerate(regency.windows):
        named = {(reserve.application, reserve.uplink): reserve for reserve in window.policy.reserves}
        whole = _Occasion(
            when=f"windows.yaml: {window.key}",
            path=("windows", i, "policy", "reserves"),
            change=window.policy,
            reserves=tuple((base | named).values()),
            spared=frozenset(window.exempt),
        )
        yield whole
        if exempt and window.calendar not in (EVERY_DAY, DAYS_OFF):
            # On a day off it takes place for those who serve then, without its reserves.
            yield replace(whole, path=("windows", i, "policy"), reserves=reserves, spared=whole.spared | (everyone - exempt))


def _occasion(regency: Regency, occasion: _Occasion) -> Iterator[Finding]:
    for uplink in regency.uplinks:
        if uplink.key not in regency.policy.floors:
            continue
        told: dict[tuple[str, str], tuple[int, int]] = {}
        for direction in Direction:
            promised = _promised(regency, occasion, uplink, direction)
            for code, name, need, have in _above(regency, uplink, direction, promised):
                # Most contracts are alike in both directions; the second one then adds nothing.
                if told.get((code, name)) == (need, have):
                    continue
                told[code, name] = (need, have)
                yield finding(
                    code, *occasion.path, when=occasion.when, name=name, uplink=uplink.key, direction=direction,
                    need=Bandwidth(need), have=Bandwidth(have), missing=Bandwidth(need - have),
                )  # fmt: skip


def _above(
    regency: Regency, uplink: Uplink, direction: Direction, promised: dict[str, int]
) -> Iterator[tuple[str, str, int, int]]:
    """Each ceiling that is below what is promised under it: code, name, promised, ceiling."""
    total = sum(promised.values()) + views.default_class(uplink, direction)
    shaped = views.shaped_rate(uplink, direction)
    if total > shaped:
        yield "sum.uplink", uplink.key, total, shaped
    by_hub: dict[str, int] = {}
    for office in regency.offices:
        by_hub[office.hub] = by_hub.get(office.hub, 0) + promised[office.key]
        part = _part(regency, office, uplink, direction)
        if part is not None and promised[office.key] > part:
            yield "sum.office", office.key, promised[office.key], part
    for hub in regency.hubs:
        part = _part(regency, hub.key, uplink, direction)
        if part is not None and by_hub.get(hub.key, 0) > part:
            yield "sum.hub", hub.key, by_hub[hub.key], part


def _part(regency: Regency, place: Office | str, uplink: Uplink, direction: Direction) -> int | None:
    """The ceiling of an office or of a hub (by key); None when its link is not there, which is told elsewhere."""
    try:
        link = views.access_link(regency, place) if isinstance(place, Office) else views.hub_link(regency, regency.hub(place))
    except KeyError:
        return None
    return views.link_part(regency, link, uplink, direction)


def _promised(regency: Regency, occasion: _Occasion, uplink: Uplink, direction: Direction) -> dict[str, int]:
    """Floor and parts of reserves of each office by key; a part that does not come out even is rounded up.

    A queue stands for every part, also where the share is nothing, and so every part is at least LEAST_RATE.
    """
    floor = regency.policy.floors[uplink.key].of(direction)
    promised = {office.key: int(floor) for office in regency.offices}
    shares = {office.key: _share(regency, office, occasion) for office in regency.offices}
    for reserve in occasion.reserves:
        if reserve.uplink != uplink.key:
            continue
        by_share = reserve.divide is Division.BY_SHARE and any(shares.values())
        weights = shares if by_share else dict.fromkeys(shares, 1)
        total = sum(weights.values())
        for key, weight in weights.items():
            promised[key] += max(LEAST_RATE, -(-reserve.rate.of(direction) * weight // total))
    return promised


def _share(regency: Regency, office: Office, occasion: _Occasion) -> int:
    base, change = regency.policy.classes.get(office.service_class), occasion.change
    if office.key not in occasion.spared:
        for each in (change.offices.get(office.key), change.classes.get(office.service_class)):
            if each is not None and each.share is not None:
                return each.share
    return 0 if base is None else base.share
