"""How ready every office and every stage is for its launch: known points of known weight, and whose move is next. Pure.

An office is judged by a hundred points in five dimensions:

| dimension | criteria and points | met when |
| --- | --- | --- |
| infrastructure, 30 | link 10 | every link from the core to the office is proven as it is now |
| | guarantee 10 | the base policy's guarantees fit, all uplinks are under contract, and policy does not wait for a proof |
| | lease 5 | workloads run, and the servers on which they stand are leased: each office that these serve has the same |
| | probes 5 | the link was up and measured for a week |
| people, 20 | staff 20 | two trained IT staff; one of them is worth half |
| procedures, 15 | procedures 15 | permits are listed, with their steps and times |
| integration, 20 | systems 5 | every connected system answered in the office when it was asked last |
| | integration 15 | connectors are tested, and nothing differs |
| service time, 15 | service_time 15 | permits are issued within the time that was promised |

Workloads, leases and contracts must hold today and on the stage's opening day. A workload whose last day is over serves
nobody, and what it stands on is held all the same: nothing gets better because a day has passed. Of what nobody measures yet
the points are unknown: neither had nor lost, so a score is a range, from all unknown points lost (`least`) to all had (`most`).
An office is ready when it has the stage's threshold for certain, and undecided while only the unknown can tell. Without two
trained staff it is not ready, whatever its points are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from inventory.model import Office
from inventory.regency import Regency
from inventory.server_model import Stage
from network.core.allocate import Allocation
from network.core.coverage import path
from network.core.proofs import Proof, is_proven
from network.core.readiness_values import (
    POINTS,
    Criterion,
    Gap,
    Mark,
    Move,
    Mover,
    OfficeReadiness,
    Readiness,
    StageReadiness,
    State,
    Task,
    Verdict,
    Waived,
    worst,
)
from network.core.reason import Reason
from network.core.systems import ANSWERED, BAD, Board, Cell, systems
from network.core.tree import ShaperId
from network.errors import Refused

THRESHOLD: Final = 80
"""Points of an office whose stage says nothing of them."""

TRAINED: Final = 2
"""IT staff whom every office must have, trained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known beside the truth. `proofs` None: there is no record of proofs. `granted`: what the base policy alone
    gives, or why it gives nothing. `heard`: what connected systems answered lately, None where nobody asked."""

    proofs: Mapping[str, Proof] | None
    granted: Mapping[ShaperId, Allocation] | Refused
    heard: Board | None = None


def assess(regency: Regency, facts: Facts, today: date) -> Readiness:
    """The readiness of all offices; `today` is a day of the regency's own."""
    written = {stage.key: stage for stage in regency.stages}
    members: dict[str | None, list[Office]] = {key: [] for key in written}
    for office in regency.offices:
        members.setdefault(office.stage, []).append(office)
    ground: dict[date, tuple[Mark, tuple[Gap, ...]]] = {}
    stages = []
    for key, offices in members.items():
        stage = written.get(key) if key is not None else None
        day = today if stage is None else max(today, stage.opens)
        if day not in ground:
            ground[day] = _lease(regency, today, day), tuple(_contracts(regency, today, day))
        judged = tuple(_office(regency, facts, office, stage, _Ground(day, *ground[day])) for office in offices)
        stages.append(_stage(key, stage, judged, today))
    return Readiness(today=today, stages=tuple(sorted(stages, key=_turn)))


def tasks(offices: Iterable[OfficeReadiness]) -> tuple[Task, ...]:
    """What is to be done, by whose move it is; what concerns most offices comes first."""
    found: dict[tuple[Mover, str], list[tuple[str, Gap]]] = {}
    for office in offices:
        for gap in office.gaps:
            found.setdefault((gap.mover, gap.why.code), []).append((office.office, gap))
    made = [
        Task(
            mover=mover,
            criterion=gaps[0][1].criterion,
            known=gaps[0][1].known,
            code=code,
            whys=_distinct(gap.why for _, gap in gaps),
            offices=tuple(dict.fromkeys(office for office, _ in gaps)),
        )
        for (mover, code), gaps in found.items()
    ]
    order = list(Mover)
    return tuple(sorted(made, key=lambda task: (not task.known, order.index(task.mover), -len(task.offices))))


def _turn(stage: StageReadiness) -> tuple[bool, bool, date]:
    return stage.key is None, stage.opens is None, stage.opens or date.max


