"""What is told of a regency: its uplinks and offices, who gets how much, and what would change."""

from __future__ import annotations

from typing import Any, Literal

from inventory.units import Direction
from qos_api.schemas.common import At, PageOf, RatesTold, ReasonTold, Told


class RegencyTold(Told):
    """`via`: by which way its devices are reached. `windows` and `boosts` act now; `next_edge` is when that changes."""

    key: str
    name: str
    timezone: str
    illustrative: bool
    via: str
    now: At
    offices: int
    windows: list[str]
    boosts: list[str]
    next_edge: At | None


class RegencyList(Told):
    items: list[RegencyTold]


class FigureTold(Told):
    """One direction of an uplink, in bit/s. `measured` and `headroom` by the class meter; absent when it says nothing."""

    direction: Direction
    contracted: int
    shaped: int
    guaranteed: int
    measured: int | None
    headroom: int | None


class ContractTold(Told):
    number: str
    start: str
    end: str
    provider: str


class UplinkTold(Told):
    id: int
    key: str
    name: str
    kind: str
    rate: RatesTold
    contract: ContractTold
    figures: list[FigureTold]


class UplinkList(Told):
    items: list[UplinkTold]


class OfficeTold(Told):
    id: int
    key: str
    name: str
    service_class: str
    protected: bool
    hub: str
    lan: str


class OfficePage(PageOf):
    items: list[OfficeTold]


class GuaranteeTold(Told):
    """One office on one uplink and direction at a moment, in bit/s. `weight` and `priority` divide the spare."""

    office: str
    uplink: str
    direction: Direction
    guarantee: int
    ceiling: int
    weight: int
    priority: int
    why: ReasonTold


class AllocationsTold(Told):
    """What everybody is sure of at `at`."""

    regency: str
    at: At
    windows: list[str]
    boosts: list[str]
    until: At | None
    items: list[GuaranteeTold]


class PlanRow(Told):
    """One office on one uplink and direction that the plan touches, in bit/s."""

    office: str
    uplink: str
    direction: Direction
    now: int
    next: int
    why: str
    fields: dict[str, Any]


class EdgeTold(Told):
    """`status`: due, acted or skipped."""

    purpose: str
    window: str
    edge: Literal["open", "close"]
    start: At
    status: Literal["due", "acted", "skipped"]


class RunTold(Told):
    """`result`: running, done, nothing, returned, needs_person, refused, abandoned."""

    id: str
    reason: str
    started: At
    finished: At | None
    result: str
    steps: int
    detail: str


class MarkTold(Told):
    phase: str
    at: At


class RunDetail(RunTold):
    marks: list[MarkTold]


class RunPage(PageOf):
    items: list[RunTold]


class ShiftTold(Told):
    """What this call claimed, and the run that followed; `run` is absent from the record when there was nothing to do."""

    edges: list[EdgeTold]
    run: str
    result: str
    steps: int
    return_at: At | None


class EdgeList(Told):
    items: list[EdgeTold]


class PlanTold(Told):
    """A preview that was kept. `digest` is the SHA-256 of its steps; `warnings`: to whom it gives more over links that nobody has
    proven."""

    id: str
    state: str
    requested_by: str
    reason: str
    created: At
    usable_until: At
    steps: int
    digest: str
    rows: list[PlanRow]
    needs: list[ReasonTold]
    warnings: list[ReasonTold]
    run: str | None
    revision: int


class PlanPage(PageOf):
    items: list[PlanTold]


class CarriedTold(Told):
    """`result` is absent while the run is under way; its events say the rest."""

    run: str
    result: str | None


class ReportedTold(Told):
    purpose: str
    window: str
    start: At


class ReportPage(PageOf):
    items: list[ReportedTold]


class ReportLineTold(Told):
    """Rates in bit/s, averaged over `minutes`. `below`: minutes with less than 98 % of the promise while it was wanted."""

    office: str
    uplink: str
    direction: Direction
    minutes: int
    wanting: int
    below: int
    promised: int
    applied: int
    measured: int
    least: int | None


class ReportTotalTold(Told):
    uplink: str
    direction: Direction
    offices: int
    promised: int
    applied: int
    measured: int
    wanting: int
    below: int


class ReportTold(Told):
    """`digest` is what the audit log holds once the occurrence has ended."""

    regency: str
    purpose: str
    window: str
    start: At
    updated: At
    minutes: int
    wanting: int
    below: int
    totals: list[ReportTotalTold]
    lines: list[ReportLineTold]
    digest: str


class AuditTold(Told):
    number: int
    at: At
    actor: str
    action: str
    subject: str
    detail: dict[str, str | int]
    previous: str
    digest: str


class AuditPage(PageOf):
    items: list[AuditTold]


class AuditVerdictTold(Told):
    """The chain holds: so many entries, and the last one's digest."""

    entries: int
    digest: str
