"""Configuration without its passwords and keys. Pure."""

from __future__ import annotations

import re
from typing import Final

REMOVED: Final = "<removed>"

_SECRETS: Final = re.compile(
    r"^(\s*(?:no )?(?:"
    r"neighbor \S+ password|(?:ip )?ospf message-digest-key \d+ md5|(?:ip )?ospf authentication-key|key-string|password(?: 8)?|"
    r"ipv6 ospf6 authentication key-id \d+ hash-algo \S+ key|openfabric password (?:md5|clear)|tcp-md5-auth|"
    r"enable password(?: 8)?|ip rip authentication string|(?:isis|area-password|domain-password)(?: password)? (?:md5|clear)|"
    r"area \S+ virtual-link \S+ (?:authentication (?:\S+ )?)?(?:message-digest-key \d+ md5|authentication-key)|"
    r"ip eigrp authentication \S+|bmp .* password|rpki cache .* |vrrp \d+ authentication|peer \S+ password"
    r") ).*$",
    re.MULTILINE,
)


def secret(text: str) -> bool:
    """Whether a secret stands in the text."""
    return _SECRETS.search(text) is not None


def masked(text: str) -> str:
    """The text with every secret replaced; a line may stand at any depth."""
    return _SECRETS.sub(rf"\g<1>{REMOVED}", text)
