"""The composition root of capacity windows: who rents, plays, releases and keeps the claims of one regency. Decides nothing.

Beside `network.infra_wiring`, which brings the builder, and `network.release_wiring`, which brings releases.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from inventory.regency import Regency
from inventory.rented_views import is_renting, rented_keys
from network.core.ports import Clock
from network.core.releases.values import Artefact, Workload
from network.drivers.plays_files import PlayedFiles
from network.errors import Refused
from network.infra_wiring import BuildGround, build_ground
from network.release_wiring import play_parts, release_ground
from network.runners.artefacts import Said, checked
from network.server_wiring import logs_folder, play_ground, state_folder
from network.services.capacity_parts import CapacityHands, JoinHands, PlayHands
from network.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityGround:
    """Whoever brings and gives back servers for peaks there, and the ground of the builder below it."""

    hands: CapacityHands
    build: BuildGround


@contextmanager
def capacity_ground(
    settings: Settings,
    regency: Regency,
    *,
    via: str = "auto",
    lab_id: str | None = None,
    clock: Clock | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[CapacityGround]:
    """Ways are those of `build_ground`. No server is reached before something is to be done. Raises Refused when that way is not
    open, and in a lab without a cloud
    where something is rented at times."""
    with build_ground(settings, regency, via=via, lab_id=lab_id, clock=clock, environment=environment) as ground:
        lab = ground.lab
        if lab is not None and lab.clouds is None and is_renting(regency):
            raise Refused("capacity.no_cloud", lab=lab.plan.lab)
        way, lab_id = ("lab", lab.plan.lab) if lab is not None else ("direct", None)
        now = ground.hands.clock

        @contextmanager
        def plays() -> Iterator[PlayHands]:
            with play_ground(settings, regency, via=way, lab_id=lab_id, environment=environment) as own:
                yield PlayHands(plays=own.plays, turns=play_parts(settings, own, ground.ledger, clock=now))

        @contextmanager
        def joins(key: str) -> Iterator[JoinHands]:
            with release_ground(
                settings, regency, ground.ledger, clock=now, via=way, lab_id=lab_id, environment=environment
            ) as own:
                parts = own.parts(key)
                folder = state_folder(settings, regency, lab) / "files"
                yield JoinHands(parts=parts, files=PlayedFiles(parts.workload, own.ground.plays, folder, _checked))

        rented = rented_keys(regency)
        hands = CapacityHands(
            regency=ground.regency,
            there=frozenset(server.key for server in ground.servers if server.key not in rented),
            build=ground.hands,
            ledger=ground.ledger,
            plays=plays,
            joins=joins,
            logs=str(logs_folder(settings, regency, lab)),
        )
        yield CapacityGround(hands=hands, build=ground)


def _checked(path: Path, workload: Workload, version: str, sha256: str) -> Artefact:
    """Whoever signed it was asked when it was deployed: it is the same file."""
    return checked(path, replace(workload, signers=()), Said(version=version, sha256=sha256))
