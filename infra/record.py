"""The record that a server was taken over, on the server itself: who holds it, under which name, since when; and, once giving it
back was begun, that it was, so that whoever has the same state elsewhere mends nothing on it. Pure texts."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Final

PATH: Final = "/var/lib/lajur/adopted"
RETURNING: Final = "/var/lib/lajur/returning"
"""Written by the first half of a return and taken away by the second. It counts before the record, which the first half takes."""
READ: Final = f"head -c 4096 {RETURNING} 2>/dev/null || head -c 4096 {PATH} 2>/dev/null || true\n"
_NAMES: Final = ("regency", "server", "at")
_BEGUN: Final = "returning"


def written(record: Mapping[str, str]) -> str:
    """The shell text that writes it, whole or not at all; nothing is done when it stands there already."""
    text = shlex.quote(json.dumps({name: record[name] for name in _NAMES}))
    return (
        f"umask 077; mkdir -p /var/lib/lajur\nprintf '%s\\n' {text} >{PATH}.part\n"
        f"if cmp -s {PATH}.part {PATH}; then rm {PATH}.part; else mv {PATH}.part {PATH}; fi\nrm -f {RETURNING}\n"
    )


def returning(record: Mapping[str, str]) -> str:
    """What stands in `RETURNING`."""
    return json.dumps({**{name: record[name] for name in _NAMES}, _BEGUN: "yes"})


def is_begun(found: Mapping[str, str] | None) -> bool:
    """Whether what stood on the machine says that giving it back was begun."""
    return found is not None and _BEGUN in found


def read(text: str) -> dict[str, str] | None:
    """What stood on the machine; None when there was nothing that we wrote."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if (
        not isinstance(found, dict)
        or set(found) - {_BEGUN} != set(_NAMES)
        or not all(isinstance(each, str) for each in found.values())
    ):
        return None
    return {name: found[name][:200] for name in found}
