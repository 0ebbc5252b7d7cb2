"""Configuration that is written in sections: a head in the first column, its lines indented below it. FRR, IOS and EOS write so.

Reads and writes text; knows no statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from network.core.links.difference import Change

_ENDS: Final = ("exit", "end", "return", "quit")
_COMMENTS: Final = ("!", "#")
_AROUND: Final = ("Building configuration", "Current configuration")
"""What a terminal says around the text."""


def read_sections(text: str) -> dict[str, list[str]]:
    """By head: the lines below it, without indentation. A head that is met again goes on; lines of deeper sections are kept
    with their own indentation, so that they are never taken for the section's own."""
    found: dict[str, list[str]] = {}
    head, depth = "", 0
    for raw in text.splitlines():
        line = raw.rstrip()
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if not bare or bare in _ENDS or bare.startswith(_COMMENTS) or (not indent and bare.startswith(_AROUND)):
            continue
        if not indent:
            head, depth = bare, 0
            found.setdefault(head, [])
            continue
        depth = depth or indent
        found.setdefault(head, []).append(bare if indent == depth else line)
    return found


def write_sections(
    changes: Iterable[Change],
    removal: Mapping[str, int],
    *,
    order: tuple[str, ...] = (),
    negation: str = "no",
    leave: str = "exit",
) -> str:
    """The changes as text that a device merges, section by section; sections whose head begins with one of `order` come first.

    A removal is `negation` and the line, cut after so many words of it as `removal` says for its scope (else the whole line).
    A section is left by `leave`.
    """
    sections: dict[str, list[str]] = {}
    for change in changes:
        sections.setdefault(change.section, []).append(_said(change, removal, negation))
    heads = sorted(sections, key=lambda head: next((at for at, word in enumerate(order) if head.startswith(word)), len(order)))
    return "".join(f"{head}\n" + "".join(f" {line}\n" for line in sections[head]) + f"{leave}\n" for head in heads)


def _said(change: Change, removal: Mapping[str, int], negation: str) -> str:
    if not change.remove:
        return change.text
    words = change.text.split(" ")
    return f"{negation} " + " ".join(words[: removal.get(change.scope, len(words))])
