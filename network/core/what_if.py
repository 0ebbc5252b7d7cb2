"""What would be if: more of an uplink, or one that fails. Allocates a regency that is not there and sets both side by side.

Keeps nothing and changes nothing. What stands at the moment that is asked about, windows and boosts, stands in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal

from inventory.model import Rates, Uplink
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from inventory.views import leaves_by
from network.core.allocate import Allocation, allocate, base, predict
from network.core.intent import Intent
from network.core.reason import Reason
from network.core.sharing import LINUX_TC, Sharing
from network.core.supposed import Balance, Bottleneck, Change, Cut, Effect, Left, More, Remaining, Without
from network.core.tree import DEFAULT, ROOT, NodeId, NodeKind, ShaperId
from network.errors import Refused

MOST: Final = Bandwidth(10**13)
"""The largest rate that can be asked about: what `Bandwidth` is bounded by."""

_ROUNDING: Final = 1000
"""Bit/s by which an office's guarantee may differ without being told of: steps are handed out anew."""


def more(regency: Regency, intent: Intent, uplink: str, extra: Rates, sharing: Sharing = LINUX_TC) -> More:
    """What so much more of `uplink` would bring; an `extra` below 0 asks about less.

    Raises Refused: `what_if.no_such_uplink`; `what_if.rate` for a rate that cannot be; `what_if.above_link` for one that the
    uplink's own link does not carry; `what_if.does_not_hold` when floors, reserves or boosts would have no room; and what
    `allocate` raises for how things are.
    """
    found = _known(regency, uplink)
    other = found.model_copy(update={"rate": _rates(regency, found, extra)})
    changed = regency.model_copy(update={"uplinks": tuple(other if each is found else each for each in regency.uplinks)})
    now = allocate(regency, intent, sharing)
    try:
        then = allocate(changed, intent, sharing)
    except Refused as error:
        raise Refused("what_if.does_not_hold", uplink=uplink, down=other.rate.down, up=other.rate.up, cause=error) from error
    uplinks = tuple(_balance(regency, changed, intent, now[shaper], then[shaper], sharing) for shaper in now)
    offices = tuple(
        effect
        for shaper in now
        for effect in _effects(intent, now[shaper], then[shaper])
        if shaper.uplink == uplink or effect.guarantee.difference or effect.ceiling.difference
    )
    notes = (*(note for each in uplinks for note in _told(each, sharing)), *_others(uplink, offices))
    return More(uplink=uplink, uplinks=uplinks, offices=offices, notes=notes)


def without(regency: Regency, intent: Intent, uplink: str, sharing: Sharing = LINUX_TC) -> Without:
    """What is left when `uplink` fails. The trees of the others stay as they are: nobody moves a guarantee or the part of a
    link from one tree to another unless the truth changes.

    Raises Refused `what_if.no_such_uplink`, and what `allocate` raises for how things are.
    """
    failed = _known(regency, uplink)
    now, usual = allocate(regency, intent, sharing), base(regency, intent, sharing)
    rest = regency.model_copy(update={"uplinks": tuple(each for each in regency.uplinks if each is not failed)})
    rewritten = allocate(rest, _on_others(intent, uplink), sharing)
    stays = {shaper: now[shaper] for shaper in rewritten}
    takes_over = next((each.key for each in rest.uplinks if each.destinations is None), None) if failed.destinations else None
    remaining = tuple(
        Remaining(
            uplink=shaper.uplink,
            direction=shaper.direction,
            guaranteed=_guaranteed(stays[shaper]),
            rewritten=_guaranteed(rewritten[shaper]),
        )
        for shaper in stays
    )
    offices = [
        _left(regency, intent, office.key, direction, now, stays, rewritten, usual)
        for office in regency.offices
        for direction in Direction
    ]
    return Without(
        uplink=uplink,
        takes_over=takes_over,
        uplinks=remaining,
        offices=tuple(sorted(offices, key=lambda each: (Fraction(each.left, max(each.base, 1)), not each.protected))),
        applications=tuple(_cuts(regency, rest, now, uplink)),
        notes=tuple(_follows(failed, takes_over, remaining)),
    )


def _on_others(intent: Intent, uplink: str) -> Intent:
    return replace(
        intent,
        leaves={shaper: wishes for shaper, wishes in intent.leaves.items() if shaper.uplink != uplink},
        boosts=tuple(boost for boost in intent.boosts if boost.uplink != uplink),
    )


def _known(regency: Regency, uplink: str) -> Uplink:
    found = next((each for each in regency.uplinks if each.key == uplink), None)
    if found is None:
        raise Refused("what_if.no_such_uplink", uplink=uplink, known=", ".join(each.key for each in regency.uplinks))
    return found