def _distinct(whys: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple({(why.code, tuple(map(str, why.fields.values()))): why for why in whys}.values())


def _stage(key: str | None, stage: Stage | None, offices: tuple[OfficeReadiness, ...], today: date) -> StageReadiness:
    verdict = worst(office.verdict for office in offices)
    if verdict is Verdict.WAIVED:
        verdict = Verdict.READY
    if stage is None and verdict is Verdict.READY:
        verdict = Verdict.UNDECIDED  # nothing opens on no day
    return StageReadiness(
        key=key,
        name=stage.name if stage else key or "",
        verdict=verdict,
        threshold=stage.threshold if stage else THRESHOLD,
        opens=stage.opens if stage else None,
        days_left=(stage.opens - today).days if stage else None,
        moved=tuple(Move(was=each.was, reason=each.reason) for each in stage.moved) if stage else (),
        offices=offices,
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all offices of a day have in common."""

    day: date
    lease: Mark
    contracts: tuple[Gap, ...]


def _office(regency: Regency, facts: Facts, office: Office, stage: Stage | None, ground: _Ground) -> OfficeReadiness:
    link, proven = _link(regency, facts.proofs, office)
    marks = (
        link,
        _guarantee(regency, facts, link, ground.contracts),
        ground.lease,
        _unmeasured(Criterion.PROBES, Mover.NETWORK),
        _staff(office),
        _unmeasured(Criterion.PROCEDURES, Mover.LICENSING),
        _systems(regency, facts.heard, office),
        _unmeasured(Criterion.INTEGRATION, Mover.NETWORK),
        _unmeasured(Criterion.SERVICE_TIME, Mover.LICENSING),
    )
    least = sum(mark.points or 0 for mark in marks)
    known = sum(mark.weight for mark in marks if mark.points is not None)
    most = least + sum(mark.weight for mark in marks if mark.points is None)
    threshold = stage.threshold if stage else THRESHOLD
    verdict = _verdict(office, least, most, threshold)
    waived = None if stage is None or verdict is Verdict.READY else _waived(stage, office, ground.day)
    return OfficeReadiness(
        office=office.key,
        name=office.name,
        stage=office.stage,
        verdict=verdict if waived is None else Verdict.WAIVED,
        threshold=threshold,
        least=least,
        known=known,
        most=most,
        marks=marks,
        waived=waived,
        proven=proven,
    )


def _verdict(office: Office, least: int, most: int, threshold: int) -> Verdict:
    if most < threshold or _trained(office) < TRAINED:
        return Verdict.NOT_READY
    return Verdict.READY if least >= threshold else Verdict.UNDECIDED


def _waived(stage: Stage, office: Office, day: date) -> Waived | None:
    """The waiver that still holds on the day that counts: the opening day, or today when that is later."""
    for each in stage.waivers:
        if each.office == office.key and (each.until is None or each.until >= day):
            return Waived(reason=each.reason, until=each.until)
    return None


def _link(regency: Regency, proofs: Mapping[str, Proof] | None, office: Office) -> tuple[Mark, datetime | None]:
    links = path(regency, office)
    if proofs is None:
        return _mark(Criterion.LINK, None, _gap(Criterion.LINK, Mover.NETWORK, "no_record", known=False)), None
    lacking = tuple(link.key for link in links if not is_proven(link, proofs))
    if lacking:
        return _mark(Criterion.LINK, 0, _gap(Criterion.LINK, Mover.NETWORK, "link", links=" ".join(lacking))), None
    return _mark(Criterion.LINK, POINTS[Criterion.LINK][1]), min((proofs[link.key].at for link in links), default=None)


def _guarantee(regency: Regency, facts: Facts, link: Mark, contracts: tuple[Gap, ...]) -> Mark:
    own = Criterion.GUARANTEE
    if isinstance(facts.granted, Refused):
        return _mark(own, 0, _gap(own, Mover.NETWORK, "guarantee_refused", cause=facts.granted), *contracts)
    if regency.policy.unproven_links == "refuse" and link.state is not State.MET:
        waits = _gap(own, Mover.NETWORK, "guarantee_waits", known=link.state is not State.UNKNOWN)
        points = None if link.state is State.UNKNOWN and not contracts else 0
        return _mark(own, points, waits, *contracts)
    return _mark(own, 0 if contracts else POINTS[own][1], *contracts)


def _contracts(regency: Regency, today: date, day: date) -> Iterator[Gap]:
    for uplink in regency.uplinks:
        contract = uplink.contract
        missed = next((each for each in (today, day) if not contract.covers(each)), None)
        if missed is not None:
            yield _gap(
                Criterion.GUARANTEE,
                Mover.PLANNING,
                "contract",
                uplink=uplink.key,
                number=contract.number,
                start=contract.start,
                end=contract.end,
                day=missed,
            )


def _lease(regency: Regency, today: date, day: date) -> Mark:
    """Of all workloads, those too that are over; where none is written down nobody can say what they stand on."""
    if not regency.workloads:
        return _mark(Criterion.LEASE, None, _gap(Criterion.LEASE, Mover.NETWORK, "lease_unwritten", known=False))
    used = {server for workload in regency.workloads for server in workload.servers}
    gaps = []
    lapsed: set[str] = set()
    for lease in regency.leases:
        servers = [server.key for server in regency.servers if server.lease == lease.key and server.key in used]
        missed = next((each for each in (today, day) if not lease.covers(each)), None)
        if servers and missed is not None:
            lapsed.update(servers)
            gaps.append(
                _gap(
                    Criterion.LEASE,
                    Mover.LESSOR,
                    "lease",
                    lease=lease.key,
                    number=lease.number,
                    servers=" ".join(servers),
                    start=lease.start,
                    end=lease.end,
                    day=missed,
                )
            )
    gaps += _over(regency, today, day, lapsed)
    return _mark(Criterion.LEASE, 0 if gaps else POINTS[Criterion.LEASE][1], *gaps)


def _over(regency: Regency, today: date, day: date, lapsed: AbstractSet[str]) -> Iterator[Gap]:
    """The workloads that are over by then. What stands on servers whose lease has `lapsed` is told with the lease: no workload
    may outlive that."""
    for workload in regency.workloads:
        missed = next((each for each in (today, day) if workload.until < each), None)
        if missed is not None and workload.servers and lapsed.isdisjoint(workload.servers):
            yield _gap(
                Criterion.LEASE,
                Mover.NETWORK,
                "workload",
                workload=workload.key,
                servers=" ".join(workload.servers),
                until=workload.until,
                day=missed,
            )


def _trained(office: Office) -> int:
    return sum(each.trained for each in office.it_staff)


def _staff(office: Office) -> Mark:
    named, trained = len(office.it_staff), _trained(office)
    gaps = []
    if named < TRAINED:
        gaps.append(_gap(Criterion.STAFF, Mover.OFFICE, "staff_named", named=named, wanted=TRAINED))
    if trained < min(named, TRAINED):
        gaps.append(_gap(Criterion.STAFF, Mover.LICENSING, "staff_trained", trained=trained, wanted=TRAINED))
    return _mark(Criterion.STAFF, POINTS[Criterion.STAFF][1] * min(trained, TRAINED) // TRAINED, *gaps)


def _systems(regency: Regency, heard: Board | None, office: Office) -> Mark:
    """What the office could not ask says nothing; a system that gave it no good answer costs the points, whosever fault it is."""
    own = Criterion.SYSTEMS
    if not (there := systems(regency)):
        return _mark(own, None, _gap(own, Mover.NETWORK, "systems_unwritten", known=False))
    cells = {each.key: heard.cell(office.key, each.key) if heard is not None else Cell() for each in there}
    bad = {key: cell for key, cell in cells.items() if cell.word in BAD}
    if bad:
        day = max(cell.at.astimezone(regency.zone).date() for cell in bad.values() if cell.at is not None)
        return _mark(own, 0, _gap(own, Mover.NETWORK, "systems_silent", systems=", ".join(bad), day=day))
    lacking = [key for key, cell in cells.items() if cell.word not in ANSWERED]
    if lacking:
        return _mark(own, None, _gap(own, Mover.NETWORK, "systems", known=False, systems=", ".join(lacking)))
    return _mark(own, POINTS[own][1])


def _unmeasured(criterion: Criterion, mover: Mover) -> Mark:
    return _mark(criterion, None, _gap(criterion, mover, criterion.value, known=False))


def _mark(criterion: Criterion, points: int | None, *gaps: Gap) -> Mark:
    return Mark(criterion=criterion, weight=POINTS[criterion][1], points=points, gaps=gaps)


def _gap(criterion: Criterion, mover: Mover, word: str, *, known: bool = True, **fields: object) -> Gap:
    return Gap(criterion=criterion, mover=mover, known=known, why=Reason(code=f"readiness.gap.{word}", fields=fields))
