"""A few links on a network in memory, with a ledger of its own and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from inventory import views
from inventory.load import load_regency
from inventory.regency import Regency
from network.clock import StepClock
from network.core.links.intent import LinkIntent, intend
from network.core.ports import Heard
from network.drivers.memory_links import MemoryLinkDevice, MemoryNet
from network.errors import LajurError
from network.ledger.sqlite import open_sqlite
from network.ledger.store import SqlLedger
from network.link_wiring import DIALECTS
from network.runners.threads import ThreadRunner
from network.services.links.apply import LinkReport, LinkWish, apply_link, apply_links
from network.services.links.change import LinkChange
from network.services.links.hands import LinkEvent, LinkHands, LinkStage

TRUTH = Path(__file__).parents[4] / "inventory" / "regencies" / "manokwari"
KEY = "s3cr3t-of-ospf"
T = TypeVar("T")


class InTurn(ThreadRunner):
    """One device after the other: thousands of faults are tried, and threads would take longer than they do."""

    def each(
        self, devices: Sequence[str], work: Callable[[str], T], heard: Heard[T] | None = None
    ) -> Mapping[str, T | LajurError]:
        found: dict[str, T | LajurError] = {}
        for device in devices:
            try:
                found[device] = work(device)
            except LajurError as error:
                found[device] = error
            if heard is not None:
                heard(device, found[device])
        return found


@dataclass
class Links:
    """One regency's links, the network they stand on, and the record."""

    regency: Regency
    intents: tuple[LinkIntent, ...]
    clock: StepClock
    net: MemoryNet
    ledger: SqlLedger
    folder: Path
    events: list[LinkEvent] = field(default_factory=list)

    def begin_anew(self) -> None:
        """The same links on a network that nobody has touched yet."""
        self.net = MemoryNet(self.intents, self.clock)

    def hands(self) -> LinkHands:
        return LinkHands(
            devices={name: MemoryLinkDevice(self.net, name) for name in self.net.boxes},
            dialects=DIALECTS,
            keys=lambda reference: KEY,
            ledger=self.ledger.links,
            clock=self.clock,
            runner=InTurn(self.folder / "locks", wait=0.2),
            listen=self.events.append,
        )

    def link(self, key: str) -> LinkIntent:
        return next(intent for intent in self.intents if intent.key == key)

    def wish(self, patience: float | None = 5.0) -> LinkWish:
        return LinkWish(regency=self.regency.head.key, reason="test", patience=patience)

    def apply(self, key: str) -> LinkReport:
        return apply_link(self.link(key), self.wish(), self.hands())

    def texts(self) -> dict[str, str]:
        return {name: self.net.text(name) for name in self.net.boxes}

    def results(self) -> list[str]:
        """Of the runs on record, oldest first."""
        return [run.result for run in reversed(self.ledger.runs(self.regency.head.key, limit=1000))]


@pytest.fixture(scope="session")
def regency() -> Regency:
    return views.small_copy(load_regency(TRUTH), 6)


@pytest.fixture
def links(regency: Regency, tmp_path: Path) -> Iterator[Links]:
    clock = StepClock(datetime(2026, 8, 18, 7, 50, tzinfo=UTC))
    intents = intend(regency)
    with open_sqlite(tmp_path) as ledger:
        yield Links(regency, intents, clock, MemoryNet(intents, clock), ledger, tmp_path)


class Killed(BaseException):
    """The controller dies here: nothing that would put anything back is run."""


def die_at(links: Links, monkeypatch: pytest.MonkeyPatch, at: LinkStage, *keys: str) -> None:
    """Carry links out until a stage is reached, and no further."""
    tell = LinkChange.tell

    def until(self: LinkChange, stage: LinkStage, device: str = "", *, mark: bool = False) -> None:
        tell(self, stage, device, mark=mark)
        if stage is at:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(LinkChange, "tell", until)
        with pytest.raises(Killed):
            apply_links([links.link(key) for key in keys], links.wish(), links.hands())