def _rates(regency: Regency, uplink: Uplink, extra: Rates) -> Rates:
    link = regency.link(uplink.link)
    rates = {direction: Bandwidth(uplink.rate.of(direction) + extra.of(direction)) for direction in Direction}
    for direction, rate in rates.items():
        if not 0 < rate <= MOST:
            raise Refused("what_if.rate", uplink=uplink.key, direction=direction.value, rate=rate, most=MOST)
        carries = link.rate.of(direction)
        if rate > max(carries, uplink.rate.of(direction)):
            fits = Bandwidth(max(0, carries - uplink.rate.of(direction)))
            raise Refused("what_if.above_link", uplink=uplink.key, rate=rate, link=link.key, carries=carries, fits=fits)
    return Rates(down=rates[Direction.DOWN], up=rates[Direction.UP])


def _change(now: int, then: int) -> Change:
    return Change(now=now, then=then, difference=then - now)


def _guaranteed(allocation: Allocation) -> int:
    return sum(allocation.guarantee(office) for office in allocation.offices)


def _unpromised(allocation: Allocation) -> int:
    return allocation.capacity - allocation.queues[DEFAULT].guarantee - _guaranteed(allocation)


def _balance(regency: Regency, changed: Regency, intent: Intent, now: Allocation, then: Allocation, sharing: Sharing) -> Balance:
    shaper = now.shaper
    contracted = [int(each.uplink(shaper.uplink).rate.of(shaper.direction)) for each in (regency, changed)]
    return Balance(
        uplink=shaper.uplink,
        direction=shaper.direction,
        contracted=_change(*contracted),
        headroom=_change(contracted[0] - now.capacity, contracted[1] - then.capacity),
        default_class=_change(now.queues[DEFAULT].guarantee, then.queues[DEFAULT].guarantee),
        guaranteed=_change(_guaranteed(now), _guaranteed(then)),
        unpromised=_change(_unpromised(now), _unpromised(then)),
        busy=_change(predict(now, sharing=sharing)[ROOT], predict(then, sharing=sharing)[ROOT]),
        bottlenecks=tuple(_bottlenecks(regency, intent, now, then, sharing)),
    )


def _effects(intent: Intent, now: Allocation, then: Allocation) -> Iterator[Effect]:
    for key in now.offices:
        yield Effect(
            office=key,
            uplink=now.shaper.uplink,
            direction=now.shaper.direction,
            protected=intent.offices[key].protected,
            guarantee=_change(now.guarantee(key), then.guarantee(key)),
            ceiling=_change(_ceiling(now, key), _ceiling(then, key)),
        )


def _ceiling(allocation: Allocation, office: str) -> int:
    return max(allocation.queues[node].ceiling for node in allocation.leaves[office])


def _bottlenecks(regency: Regency, intent: Intent, now: Allocation, then: Allocation, sharing: Sharing) -> Iterator[Bottleneck]:
    """The outermost ceilings that hold some of the extra back, in the order of the tree."""
    growth = _room(then) - _room(now)
    shares = {wish.office: wish.share for wish in intent.leaves[then.shaper] if wish.application is None}
    total = sum(shares.values())
    if growth <= 0 or not total:
        return
    names = {NodeKind.HUB: {hub.id: hub.key for hub in regency.hubs}}
    names[NodeKind.OFFICE] = {office.id: office.key for office in regency.offices}
    full: set[NodeId] = set()
    for node, offices in _under(then).items():
        queue = then.queues[node]
        step = sharing.steps.at(queue.ceiling)
        guaranteed = sum(then.guarantee(key) for key in offices)
        if node == ROOT or queue.ceiling - guaranteed >= step or queue.parent in full:
            continue
        full.add(node)
        gained = guaranteed - sum(now.guarantee(key) for key in offices)
        stopped = growth * sum(shares[key] for key in offices) // total - gained
        if stopped >= step:
            kind: Literal["hub", "office"] = "hub" if node.kind is NodeKind.HUB else "office"
            yield Bottleneck(kind=kind, key=names[node.kind][node.id], ceiling=queue.ceiling, stopped=stopped)


def _room(allocation: Allocation) -> int:
    return allocation.capacity - allocation.queues[DEFAULT].guarantee


def _under(allocation: Allocation) -> dict[NodeId, list[str]]:
    """The offices under each inner node, nodes after their parents."""
    under: dict[NodeId, list[str]] = {node: [] for node in allocation.queues if not node.is_leaf}
    for key, branch in allocation.offices.items():
        node: NodeId | None = branch.node
        while node is not None:
            under[node].append(key)
            node = allocation.queues[node].parent
    return under


