"""API tokens: made once, shown once, kept as a digest. `lajur_<id>_<secret>`; the secret has 256 bits and nobody stores it."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from network.core.access import Caller, Role
from network.core.booking import Token
from network.errors import UsageError

LONGEST: Final = timedelta(days=366)
"""How long a token may hold: whoever still needs it next year says so again."""

LONGEST_NAME: Final = 100
_ROLES: Final = frozenset(role.value for role in Role)
_FORM: Final = re.compile(r"lajur_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A token as its bearer shows it. Its secret stands in no `repr`."""

    id: str
    secret: str


def mint(name: str, grants: Mapping[str, tuple[str, ...]], *, actor: str, now: datetime, expires: datetime) -> tuple[Token, str]:
    """A new token, and the text that its bearer keeps; it can never be shown again.

    Raises UsageError for a name, an end or a role that cannot be.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise UsageError("token.name", most=LONGEST_NAME)
    if not now < expires <= now + LONGEST:
        raise UsageError("token.expires", days=LONGEST.days)
    roles = [role for each in grants.values() for role in each]
    wrong = next((role for role in roles if role not in _ROLES), None)
    if wrong is not None or not roles:
        raise UsageError("token.grants", role=(wrong or "-")[:100], known=", ".join(Role))
    id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    kept = {regency: tuple(dict.fromkeys(each)) for regency, each in grants.items() if each}
    token = Token(id=id, name=name, digest=_digest(secret), grants=kept, actor=actor, created=now, expires=expires)
    return token, f"lajur_{id}_{secret}"


def parse(text: str) -> Shown | None:
    """What the bearer shows, None when it has not the form of a token of ours."""
    found = _FORM.fullmatch(text)
    return Shown(found[1], found[2]) if found else None


def is_of(token: Token, shown: Shown) -> bool:
    """Whether the secret is this token's, in a time that says nothing about how much of it was right."""
    return hmac.compare_digest(token.digest, _digest(shown.secret)) and token.id == shown.id


def caller(token: Token) -> Caller:
    """Who bears it and what they may do. A role that is no longer one gives nothing."""
    grants = {regency: frozenset(Role(role) for role in roles if role in _ROLES) for regency, roles in token.grants.items()}
    return Caller(name=f"token:{token.id}", grants=grants)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
