"""Which revision a caller read last: strong entity tags made of id and revision, `If-Match` and `If-None-Match`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from network.core.booking import Booking
from network.errors import UsageError
from qos_api.problems import DoorError

_LIST: Final = re.compile(r'\s*(?:W/)?"[\x21\x23-\x7e]*"\s*(?:,\s*(?:W/)?"[\x21\x23-\x7e]*"\s*)*')
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_LONGEST: Final = 2000


def etag(booking: Booking) -> str:
    return tag(booking.id, booking.revision)


def tag(id: str, revision: int | str) -> str:
    """Strong, quoted. `revision` of what is no booking: whatever changes when its answer does."""
    return f'"{_named(id)}.{revision}"'


def _named(id: str) -> str:
    """An id as a tag may hold it: a header is no place for every letter."""
    return quote(id, safe="-._~:")


@dataclass(frozen=True, slots=True)
class Match:
    """What `If-Match` says. `tags` None: any revision will do (`*`)."""

    tags: tuple[str, ...] | None

    def revision(self, id: str) -> int | None:
        """The revision of `id` that the change is about, None for any. Raises DoorError (412) when it names none of `id`."""
        if self.tags is None:
            return None
        for each in self.tags:
            name, _, revision = each.rpartition(".")
            if name == _named(id) and revision.isascii() and revision.isdecimal() and len(revision) < 10:
                return int(revision)
        raise DoorError("api.match_stale", status=412, id=id)


async def _match(
    request: Request,
    written: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The ETag that was read last; `*` for any.",
            json_schema_extra={"pattern": r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*"){0,9})$', "maxLength": 2000},
        ),
    ] = None,
) -> Match:
    given = ",".join(request.headers.getlist("if-match"))
    if written is None or not given.strip():
        raise DoorError("api.match_missing", status=428)
    if given.strip() == "*":
        return Match(None)
    if len(given) > _LONGEST or not _LIST.fullmatch(given):
        raise UsageError("api.match_bad")
    return Match(tuple(tag for weak, tag in _TAG.findall(given) if not weak))


IfMatch = Annotated[Match, Depends(_match)]
"""A parameter of every route that changes what is there: 428 without the header, 412 when it is about something else."""


def unchanged(request: Request, current: str) -> Response | None:
    """304 for a reader who has `current` (an ETag) already, else None. Compares weakly, as reads do."""
    given = ",".join(request.headers.getlist("if-none-match"))
    if not given or len(given) > _LONGEST:
        return None
    has = given.strip() == "*" or any(f'"{each}"' == current for _, each in _TAG.findall(given))
    return Response(status_code=304, headers={"ETag": current}) if has else None
