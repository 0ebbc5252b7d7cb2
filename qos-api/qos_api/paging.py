"""Long lists, a page at a time: an opaque cursor that says where the next page begins, and a limit.

A cursor holds a plain position (an id, a moment, a number) and the list that it is of. It gives no right: the next page is asked
for, and judged, like the first. So it is checked for its shape and not signed.
"""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import Depends, Query
from starlette.requests import Request

from network.errors import UsageError

DEFAULT: Final = 50
MOST: Final = 200
LONGEST: Final = 600
_LONGEST_POSITION: Final = 200
_DIGITS: Final = 10
"""Numbers of the record have fewer than this: every database can compare them."""

SHAPE: Final = r"^[A-Za-z0-9_-]+$"


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for. `after` is a position that `next` was given before, None for the beginning."""

    request: Request
    limit: int
    after: str | None

    @property
    def number(self) -> int | None:
        """`after` as the whole number that it is. Raises UsageError (400) for a cursor that holds none."""
        if self.after is None:
            return None
        if not (self.after.isascii() and self.after.isdecimal() and len(self.after) < _DIGITS):
            raise UsageError("api.cursor")
        return int(self.after)

    def next(self, position: str | int) -> str:
        """The address of the page after `position`: the list's own, with the same filters."""
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
        return f"{quote(self.request.url.path)}?{urlencode([*kept, ('cursor', cursor(self.request.url.path, str(position)))])}"


def links(next_page: str | None) -> Mapping[str, str]:
    """The header that goes with a page (RFC 8288)."""
    return {"Link": f'<{next_page}>; rel="next"'} if next_page else {}


def moment(written: str) -> datetime:
    """A part of a position as the moment, in UTC, that it is. Raises UsageError (400) when it is none."""
    try:
        found = datetime.fromisoformat(written)
        if found.tzinfo is None:
            raise UsageError("api.cursor")
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError("api.cursor") from error


def cursor(path: str, position: str) -> str:
    written = json.dumps([path, position], separators=(",", ":")).encode()
    return urlsafe_b64encode(written).rstrip(b"=").decode("ascii")


def position(path: str, written: str) -> str:
    """Where a cursor of this list points. Raises UsageError (400) for anything else."""
    try:
        if not written.isascii() or len(written) > LONGEST:
            raise UsageError("api.cursor")
        found = json.loads(urlsafe_b64decode(written + "=" * (-len(written) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise UsageError("api.cursor") from error
    if not (isinstance(found, list) and len(found) == 2 and all(isinstance(each, str) for each in found)):
        raise UsageError("api.cursor")
    where, at = found
    if where != path or not 0 < len(at) <= _LONGEST_POSITION or not (at.isascii() and at.isprintable()):
        raise UsageError("api.cursor")
    return str(at)


async def _page(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = DEFAULT,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST, description="`next` of the page before has it.", json_schema_extra={"pattern": SHAPE}),
    ] = None,
) -> Page:
    return Page(request, limit, None if cursor is None else position(request.url.path, cursor))


Paging = Annotated[Page, Depends(_page)]
"""A parameter of every route that lists."""
