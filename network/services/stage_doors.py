"""The edges of what is opened in stages: who is let in follows the record, at once, and not when somebody plays next.

The record comes first. An edge that could not be told lets in who was let in before; the next one who asks tells it all again, as
it is told everything that holds and never a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from secrets import token_hex
from typing import Final

from inventory.release_views import edges_of, opened_networks, staged
from network.core.ports import Runner
from network.core.readiness_values import Readiness
from network.core.releases.ports import Doors
from network.core.releases.steps import trouble_error
from network.errors import DeviceBusy, LajurError, NeedsPerson, Refused
from network.services.release_parts import player
from network.services.release_stages import Opening, StageParts, note, open_stage, opened

TURN: Final = "stages"
"""The lock under which stages are opened: who told the edges of fewer stages last would shut somebody out. So who plays on
such an edge has it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorParts:
    """Who tells edges, None where none is there; and the servers that are. `runner`: whose lock it is."""

    doors: Doors | None
    standing: Collection[str]
    runner: Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """An edge and a workload that it lets people in to. `changed`: whether it let in others before, or would now; `error`: why it
    does not know."""

    workload: str
    edge: str
    changed: bool = False
    error: LajurError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """`error`: what is left to be done, though the stage is open."""

    opening: Opening
    doors: tuple[Door, ...]
    error: LajurError | None = None


def open_doors(
    parts: StageParts, own: DoorParts, key: str, readiness: Readiness, now: datetime, *, dry_run: bool = False
) -> Opened:
    """Open a stage, and have the edges let its offices in; of one that is open already they are told again. Raises as
    `release_stages.open_stage`, and Refused while somebody else opens one."""
    with _turn(own, now, parts.regency.zone, dry_run=dry_run):
        opening = open_stage(parts, key, readiness, now, dry_run=dry_run)
        doors = tuple(_tell(parts, own, {*opened(parts), key}, dry_run=dry_run))
        if not dry_run and any(each.changed or each.error for each in doors):
            note(parts, "stage.let_in", key, now, _on_record(doors))
    untold = tuple(each for each in doors if each.error is not None)
    return Opened(opening=opening, doors=doors, error=_untold(key, untold) if untold and not dry_run else None)


@contextmanager
def _turn(own: DoorParts, now: datetime, zone: tzinfo, *, dry_run: bool) -> Iterator[None]:
    with ExitStack() as held:
        if not dry_run:
            try:
                held.enter_context(own.runner.hold((TURN,), f"stage-{now:%Y%m%dt%H%M%S}-{token_hex(3)}"))
            except DeviceBusy as error:
                if (play := player(error, zone)) is not None:
                    raise Refused("release.stage_busy_play", **play) from error
                said = {name: error.fields.get(name, "?") for name in ("run", "pid")}
                raise Refused("release.stage_busy", **said) from error
        yield


def _tell(parts: StageParts, own: DoorParts, stages: Collection[str], *, dry_run: bool) -> Iterator[Door]:
    """Every edge that is there of everything that is opened in stages. What stops one play, or somebody, is an error of its
    edges: the stage is on record as open by now."""
    networks = opened_networks(parts.regency, stages)
    for workload in staged(parts.regency) if own.doors else ():
        edges = [edge.key for edge in edges_of(parts.regency, workload) if edge.key in own.standing]
        if not edges or own.doors is None:
            continue
        cause: LajurError | None = None
        try:
            told = own.doors.let_in(workload.key, edges, networks, check=dry_run)
        except LajurError as error:
            told, cause = {}, error
        except KeyboardInterrupt:
            if dry_run:
                raise
            told, cause = {}, Refused("release.stopped_by_hand")
        for edge in edges:
            one = told.get(edge)
            why = cause if one is None else trouble_error(edge, one.trouble) if one.trouble else None
            yield Door(workload=workload.key, edge=edge, changed=one is not None and one.changed, error=why)


def _untold(key: str, untold: tuple[Door, ...]) -> NeedsPerson:
    edges = ", ".join(dict.fromkeys(each.edge for each in untold))
    reasons = tuple({str(each.error): each.error for each in untold if each.error}.values())
    remedy = Refused("release.remedy.untold", stage=key, edge=untold[0].edge)
    return NeedsPerson("release.stage_untold", stage=key, edges=edges, reasons=reasons, remedies=(remedy,))


def _on_record(doors: tuple[Door, ...]) -> dict[str, str | int]:
    told = {"told": [each for each in doors if not each.error], "untold": [each for each in doors if each.error]}
    return {word: ", ".join(f"{each.workload} @ {each.edge}" for each in those) for word, those in told.items() if those}
