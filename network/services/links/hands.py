"""What the services of links are given, and what whoever follows them hears. Names no concrete class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from network.core.link_ports import LinkDevice, LinkDialect, LinkLedger
from network.core.links.difference import Keys
from network.core.ports import Clock, Runner


class LinkStage(StrEnum):
    """Where a link is; progress, ledger and timings use the same words."""

    READ = "read"
    COMMITTED_FAR = "committed_far"
    COMMITTED_NEAR = "committed_near"
    LOOKING = "looking"
    VERIFIED = "verified"
    CONFIRMED_FAR = "confirmed_far"
    CONFIRMED_NEAR = "confirmed_near"
    DONE = "done"
    NOTHING = "nothing"
    GOING_BACK = "going_back"
    BACK = "back"
    FINISHING = "finishing"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent:
    """A link reached `stage`, `elapsed` seconds after it was begun. `device`: the one that the stage is about."""

    run: str
    link: str
    stage: LinkStage
    elapsed: float
    device: str = ""


def _nobody(event: LinkEvent) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHands:
    """The ports of one regency's links. `dialects` by platform; `place` is where the devices are, as `RunRecord` has it."""

    devices: Mapping[str, LinkDevice]
    dialects: Mapping[str, LinkDialect]
    keys: Keys
    ledger: LinkLedger
    clock: Clock
    runner: Runner
    listen: Callable[[LinkEvent], None] = field(default=_nobody)
    place: str = ""
