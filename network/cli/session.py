"""What one call of the command carries with it: the person's flags, the settings, the printer. Opens nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from network.cli.output import Output
from network.cli.words import moment, moment_of, rate, span
from network.clock import SimulatedClock, SystemClock
from network.errors import Refused, UsageError
from network.messages import Language
from network.settings import Settings

if TYPE_CHECKING:
    from inventory.regency import Regency
    from network.core.intent import Boost
    from network.services.apply import Wish
    from network.wiring import Ground


FIRST_YEAR, LAST_YEAR = 2000, 2199
"""What the truth allows for windows too."""


class Form(StrEnum):
    TABLE = "table"
    JSON = "json"


class Tongue(StrEnum):
    """`--lang`. It is read before anything is parsed (`network.cli.language`); here the parser learns what it may be."""

    ID = "id"
    EN = "en"


class Via(StrEnum):
    AUTO = "auto"
    LAB = "lab"
    MEMORY = "memory"
    DIRECT = "direct"


@dataclass(slots=True, kw_only=True)
class Flags:
    """The flags that every command takes, wherever they stand; the one nearest to the end of the line wins."""

    regency: str | None = None
    output: Form = Form.TABLE
    language: Tongue | None = None
    verbose: int = 0
    via: Via = Via.AUTO


@dataclass(kw_only=True)
class Session:
    language: Language
    environment: Mapping[str, str]
    flags: Flags = field(default_factory=Flags)
    via: str = ""
    """By which way the ground reaches, once there is one."""

    boosts: tuple[Boost, ...] = ()
    """The boosts that were granted on that ground."""

    @cached_property
    def out(self) -> Output:
        return Output(self.language, as_json=self.flags.output is Form.JSON, verbose=self.flags.verbose)

    @cached_property
    def settings(self) -> Settings:
        spoken = {"LAJUR_LANG": self.language} if self.flags.language else {}
        settings = Settings.read({**self.environment, **spoken}, Path.home())
        return replace(settings, language=self.language, regency=self.flags.regency or settings.regency)

    @cached_property
    def regency(self) -> Regency:
        """The truth. Raises TruthError with every finding."""
        from network.wiring import open_regency

        return open_regency(self.settings, self.settings.regency)

    @property
    def folder(self) -> Path:
        """Where the regency's files lie. Raises Refused when there is no such regency."""
        from network.wiring import regency_folder

        return regency_folder(self.settings, self.settings.regency)

    @contextmanager
    def ground(self, *, at: str | None = None, reach: bool = True) -> Iterator[Ground]:
        """The regency's devices, ledger and clock, let go of at the end; what a run reaches is shown as progress.

        Without `reach` there are no devices, for who only asks the record. `at` makes another moment the present, on the lab
        and in memory only. From here on the regency is the one that stands there: a small lab has fewer offices than the truth,
        and windows that were granted stand beside its own.
        """
        from network import wiring
        from network.services.bookings import standing
        from network.services.shift import LOOK_BACK

        moved = self.at(at)
        clock = SimulatedClock(moved) if moved else None
        with (
            self.out.stages() if reach else nullcontext() as listen,
            wiring.ground(
                self.settings,
                self.regency,
                via=self.flags.via.value,
                lab_id=self.settings.lab,
                clock=clock,
                listen=listen,
                reach=reach,
            ) as ground,
        ):
            if moved and ground.via == Via.DIRECT:
                raise Refused("cli.refused.at_direct")
            if reach:
                self.tell_way(ground.via)
            if moved:
                self.out.note("cli.at.simulated", at=self.local(moved))
            found = standing(ground.desk, ground.hands.clock.now() - LOOK_BACK)
            self.regency, self.boosts, self.via = found.regency, found.boosts, ground.via
            yield ground

    def tell_way(self, way: str) -> None:
        """By which way the devices are reached: who did not ask for memory is told of it, others when they want to know."""
        fallen = way == Via.MEMORY and self.flags.via is Via.AUTO and not self.out.as_json
        self.out.note("cli.via.became_memory" if fallen else f"cli.via.{way}", level=0 if fallen else 1)

    def wish(self, reason: str, now: datetime) -> Wish:
        from network.services.apply import Wish

        return Wish(regency=self.regency, reason=reason, now=now, boosts=self.boosts, arm_seconds=self.settings.arm_seconds)

    def at(self, written: str | None) -> datetime | None:
        """A time as a person writes it: local to the regency unless it names an offset. Raises UsageError."""
        if written is None:
            return None
        value = moment_of(written)
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise UsageError("cli.usage.time_range", value=written)
        return value if value.tzinfo else value.replace(tzinfo=self.regency.zone)

    def now(self) -> datetime:
        return SystemClock().now()

    def local(self, value: datetime | None) -> str:
        """A moment in the regency's local time, with the zone's name; a dash for none."""
        return moment(value, self.regency.zone, self.language) if value else "–"

    def long(self, value: timedelta) -> str:
        return span(value, self.language)

    def rate(self, bits: int | None) -> str:
        return rate(bits, self.language)


def session(ctx: typer.Context) -> Session:
    """The session of this call."""
    found = ctx.find_object(Session)
    assert found is not None, "every context is made below the one that `run` gave a session"
    return found
