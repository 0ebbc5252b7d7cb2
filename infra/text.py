"""What came from outside, made fit to be stored and shown: bounded, and nothing in it that a terminal would obey."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 200


def clean(text: str | bytes, most: int = LONGEST) -> str:
    """At most `most` characters; what cannot be seen (control, direction, blanks of other widths) stands as its escape. An
    ellipsis says that more was there."""
    if isinstance(text, bytes):
        text = text[: 4 * most + 4].decode("utf-8", errors="backslashreplace")
    seen: list[str] = []
    size = 0
    for letter in text.strip()[: most + 1]:
        one = letter if letter.isprintable() else _escaped(letter)
        size += len(one)
        if size > most:
            return "".join(seen) + "…"
        seen.append(one)
    return "".join(seen)


def _escaped(letter: str) -> str:
    point = ord(letter)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
