"""Many links: first a few that prove the way, then batches, nearer to the core first. Within a batch, links that share a device
are changed together, in one go on each device, and the others at the same time. Stops by itself at the first failure, and says
what was done, what was taken back and what was not begun. A device that could not be read stops nobody: nothing was tried on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from network.core.links.intent import LinkIntent
from network.errors import KeptUnsaved, LajurError
from network.services.links.apply import LinkReport, LinkWish, apply_link, apply_links
from network.services.links.hands import LinkHands
from network.services.links.look import Planned, plan_links
from network.services.links.recover import dead_runs

CANARY: Final = 1
BATCH: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """`links` at which it failed, as far as that is known: nothing was changed on them in the end, or they need a person;
    `error` says which."""

    links: tuple[str, ...]
    error: LajurError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Every link that was asked for is in one of these. `returned`: well in itself, and taken back with one that failed beside
    it on the same devices. `interrupted`: somebody wanted no more to be begun."""

    done: tuple[LinkReport, ...] = ()
    nothing: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()
    returned: tuple[str, ...] = ()
    not_begun: tuple[str, ...] = ()
    interrupted: bool = False
    planned: tuple[Planned, ...] = field(default=(), repr=False)


def roll_out(
    intents: Sequence[LinkIntent],
    wish: LinkWish,
    hands: LinkHands,
    *,
    canary: int = CANARY,
    batch: int = BATCH,
    wanted: Callable[[], bool] = lambda: True,
) -> Rollout:
    """Carry every link to the truth. Never raises for a link: what became of each is in the report, also when it was interrupted:
    what is under way is then brought to its end, and nothing more is begun. Raises KeyboardInterrupt at the second time.

    `wanted` is asked before each batch: once nobody wants more, nothing more is begun.
    """
    planned = plan_links(intents, hands)
    own = {intent.key: intent for intent in intents}
    waiting = [own[each.intent.key] for each in planned if each.waits and each.error is None]
    reports: list[LinkReport] = []
    aside: list[Failed] = []
    failed: list[Failed] = []
    begun: set[str] = set()
    interrupted = False
    for each in planned:
        if each.error is not None:
            _set_aside(own[each.intent.key], each.error, wish, hands, reports, aside)
    for links in _batches(waiting, canary, batch):
        if not wanted():
            break
        more, failed, interrupted = _carry_out(links, wish, hands, begun)
        reports += more
        if failed or interrupted:
            break
    done = tuple(report for report in reports if report.result == "done")
    still = [report.intent.key for report in reports if report.result == "nothing"]
    told = {report.intent.key for report in reports} | {link for each in failed for link in each.links}
    waits = {each.intent.key for each in planned if each.waits}
    return Rollout(
        done=done,
        nothing=(*(key for key in own if key not in waits), *still),
        failed=(*aside, *failed),
        returned=tuple(intent.key for intent in waiting if intent.key in begun - told),
        not_begun=tuple(intent.key for intent in waiting if intent.key not in begun),
        interrupted=interrupted,
        planned=planned,
    )


def _carry_out(
    links: Sequence[LinkIntent], wish: LinkWish, hands: LinkHands, begun: set[str]
) -> tuple[list[LinkReport], list[Failed], bool]:
    """One batch: what was done, what failed, and whether it was interrupted."""
    bundles = {bundle[0].key: bundle for bundle in lanes(links)}
    ended: dict[str, tuple[LinkReport, ...] | LajurError] = {}
    interrupted = False
    try:
        hands.runner.each(list(bundles), partial(_apply, bundles, wish, hands, begun, ended))
    except KeyboardInterrupt:
        if any(bundle[0].key in begun and name not in ended for name, bundle in bundles.items()):
            raise  # a second time, while something was under way: nobody knows yet what becomes of it
        interrupted = True
    reports: list[LinkReport] = []
    failed: list[Failed] = []
    for name, found in ended.items():
        if isinstance(found, LajurError):
            failed.append(Failed(links=_culprits(found, bundles[name]), error=found))
        else:
            reports += found
    return reports, failed, interrupted


def _set_aside(
    intent: LinkIntent, error: LajurError, wish: LinkWish, hands: LinkHands, reports: list[LinkReport], aside: list[Failed]
) -> None:
    """A link that could not be planned. It may be one that somebody left half changed, and then it is brought to its end."""
    if dead_runs(wish.regency, intent.devices[:1], hands):
        try:
            reports.append(apply_link(intent, wish, hands))
        except LajurError as later:
            error = later
        else:
            return
    aside.append(Failed(links=(intent.key,), error=error))


def lanes(links: Sequence[LinkIntent]) -> list[list[LinkIntent]]:
    """Links that share a device, directly or by way of others, are together, in their order."""
    found: list[tuple[set[str], list[LinkIntent]]] = []
    for intent in links:
        devices, lane = set(intent.devices), [intent]
        for each in [each for each in found if each[0] & devices]:
            devices |= each[0]
            lane = [*each[1], *lane]
            found.remove(each)
        found.append((devices, lane))
    return [lane for _, lane in found]


def _apply(
    bundles: Mapping[str, Sequence[LinkIntent]],
    wish: LinkWish,
    hands: LinkHands,
    begun: set[str],
    ended: dict[str, tuple[LinkReport, ...] | LajurError],
    name: str,
) -> None:
    """What became of a bundle is kept in `ended`, where it is found also when nobody waits for the answer any more."""
    begun.update(intent.key for intent in bundles[name])
    try:
        ended[name] = apply_links(bundles[name], wish, hands)
    except LajurError as error:
        ended[name] = error


def _culprits(error: LajurError, bundle: Sequence[LinkIntent]) -> tuple[str, ...]:
    """The link that the innermost cause names, or those of the device that it names; all where it names none of them."""
    if isinstance(error, KeptUnsaved):
        return tuple(intent.key for intent in bundle)
    cause = error
    while isinstance(cause.fields.get("cause"), LajurError):
        cause = cause.fields["cause"]  # type: ignore[assignment]
    device = cause.fields.get("device")
    named = [intent.key for intent in bundle if intent.key == cause.fields.get("step")]
    far = [intent.key for intent in bundle if intent.far.device == device]
    return tuple(named or far or (intent.key for intent in bundle))


def _batches(waiting: Sequence[LinkIntent], canary: int, batch: int) -> Iterator[Sequence[LinkIntent]]:
    """The canaries, then so many at a time; never links of two depths together, because one is reached over the other."""
    for links, size in ((waiting[:canary], max(1, canary)), (waiting[canary:], max(1, batch))):
        for depth in sorted({intent.depth for intent in links}):
            level = [intent for intent in links if intent.depth == depth]
            for at in range(0, len(level), size):
                yield level[at : at + size]
