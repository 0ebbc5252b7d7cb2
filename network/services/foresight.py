"""Whether there will be room for the servers that come, asked of their clouds days ahead. Through ports only; changes nothing.

What is lacking is on record once, and again when it has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from network.core.build_words import error_of
from network.core.building import BuildEvent, Observation, Verb
from network.core.quotas import Lack, Room, coming, lacking, room_of
from network.errors import LajurError
from network.services.capacity_parts import CapacityHands
from network.services.infra import Errand, carry_out, observed

SUBJECT: Final = "quotas"
"""The subject of the observation of what was found lacking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """`unasked`: by cloud, why it could not be asked."""

    lacks: tuple[Lack, ...] = ()
    unasked: Mapping[str, LajurError] = field(default_factory=dict)


def foresee(hands: CapacityHands, now: datetime, *, keep: bool = True) -> Foresight:
    """Clouds are asked only when something of theirs is near; `keep`: on record. Raises Unfit for a rule that cannot be used."""
    near = tuple(dict.fromkeys(stay.entry.cloud for stay in coming(hands.regency, now)))
    rooms, unasked = _asked(hands, near) if near else ({}, {})
    lacks = lacking(hands.regency, now, rooms, observed(hands.build))
    if keep:
        _keep(hands, lacks, unasked, now)
    return Foresight(lacks=lacks, unasked=unasked)


def _asked(hands: CapacityHands, clouds: tuple[str, ...]) -> tuple[dict[str, Room], dict[str, LajurError]]:
    rooms: dict[str, Room] = {}
    unasked: dict[str, LajurError] = {}

    def listen(event: BuildEvent) -> None:
        cloud = event.text("cloud")
        if event.code == "infra.quotas" and cloud in clouds:
            rooms[cloud] = room_of(event.fields.get("quotas"))
        elif event.code == "infra.no_quotas" and cloud in clouds:
            unasked[cloud] = error_of({"code": event.fields.get("code"), "fields": event.fields.get("why"), "exit": 4})

    try:
        error = carry_out(Errand(verb=Verb.QUOTAS, clouds=clouds), hands.build, listen).error
    except LajurError as refused:
        error = refused
    if error is not None:
        unasked |= {cloud: error for cloud in clouds if cloud not in rooms and cloud not in unasked}
    return rooms, unasked


def _keep(hands: CapacityHands, lacks: tuple[Lack, ...], unasked: Mapping[str, LajurError], now: datetime) -> None:
    """Of clouds that could not be asked what was known stays."""
    build = hands.build
    before = build.observations.latest(build.regency, SUBJECT).get(SUBJECT)
    known = before.value.get("lacks") if before is not None else []
    known = [each for each in known if isinstance(each, Mapping)] if isinstance(known, list) else []
    found = [_value(each) for each in lacks]
    kept = [*found, *(dict(each) for each in known if each.get("cloud") in unasked)]
    if kept == [dict(each) for each in known]:
        return
    build.observations.put(build.regency, [Observation(subject=SUBJECT, at=now, value={"lacks": kept})])
    for lack, value in zip(lacks, found, strict=True):
        if value not in known:
            hands.note("capacity.short", lack.cloud, {name: value[name] for name in value if name != "cloud"})


def _value(lack: Lack) -> dict[str, Any]:
    return {
        "cloud": lack.cloud,
        "entry": lack.entry,
        "start": lack.start.astimezone(UTC).isoformat(),
        "quota": lack.quota,
        "needed": lack.needed,
        "free": lack.free,
    }
