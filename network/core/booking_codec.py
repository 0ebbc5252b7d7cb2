"""A booking's value as JSON and back, exactly: what the ledger writes today it can still read next year.

Pure. Never guesses: a value that is not precisely what `encode` writes is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from inventory.model import Rates
from inventory.policy import Window
from inventory.units import Bandwidth
from network.core.booking import Approval, Kind, Previewed
from network.core.intent import Boost
from network.core.reason import Reason


def encode_value(value: Boost | Window | Previewed) -> dict[str, Any]:
    """JSON types only. Rates in bit/s, moments in UTC."""
    match value:
        case Boost():
            return {
                "id": value.id,
                "offices": list(value.offices),
                "uplink": value.uplink,
                "amount": {"down": int(value.amount.down), "up": int(value.amount.up)},
                "reason": value.reason,
                "created": _written(value.created),
                "starts": _written(value.starts),
                "expires": _written(value.expires),
                "actor": value.actor,
                "emergency": value.emergency,
            }
        case Window():
            return value.model_dump(mode="json", exclude_defaults=True)
        case Previewed():
            rows = [dict(row) for row in value.rows]
            unproven = {office: list(links) for office, links in value.unproven.items()}
            return {"digest": value.digest, "steps": value.steps, "rows": rows, "run": value.run, "unproven": unproven}


def decode_value(kind: Kind, value: Mapping[str, Any]) -> Boost | Window | Previewed:
    """What `encode_value` made `value` from. Raises ValueError for anything else."""
    try:
        match kind:
            case Kind.BOOST:
                return _boost(value)
            case Kind.WINDOW:
                return Window.model_validate(value)
            case Kind.PLAN:
                rows = tuple(value["rows"])
                unproven = {office: tuple(links) for office, links in value.get("unproven", {}).items()}
                return Previewed(digest=value["digest"], steps=value["steps"], rows=rows, run=value["run"], unproven=unproven)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise ValueError(f"not the value of a {kind}: {str(value)[:200]}") from error


def encode_needs(needs: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Fields become whole numbers or texts."""
    return [
        {"code": need.code, "fields": {name: field if type(field) is int else str(field) for name, field in need.fields.items()}}
        for need in needs
    ]


def decode_needs(value: list[dict[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(code=need["code"], fields=need["fields"]) for need in value)


def encode_approvals(approvals: tuple[Approval, ...]) -> list[dict[str, Any]]:
    return [{"actor": one.actor, "at": _written(one.at), "agreed": one.agreed, "note": one.note} for one in approvals]


def decode_approvals(value: list[dict[str, Any]]) -> tuple[Approval, ...]:
    return tuple(Approval(one["actor"], _read(one["at"]), one["agreed"], one["note"]) for one in value)


def _boost(value: Mapping[str, Any]) -> Boost:
    return Boost(
        id=value["id"],
        offices=tuple(value["offices"]),
        uplink=value["uplink"],
        amount=Rates(down=Bandwidth(value["amount"]["down"]), up=Bandwidth(value["amount"]["up"])),
        reason=value["reason"],
        created=_read(value["created"]),
        starts=_read(value["starts"]),
        expires=_read(value["expires"]),
        actor=value["actor"],
        emergency=value["emergency"],
    )


def _written(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone: {moment!r}")
    return moment.astimezone(UTC).isoformat()


def _read(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone: {text!r}")
    return moment
