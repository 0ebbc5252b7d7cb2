"""Reading and looking at links, changing nothing: what a plan stands on, and what proves a change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from network.core.link_ports import LinkDialect, Running
from network.core.links.capabilities import CAPABILITIES
from network.core.links.intent import EndIntent, LinkIntent
from network.core.links.plan import EndPlan, LinkPlan
from network.core.links.sight import Sight
from network.core.links.verify import Verdict, bad, judge, looks_for
from network.errors import DeviceError, LajurError, Refused
from network.services.links.hands import LinkHands


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A link and its plan, or why there is none."""

    intent: LinkIntent
    plan: LinkPlan | None
    error: LajurError | None = None

    @property
    def waits(self) -> bool:
        return self.plan is None or bool(self.plan.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSeen:
    """One end as it was seen, and what that means; or why nothing was seen."""

    intent: EndIntent
    sight: Sight | None
    verdicts: tuple[Verdict, ...] = ()
    error: LajurError | None = None

    @property
    def good(self) -> bool:
        return self.error is None and not bad(self.verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSeen:
    intent: LinkIntent
    far: EndSeen
    near: EndSeen

    @property
    def good(self) -> bool:
        return self.far.good and self.near.good

    @property
    def ends(self) -> tuple[EndSeen, EndSeen]:
        return self.far, self.near


def plan_links(intents: Sequence[LinkIntent], hands: LinkHands) -> tuple[Planned, ...]:
    """The plan of every link, each device read once and all at once. A device that does not answer spoils its links only."""
    read = hands.runner.each(devices_of(intents), lambda name: hands.devices[name].read())
    return tuple(_planned(intent, read, hands) for intent in _once_each(intents))


def look_at(intents: Sequence[LinkIntent], hands: LinkHands, *, pings: bool = True) -> tuple[LinkSeen, ...]:
    """Every end of every link seen now, all devices at once. `pings` False looks quickly."""
    ends = [end for intent in intents for end in intent.ends]

    def look(name: str) -> list[EndSeen]:
        return _see([end for end in ends if end.device == name], hands, pings=pings)

    seen: dict[tuple[str, str], EndSeen] = {}
    for found in hands.runner.each(devices_of(intents), look).values():
        if isinstance(found, LajurError):
            raise found
        seen |= {(each.intent.link, each.intent.side): each for each in found}
    return tuple(
        LinkSeen(intent=intent, far=seen[intent.key, intent.far.side], near=seen[intent.key, intent.near.side])
        for intent in intents
    )


def _see(ends: Sequence[EndIntent], hands: LinkHands, *, pings: bool) -> list[EndSeen]:
    """The ends of one device. That it does not answer, or that nobody here knows its words, is what was seen."""
    try:
        _known(ends[0], hands)
        sights = hands.devices[ends[0].device].look([looks_for(end, pings=pings) for end in ends])
    except (DeviceError, Refused) as error:
        return [EndSeen(intent=end, sight=None, error=error) for end in ends]
    return [EndSeen(intent=end, sight=sight, verdicts=judge(end, sight)) for end, sight in zip(ends, sights, strict=True)]


def _once_each(intents: Sequence[LinkIntent]) -> list[LinkIntent]:
    """What a device has beside its links belongs to the first of them only: it is told, and done, once."""
    met: set[str] = set()
    found = []
    for intent in intents:
        far, near = (replace(end, base=None) if end.device in met else end for end in intent.ends)
        found.append(replace(intent, far=far, near=near))
        met |= set(intent.devices)
    return found


def devices_of(intents: Sequence[LinkIntent]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(end.device for intent in intents for end in intent.ends))


def plan_all(
    intents: Sequence[LinkIntent], read: Mapping[str, Running], hands: LinkHands, *, unheard: Collection[str] = ()
) -> tuple[LinkPlan, ...]:
    """Nothing is planned for the `unheard`. Raises Refused for a key that cannot be had, or a platform whose words nobody here
    knows."""
    return tuple(_plan(intent, read, hands, unheard) for intent in _once_each(intents))


def plan_end(end: EndIntent, running: Running, hands: LinkHands) -> EndPlan:
    return _known(end, hands).plan(end, running.text, hands.keys)


def _known(end: EndIntent, hands: LinkHands) -> LinkDialect:
    """Who knows the words of its platform. Raises Refused where nobody here does."""
    dialect = hands.dialects.get(end.platform)
    if dialect is None or end.platform not in CAPABILITIES:
        raise Refused("links.no_dialect", device=end.device, platform=end.platform, known=", ".join(sorted(hands.dialects)))
    return dialect


def _plan(intent: LinkIntent, read: Mapping[str, Running], hands: LinkHands, unheard: Collection[str] = ()) -> LinkPlan:
    far, near = (
        EndPlan(intent=end, candidate="", lines=(), digest="")
        if end.device in unheard
        else plan_end(end, read[end.device], hands)
        for end in intent.ends
    )
    return LinkPlan(intent=intent, near=near, far=far)


def _planned(intent: LinkIntent, read: Mapping[str, Running | LajurError], hands: LinkHands) -> Planned:
    texts: dict[str, Running] = {}
    for name in intent.devices:
        found = read[name]
        if isinstance(found, LajurError):
            return Planned(intent=intent, plan=None, error=found)
        texts[name] = found
    try:
        return Planned(intent=intent, plan=_plan(intent, texts, hands))
    except Refused as error:
        return Planned(intent=intent, plan=None, error=error)
