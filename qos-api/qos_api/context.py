"""Whose request this is, while it lasts: the correlator and the caller's name, for logs and answers. Threads inherit both."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final

CORRELATOR: Final = "x-correlator"
ACCEPTED: Final = re.compile(r"[a-zA-Z0-9\-_:;./<>{}]{1,256}")
"""As the CAMARA guidelines have it; an empty one says nothing and counts as none."""

correlator: ContextVar[str] = ContextVar("correlator", default="")
caller_name: ContextVar[str] = ContextVar("caller_name", default="")


def new_correlator() -> str:
    return secrets.token_hex(16)
