"""Boosts and windows as they are asked for and told, and a second person's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.config import JsonDict

from inventory.policy import Window
from network.core.booking import Booking, Kind, Phase, State
from network.core.intent import Boost
from network.messages import Language
from network.services.bookings import BoostDraft
from qos_api.schemas.common import (
    MOST_OFFICES,
    At,
    Flag,
    Key,
    Moment,
    Name,
    PageOf,
    RatesSent,
    RatesTold,
    ReasonTold,
    Sent,
    Told,
    Whole,
    Words,
    unproven,
)

Local = Annotated[
    str,
    Field(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
        description="the regency's local time, without offset",
        examples=["2026-08-18T08:00"],
    ),
]

_BOOST: Final[JsonDict] = {
    "offices": ["dpmptsp", "disdukcapil"],
    "amount": {"down": "1 Mbit/s", "up": "512 kbit/s"},
    "reason": "a queue at the counter",
    "expires": "2026-08-18T12:00:00+09:00",
}
_WINDOW: Final[JsonDict] = {
    "key": "market-day",
    "name": "Hari pasar",
    "reason": "stalls are licensed on Wednesdays",
    "precedence": 200,
    "start": "2026-08-19T08:00",
    "end": "2026-08-19T12:00",
    "recurrence": "FREQ=WEEKLY;UNTIL=20261231T235959",
    "policy": {"offices": {"dpmptsp": {"share": 30}}},
}


def _once(value: list[str]) -> list[str]:
    return list(dict.fromkeys(value))


class BoostSent(Sent):
    """More for some offices for a while. `starts` absent: now. `uplink` absent: on every one."""

    model_config = ConfigDict(json_schema_extra={"examples": [_BOOST]})

    offices: Annotated[list[Key], Field(min_length=1, max_length=MOST_OFFICES), AfterValidator(_once)]
    uplink: Key | None = None
    amount: RatesSent
    reason: Words
    starts: Moment | None = None
    expires: Moment
    emergency: Annotated[Flag, Field(description="may also take from protected offices, never below a floor")] = False

    def draft(self) -> BoostDraft:
        return BoostDraft(
            offices=tuple(self.offices),
            uplink=self.uplink,
            amount=self.amount.rates(),
            reason=self.reason,
            starts=self.starts,
            expires=self.expires,
            emergency=self.emergency,
        )


class ChangeSent(Sent):
    """What a window replaces for a service class or an office; what is absent stays."""

    share: Annotated[int, Field(ge=0, le=1000), Whole] | None = None
    weight: Annotated[int, Field(ge=1, le=32), Whole] | None = None
    priority: Annotated[int, Field(ge=0, le=7), Whole] | None = None
    spare: Literal["lend", "none"] | None = None


class ReserveSent(Sent):
    """A part of an uplink set aside for one application's destinations."""

    application: Key
    uplink: Key
    rate: RatesSent
    divide: Literal["equally", "by_share"] = "equally"
    weight: Annotated[int, Field(ge=1, le=32), Whole] = 1
    priority: Annotated[int, Field(ge=0, le=7), Whole] = 3


class PolicySent(Sent):
    """At least one of them says something."""

    classes: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")], ChangeSent], Field(default_factory=dict, max_length=40)
    ]
    offices: Annotated[dict[Key, ChangeSent], Field(default_factory=dict, max_length=MOST_OFFICES)]
    reserves: Annotated[list[ReserveSent], Field(default_factory=list, max_length=40)]


class WindowSent(Sent):
    """A recurring time with its own policy, beside those of the regency's files."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WINDOW]})

    key: Key
    name: Name
    reason: Words
    precedence: Annotated[int, Field(ge=0, le=1000), Whole] = 100
    start: Local
    end: Local
    recurrence: Annotated[
        str | None,
        Field(max_length=400, description="RFC 5545 RRULE in local time", examples=["FREQ=DAILY;UNTIL=20260912T235959"]),
    ] = None
    exdates: Annotated[list[Local], Field(default_factory=list, max_length=400)]
    rdates: Annotated[list[Local], Field(default_factory=list, max_length=400)]
    calendar: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$", examples=["working_days"])] = "every_day"
    emergency: Flag = False
    policy: PolicySent

    def window(self) -> Window:
        """Raises pydantic's ValidationError for what the truth would not take either."""
        written = self.model_dump(exclude={"reason"}, exclude_none=True)
        return Window.model_validate({**written, "confirmed": True})


