"""Words that several answers and requests share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError, PydanticKnownError

from inventory.model import Rates as TruthRates
from inventory.units import Bandwidth, Direction
from network.core.reason import Reason
from network.messages import Language, text

MOST_OFFICES: Final = 400


def _in_range(value: datetime) -> datetime:
    if not 2000 <= value.year < 2200:
        raise PydanticCustomError("moment_range", "a moment between 2000 and 2199")
    return value.astimezone(UTC)


def _as_text(value: object) -> object:
    """A number of seconds is no moment that a person wrote."""
    if not isinstance(value, (str, datetime)) or (isinstance(value, str) and value[10:11] not in ("T", "t", " ")):
        raise PydanticKnownError("datetime_type")
    return value


def _as_number(value: object) -> object:
    """A number is written as one: `"5"` and `true` are none."""
    if isinstance(value, (str, bool)):
        raise PydanticKnownError("int_type")
    return value


def _written(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


LINE: Final = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
"""One line of text that is not only blanks."""

Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_as_text),
    AfterValidator(_in_range),
    Field(
        description="RFC 3339 with an offset",
        examples=["2026-08-18T08:00:00+09:00"],
        json_schema_extra={"pattern": "^(20|21)[0-9]{2}-"},
    ),
]
"""In requests."""

At = Annotated[datetime, PlainSerializer(_written, return_type=str), Field(json_schema_extra={"format": "date-time"})]
"""In answers: UTC."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$", examples=["bappeda"])]
"""In requests: what the truth calls an office, an uplink, an application or a window."""

Words = Annotated[str, Field(min_length=1, max_length=500, pattern=LINE)]
"""In requests: one line that a person wrote."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=LINE)]
"""In requests: what people call something, as long as the truth lets it be."""

Rate = Annotated[
    str,
    Field(
        pattern=r"^((0|[1-9][0-9]{0,11}) bit/s|(0|[1-9][0-9]{0,6})(\.[0-9]{1,3})? (kbit/s|Mbit/s))$",
        examples=["50 Mbit/s", "6.803 Mbit/s", "512 kbit/s", "0 bit/s"],
    ),
]


Whole: Final = BeforeValidator(_as_number)
"""Beside an int, after its bounds."""

Flag = Annotated[bool, Field(strict=True)]


class Sent(BaseModel):
    """Base of every request: what it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(frozen=True)


class RatesSent(Sent):
    """A rate for each direction, as an office sees it."""

    down: Rate
    up: Rate

    def rates(self) -> TruthRates:
        return TruthRates(down=Bandwidth.parse(self.down), up=Bandwidth.parse(self.up))


class RatesTold(Told):
    """Whole bit/s."""

    down: int
    up: int

    @classmethod
    def of(cls, rates: TruthRates) -> RatesTold:
        return cls(down=int(rates.down), up=int(rates.up))


class ReasonTold(Told):
    """`code` for programs, `detail` for people."""

    code: str
    detail: str

    @classmethod
    def of(cls, reason: Reason, language: Language) -> ReasonTold:
        return cls(code=reason.code, detail=text(reason.code, language, reason.fields))


def unproven(links: Mapping[str, Sequence[str]], language: Language) -> list[ReasonTold]:
    """What is said beside a promise over links that nobody has proven, by office."""
    return [
        ReasonTold.of(Reason(code="plan.unproven", fields={"office": office, "links": " ".join(keys)}), language)
        for office, keys in links.items()
    ]


class PageOf(Told):
    """Base of every page: `next` is the address of the one that follows, absent at the end."""

    next: str | None = None


DirectionTold = Direction
