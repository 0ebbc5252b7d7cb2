"""What a run did, as a document and as a few lines. Shared by `apply` and `shift run`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from network.cli import plan_view
from network.cli.session import Session
from network.cli.words import seconds

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.services.apply import RunReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`result` is done or nothing. `timings`: seconds from the decision to the end of each stage that was reached.

    `plan` is what was carried out. `returns_at`: when the devices go back by themselves if nobody comes; None when nothing
    temporary holds.
    """

    id: str
    result: str
    steps: int
    timings: Mapping[str, float]
    returns_at: datetime | None
    plan: plan_view.Plan


def document(own: Session, report: RunReport) -> Run:
    return Run(
        id=report.run,
        result=report.result,
        steps=len(report.preview.plan.steps),
        timings={stage.value: round(value, 4) for stage, value in report.timings.items()},
        returns_at=report.return_at,
        plan=plan_view.document(own, report.preview),
    )


def draw(own: Session, run: Run, *, with_plan: bool = True) -> RenderableType:
    from network.cli.draw import stack

    say = own.out.say
    plan = plan_view.draw(own, run.plan) if with_plan else None
    back = say("cli.run.returns", at=own.local(run.returns_at)) if run.returns_at else None
    if run.result == "nothing":
        return stack(plan, back)
    took = seconds(max(run.timings.values(), default=0.0), own.language)
    return stack(plan, say("cli.run.done", run=run.id, steps=run.steps, took=took), back)
