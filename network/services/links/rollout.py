"""Many links, one after the other where they share a device and at once where they do not: first a few that prove the way, then
batches, nearer to the core first. Stops by itself at the first link that fails, and says what was done and what was not begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest
from typing import Final

from network.core.links.intent import LinkIntent
from network.errors import LajurError
from network.services.links.apply import LinkReport, LinkWish, apply_link
from network.services.links.hands import LinkHands
from network.services.links.look import Planned, plan_links

CANARY: Final = 1
BATCH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A link on which nothing was changed in the end (`links.returned` and before), or that needs a person: `error` says."""

    link: str
    error: LajurError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Every link that was asked for is in one of these, in the order in which it came."""

    done: tuple[LinkReport, ...] = ()
    nothing: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    not_begun: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = field(default=(), repr=False)


def roll_out(
    intents: Sequence[LinkIntent], wish: LinkWish, hands: LinkHands, *, canary: int = CANARY, batch: int = BATCH
) -> Rollout:
    """Carry every link to the truth. Never raises for a link: what became of each is in the report."""
    planned = plan_links(intents, hands)
    waiting = [each.intent for each in planned if each.waits]
    reports: list[LinkReport] = []
    failed: list[Failed] = []
    for links in _rounds(waiting, canary, batch):
        by_key = {intent.key: intent for intent in links}
        found = hands.runner.each(list(by_key), partial(_apply, by_key, wish, hands))
        reports += [each for each in found.values() if not isinstance(each, LajurError)]
        failed += [Failed(link=key, error=each) for key, each in found.items() if isinstance(each, LajurError)]
        if failed:
            break
    done = [report for report in reports if report.result == "done"]
    nothing = [each.intent.key for each in planned if not each.waits]
    nothing += [report.intent.key for report in reports if report.result == "nothing"]
    begun = {report.intent.key for report in done} | {each.link for each in failed} | set(nothing)
    return Rollout(
        done=tuple(done),
        nothing=tuple(nothing),
        failed=tuple(failed),
        not_begun=tuple(intent.key for intent in waiting if intent.key not in begun),
        planned=planned,
    )


def _apply(by_key: Mapping[str, LinkIntent], wish: LinkWish, hands: LinkHands, key: str) -> LinkReport:
    return apply_link(by_key[key], wish, hands)


def _rounds(waiting: Sequence[LinkIntent], canary: int, batch: int) -> Iterator[Sequence[LinkIntent]]:
    """What is carried out at once: links of one batch that share no device."""
    for links in _batches(waiting, canary, batch):
        for abreast in zip_longest(*lanes(links)):
            yield [intent for intent in abreast if intent is not None]


def _batches(waiting: Sequence[LinkIntent], canary: int, batch: int) -> Iterator[Sequence[LinkIntent]]:
    """The canaries, then so many at a time; never links of two depths together, because one is reached over the other."""
    first, rest = waiting[:canary], waiting[canary:]
    for links, size in ((first, max(1, canary)), (rest, max(1, batch))):
        for depth in sorted({intent.depth for intent in links}):
            level = [intent for intent in links if intent.depth == depth]
            for at in range(0, len(level), size):
                yield level[at : at + size]


def lanes(links: Sequence[LinkIntent]) -> list[list[LinkIntent]]:
    """Links that share a device, directly or by way of others, are in one lane, in their order."""
    found: list[tuple[set[str], list[LinkIntent]]] = []
    for intent in links:
        devices, lane = set(intent.devices), [intent]
        touching = [each for each in found if each[0] & devices]
        for each in touching:
            devices |= each[0]
            lane = [*each[1], *lane]
            found.remove(each)
        found.append((devices, lane))
    return [lane for _, lane in found]
