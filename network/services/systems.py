"""Which connected systems answer in which office: ask from all offices at once, keep what was heard, say where the fault lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from inventory.regency import Regency
from network.core.building import Observation, Observations
from network.core.ports import Clock, Runner
from network.core.system_faults import judge
from network.core.systems import Answer, Board, By, Cell, System, SystemProber, Why, Word
from network.core.systems import systems as connected
from network.errors import DeviceUnreachable, LajurError

SUBJECT: Final = "system "
"""What the subjects of observations of systems begin with; the key follows."""


TOGETHER: Final = timedelta(minutes=15)
"""Answers further apart than this are not compared: a system may have come back meanwhile."""

_NOT_THERE: Final = Answer(word=Word.UNASKED, by=None, why=Why.UNREACHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemHands:
    prober: SystemProber
    runner: Runner
    clock: Clock
    observations: Observations


def ask(regency: Regency, offices: Sequence[str], systems: Sequence[System], hands: SystemHands) -> Board:
    """Ask `systems` from `offices` now, and keep it. An office whose router cannot be reached stops no other. Raises LedgerError
    when that cannot be written."""
    results = hands.runner.each(offices, lambda key: hands.prober.probe(regency.office(key), systems))
    now = hands.clock.now()
    cells = {
        (office, key): Cell(answer=answer, at=now)
        for office, answers in results.items()
        if not isinstance(answers, LajurError)
        for key, answer in answers.items()
    }
    unreached = {office: result for office, result in results.items() if isinstance(result, LajurError)}
    board = Board(at=now, systems=tuple(systems), offices=tuple(offices), cells=cells, unreached=unreached)
    _keep(regency.head.key, board, hands.observations)
    return replace(board, remarks=judge(regency, board))


def last_heard(regency: Regency, observations: Observations, now: datetime) -> Board:
    """Of every office and system, however long ago. Raises LedgerError."""
    return recorded(regency, [each.key for each in regency.offices], connected(regency), observations, now)


def recorded(
    regency: Regency, offices: Sequence[str], systems: Sequence[System], observations: Observations, now: datetime
) -> Board:
    """The last that was heard, however long ago; nobody is asked. Raises LedgerError."""
    kept = observations.latest(regency.head.key, SUBJECT)
    cells: dict[tuple[str, str], Cell] = {}
    unreached: dict[str, LajurError] = {}
    for system in systems:
        for office, cell in _cells(kept.get(f"{SUBJECT}{system.key}")).items():
            if cell.answer is not None and office in offices:
                cells[office, system.key] = cell
                if cell.answer.why is Why.UNREACHED:
                    device = regency.office(office).device
                    unreached[office] = DeviceUnreachable("systems.was_unreached", device=device, step="systems")
    board = Board(at=now, systems=tuple(systems), offices=tuple(offices), cells=cells, unreached=unreached)
    return replace(board, remarks=judge(regency, _together(board)))


def fresh(board: Board, longest: timedelta) -> Board:
    """Without what is older than `longest`."""
    cells = {at: cell for at, cell in board.cells.items() if cell.at is not None and board.at - cell.at <= longest}
    return replace(board, cells=cells)


def _together(board: Board) -> Board:
    """Without what is much older than the newest answer: only what was heard at one time can be set side by side."""
    newest = max((cell.at for cell in board.cells.values() if cell.at is not None), default=board.at)
    return replace(board, cells={at: cell for at, cell in board.cells.items() if cell.at is None or newest - cell.at <= TOGETHER})


def _keep(regency: str, board: Board, observations: Observations) -> None:
    kept = observations.latest(regency, SUBJECT)
    put = []
    for system in board.systems:
        subject = f"{SUBJECT}{system.key}"
        # An office that could not be asked is unknown from now on, whatever it heard before.
        heard = {office: Cell(answer=_NOT_THERE, at=board.at) for office in board.unreached}
        heard |= {office: cell for (office, key), cell in board.cells.items() if key == system.key}
        offices = {**_cells(kept.get(subject)), **heard}
        put.append(Observation(subject=subject, at=board.at, value={"offices": _written(offices)}))
    observations.put(regency, put)


def _written(cells: Mapping[str, Cell]) -> dict[str, Any]:
    return {
        office: {
            "at": cell.at.isoformat(),
            "word": cell.answer.word.value,
            "by": cell.answer.by.value if cell.answer.by else None,
            "why": cell.answer.why.value,
            "milliseconds": cell.answer.milliseconds,
            "status": cell.answer.status,
            "source": cell.answer.source,
        }
        for office, cell in cells.items()
        if cell.answer is not None and cell.at is not None
    }


def _cells(observation: Observation | None) -> dict[str, Cell]:
    """What another version kept in another way is nothing that was heard."""
    offices: Mapping[str, Any] = observation.value.get("offices", {}) if observation is not None else {}
    found = {}
    for office, told in offices.items():
        with suppress(ValueError, KeyError, TypeError):
            found[office] = _cell(told)
    return found


def _cell(told: Mapping[str, Any]) -> Cell:
    answer = Answer(
        word=Word(told["word"]),
        by=By(told["by"]) if told["by"] else None,
        why=Why(told["why"]),
        milliseconds=told["milliseconds"],
        status=told["status"],
        source=told["source"],
    )
    return Cell(answer=answer, at=datetime.fromisoformat(told["at"]))
