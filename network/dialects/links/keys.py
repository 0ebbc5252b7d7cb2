"""What a routing protocol's key may be made of, so that every platform takes it as one word. Pure; never shows a key."""

from __future__ import annotations

import re
from typing import Final

from network.errors import Refused

_KEY: Final = re.compile(r"[!-~]{1,16}")
"""RFC 2328 gives a key 16 octets; a blank would end the word, and `?` would ask a terminal for help."""

_QUESTION: Final = "?"


def usable(key: str, reference: str) -> str:
    """The key itself. Raises Refused that names the reference."""
    if not _KEY.fullmatch(key) or _QUESTION in key:
        raise Refused("links.key_unfit", reference=reference)
    return key
