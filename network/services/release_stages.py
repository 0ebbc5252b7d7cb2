"""Stages of offices that go live one after another, each when all its offices are ready, or waived in writing.

That a stage was opened is a fact of the record, not of the truth: it happened once, and nobody decides it afterwards. When it is
to be opened stands in the truth, and moves there with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from inventory.regency import Regency
from inventory.server_model import Stage
from network.core.audit import AuditEvent
from network.core.building import Observation, Observations
from network.core.near import perhaps
from network.core.ports import AuditLog
from network.core.readiness_values import OfficeReadiness, Readiness, Verdict
from network.errors import LajurError, NotFound, Refused

SUBJECT: Final = "stage "
"""What the subjects of observations of opened stages begin with; the key follows."""

_LETS_IN: Final = (Verdict.READY, Verdict.WAIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageParts:
    """Where it is kept that a stage was opened, and in whose name; `place` as the record names it."""

    regency: Regency
    observations: Observations
    audit: AuditLog
    place: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`fresh` False: it was open already. `late`: days after the day that was written; `waived`: offices that were let in though
    they are not ready."""

    stage: str
    opened: datetime
    fresh: bool
    offices: tuple[str, ...]
    waived: tuple[str, ...]
    late: int


def opened(parts: StageParts) -> Mapping[str, datetime]:
    """When each stage that is open was opened."""
    found = parts.observations.latest(parts.regency.head.key, SUBJECT)
    return {subject.removeprefix(SUBJECT): each.at for subject, each in found.items()}


def open_stage(parts: StageParts, key: str, readiness: Readiness, now: datetime, *, dry_run: bool = False) -> Opening:
    """Let the offices of a stage in from now on. Raises NotFound, and Refused for a stage before which another one comes, whose
    day is not there yet, or that has an office which is neither ready nor waived; each of those with what is missing."""
    stage = _stage(parts.regency, key)
    found = next(each for each in readiness.stages if each.key == key)
    offices = tuple(each.office for each in found.offices)
    waived = tuple(each.office for each in found.offices if each.verdict is Verdict.WAIVED)
    already = opened(parts)
    if key in already:
        return Opening(stage=key, opened=already[key], fresh=False, offices=offices, waived=waived, late=0)
    _in_turn(parts.regency, stage, already)
    lacking = tuple(_lacking(each) for each in found.offices if each.verdict not in _LETS_IN)
    if stage.opens > readiness.today:
        raise _early(stage, readiness.today, lacking)
    if not offices:
        raise Refused("release.stage_empty", stage=key)
    if lacking:
        raise Refused(
            "release.stage_not_ready",
            stage=key,
            count=len(lacking),
            of=len(offices),
            reasons=lacking,
            remedies=(Refused("release.remedy.stage", stage=key),),
        )
    late = (readiness.today - stage.opens).days
    opening = Opening(stage=key, opened=now, fresh=True, offices=offices, waived=waived, late=late)
    if not dry_run:
        _write(parts, opening)
    return opening


def may_move(parts: StageParts, key: str, to: date, today: date) -> None:
    """Raises NotFound for a stage that there is not, and Refused for one that is open and for a day that is over."""
    _stage(parts.regency, key)
    already = opened(parts)
    if key in already:
        raise Refused("release.stage_is_open", stage=key, at=already[key].astimezone(parts.regency.zone).date())
    if to < today:
        raise Refused("release.stage_past", stage=key, to=to, today=today)


def orders(parts: StageParts, key: str, to: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """In which order the stages that are not open yet open, as it stands and with this one moved to that day."""
    waiting = [stage for stage in parts.regency.stages if stage.key not in opened(parts)]

    def order(days: Mapping[str, date]) -> tuple[str, ...]:
        return tuple(stage.key for stage in sorted(waiting, key=lambda each: days.get(each.key, each.opens)))

    return order({}), order({key: to})


def moved(parts: StageParts, key: str, was: date, to: date, reason: str, now: datetime) -> None:
    """On record in the audit log, once the truth says so."""
    detail = {"was": was.isoformat(), "opens": to.isoformat(), "reason": reason}
    note(parts, "stage.moved", key, now, detail)


def _stage(regency: Regency, key: str) -> Stage:
    known = {stage.key: stage for stage in regency.stages}
    if key not in known:
        raise NotFound("release.no_stage", stage=key, nearest=perhaps(key, known), known=", ".join(known) or "–")
    return known[key]


def _in_turn(regency: Regency, stage: Stage, already: Mapping[str, datetime]) -> None:
    order = sorted(regency.stages, key=lambda each: each.opens)  # of the same day, as the file has them
    before = [each.key for each in order[: order.index(stage)] if each.key not in already]
    if before:
        raise Refused("release.stage_before", stage=stage.key, before=", ".join(before), first=before[0])


def _early(stage: Stage, today: date, lacking: tuple[LajurError, ...]) -> Refused:
    """The day is what says no; what the offices lack by now is told along with it, while there is time to see to it."""
    early = Refused("release.remedy.stage_early", stage=stage.key)
    ready = (Refused("release.remedy.stage_ready"),) if lacking else ()
    fields = {"stage": stage.key, "opens": stage.opens, "today": today, "reasons": lacking, "remedies": (*ready, early)}
    return Refused("release.stage_early_lacking" if lacking else "release.stage_early", count=len(lacking), **fields)


def _lacking(office: OfficeReadiness) -> LajurError:
    """An office with its points, and all that it misses."""
    gaps = tuple(Refused(gap.why.code, **gap.why.fields) for gap in office.gaps)
    fields = {"least": office.least, "most": office.most, "threshold": office.threshold, "gaps": gaps}
    return Refused("release.stage_office", office=office.office, name=office.name, **fields)


def _write(parts: StageParts, opening: Opening) -> None:
    """First in the audit log: what is not on record there has not happened."""
    detail: dict[str, str | int] = {"offices": len(opening.offices), "late": opening.late}
    if opening.waived:
        detail["waived"] = ", ".join(opening.waived)
    note(parts, "stage.opened", opening.stage, opening.opened, detail)
    value = {"offices": list(opening.offices), "waived": list(opening.waived), "actor": parts.actor}
    seen = Observation(subject=f"{SUBJECT}{opening.stage}", at=opening.opened, value=value)
    parts.observations.put(parts.regency.head.key, [seen])


def note(parts: StageParts, action: str, stage: str, at: datetime, detail: Mapping[str, str | int]) -> None:
    """A line of the audit log about a stage."""
    event = AuditEvent(
        at=at,
        actor=parts.actor,
        action=action,
        regency=parts.regency.head.key,
        subject=f"{SUBJECT}{stage}",
        detail={"via": parts.place, **{name: each[:500] if isinstance(each, str) else each for name, each in detail.items()}},
    )
    parts.audit.append(event)
