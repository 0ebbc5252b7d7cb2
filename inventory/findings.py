"""What is wrong with the truth, as values: a message code, its fields, and where. Never text, never a decision."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

_LONGEST: Final = 200
_MOST_KNOWN: Final = 12


class Message(NamedTuple):
    """One template in Indonesian and English, with the same `str.format` fields in both."""

    id: str
    en: str


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Path = tuple[str | int, ...]
"""The way to an item: the file's stem, then keys and positions, for example ("offices", 3, "lan")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to put right. `code` names a template of `inventory.messages`, `fields` fill it.

    `file` is relative to the regency's folder and `line` counts from 1; line 0 means the file or folder as a whole.
    """

    code: str
    severity: Severity = Severity.ERROR
    path: Path = field(default=(), compare=False)
    file: str = ""
    line: int = 0
    fields: Mapping[str, str] = field(hash=False)


def finding(code: str, *path: str | int, **fields: object) -> Finding:
    """An error about the item at `path`; the loader adds file and line."""
    return Finding(code=code, path=path, fields=_shown(fields))


def warning(code: str, *path: str | int, **fields: object) -> Finding:
    return replace(finding(code, *path, **fields), severity=Severity.WARNING)


def note(code: str, *path: str | int, **fields: object) -> Finding:
    return replace(finding(code, *path, **fields), severity=Severity.INFO)


def finding_at(code: str, file: str, line: int = 0, /, **fields: object) -> Finding:
    """An error whose place in a file is already known."""
    return Finding(code=code, file=file, line=line, fields=_shown(fields))


def warning_at(code: str, file: str, line: int = 0, /, **fields: object) -> Finding:
    return replace(finding_at(code, file, line, **fields), severity=Severity.WARNING)


def shown(value: object) -> str:
    """Text that is safe and short enough to stand in a message, whatever a file or a spreadsheet had in it."""
    text = "".join(each if each.isprintable() else "·" for each in str(value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _shown(fields: Mapping[str, object]) -> dict[str, str]:
    return {name: shown(value) for name, value in fields.items()}


def nearest(word: str, known: Iterable[str]) -> dict[str, str]:
    """What the writer probably meant, as a field of a finding: `nearest` has the closest known words. When none is close there
    is `known` in its place, with those that there are, and the finding says that (`inventory.messages.NONE_NEAR`)."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=3, cutoff=0.6)
    if close:
        return {"nearest": ", ".join(close)}
    return {"known": ", ".join((*words[:_MOST_KNOWN], *("…" for _ in words[_MOST_KNOWN : _MOST_KNOWN + 1]))) or "-"}


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)
