"""A candidate configuration: its text, how it is to be laid over what runs, and what is raised when it is bad. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Self

from napalm.base.exceptions import MergeConfigException, NapalmException, ReplaceConfigException

from napalm_frr.changes import Command, is_kernels, merged, paths, replaced
from napalm_frr.masks import masked
from napalm_frr.text import Parsed, Tree, Unreadable, block, parse

MTU_LEAST: Final = 68
MTU_MOST: Final = 65535
"""What the kernel takes for Ethernet at all; an interface may take less."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`text` as it was given; `whole` says that it replaces everything."""

    text: str
    parsed: Parsed
    whole: bool

    @classmethod
    def of(cls, text: str, *, whole: bool) -> Self:
        """Raises MergeConfigException or ReplaceConfigException for a text that cannot be configuration."""
        try:
            return cls(text, parse(text), whole)
        except Unreadable as error:
            raise _kind(whole)(str(error)) from error

    @classmethod
    def before(cls, text: str, kernel: str, ethernet: Collection[str]) -> Self:
        """What a device ran: FRR's text, and the kernel's words for the interfaces that were touched. The MTU of an interface
        that is not `ethernet` is no configuration: the loopback's is 65536 by itself."""
        parsed = parse(text)
        for words in (line.split() for line in kernel.splitlines()):
            if words[:1] == ["mtu"] and len(words) == 3 and words[1] in ethernet:
                block(parsed.tree, (f"interface {words[1]}",))[f"mtu {words[2]}"] = {}
        return cls(text, parsed, whole=True)

    def wanted(self, running: Tree) -> Tree:
        """What would run after it."""
        return replaced(running, self.parsed.tree) if self.whole else merged(running, self.parsed.tree)

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every line that FRR is to understand, as it was given: also one that would change nothing."""
        every = (Command(path[:-1], path[-1]) for path in paths(self.parsed.tree))
        return tuple(each for each in every if not is_kernels(each))

    @property
    def raised(self) -> tuple[str, ...]:
        """Interfaces that are not to be shut."""
        tree = self.parsed.tree
        return tuple(line.split()[1] for line in tree if line.startswith("interface ") and "no shutdown" in tree[line])

    @property
    def bad_mtu(self) -> Command | None:
        """The first MTU that no interface can have. FRR has no such command, so nobody else would tell."""
        every = (Command(path[:-1], path[-1]) for path in paths(self.parsed.tree))
        given = (each for each in every if is_kernels(each) and not each.line.startswith("no "))
        return next((each for each in given if not _is_mtu(each.line.removeprefix("mtu").strip())), None)

    @property
    def abbreviated(self) -> Command | None:
        """The first line of which FRR would make a block, but which does not say its whole word."""
        firsts = ((line, line.removeprefix("no ").partition(" ")[0]) for line in self.parsed.tree)
        short = (line for line, first in firsts if any(each.startswith(first) and each != first for each in _BLOCKS))
        return next((Command((), line) for line in short), None)

    def where(self, command: Command) -> str:
        """How a person finds a command in this text: its line, or that it follows from the text."""
        path = (*command.path, command.line)
        number = self.parsed.numbers.get(path)
        named = " > ".join(map(masked, path))
        return f"line {number} ({named})" if number else f"`{named}`"

    def error(self, text: str) -> NapalmException:
        return _kind(self.whole)(text)


_BLOCKS: Final = ("interface", "router", "route-map")


def _is_mtu(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) <= len(str(MTU_MOST)) and MTU_LEAST <= int(said) <= MTU_MOST


def _kind(whole: bool) -> type[NapalmException]:
    kind: type[NapalmException] = ReplaceConfigException if whole else MergeConfigException
    return kind