def _told(each: Balance, sharing: Sharing) -> Iterator[Reason]:
    """What a reader of the figures should know. Less than a step is rounding and not told."""
    step = sharing.steps.at(each.guaranteed.then)
    place = f"{each.uplink}/{each.direction.value}"
    for narrow in each.bottlenecks:
        fields = {"place": place, "key": narrow.key, "ceiling": Bandwidth(narrow.ceiling), "stopped": Bandwidth(narrow.stopped)}
        yield Reason(code=f"what_if.stops_{narrow.kind}", fields=fields)
    if each.contracted.difference > 0 and each.unpromised.difference >= step:
        yield Reason(code="what_if.for_nobody", fields={"place": place, "rate": Bandwidth(each.unpromised.difference)})
    if each.default_class.difference:
        then, now = Bandwidth(each.default_class.then), Bandwidth(each.default_class.now)
        yield Reason(code="what_if.default_class", fields={"place": place, "now": now, "then": then})


def _others(uplink: str, effects: Iterable[Effect]) -> Iterator[Reason]:
    """What offices lose or gain on the other uplinks: a sum alone would hide that some lose what others gain."""
    moved: dict[tuple[str, str], list[int]] = {}
    for each in effects:
        if each.uplink != uplink and abs(each.guarantee.difference) >= _ROUNDING:
            place = f"{each.uplink}/{each.direction.value}"
            code = "what_if.others_lose" if each.guarantee.difference < 0 else "what_if.others_gain"
            moved.setdefault((place, code), []).append(abs(each.guarantee.difference))
    for (place, code), rates in moved.items():
        fields = {"place": place, "uplink": uplink, "count": len(rates), "rate": Bandwidth(sum(rates))}
        yield Reason(code=code, fields=fields)


def _left(
    regency: Regency,
    intent: Intent,
    office: str,
    direction: Direction,
    *trees: Mapping[ShaperId, Allocation],
) -> Left:
    """`trees`: now, what stays, rewritten, and by the base policy."""
    now, left, rewritten, usual = (
        sum(each.guarantee(office) for shaper, each in tree.items() if shaper.direction is direction) for tree in trees
    )
    floor = sum(int(rates.of(direction)) for rates in regency.policy.floors.values())
    return Left(
        office=office,
        direction=direction,
        protected=intent.offices[office].protected,
        now=now,
        left=left,
        rewritten=rewritten,
        base=usual,
        floor=floor,
        below="floor" if left < floor else "base" if left < usual else None,
    )


def _cuts(regency: Regency, rest: Regency, now: Mapping[ShaperId, Allocation], uplink: str) -> Iterator[Cut]:
    for application in regency.applications:
        lost = [prefix for prefix in application.destinations if leaves_by(regency, prefix) == uplink]
        reserved = _reserved(now, application.id, (uplink,))
        if lost or any(reserved.values()):
            goes_to = tuple(dict.fromkeys(key for prefix in lost if (key := leaves_by(rest, prefix)) is not None))
            yield Cut(
                application=application.key,
                destinations=tuple(map(str, lost)),
                reserved=reserved,
                goes_to=goes_to,
                reserved_there=_reserved(now, application.id, goes_to),
            )


def _reserved(now: Mapping[ShaperId, Allocation], application: int, uplinks: tuple[str, ...]) -> Mapping[Direction, int]:
    sums = dict.fromkeys(Direction, 0)
    for shaper, allocation in now.items():
        if shaper.uplink in uplinks:
            queues = allocation.queues.items()
            sums[shaper.direction] += sum(queue.guarantee for node, queue in queues if node.application == application)
    return sums


def _follows(failed: Uplink, takes_over: str | None, remaining: tuple[Remaining, ...]) -> Iterator[Reason]:
    fields = {"uplink": failed.key, "link": failed.link}
    if not remaining:
        yield Reason(code="what_if.only_uplink", fields=fields)
    elif failed.destinations is None:
        yield Reason(code="what_if.default_uplink", fields=fields)
    elif takes_over is not None:
        yield Reason(code="what_if.takes_over", fields={**fields, "other": takes_over})
    for each in remaining:
        if each.rewritten > each.guaranteed:
            rate = Bandwidth(each.rewritten - each.guaranteed)
            place = f"{each.uplink}/{each.direction.value}"
            yield Reason(code="what_if.parts_stay", fields={"uplink": failed.key, "place": place, "rate": rate})
