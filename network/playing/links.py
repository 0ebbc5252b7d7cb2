"""The links of a play's hosts, as `lajur link plan` and `lajur link apply` look at them and carry them out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from network.cli import link_view
from network.cli.session import Session
from network.core.links.intent import LinkIntent
from network.core.near import perhaps
from network.errors import UsageError
from network.link_wiring import LinkGround, link_ground
from network.messages import text
from network.playing.asking import Asked, Outcome, Tell, answered, failure, language_of
from network.services.links.apply import LinkWish
from network.services.links.look import Planned, plan_links
from network.services.links.rollout import roll_out
from network.services.proven import prove
from network.wiring import user

ALL: Final = ""
"""The name under which stands what is wrong with every host."""

_Found = Iterator[tuple[LinkIntent, Outcome]]


def links(asked: Asked, tell: Tell, settings: Mapping[str, Any] | None = None) -> Mapping[str, Outcome]:
    """What became of each host's links, by host; a host on which no link has its far end is not there. `settings` are the play's
    variables, refused where its batches or its canary mean nothing.

    The plan of all of them, equal changes told once, stands with the first host that it changes. Far ends first, links that
    share a device one after the other; it stops by itself at the first that fails.
    """

    def answer(own: Session) -> dict[str, Outcome]:
        _check(settings or {})
        return _links(own, asked)

    found = answered(asked, tell, answer)
    return {ALL: found} if isinstance(found, Outcome) else found


def _check(settings: Mapping[str, Any]) -> None:
    """Raises UsageError. Ansible passes over a canary that nobody is, and ends with a traceback at batches that are none."""
    if not settings.get("lajur_batches_hold", True):
        raise UsageError("playing.batches", value=str(settings.get("lajur_batches"))[:100])
    groups: Mapping[str, Sequence[str]] = settings.get("groups", {})
    for name in filter(None, (part.lstrip("!&") for part in re.split("[:,]", str(settings.get("lajur_canary", ""))))):
        known = name in groups or name in groups.get("all", ()) or any(sign in name for sign in "*?[~")
        if groups and not known:
            raise UsageError("playing.canary", name=name[:100], nearest=perhaps(name, [*groups, *groups.get("all", ())]))


def _links(own: Session, asked: Asked) -> dict[str, Outcome]:
    with (
        own.out.progress() as tell,
        link_ground(
            own.settings,
            own.regency,
            via=asked.via,
            lab_id=own.settings.lab,
            listen=lambda event: tell(link_view.stage(own, event)),
        ) as ground,
    ):
        own.regency, own.via = ground.regency, ground.via
        meant = [intent for intent in ground.intents if intent.far.device in asked.hosts]
        planned, found = _looked(own, meant, ground) if asked.check else _carried(own, meant, ground)
        outcomes = _by_host(found)
    first = next((host for host in asked.hosts if host in outcomes and outcomes[host].changed), None)
    if first is not None:
        drawn = own.out.as_text(link_view.draw_plans(own, link_view.plans(own, planned)))
        outcomes[first] = replace(outcomes[first], plan=drawn)
    return outcomes


def _looked(own: Session, meant: Sequence[LinkIntent], ground: LinkGround) -> tuple[Sequence[Planned], _Found]:
    planned = plan_links(meant, ground.hands)
    return planned, ((each.intent, _waiting(own, each)) for each in planned)


def _waiting(own: Session, planned: Planned) -> Outcome:
    if planned.error is not None:
        return failure(own.out, planned.error)
    code = "playing.waits" if planned.waits else "playing.nothing"
    return Outcome(changed=planned.waits, text=own.out.say(code))


def _carried(own: Session, meant: Sequence[LinkIntent], ground: LinkGround) -> tuple[Sequence[Planned], _Found]:
    """The play itself brings batches and canaries, so here all come at once."""
    wish, play = LinkWish(regency=ground.regency.head.key, reason="playbook"), os.getppid()
    # Ansible's workers outlive a play that was killed: what is under way is brought to its end, and nothing more is begun.
    report = roll_out(meant, wish, ground.hands, canary=0, wanted=lambda: os.getppid() == play)
    seen = [each.seen for each in report.done if each.seen is not None]
    prove(ground.regency, seen, ground.ledger.proofs(ground.hands.place), ground.hands.clock.now(), f"os:{user()}")
    if report.interrupted:
        raise KeyboardInterrupt
    by_key = {intent.key: intent for intent in meant}
    say = own.out.say

    def told() -> _Found:
        for done in report.done:
            yield done.intent, Outcome(changed=True, text=say("playing.link_done", link=done.intent.key, run=done.run))
        for key in report.nothing:
            yield by_key[key], Outcome(text=say("playing.nothing"))
        for each in report.failed:
            for key in each.links:
                yield by_key[key], failure(own.out, each.error)
        stopped = ", ".join(key for each in report.failed for key in each.links)
        for key in report.returned:
            yield by_key[key], Outcome(skipped=True, text=say("playing.returned", link=key, failed=stopped))
        for key in report.not_begun:
            yield by_key[key], Outcome(skipped=True, text=say("playing.not_begun", link=key, failed=stopped))

    return report.planned, told()


def _by_host(found: Iterable[tuple[LinkIntent, Outcome]]) -> dict[str, Outcome]:
    """Of several links on one host the gravest stands for all: failed, not begun, changed, nothing."""
    by_host: dict[str, Outcome] = {}
    for intent, outcome in found:
        known = by_host.get(intent.far.device)
        by_host[intent.far.device] = _joined(known, outcome) if known else outcome
    return by_host


def _joined(one: Outcome, other: Outcome) -> Outcome:
    grave, light = sorted((one, other), key=_gravity, reverse=True)
    says_more = light.failed or light.skipped or light.changed
    texts = dict.fromkeys((grave.text, light.text) if says_more else (grave.text,))
    changed = grave.changed or light.changed
    return replace(grave, changed=changed, skipped=grave.skipped and not changed, text="\n".join(texts))


def _gravity(outcome: Outcome) -> tuple[int, bool, bool]:
    return outcome.exit_code, outcome.skipped, outcome.changed


def without_link() -> dict[str, Any]:
    """The result of a host on which no link has its far end."""
    return Outcome(text=text("playing.no_link", language_of(os.environ))).as_result()
