"""In which language this reader is served. Decided from the raw words and the environment, before anything is parsed.

Knows no message and prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

from network.errors import UsageError
from network.messages import Language, text
from network.settings import Settings

Say = Callable[..., str]
"""`say(code, **fields)`: the message of `code` in the reader's language."""

FLAG: Final = "--lang"
_NAMES: Final = ("LAJUR_LANG", "LC_ALL", "LANG")


def chosen(words: Sequence[str], environment: Mapping[str, str]) -> Language:
    """`--lang` wherever it stands before `--`, else the environment. A language that we do not speak is left to the parser."""
    spoken: tuple[Language, ...] = get_args(Language)
    named = [language for value in given(words, FLAG) for language in spoken if language == value]
    if named:
        return named[-1]
    names = {name: environment[name] for name in _NAMES if name in environment}
    try:
        wanted = Settings.read(names, Path("/")).language
    except UsageError:  # told by whoever reads the settings, and in the language that the machine has
        return chosen((), {name: value for name, value in names.items() if name != _NAMES[0]})
    return "id" if wanted == "id" else "en"


def speaker(language: Language) -> Say:
    def say(code: str, **fields: object) -> str:
        return text(code, language, fields)

    return say


def given(words: Sequence[str], flag: str) -> list[str]:
    """The values of a flag wherever it stands before `--`, in order."""
    found = []
    for position, word in enumerate(words):
        if word == "--":
            break
        if word == flag and position + 1 < len(words):
            found.append(words[position + 1])
        elif word.startswith(f"{flag}="):
            found.append(word.partition("=")[2])
    return found
