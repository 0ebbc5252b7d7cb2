"""What a script of the kit answers, as values. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from napalm_frr.changes import tidy, with_kernel
from napalm_frr.masks import masked
from napalm_frr.text import Tree, is_block, parse, render

_MTU: Final = re.compile(r"\d+: ([^:@\s]+)[@:].* mtu (\d+) .*link/ether ")
_DOWN: Final = re.compile(r"\d+: ([^:@\s]+)[@:][^<]*<(?!(?:[^>]*,)?UP[,>])")
_SHOWN: Final = re.compile(
    r"(?:\A|^\S+# show daemons\n)(.*)\n(?:\S+# show running-config\n)?(Building configuration\.\.\.\n[\s\S]*)", re.MULTILINE
)
"""The daemons in one line and the configuration, with or without vtysh's prompts."""
_WHOLE: Final = "\nCurrent configuration:\n"
"""Said by vtysh alone."""

_CAPTION: Final = re.compile(r"^frr (?:version|defaults) .*$", re.MULTILINE)
_PROMPT: Final = re.compile(r"\S+\(config[^)]*\)# ")
_REFUSED: Final = re.compile(r"line (\d+): (.*)")
_ECHO: Final = re.compile(r"(\[\d+\])?(,? line)?: .*")
"""The line itself, which may hold a secret: it is named anyway."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an answer: the word after the mark, what stood beside it, the lines below."""

    word: str
    rest: str
    text: str


@dataclass(frozen=True)
class Running:
    """The running configuration as it was read. `text` is vtysh's own, `mtus` of every Ethernet interface."""

    text: str
    daemons: frozenset[str]
    mtus: dict[str, int]
    down: frozenset[str] = frozenset()
    """Interfaces that are not enabled in the kernel, whoever did that."""

    @cached_property
    def tree(self) -> Tree:
        """Tidy, with the extension lines."""
        return tidy(with_kernel(parse(self.text).tree, self.mtus))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A commit that waits to be confirmed: who made it and why, which one it is, and the seconds until it goes back."""

    who: str
    message: str
    token: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was refused: its number (from 1) in the text that was sent, None when it is not known; what was said."""

    number: int | None
    said: str


def mark(nonce: str, said: str) -> str:
    """The line that begins a part of an answer."""
    return f"\n@{nonce} {said}\n"


def sections(answer: str, nonce: str) -> list[Section]:
    """The parts of an answer; none when it was cut off before the first. That it still works is no part."""
    parts = answer.split(f"\n@{nonce} ")[1:]
    found = []
    for part in parts:
        head, _, text = part.partition("\n")
        word, _, rest = head.partition(" ")
        if word != "works":
            found.append(Section(word, rest.strip(), text))
    return found


def running_of(said: Section, links: Section) -> Running:
    """Raises ValueError when it is not what vtysh and `ip link` print."""
    found = _SHOWN.search(said.text)
    if found is None:
        raise ValueError(masked(said.text)[-300:].strip() or "nothing")
    mtus = ethernet(links)
    down = frozenset(link[1] for line in links.text.splitlines() if (link := _DOWN.match(line)) is not None)
    shown = _described_once(found[2])
    text = shown if _WHOLE in shown else _laid_out(shown)
    return Running(text, frozenset(found[1].split()), mtus, down)


def _described_once(text: str) -> str:
    """Every daemon keeps the description of an interface, and one that was not there when it changed keeps an old one. FRR goes
    by zebra's, which is told first."""
    top, met, found = "", set(), []
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "!", "exit")):
            top = line
        if line.startswith(" description ") and top.startswith("interface "):
            if top in met:
                continue
            met.add(top)
        found.append(line)
    return "".join(found)


def ethernet(links: Section) -> dict[str, int]:
    """The Ethernet interfaces that `ip link` shows, and the MTU of each."""
    return {link[1]: int(link[2]) for line in links.text.splitlines() if (link := _MTU.match(line)) is not None}


def _laid_out(text: str) -> str:
    """What each daemon runs as one text, as vtysh puts it together: blocks after what stands for itself, the lines of an
    interface sorted."""
    captions = "".join(f"{line}\n" for line in dict.fromkeys(_CAPTION.findall(text)))
    found = sorted(parse(text).tree.items(), key=lambda each: is_block(each[0]))
    tree = {line: dict(sorted(below.items())) if line.startswith("interface ") else below for line, below in found}
    return f"{captions}{render(tree)}end\n"


def pending_of(held: Section) -> Pending:
    token, who, message = (*held.text.splitlines(), "", "", "")[:3]
    return Pending(who=who, message=message, token=token, seconds=int(held.rest) if held.rest.isdecimal() else 0)


def refusal_of(said: str, *, typed: bool = False) -> Refusal:
    """Where vtysh stumbled first, and over what; `typed` when it showed every line after its prompt."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if typed:
        at = [index for index, line in enumerate(lines) if _PROMPT.match(line)]
        words = lines[at[-1] + 1 :] if at else lines
        return Refusal(len(at) or None, " / ".join(words) or "refused")
    for index, line in enumerate(lines):
        if (found := _REFUSED.match(line)) is not None:
            before = " / ".join(each for each in lines[:index] if not _REFUSED.match(each))
            return Refusal(int(found[1]), before or _ECHO.sub("", found[2]))
    return Refusal(None, " / ".join(lines[-3:]))
