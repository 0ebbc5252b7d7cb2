"""What would change on both ends of a link, and how equal changes of many devices are told once. Decides nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from network.core.links.difference import Line
from network.core.links.intent import EndIntent, LinkIntent, Side


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
_USUAL_DEAD: Final = 40
"""Seconds, where a device says nothing: OSPF's own default on every platform here."""


def settles_after(plan: LinkPlan) -> int:
    """Seconds after a change for which a routing neighbour may still look well although the two do not understand each other any
    more: it is missed when the dead time is over, the old one or the new one. 0 where nothing that could matter is changed."""
    routing = plan.far.intent.routing
    lines = [line for end in plan.changed for line in end.lines]
    if routing is None or all(line.shape.startswith(("description", "comment")) for line in lines):
        return 0
    gone = [int(found[1]) for line in lines if line.sign == "-" and (found := _DEAD.search(line.text))]
    comes = any(line.sign == "+" and _DEAD.search(line.text) for line in lines)
    return max([routing.dead, *gone, *([_USUAL_DEAD] if comes and not gone else [])]) + 1


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
