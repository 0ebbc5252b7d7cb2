"""Configuration without its passwords and keys. Pure."""

from __future__ import annotations

import re
from typing import Final

REMOVED: Final = "<removed>"

_SECRETS: Final = re.compile(
    r"^(\s*(?:"
    r"neighbor \S+ password|ip ospf message-digest-key \d+ md5|ip ospf authentication-key|key-string|password(?: 8)?|"
    r"enable password(?: 8)?|ip rip authentication string|(?:isis|area-password|domain-password)(?: password)? (?:md5|clear)|"
    r"area \S+ virtual-link \S+ (?:message-digest-key \d+ md5|authentication-key)|ip eigrp authentication \S+|"
    r"bmp .* password|rpki cache .* |vrrp \d+ authentication|peer \S+ password"
    r") ).*$",
    re.MULTILINE,
)


def masked(text: str) -> str:
    """The text with every secret replaced; a line may stand at any depth."""
    return _SECRETS.sub(rf"\g<1>{REMOVED}", text)
