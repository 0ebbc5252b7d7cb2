"""What a person probably meant by a name that nothing has. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from network.errors import UsageError


def perhaps(word: str, known: Iterable[str]) -> UsageError | tuple[()]:
    """The end of a message, for its field `nearest`: the names that are like `word`. Nothing when none is."""
    return suggested(get_close_matches(word, list(dict.fromkeys(known)), n=3))


def suggested(names: Iterable[str]) -> UsageError | tuple[()]:
    """The same for names that somebody else found near."""
    words = ", ".join(names)
    return UsageError("usage.perhaps", words=words) if words else ()
