"""What every script for a Linux device has in common: how it begins, how it is cut off safely, what it answers.

POSIX sh only (dash and busybox). A script is sent on the standard input of `sh`; all of it stands in one function that
is called by the last line, so that a script which arrives only in part does nothing at all. It answers with lines that
begin with a mark; nothing that `tc` or `ip` print begins so. Pure; never runs anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MARK: Final = "@@lajur"

HOME: Final = "/var/lib/lajur"
"""Where a device keeps its timers."""

_BEGIN: Final = f"""\
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C
export PATH LC_ALL
umask 077
say() {{ printf '{MARK} %s\\n' "$*"; }}
one_line() {{ tr -s '[:cntrl:]' ' ' | cut -c1-400; }}
need() {{
  for tool; do
    command -v "$tool" >/dev/null 2>&1 || {{ say lacks "$tool"; exit 3; }}
  done
}}
"""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_TEXT: Final = re.compile(r"[ -&(-~\n]*")


class Unreadable(ValueError):
    """The output is cut off, or not what the script prints. The text says where."""


class Lacking(ValueError):
    """The device lacks a program, an interface or the right to look. The text names it."""


class Answer(StrEnum):
    """How a script ended. FOREIGN: something that we did not make stands where the shaper would. MOVED: the device is at
    another turn than the script was sent for."""

    DONE = "done"
    REFUSED = "refused"
    FOREIGN = "foreign"
    ARMED = "armed"
    EXPIRED = "expired"
    MOVED = "moved"
    LACKS = "lacks"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last word of a script.

    `number` is the device's turn when it is done, the index of the step that was refused, or the seconds left of the timer
    that stands; `words` the line
    that was refused, the run that holds the device, or what it lacks; `said` the device's own words.
    """

    answer: Answer
    number: int | None = None
    words: str = ""
    said: str = ""


def script(body: str, *, functions: str = "") -> str:
    """A whole script from the lines of its body. `functions` are definitions that the body uses."""
    return f"{_BEGIN}{functions}lajur() {{\n{body}\n}}\nlajur\n"


def read_verdict(text: str) -> Verdict | None:
    """The verdict in a script's output; None when the output ends before it, so that nobody knows how it ended."""
    found: Verdict | None = None
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark != MARK:
            continue
        word, _, rest = rest.strip().partition(" ")
        if word == "said" and found:
            found = Verdict(found.answer, found.number, found.words, rest.strip())
        elif word in Answer.__members__.values():
            found = _verdict(Answer(word), rest)
    return found


def _verdict(answer: Answer, rest: str) -> Verdict:
    if answer is Answer.LACKS:
        return Verdict(answer, words=rest)
    number, _, words = rest.partition(" ")
    return Verdict(answer, int(number) if number.isdecimal() else None, words.strip())


def checked_name(name: str) -> str:
    """A run's or a timer's name, which becomes a file name and shell text. Raises ValueError unless [a-z0-9-], 64 at most."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name for a timer on a device: {name!r}")
    return name


def quoted(text: str) -> str:
    """One shell word. Raises ValueError for a quote or a control character: nothing that we write has any."""
    if not _TEXT.fullmatch(text):
        raise ValueError(f"not text for a script: {text[:80]!r}")
    return f"'{text}'"
