"""What a cloud complains of, sorted: the code and the class of error that its words stand for. Pure.

The services say the same thing in several ways (`reference/openstack.md`, section 5): a quota is 409 of Neutron, 403 of Nova and
413 of Cinder. Where a status says nothing by itself the words decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from infra.errors import CloudError, CloudRefused, CloudUnfinished
from infra.text import clean

LONGEST: Final = 300
"""Characters of a cloud's own words."""
_ABSENT: Final = "–"

_KINDS: Final[Mapping[str, type[CloudError]]] = {
    "infra.cloud_away": CloudError,
    "infra.cloud_failed": CloudUnfinished,
    "infra.cloud_field": CloudRefused,
    "infra.cloud_forbidden": CloudRefused,
    "infra.cloud_foreign": CloudRefused,
    "infra.cloud_image_other": CloudRefused,
    "infra.cloud_in_use": CloudError,
    "infra.cloud_lacks": CloudRefused,
    "infra.cloud_login": CloudRefused,
    "infra.cloud_missing": CloudError,
    "infra.cloud_no_room": CloudError,
    "infra.cloud_other": CloudRefused,
    "infra.cloud_quota": CloudRefused,
    "infra.cloud_records": CloudUnfinished,
    "infra.cloud_timeout": CloudUnfinished,
    "infra.cloud_twice": CloudRefused,
    "infra.cloud_unoffered": CloudRefused,
    "infra.cloud_unknown": CloudRefused,
}
_QUOTA: Final = re.compile(
    r"quota exceeded|LimitExceeded|exceeds (available|allowed)|ExceedsAvailableQuota|too many key pairs", re.IGNORECASE
)
_NO_ROOM: Final = re.compile(r"no valid host|no weighed backend|no more ip addresses|no suitable host", re.IGNORECASE)
_LOGIN: Final = re.compile(r"HTTP 401|requires authentication|recognize Fernet token", re.IGNORECASE)
_AWAY: Final = re.compile(
    r"ConnectFailure|ConnectTimeout|Unable to establish connection|refused|timed out|not have any supported versions",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"\s*\(Request-ID: [^)]*\)")
"""What is told by itself."""
_REQUEST: Final = re.compile(r"\breq-[0-9a-f-]{8,40}")
_BY_STATUS: Final[Mapping[int, str]] = {
    400: "infra.cloud_field",
    401: "infra.cloud_login",
    403: "infra.cloud_forbidden",
    404: "infra.cloud_missing",
    409: "infra.cloud_in_use",
    413: "infra.cloud_quota",
    429: "infra.cloud_away",
    502: "infra.cloud_away",
    503: "infra.cloud_away",
    504: "infra.cloud_away",
}


def code_of(status: int | None, words: str) -> str:
    """The code for an answer with this status and these words; None is an answer without one."""
    if status in (None, 403, 409, 413) and _QUOTA.search(words):
        return "infra.cloud_quota"
    if _NO_ROOM.search(words):
        return "infra.cloud_no_room"
    if status in _BY_STATUS:
        return _BY_STATUS[status or 0]
    if status is None and _LOGIN.search(words):
        return "infra.cloud_login"
    return "infra.cloud_away" if _AWAY.search(words) else "infra.cloud_failed"


def error(code: str, *, cloud: str, what: str, reason: object, request: object = None) -> CloudError:
    """The error of that code, with the cloud's words cut to what can be shown."""
    words = str(reason or "").strip() or _ABSENT
    number = str(request or "") or next(iter(_REQUEST.findall(words)), _ABSENT)
    said = clean(" ".join(_NUMBERED.sub("", words).split()), LONGEST).removesuffix(".")
    return _KINDS[code](code, cloud=cloud, what=what, reason=said, request=clean(number, 60))
