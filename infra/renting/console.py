"""The host keys that a new server tells on its console: whom to expect at its address, from whoever made it. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

_BLOCK: Final = re.compile(r"-----BEGIN SSH HOST KEY KEYS-----(.*?)-----END SSH HOST KEY KEYS-----", re.DOTALL)
_KEY: Final = re.compile(
    r"\b(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]{60,2000}={0,2})(?![A-Za-z0-9+/=])"
)

_FAKE: Final = "FAKE CONSOLE OUTPUT\n"


def host_keys(text: str) -> list[str]:
    """Kind and text of each key of the first whole block (as cloud-init prints it), in order; empty while there is none."""
    block = _BLOCK.search(text)
    found = _KEY.findall(block[1]) if block else []
    return sorted({f"{kind} {blob}" for kind, blob in found if _is_of(kind, blob)})


def is_fake(text: str) -> bool:
    """Whether this is the console that Nova's fake driver shows of every server: there is no machine, and never will be."""
    return text.startswith(_FAKE)


def _is_of(kind: str, blob: str) -> bool:
    try:
        held = base64.b64decode(blob, validate=True)
    except binascii.Error:
        return False
    return held[4 : 4 + len(kind)] == kind.encode()
