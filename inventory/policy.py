"""What the regency wishes: shares, weights, priorities, reserves, windows. Declared here, decided in the brain."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from inventory.units import Unfit
from inventory.values import ClassKey, Key, Rates, Text, Truth, written

Share = Annotated[int, Field(ge=0, le=1000, strict=True, description="division of guaranteed capacity above the floors")]
Weight = Annotated[int, Field(ge=1, le=32, strict=True, description="division of the spare within one priority")]
Priority = Annotated[int, Field(ge=0, le=7, strict=True, description="order in which the spare is given; 0 first")]
Spare = Literal["lend", "none"]
Moment = Annotated[
    datetime,
    BeforeValidator(written),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$",
            "examples": ["2026-08-18T08:00"],
            "description": "the regency's local time, without offset",
        }
    ),
]
CalendarWord = Annotated[
    str,
    Field(
        max_length=32,
        description="every_day, working_days, days_off, office_hours, or the key of a period in calendar.yaml",
        examples=["every_day", "working_days", "days_off", "office_hours"],
    ),
]

MOST_DATES = 400
"""Dates that one window may name beside its rule: more are a rule that nobody has written yet."""


class ServiceClass(Truth):
    """How a policy sees an office. `spare: none` means that the ceiling is the guarantee.

    `protected`: at equal capacity, no window or boost takes the guarantee of such an office below the base policy's.
    """

    share: Share
    weight: Weight = 1
    priority: Priority = 3
    spare: Spare = "lend"
    protected: bool = False


class ServiceClassChange(Truth):
    """What a window replaces in a service class; what it does not name stays."""

    share: Share | None = None
    weight: Weight | None = None
    priority: Priority | None = None
    spare: Spare | None = None


class Division(StrEnum):
    EQUALLY = "equally"
    BY_SHARE = "by_share"


class Reserve(Truth):
    """A part of an uplink set aside for one application's destinations, divided over all offices."""

    application: Key
    uplink: Key
    rate: Rates
    divide: Division = Division.EQUALLY
    weight: Weight = 1
    priority: Priority = 3


class Demand(Truth):
    """Ceilings that follow demand: `off`, `dry_run` (only shown) or `on`. Guarantees never follow it.

    A poll every `poll_seconds`; a ceiling is lowered after `quiet_polls` of them to what was seen and `room` percent more, and
    then held for `hold_minutes`; differences within `dead_band` percent change nothing. `changes_per_hour` is for each device.
    """

    mode: Literal["off", "dry_run", "on"] = "off"
    poll_seconds: Annotated[int, Field(ge=30, le=60, strict=True)] = 30
    quiet_polls: Annotated[int, Field(ge=3, le=20, strict=True)] = 4
    hold_minutes: Annotated[int, Field(ge=5, le=240, strict=True)] = 5
    dead_band: Annotated[int, Field(ge=10, le=50, strict=True)] = 10
    room: Annotated[int, Field(ge=20, le=400, strict=True)] = 50
    changes_per_hour: Annotated[int, Field(ge=2, le=60, strict=True)] = 12


class Approval(Truth):
    """When a request needs a second person, who is not the one who asked.

    `protected`: when it takes a protected office below what the base policy gives, as only an emergency may. `emergency`:
    when it is an emergency, whatever it takes. `above`: when it raises the guarantee of an office, or of all offices that it
    raises together, above so many percent of an uplink; null: never for that.
    """

    protected: bool = True
    emergency: bool = True
    above: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None


class Policy(Truth):
    """The base policy. `floors` by uplink key: the guarantee below which no office ever falls.

    `largest_move` is the largest part of an uplink, in percent, that one run may take from offices. `longest_boost` is how
    many hours a boost may last. `unproven_links`: what a plan does that grants more to an office over a link which nobody has
    proven yet, at first or above what this policy gives without windows and boosts: it says so (`warn`), or it is refused
    (`refuse`). What only gives back what a window or boost took is always carried out.
    """

    floors: dict[Key, Rates]
    classes: Annotated[dict[ClassKey, ServiceClass], Field(min_length=1)]
    reserves: tuple[Reserve, ...] = ()
    largest_move: Annotated[int, Field(ge=1, le=100, strict=True)] = 60
    demand: Demand = Demand()
    approval: Approval = Approval()
    longest_boost: Annotated[int, Field(ge=1, le=366 * 24, strict=True)] = 31 * 24
    unproven_links: Literal["warn", "refuse"] = "warn"


class PolicyChange(Truth):
    """The part of the policy that a window replaces. A reserve replaces the one of the same application and uplink."""

    classes: dict[ClassKey, ServiceClassChange] = Field(default_factory=dict)
    offices: dict[Key, ServiceClassChange] = Field(default_factory=dict)
    reserves: tuple[Reserve, ...] = ()


class Times(Truth):
    """When something recurs, in the words of RFC 5545.

    `start` and `end` are the first occurrence in the regency's local time, without offset; `recurrence` is an RFC 5545
    RRULE in the same local time. `exdates` are starts at which it does not take place, `rdates` further ones (RFC 5545,
    sections 3.8.5.1 and 3.8.5.2). `calendar` says on which of the days it takes place: `every_day`, `working_days`,
    `days_off`, `office_hours` (on working days, from the opening to the closing hour of each day instead of the times
    given here), or the key of a period in calendar.yaml (on its working days). The day of the start counts.

    What is not `confirmed` never acts.
    """

    confirmed: bool = False
    start: Moment
    end: Moment
    recurrence: Annotated[str, Field(max_length=400)] | None = None
    exdates: Annotated[tuple[Moment, ...], Field(max_length=MOST_DATES)] = ()
    rdates: Annotated[tuple[Moment, ...], Field(max_length=MOST_DATES)] = ()
    calendar: CalendarWord = "every_day"

    @field_validator("exdates", "rdates")
    @classmethod
    def _each_local(cls, value: tuple[datetime, ...]) -> tuple[datetime, ...]:
        return tuple(cls._local(each) for each in value)

    @field_validator("start", "end")
    @classmethod
    def _local(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            raise Unfit("window.offset", value=value.isoformat())
        if not 2000 <= value.year < 2200:
            raise Unfit("window.year", year=value.year)
        return value

    @field_validator("recurrence")
    @classmethod
    def _bounded_rule(cls, value: str | None) -> str | None:
        if value is not None and re.search(r"FREQ=(SECONDLY|MINUTELY|HOURLY)", value.upper()):
            raise Unfit("window.too_often", value=value)
        return value

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end <= self.start:
            raise Unfit("window.ends_first", at="end", start=f"{self.start:%Y-%m-%d %H:%M}", end=f"{self.end:%Y-%m-%d %H:%M}")
        if self.end - self.start > timedelta(days=366):
            raise Unfit("window.too_long", at="end", days=(self.end - self.start).days)
        return self


class Window(Times):
    """A recurring time with its own policy.

    The numbers of the offices that are `exempt` stay as they are. While an `emergency` acts, protected offices may be taken
    below what the base policy gives, never below a floor.
    """

    key: Key
    name: Text
    emergency: bool = False
    precedence: Annotated[int, Field(ge=0, le=1000, strict=True)] = 100
    exempt: tuple[Key, ...] = ()
    policy: PolicyChange
