"""The composition root of releases: whose hands carry them to servers, and where the record of them is. Decides nothing.

Beside `network.server_wiring`, by which the servers are entered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory.findings import Severity
from inventory.load import TruthInvalid
from inventory.moving import StageMove, apply_move, move_stage
from inventory.regency import Regency
from inventory.release_views import staged
from network.core.ports import Clock, Runner
from network.core.releases.ports import Doors, ReleaseHands
from network.core.releases.truth import workload_of
from network.core.releases.values import Artefact, Workload
from network.core.rented import joined
from network.drivers.plays_doors import PlayedDoors
from network.drivers.plays_release import PlayedReleases
from network.errors import Refused, TruthError
from network.places import lock_folder, place_of, scope
from network.runners.artefacts import Said, checked
from network.runners.locked import LockedRunner
from network.runners.threads import ThreadRunner
from network.server_wiring import PlayGround, play_ground, standing_servers
from network.services.play_turns import PlayParts
from network.services.release_parts import ReleaseParts
from network.services.stage_doors import DoorParts
from network.settings import Settings
from network.wiring import reached_servers, regency_folder, user

if TYPE_CHECKING:
    from network.ledger.store import SqlLedger

_WAIT: Final = 1.0
"""Seconds that a release waits for another one: a second operator is better told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseGround:
    """A regency's servers, and all that a release of one of its workloads works with."""

    regency: Regency
    clock: Clock
    ledger: SqlLedger
    ground: PlayGround
    place: str
    settings: Settings

    def parts(self, key: str) -> ReleaseParts:
        """Raises NotFound or Refused for a workload that cannot be released here."""
        workload = workload_of(self.regency, key)
        there = {server.key for server in self.ground.servers}
        missing = [server for server in (*workload.servers, *workload.edges) if server not in there]
        if missing:
            raise Refused("release.not_standing", workload=key, servers=", ".join(missing))
        actor = f"os:{user()}"
        return ReleaseParts(
            regency=self.regency,
            workload=workload,
            hands=release_hands(workload, self.ground),
            record=self.ledger.releases(self.regency.head.key, self.place),
            runner=_runner(self.settings, self.regency, self.ledger, self.place, {"actor": actor, "workload": key}),
            clock=self.clock,
            actor=actor,
        )


@contextmanager
def release_ground(
    settings: Settings,
    regency: Regency,
    ledger: SqlLedger,
    *,
    clock: Clock,
    via: str = "auto",
    lab_id: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[ReleaseGround]:
    """`regency` with the windows that were granted. No server is reached before something is asked."""
    with play_ground(settings, regency, via=via, lab_id=lab_id, environment=environment) as ground:
        place = place_of(ground.way, ground.lab)
        regency = joined(regency, ledger.observations(place), clock.now())
        yield ReleaseGround(regency=regency, clock=clock, ledger=ledger, ground=ground, place=place, settings=settings)


@contextmanager
def door_ground(
    settings: Settings,
    regency: Regency,
    ledger: SqlLedger,
    *,
    via: str = "auto",
    lab_id: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[DoorParts]:
    """Who tells the edges which offices they let in; nobody where no server stands, or nothing is opened in stages. No server is
    reached before something is asked. Raises Refused when that way is not open."""
    way, lab, standing = reached_servers(settings, regency, via, lab_id)
    runner = _runner(settings, regency, ledger, place_of(way, lab))
    if way not in ("lab", "direct") or not staged(regency) or not standing_servers(standing, lab):
        yield DoorParts(doors=None, standing=(), runner=runner)
        return
    with play_ground(settings, regency, via=via, lab_id=lab_id, environment=environment) as ground:
        there = frozenset(server.key for server in ground.servers)
        yield DoorParts(doors=door_hands(ground), standing=there, runner=runner)


def play_parts(settings: Settings, ground: PlayGround, ledger: SqlLedger, *, clock: Clock) -> PlayParts:
    """Who may have something of the servers there at this moment, for who wants to play on them."""
    place, key = place_of(ground.way, ground.lab), ground.regency.head.key
    return PlayParts(
        regency=ground.regency,
        standing=tuple(server.key for server in ground.servers),
        runner=_runner(settings, ground.regency, ledger, place),
        record=ledger.releases(key, place),
        clock=clock,
        actor=f"os:{user()}",
    )


def _runner(settings: Settings, regency: Regency, ledger: SqlLedger, place: str, note: Mapping[str, str] | None = None) -> Runner:
    """Whose locks hold on this machine, and on others where the record does. `note`: what others may know of who holds one."""
    locks = ThreadRunner(lock_folder(settings.state / regency.head.key, place), wait=_WAIT, note=note)
    return LockedRunner(locks, ledger.locks, scope(regency.head.key, place), wait=_WAIT)


def door_hands(ground: PlayGround) -> Doors:
    """Who tells the edges there whom they let in."""
    return PlayedDoors(ground.plays)


def release_hands(workload: Workload, ground: PlayGround) -> ReleaseHands:
    """Who carries releases of this workload to its servers, and asks its edges."""
    return PlayedReleases(workload, ground.plays)


def artefact_of(file: Path, workload: Workload, *, version: str | None, sha256: str | None, signature: Path | None) -> Artefact:
    """The file, checked on this machine. Raises Refused for whatever does not fit."""
    return checked(file, workload, Said(version=version, sha256=sha256, signature=signature))


def planned_move(settings: Settings, regency: str, stage: str, opens: date, reason: str, today: date) -> StageMove:
    """The day of a stage as stages.yaml would say it; writes nothing. Raises Refused with what does not fit."""
    try:
        return move_stage(regency_folder(settings, regency), stage, opens, reason, today=today)
    except TruthInvalid as error:
        raise _unmoved(regency, stage, error) from error


def write_move(settings: Settings, regency: str, move: StageMove) -> None:
    """Raises Refused, and then nothing was written."""
    try:
        apply_move(regency_folder(settings, regency), move)
    except TruthInvalid as error:
        raise _unmoved(regency, move.stage, error) from error


def _unmoved(regency: str, stage: str, error: TruthInvalid) -> Refused:
    """What is wrong with the move alone says nothing of the files: it is told in the error's own words."""
    wrong = tuple(each for each in error.findings if each.severity is Severity.ERROR)
    if any(not each.code.startswith("move.") for each in wrong):
        return TruthError("truth.invalid", regency=regency, stage=stage, findings=error.findings)
    return Refused("release.stage_not_moved", stage=stage, findings=wrong)