class NoteSent(Sent):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "seen at the counter"}]})

    note: Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class RejectionSent(Sent):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "not on a day of auctions"}]})

    note: Words


class ApprovalTold(Told):
    by: str
    at: At
    agreed: bool
    note: str


class BookingTold(Told):
    """What every booking has. `needs`: why a second person is asked."""

    id: str
    state: State
    phase: Phase
    requested_by: str
    reason: str
    created: At
    changed: At
    hold_until: At | None
    needs: list[ReasonTold]
    approvals: list[ApprovalTold]
    revision: int


class BoostTold(BookingTold):
    offices: list[str]
    uplink: str | None
    amount: RatesTold
    starts: At
    expires: At
    emergency: bool
    warnings: list[ReasonTold] = Field(description="which of its offices has a link that is not proven now")

    @classmethod
    def of(
        cls, booking: Booking, now: datetime, language: Language, lacking: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> BoostTold:
        """`lacking`: links that nobody has proven, by office."""
        value = booking.value
        assert isinstance(value, Boost), "boosts are found by that kind"
        return cls(
            **_common(booking, booking.phase(now), language),
            offices=list(value.offices),
            uplink=value.uplink,
            amount=RatesTold.of(value.amount),
            starts=value.starts,
            expires=value.expires,
            emergency=value.emergency,
            warnings=unproven({key: links for key, links in lacking.items() if key in value.offices}, language),
        )


class RequestTold(BookingTold):
    """Any booking, by its kind; `key` is what it is called: a window's key, else the id."""

    kind: Kind
    key: str

    @classmethod
    def of(cls, booking: Booking, now: datetime, language: Language) -> RequestTold:
        key = booking.value.key if isinstance(booking.value, Window) else booking.id
        return cls(**_common(booking, booking.phase(now), language), kind=booking.kind, key=key)


class RequestList(Told):
    items: list[RequestTold]


class ChangeTold(Told):
    share: int | None
    weight: int | None
    priority: int | None
    spare: str | None


class ReserveTold(Told):
    application: str
    uplink: str
    rate: RatesTold
    divide: str
    weight: int
    priority: int


class OccurrenceTold(Told):
    start: At
    end: At


class WindowTold(Told):
    """`source` is `truth` (the regency's files) or `request`; then `booking` says what became of the request.

    `next` is what is on, or the next time; absent when there is none any more.
    """

    key: str
    name: str
    source: Literal["truth", "request"]
    confirmed: bool
    active: bool
    precedence: int
    start: str
    end: str
    recurrence: str | None
    calendar: str
    emergency: bool
    classes: dict[str, ChangeTold]
    offices: dict[str, ChangeTold]
    reserves: list[ReserveTold]
    next: OccurrenceTold | None
    booking: BookingTold | None


class BoostPage(PageOf):
    items: list[BoostTold]


class WindowPage(PageOf):
    items: list[WindowTold]


class ShortfallTold(Told):
    """From `since` to `until` it does not fit under `place`: `missing` bit/s, with what acts together (`who`)."""

    since: At
    until: At
    who: list[str]
    place: str
    missing: int
    code: str
    detail: str


class OfferTold(Told):
    """What would fit. `amount` for a boost; `part` (percent of what was asked for) for a window's reserves."""

    kind: Literal["later", "smaller", "shorter"]
    starts: At
    ends: At
    amount: RatesTold | None
    part: float | None


class VerdictTold(Told):
    """What admission says now; nothing is kept."""

    fits: bool
    shortfalls: list[ShortfallTold]
    offers: list[OfferTold]
    needs: list[ReasonTold]
    warnings: list[ReasonTold] = Field(description="which of the offices has a link that is not proven now")


def _common(booking: Booking, where: Phase, language: Language) -> dict[str, Any]:
    return {
        "id": booking.id,
        "state": booking.state,
        "phase": where,
        "requested_by": booking.actor,
        "reason": booking.reason,
        "created": booking.created,
        "changed": booking.changed,
        "hold_until": booking.hold_until,
        "needs": [ReasonTold.of(need, language) for need in booking.needs],
        "approvals": [ApprovalTold(by=one.actor, at=one.at, agreed=one.agreed, note=one.note) for one in booking.approvals],
        "revision": booking.revision,
    }


def common(booking: Booking, now: datetime, language: Language) -> BookingTold:
    return BookingTold.model_validate(_common(booking, booking.phase(now), language))
