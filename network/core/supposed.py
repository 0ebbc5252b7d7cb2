"""What questions that begin with "what if" are answered, as values: `network.core.what_if` makes them. Bit/s throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inventory.units import Direction
from network.core.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Bit/s. `difference` is below 0 where there would be less."""

    now: int
    then: int
    difference: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One office on one uplink in one direction."""

    office: str
    uplink: str
    direction: Direction
    protected: bool
    guarantee: Change
    ceiling: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """A link that the offices behind it fill with guarantees: more of the uplink brings them no more.

    `kind` and `key` say whose link it is; `ceiling` is what it carries of the uplink, `stopped` how much of the extra would be
    theirs by share and does not come through. It goes to others as far as they have room.
    """

    kind: Literal["hub", "office"]
    key: str
    ceiling: int
    stopped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Where the contracted rate of one uplink and direction goes: to headroom, default class, guarantees, and what is unpromised.

    `headroom` includes what the device's step rounds off; `unpromised` is guaranteed to nobody. `busy` is what all offices send
    together when each wants all it can get: what of the shaped rate can reach an office at all.
    """

    uplink: str
    direction: Direction
    contracted: Change
    headroom: Change
    default_class: Change
    guaranteed: Change
    unpromised: Change
    busy: Change
    bottlenecks: tuple[Bottleneck, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """`offices` has every office on `uplink`, and on the others those whose numbers would change too: a link without `shares`
    is divided among uplinks in proportion to what is contracted, so more of one may leave less of another.
    """

    uplink: str
    uplinks: tuple[Balance, ...]
    offices: tuple[Effect, ...]
    notes: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One office in one direction over all uplinks, guarantees in bit/s.

    `left`: on the uplinks that remain, as their devices hold it. `rewritten`: the same once the failed uplink is taken out of the
    truth. `base`: what the base policy gives while all are there; `floor`: the sum of its floors. `below` is the graver that
    `left` falls below.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """All guarantees of offices on an uplink that remains, bit/s: as they stand, and once the truth drops the failed one."""

    uplink: str
    direction: Direction
    guaranteed: int
    rewritten: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """An application that loses its uplink: its `destinations` that leave by it, and what was reserved there, bit/s.

    `goes_to`: the uplinks that would take them over when the failed one's link is down, none when there is no way out;
    `reserved_there`: what the application has reserved on those.
    """

    application: str
    destinations: tuple[str, ...]
    reserved: Mapping[Direction, int]
    goes_to: tuple[str, ...]
    reserved_there: Mapping[Direction, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """`takes_over`: the default uplink, None when it is the failed one. `offices` has the worst hit first, protected ones before
    others that are hit as much.
    """

    uplink: str
    takes_over: str | None
    uplinks: tuple[Remaining, ...]
    offices: tuple[Left, ...]
    applications: tuple[Cut, ...]
    notes: tuple[Reason, ...]
