"""What `lajur infra` says, as documents. What machines said stands in them as text and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from network.cli.infra_costs import CostAhead
from network.cli.infra_words import kind_text
from network.cli.session import Session

if TYPE_CHECKING:
    from network.core.building import Difference
    from network.infra_wiring import BuildGround
    from network.services.build_report import Acceptance, BuildReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLine:
    """`operation`: create, update, delete, replace, same, refresh, or empty where nothing was begun; `result`: done, failed,
    refused, short, unrepaired, or empty; `seconds` that were spent on it."""

    server: str
    operation: str
    result: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceLine:
    """`text` is `kind` in the reader's language; `wanted` and `found` as they were told, words of ours as codes; `mend`: a
    command, or empty: by hand; `reason`: then the word for why."""

    server: str
    kind: str
    text: str
    name: str
    wanted: str
    found: str
    mend: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceLine:
    """A line of a contract that is not simply as promised. `verdict`: short, waived or unknown; `reason` of a waiver."""

    server: str
    line: str
    promised: str
    found: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraRun:
    """What a verb did, or would do. `engine`: of `seconds`, those in which no server was worked at. `worked`: on how many servers
    something was done, or would be. `based`: servers for which
    what is there now is what to compare with, `accepted` how they differed from what was before. `reports`: the files of
    acceptances and returns, by server; `lost`: servers that were let go of with nothing done to them.
    `cost`: what a preview says of rented servers and their stages' budgets; None of other verbs."""

    regency: str
    via: str
    verb: str
    now: datetime
    seconds: float
    engine: float
    servers: tuple[ServerLine, ...]
    worked: int
    differences: tuple[DifferenceLine, ...]
    unrepaired: tuple[DifferenceLine, ...]
    accepted: tuple[DifferenceLine, ...]
    based: tuple[str, ...]
    acceptance: tuple[AcceptanceLine, ...]
    reports: Mapping[str, tuple[str, ...]]
    lost: tuple[str, ...] = ()
    cost: CostAhead | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraDrift:
    """`looked`: servers that were looked at; `not_taken`: those that are meant and were not taken over yet."""

    regency: str
    now: datetime
    seconds: float
    looked: tuple[str, ...]
    not_taken: tuple[str, ...]
    findings: tuple[DifferenceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfraOutputs:
    """By server: what is on record of it. There is no secret among it."""

    regency: str
    servers: Mapping[str, Mapping[str, Any]]


def run(own: Session, report: BuildReport, ground: BuildGround) -> InfraRun:
    files = {each.server: each.files for each in report.acceptances if each.files}
    files |= {each.server: each.files for each in report.releases if each.files}
    return InfraRun(
        regency=own.regency.head.key,
        via=ground.via,
        verb=report.verb.value,
        now=ground.hands.clock.now(),
        seconds=round(report.seconds, 3),
        engine=round(report.engine, 3),
        servers=tuple(
            ServerLine(server=part.server, operation=part.operation, result=part.result, seconds=round(part.seconds, 3))
            for part in sorted(report.servers.values(), key=lambda part: part.server)
        ),
        worked=len(report.waiting),
        differences=_differences(own, report.differences),
        unrepaired=_differences(own, report.unrepaired),
        accepted=_differences(own, report.accepted),
        based=report.based,
        acceptance=tuple(line for each in report.acceptances for line in _acceptance(each)),
        reports=files,
        lost=tuple(each.server for each in report.releases if each.lost),
    )


def drift(own: Session, report: BuildReport, ground: BuildGround, names: Sequence[str]) -> InfraDrift:
    known = names or sorted(server.key for server in ground.servers)
    return InfraDrift(
        regency=own.regency.head.key,
        now=ground.hands.clock.now(),
        seconds=round(report.seconds, 3),
        looked=report.looked,
        not_taken=tuple(server for server in known if server not in report.looked),
        findings=_differences(own, report.differences),
    )


def outputs(own: Session, report: BuildReport, names: Sequence[str]) -> InfraOutputs:
    servers = {server: each for server, each in report.outputs.items() if not names or server in names}
    return InfraOutputs(regency=own.regency.head.key, servers=servers)


def _differences(own: Session, differences: Iterable[Difference]) -> tuple[DifferenceLine, ...]:
    return tuple(
        DifferenceLine(
            server=each.server,
            kind=each.kind,
            text=kind_text(own, each.kind),
            name=each.name,
            wanted=each.wanted,
            found=each.found,
            mend="lajur infra up" if each.mend == "repair" and not each.reason else "",
            reason=each.reason,
        )
        for each in differences
    )


def _acceptance(acceptance: Acceptance) -> Iterable[AcceptanceLine]:
    for each in acceptance.lines:
        yield AcceptanceLine(
            server=acceptance.server,
            line=each["name"],
            promised=each["promised"],
            found=each["found"],
            verdict=each["verdict"],
            reason=each["reason"],
        )
