"""Text for the shell, and a device's text for people. Pure."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 600


def word(text: str) -> str:
    """One word for the shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def shown(text: str) -> str:
    """A device's words for a message: one line, no control characters, bounded."""
    line = " / ".join(part.strip() for part in text.splitlines() if part.strip())
    clean = "".join(each if each.isprintable() else "?" for each in line)
    return clean if len(clean) <= _LONGEST else f"{clean[:_LONGEST]}…"
