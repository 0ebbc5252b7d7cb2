"""The queues of a regency, as `lajur plan` and `lajur apply` look at them and carry them out, for a play."""

from __future__ import annotations

from dataclasses import replace

from network.cli import plan_view
from network.cli.session import Session
from network.errors import Refused
from network.playing.asking import Asked, Outcome, Tell, answered, failure
from network.services import apply as service
from network.services.apply import Preview
from network.wiring import places


def queues(asked: Asked, tell: Tell) -> Outcome:
    """Look, or carry out. Queues share an uplink among all offices: a limit narrows what is shown, and where it leaves out
    the device that they stand on, nothing is carried out."""
    return answered(asked, tell, lambda own: _queues(own, asked))


def _queues(own: Session, asked: Asked) -> Outcome:
    with own.ground() as ground:
        shapers = sorted(places(own.regency))
        whole = set(shapers) <= set(asked.hosts)
        if not whole and not asked.check:
            raise Refused("playing.queues_whole", devices=", ".join(shapers))
        now = ground.hands.clock.now()
        if asked.check:
            return _looked(own, service.preview(own.wish("plan", now), ground.hands), None if whole else asked.hosts)
        report = service.apply(own.wish("playbook", now), ground.hands)
    done = report.result == "done"
    text = own.out.say("playing.done" if done else "playing.nothing", run=report.run)
    return Outcome(changed=done, text=text, plan=_drawn(own, report.preview) if done else "")


def _looked(own: Session, seen: Preview, hosts: tuple[str, ...] | None) -> Outcome:
    """`hosts`: show what concerns these only."""
    if seen.refusal is not None:
        return failure(own.out, seen.refusal)
    if hosts is None:
        waits = bool(seen.plan.steps)
        return Outcome(changed=waits, text=_told(own, waits=waits), plan=_drawn(own, seen) if waits else "")
    every = own.regency.offices
    meant = tuple(office for office in every if office.device in hosts)
    document = plan_view.document(own, seen)
    keys = {office.key for office in meant}
    shown = replace(document, offices=tuple(each for each in document.offices if each.office in keys))
    waits = bool(shown.offices)
    own.regency = own.regency.model_copy(update={"offices": meant})
    note = own.out.say("playing.part", count=len(meant), of=len(every))
    plan = f"{note}\n{own.out.as_text(plan_view.draw(own, shown))}" if waits else ""
    return Outcome(changed=waits, text=_told(own, waits=waits), plan=plan)


def _told(own: Session, *, waits: bool) -> str:
    return own.out.say("playing.waits" if waits else "playing.nothing")


def _drawn(own: Session, seen: Preview) -> str:
    return own.out.as_text(plan_view.draw(own, plan_view.document(own, seen)))
