"""What the tests of the ledger write, and how they open it: one record, in whichever database it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from inventory.units import Direction
from network.core.observed import Queue
from network.core.plan import Phase, QueueStep, RulesStep, ShaperStep, Step
from network.core.ports import RunRecord
from network.core.slot import Slot
from network.core.tree import ROOT, ShaperId, leaf
from network.errors import LedgerError
from network.ledger.postgres import open_postgres
from network.ledger.sqlite import open_sqlite
from network.ledger.store import SqlLedger
from network.messages import text

Opener = Callable[[], SqlLedger]

NOON = datetime(2027, 3, 1, 3, 0, tzinfo=UTC)
SHAPER = ShaperId(1, "domestic", Direction.UP)
QUEUE = Queue(node=leaf(1), parent=ROOT, guarantee=1, ceiling=2, priority=3, quantum=4, burst=5, ceiling_burst=6, buffer=7)
STEPS: tuple[Step, ...] = (
    ShaperStep(device="core", shaper=SHAPER, phase=Phase.RAISE, attach=True),
    QueueStep(device="core", shaper=SHAPER, phase=Phase.RAISE, before=None, after=QUEUE),
    RulesStep(device="core", shaper=SHAPER, phase=Phase.POINT, before=frozenset(), after=frozenset()),
)


def opened_at(address: str) -> SqlLedger:
    """The record in a folder, or in the database of an address."""
    return open_postgres(address) if "://" in address else open_sqlite(Path(address))


def run(id: str = "run-1", regency: str = "manokwari", started: datetime = NOON) -> RunRecord:
    return RunRecord(id=id, regency=regency, reason="window e-planning opens", started=started)


def slot(window: str = "e-planning", edge: str = "open", regency: str = "manokwari", start: datetime = NOON) -> Slot:
    return Slot(regency=regency, purpose="shift", window=window, start=start, edge=edge)


def reads_well(error: LedgerError) -> bool:
    """Both languages can be filled, and both name the ledger."""
    return all(str(error.fields["ledger"]) in text(error.code, language, error.fields) for language in ("id", "en"))
