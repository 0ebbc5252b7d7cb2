"""What came from outside, made fit to be stored and shown: bounded, and nothing in it that a terminal would obey."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 200
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""Categories that a terminal or a page obeys, or that show nothing: control, format (direction marks), surrogates, separators."""


def clean(text: str | bytes, most: int = LONGEST) -> str:
    """At most `most` characters; what cannot be seen stands as its escape (`\\x1b`). An ellipsis says that more was there."""
    if isinstance(text, bytes):
        text = text[: 4 * most + 4].decode("utf-8", errors="backslashreplace")
    seen: list[str] = []
    size = 0
    for letter in text.strip()[: most + 1]:
        one = _escaped(letter) if unicodedata.category(letter) in _UNSEEN else letter
        size += len(one)
        if size > most:
            return "".join(seen) + "…"
        seen.append(one)
    return "".join(seen)


def _escaped(letter: str) -> str:
    point = ord(letter)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
