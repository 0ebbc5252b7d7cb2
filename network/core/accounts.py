"""The first password of a chat account: computed from a secret and the account's name, so that it is kept nowhere and the
operator can tell it again. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from typing import Final

_LETTERS: Final = 20
"""100 bits; without letters that look alike, as base32 has neither 0, 1, 8 nor 9."""
_GROUP: Final = 4


def first_password(master: str, account: str, domain: str) -> str:
    """That of `account`@`domain`, in groups that can be read out on the telephone. `master`: the regency's secret `chat/KEY`."""
    digest = hmac.new(master.encode(), f"{account}@{domain}".encode(), hashlib.sha256).digest()
    letters = b32encode(digest).decode().lower()[:_LETTERS]
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))
