"""What an end holds beside what it is to hold, line by line, as every dialect says it. Pure; knows no platform's words.

A `Want` claims the lines of one section that begin with its `scope`: those are ours, and nothing else is. So what other people
have written on the device stays, and what we no longer want goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

MASK: Final = "********"
"""Stands for a secret wherever a person or a record sees the line."""

_ANNOUNCED: Final = re.compile(r"\b(?:key|md5|password|secret|cipher|hmac-\S+|authentication-key)\b")

Keys = Callable[[str], str]
"""The secret that a reference names. Raises Refused when it cannot be had."""


def as_written(line: str) -> str:
    return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One statement about a section: of the lines that begin with `scope`, just `line` is to stand there; None: none of them.

    `shape` is the line without what is this end's alone, so that equal changes of many devices look the same. `same` makes two
    spellings of one line equal. `silent`: the device writes nothing where `line` holds. `clears`: an old line must go before
    the new one can come. `public`, where the scope holds a secret, is the part of `line` that may be shown.
    """

    section: str
    scope: str
    line: str | None = field(repr=False)
    shape: str = ""
    section_shape: str
    same: Callable[[str], str] = field(default=as_written, repr=False)
    silent: bool = False
    clears: bool = False
    public: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Where wants stand: the head as the device writes it, and its shape."""

    head: str
    shape: str = ""

    def want(
        self,
        scope: str,
        line: str | None,
        *,
        shape: str = "",
        same: Callable[[str], str] = as_written,
        silent: bool = False,
        clears: bool = False,
        public: str | None = None,
    ) -> Want:
        return Want(
            section=self.head,
            section_shape=self.shape or self.head,
            scope=scope,
            line=line,
            shape=shape,
            same=same,
            silent=silent,
            clears=clears,
            public=public,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a difference. `sign` is + or -; `text` shows no secret. The shapes are without what is this end's alone."""

    sign: str
    section: str
    section_shape: str
    text: str
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line to take away or to put, as the dialect is to say it. `text` holds secrets."""

    section: str
    scope: str
    remove: bool
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`changes` in the order in which they are said: what must go first, then what comes. `inverse` leads back."""

    lines: tuple[Line, ...] = ()
    changes: tuple[Change, ...] = ()
    inverse: tuple[Change, ...] = ()

    @property
    def digest(self) -> str:
        """Equal for ends on which the same is changed, whatever their own addresses and names are."""
        said = "\n".join(f"{line.section_shape}\n{line.sign}{line.shape}" for line in self.lines)
        return sha256(said.encode()).hexdigest()[:16] if self.lines else ""


def compare(wants: Sequence[Want], running: Mapping[str, Sequence[str]], *, hides_keys: bool = False) -> Difference:
    """What leads from `running` (by section, the lines as the device writes them) to what is wanted."""
    lines: list[Line] = []
    removed: list[Change] = []
    added: list[Change] = []
    again: list[Change] = []
    for want in wants:
        there = [line for line in running.get(want.section, ()) if begins(line, want.scope)]
        stays = [line for line in there if want.line is not None and _equal(line, want, hides_keys)]
        comes = want.line if not stays and (there or not want.silent) else None
        for line in there:
            if line not in stays:
                lines.append(_line("-", want, _shown(line, want)))
                again.append(_change(want, line, remove=False))
                if want.clears or comes is None:
                    removed.append(_change(want, line, remove=True))
        if comes is not None:
            lines.append(_line("+", want, _shown(comes, want)))
            added.append(_change(want, comes, remove=False))
    undone = [replace(change, remove=True) for change in reversed(added)]
    return Difference(lines=tuple(lines), changes=(*removed, *added), inverse=(*undone, *again))


def _change(want: Want, text: str, *, remove: bool) -> Change:
    return Change(section=want.section, scope=want.scope, remove=remove, text=text)


def begins(line: str, scope: str) -> bool:
    """The line is the scope itself, or goes on after a blank."""
    return line == scope or line.startswith(f"{scope} ")


def _equal(line: str, want: Want, hides_keys: bool) -> bool:
    assert want.line is not None
    if want.public is not None and hides_keys:
        return begins(line, want.public)
    return want.same(line) == want.same(want.line)


def _shown(line: str, want: Want) -> str:
    """Whatever stands in a scope that holds secrets is one, ours or not: only what comes before it is shown. Elsewhere what
    follows a word that announces a secret is taken for one."""
    if want.public is None:
        return hidden(line)
    return f"{want.public if begins(line, want.public) else want.scope} {MASK}"


def hidden(line: str) -> str:
    """The line, or whatever else a device said, up to a word that announces a secret."""
    found = _ANNOUNCED.search(line)
    return f"{line[: found.end()]} {MASK}" if found and line[found.end() :].strip() else line


def _line(sign: str, want: Want, text: str) -> Line:
    return Line(
        sign=sign,
        section=want.section,
        section_shape=want.section_shape,
        text=text,
        shape=(want.shape or text) if sign == "+" else f"{want.scope} …",
    )
