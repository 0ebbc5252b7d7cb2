"""An announcement as a CloudEvent 1.0, in its structured JSON form. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

from network.core.booking import Announcement

TYPE: Final = "id.lajur."
"""What the type of every event begins with: a name turned round, as the specification advises."""


_TOLD: Final = ("requested", "granted", "rejected", "cancelled")
_TAKES_PLACE: Final = ("opened", "closed", "skipped")
KINDS: Final = (
    *(f"{noun}.{verb}" for noun in ("boost", "window") for verb in (*_TOLD, *_TAKES_PLACE)),
    *(f"plan.{verb}" for verb in (*_TOLD[1:], "used")),
)
"""All that is announced."""


def cloud_event(what: Announcement, *, id: str, regency: str, at: datetime) -> str:
    """The event as JSON text, as it is signed and sent. `id` and source together are never used twice."""
    event = {
        "specversion": "1.0",
        "id": id,
        "source": f"/v1/regencies/{regency}",
        "type": TYPE + what.kind,
        "subject": what.subject,
        "time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": dict(what.data),
    }
    return json.dumps(event, sort_keys=True, separators=(",", ":"))
