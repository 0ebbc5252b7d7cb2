"""The record that a server was taken over, on the server itself: who holds it, under which name, since when. Pure texts."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Final

PATH: Final = "/var/lib/lajur/adopted"
READ: Final = f"head -c 4096 {PATH} 2>/dev/null || true\n"
_NAMES: Final = ("regency", "server", "at")


def written(record: Mapping[str, str]) -> str:
    """The shell text that writes it, whole or not at all; nothing is done when it stands there already."""
    text = shlex.quote(json.dumps({name: record[name] for name in _NAMES}))
    return (
        f"umask 077; mkdir -p /var/lib/lajur\nprintf '%s\\n' {text} >{PATH}.part\n"
        f"if cmp -s {PATH}.part {PATH}; then rm {PATH}.part; else mv {PATH}.part {PATH}; fi\n"
    )


def read(text: str) -> dict[str, str] | None:
    """What stood on the machine; None when there was nothing that we wrote."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or set(found) != set(_NAMES) or not all(isinstance(each, str) for each in found.values()):
        return None
    return {name: found[name][:200] for name in _NAMES}
