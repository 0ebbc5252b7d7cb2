"""Questions that begin with "what if", and their answers. Rates in answers are whole bit/s."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from inventory.model import Rates
from inventory.units import Bandwidth, Direction
from network.core import supposed
from network.messages import Language
from qos_api.schemas.common import At, Key, Moment, RatesTold, ReasonTold, Sent, Told

Extra = Annotated[
    str,
    Field(
        pattern=r"^-?((0|[1-9][0-9]{0,11}) bit/s|(0|[1-9][0-9]{0,6})(\.[0-9]{1,3})? (kbit/s|Mbit/s))$",
        examples=["50 Mbit/s", "-512 kbit/s", "0.5 Mbit/s"],
    ),
]
"""In requests: so much more, below 0 so much less."""


def _absent() -> Any:
    """A field that may be left out, and yet is never null when it is there."""
    return None


class MoreSent(Sent):
    """So much more contracted on `uplink`."""

    uplink: Key
    down: Extra
    up: Extra

    def rates(self) -> Rates:
        return Rates(down=_parsed(self.down), up=_parsed(self.up))


class WithoutSent(Sent):
    """`uplink` fails."""

    uplink: Key


class WhatIfSent(Sent):
    """Exactly one of `more` and `without`. `at` absent: now."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["more"]}, {"required": ["without"]}],
            "examples": [{"more": {"uplink": "satellite", "down": "50 Mbit/s", "up": "10 Mbit/s"}}],
        }
    )

    more: MoreSent = Field(default_factory=_absent)
    without: WithoutSent = Field(default_factory=_absent)
    at: Moment | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_question(cls, value: Any) -> Any:
        if isinstance(value, dict) and len(value.keys() & {"more", "without"}) != 1:
            raise PydanticCustomError("literal_error", "one question", {"expected": "'more' or 'without'"})
        return value

    @property
    def question(self) -> MoreSent | WithoutSent:
        return self.more if "more" in self.model_fields_set else self.without


class ChangeTold(Told):
    """`difference` is below 0 where there would be less."""

    now: int
    then: int
    difference: int


class EffectTold(Told):
    """One office on one uplink in one direction."""

    office: str
    uplink: str
    direction: Direction
    protected: bool
    guarantee: ChangeTold
    ceiling: ChangeTold


class BottleneckTold(Told):
    """A link that is guaranteed in full: `stopped` of the extra would be for the offices behind it, and goes to others."""

    kind: Literal["hub", "office"]
    key: str
    ceiling: int
    stopped: int


class BalanceTold(Told):
    """`contracted` is the sum of `headroom`, `default_class`, `guaranteed` (to offices) and `unpromised`. `busy`: what all
    offices send together when each wants all it can get.
    """

    uplink: str
    direction: Direction
    contracted: ChangeTold
    headroom: ChangeTold
    default_class: ChangeTold
    guaranteed: ChangeTold
    unpromised: ChangeTold
    busy: ChangeTold
    bottlenecks: list[BottleneckTold]


class MoreTold(Told):
    """`offices`: every one on `uplink`, and on other uplinks those whose numbers would change too."""

    uplink: str
    extra: RatesTold
    uplinks: list[BalanceTold]
    offices: list[EffectTold]
    notes: list[ReasonTold]

    @classmethod
    def of(cls, answer: supposed.More, extra: Rates, language: Language) -> MoreTold:
        return cls(
            uplink=answer.uplink,
            extra=RatesTold.of(extra),
            uplinks=[BalanceTold.model_validate(each, from_attributes=True) for each in answer.uplinks],
            offices=[EffectTold.model_validate(each, from_attributes=True) for each in answer.offices],
            notes=[ReasonTold.of(each, language) for each in answer.notes],
        )


class LeftTold(Told):
    """One office in one direction over all uplinks: guaranteed now, left on the uplinks that remain, and left once the failed one
    is taken out of the regency's files. `below`: the graver of what `left` falls below.
    """

    office: str
    direction: Direction
    protected: bool
    now: int
    left: int
    rewritten: int
    base: int
    floor: int
    below: Literal["floor", "base"] | None


class RemainingTold(Told):
    """All guarantees on an uplink that remains: as they stand, and once the failed one is taken out of the files."""

    uplink: str
    direction: Direction
    guaranteed: int
    rewritten: int


class CutTold(Told):
    """An application that loses its uplink. `goes_to`: which uplinks take it over when the failed one's link is down."""

    application: str
    destinations: list[str]
    reserved: RatesTold
    goes_to: list[str]
    reserved_there: RatesTold


class WithoutTold(Told):
    """`offices` has the worst hit first. `takes_over`: the default uplink, null when it is the one that fails."""

    uplink: str
    takes_over: str | None
    uplinks: list[RemainingTold]
    offices: list[LeftTold]
    applications: list[CutTold]
    notes: list[ReasonTold]

    @classmethod
    def of(cls, answer: supposed.Without, language: Language) -> WithoutTold:
        return cls(
            uplink=answer.uplink,
            takes_over=answer.takes_over,
            uplinks=[RemainingTold.model_validate(each, from_attributes=True) for each in answer.uplinks],
            offices=[LeftTold.model_validate(each, from_attributes=True) for each in answer.offices],
            applications=[_cut(each) for each in answer.applications],
            notes=[ReasonTold.of(each, language) for each in answer.notes],
        )


class WhatIfTold(Told):
    """The answer stands under the question's name. `windows` and `boosts`: what acts at `at` and counts on both sides."""

    regency: str
    at: At
    windows: list[str]
    boosts: list[str]
    more: MoreTold | None = None
    without: WithoutTold | None = None


def _parsed(written: str) -> Bandwidth:
    rate = Bandwidth.parse(written.removeprefix("-"))
    return Bandwidth(-rate) if written.startswith("-") else rate


def _cut(each: supposed.Cut) -> CutTold:
    reserved, there = (
        RatesTold(down=rates[Direction.DOWN], up=rates[Direction.UP]) for rates in (each.reserved, each.reserved_there)
    )
    return CutTold(
        application=each.application,
        destinations=list(each.destinations),
        reserved=reserved,
        goes_to=list(each.goes_to),
        reserved_there=there,
    )
