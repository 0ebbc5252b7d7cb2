"""Words that several answers and requests share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from inventory.model import Rates as TruthRates
from inventory.units import Bandwidth, Direction
from network.core.reason import Reason
from network.messages import Language, text

MOST_OFFICES: Final = 400
_LATEST: Final = datetime(2199, 12, 31, tzinfo=UTC)
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


def _in_range(value: datetime) -> datetime:
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError("a moment between 2000 and 2199")
    return value.astimezone(UTC)


def _written(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_in_range),
    Field(description="RFC 3339 with an offset", examples=["2026-08-18T08:00:00+09:00"]),
]
"""In requests."""

At = Annotated[datetime, PlainSerializer(_written, return_type=str), Field(json_schema_extra={"format": "date-time"})]
"""In answers: UTC."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$", examples=["bappeda"])]
"""In requests: what the truth calls an office, an uplink, an application or a window."""

Words = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
"""In requests: one line that a person wrote."""

Rate = Annotated[
    str,
    Field(pattern=r"^(0|[1-9][0-9]{0,6}) (bit/s|kbit/s|Mbit/s)$", examples=["50 Mbit/s", "512 kbit/s", "0 bit/s"]),
]


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


class PageOf(Told):
    """Base of every page: `next` is the address of the one that follows, absent at the end."""

    next: str | None = None


DirectionTold = Direction
