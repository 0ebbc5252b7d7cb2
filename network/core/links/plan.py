"""What would change on both ends of a link, and how equal changes of many devices are told once. Decides nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from network.core.links.capabilities import CAPABILITIES
from network.core.links.difference import Line
from network.core.links.intent import DEAD_OF_HELLO, EndIntent, LinkIntent, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPlan:
    """One end. `candidate` is what the device is told, with secrets in it, and `inverse` what leads back, for devices that do not
    know the way themselves; `lines` is what a person sees.

    `digest` is equal for ends on which the same is changed; empty when nothing is. `lacks`: codes of what the truth asks for and
    the platform does not have.
    """

    intent: EndIntent
    candidate: str = field(repr=False)
    inverse: str = field(default="", repr=False)
    lines: tuple[Line, ...]
    digest: str
    lacks: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.candidate)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    intent: LinkIntent
    near: EndPlan
    far: EndPlan

    @property
    def ends(self) -> tuple[EndPlan, EndPlan]:
        """In the order in which they are changed."""
        return self.far, self.near

    @property
    def changed(self) -> tuple[EndPlan, ...]:
        return tuple(end for end in self.ends if end.changes)


_DEAD: Final = re.compile(r"\bdead(?:-interval)?[ =](\d+)")
_HELLO: Final = re.compile(r"\bhello(?:-interval)?[ =](\d+)")
_USUAL_HELLO: Final = 10
"""Seconds, where a device says nothing: on every platform here."""


def settles_after(plan: LinkPlan) -> int:
    """Seconds after a change for which a routing neighbour may still look well although the two do not understand each other any
    more: it is missed when the dead time is over, the old one or the new one. 0 where nothing that could matter is changed."""
    routing = plan.far.intent.routing
    changed = [(end.intent, _telling(end)) for end in plan.changed]
    if routing is None or not any(lines for _, lines in changed):
        return 0
    return max([routing.dead, *(_old_dead(end, lines) for end, lines in changed)]) + 1


def _telling(end: EndPlan) -> list[Line]:
    return [line for line in end.lines if not line.shape.startswith(("description", "comment"))]


def _old_dead(end: EndIntent, lines: list[Line]) -> int:
    """Seconds before the change, as far as its lines tell; 0 where they say nothing of the times, so that they stay."""
    gone, comes = _seconds(_DEAD, lines, "-"), _seconds(_DEAD, lines, "+")
    hello_gone, hello_comes = _seconds(_HELLO, lines, "-"), _seconds(_HELLO, lines, "+")
    if gone or end.routing is None or not (comes or hello_gone or hello_comes):
        return gone or 0
    hello = hello_gone or (_USUAL_HELLO if hello_comes else end.routing.hello)
    return CAPABILITIES[end.platform].dead or DEAD_OF_HELLO * hello


def _seconds(kind: re.Pattern[str], lines: list[Line], sign: str) -> int | None:
    return next((int(found[1]) for line in lines if line.sign == sign and (found := kind.search(line.text))), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePlan:
    """What one device is told in one go: all its ends that change. NEAR when one of them is: it is changed after the others."""

    device: str
    side: Side
    ends: tuple[EndPlan, ...]

    @property
    def platform(self) -> str:
        return self.ends[0].intent.platform

    @property
    def candidate(self) -> str:
        return "".join(end.candidate for end in self.ends)

    @property
    def inverse(self) -> str:
        return "".join(end.inverse for end in reversed(self.ends))


def by_device(plans: Iterable[LinkPlan]) -> tuple[DevicePlan, ...]:
    """Every device that changes, the far ones first."""
    found: dict[str, list[EndPlan]] = {}
    for plan in plans:
        for end in plan.changed:
            found.setdefault(end.intent.device, []).append(end)
    devices = [
        DevicePlan(
            device=device,
            side=Side.NEAR if any(end.intent.side is Side.NEAR for end in ends) else Side.FAR,
            ends=tuple(ends),
        )
        for device, ends in found.items()
    ]
    return tuple(sorted(devices, key=lambda each: each.side is Side.NEAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Ends on which the same is changed. `lines` are the first one's own when it is alone, else shapes without what is each end's
    own."""

    ends: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


def grouped(plans: Iterable[LinkPlan]) -> tuple[Group, ...]:
    """Every changed end in one group, the groups in the order in which their first ends are changed. Ends are (link, device)."""
    found: dict[str, list[EndPlan]] = {}
    for plan in plans:
        for end in plan.changed:
            found.setdefault(end.digest, []).append(end)
    return tuple(_group(ends) for ends in found.values())


def _group(ends: list[EndPlan]) -> Group:
    names = tuple((end.intent.link, end.intent.device) for end in ends)
    if len(ends) == 1 or all(end.lines == ends[0].lines for end in ends):
        return Group(ends=names, lines=ends[0].lines)
    return Group(ends=names, lines=tuple(_shaped(line) for line in ends[0].lines))


def _shaped(line: Line) -> Line:
    return Line(sign=line.sign, section=line.section_shape, section_shape=line.section_shape, text=line.shape, shape=line.shape)
