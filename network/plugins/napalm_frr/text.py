"""FRR's configuration as a tree: reading the text, writing it. Pure; knows no command's meaning, only what opens a block.

A tree is an ordered mapping from a line to the tree below it. The order among siblings means nothing to FRR (lists carry
sequence numbers), so two trees are equal whatever their order; a line that is repeated stands once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

Tree = dict[str, "Tree"]
Path = tuple[str, ...]
"""The lines from the top down to one line, that line last."""

_LEAVES: Final = re.compile(r"(exit|quit|exit-[a-z0-9-]+)$")
_CAPTIONS: Final = re.compile(r"(Building configuration\.\.\.|Current configuration:|frr version .*|frr defaults .*)$")
_TOP: Final = re.compile(
    r"(no )?("
    r"interface|router|route-map|vrf|bfd$|pbr-map|nexthop-group|l2vpn|segment-routing|rpki$|line vty|key chain|mpls (ldp|label)|"
    r"ip (route|prefix-list|access-list|forwarding|nht|import-table|protocol|router-id|community-list|as-path)|"
    r"ipv6 (route|prefix-list|access-list|forwarding|nht|protocol|router-id)|access-list|"
    r"bgp (community-list|as-path|extcommunity-list|large-community-list)|"
    r"hostname|domainname|log|service|debug|password|enable password|banner|frr |agentx|zebra|router-id|fpm|username|"
    r"allow-external-route-update"
    r")\b"
)
_OPENERS: Final = re.compile(
    r"(interface \S|router \S|route-map \S+ (permit|deny) \d|vrf \S|bfd$|pbr-map \S|nexthop-group \S|l2vpn \S|rpki$|"
    r"segment-routing$|line vty$|key chain \S|mpls ldp$|address-family \S|link-params$|vnc \S)"
)
_INNER: Final = {
    "key chain": re.compile(r"key \d"),
    "bfd": re.compile(r"(peer|profile) \S"),
    "address-family": re.compile(r"(vni \d|interface \S)"),
    "segment-routing": re.compile(r"(traffic-eng|srv6)$"),
}
_SIBLINGS: Final = tuple(map(re.compile, ("address-family ", r"key \d", r"vni \d", "(peer|profile) ")))
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Unreadable(ValueError):
    """A line that cannot be configuration; the text names it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and at which line of the text (from 1) each of its lines stands."""

    tree: Tree
    numbers: dict[Path, int]


def is_block(line: str, parent: str = "") -> bool:
    """Whether lines may stand below this one."""
    if _OPENERS.match(line):
        return True
    return any(parent.startswith(above) and inner.match(line) for above, inner in _INNER.items())


def parse(text: str) -> Parsed:
    """Read configuration as `show running-config` prints it, and as people write it: with or without indentation, with or
    without `exit`. Comments and captions are passed over, runs of blanks count as one. Raises Unreadable."""
    reader = _Reader()
    for number, raw in enumerate(text.splitlines(), 1):
        if _UNPRINTABLE.search(raw):
            raise Unreadable(f"line {number} has a control character: {raw[:80]!r}")
        line = " ".join(raw.split())
        if not line or line[0] in "!#" or _CAPTIONS.match(line):
            continue
        if line == "do" or line.startswith("do "):
            raise Unreadable(f"line {number} is no configuration: {line[:80]!r}")
        reader.take(line, len(raw) - len(raw.lstrip()), number)
    return Parsed(reader.tree, reader.numbers)


def render(tree: Tree, depth: int = 0) -> str:
    """The text of a tree, as `show running-config` lays it out."""
    parts = []
    for line, below in tree.items():
        parts.append(f"{' ' * depth}{line}\n")
        if below:
            parts.append(render(below, depth + 1))
        if below or is_block(line):
            parts.append(f"{' ' * depth}{ending(line)}\n")
            parts.append("!\n" if depth == 0 else "")
    return "".join(parts)


def ending(line: str) -> str:
    """What closes the block that a line opens."""
    if line.startswith("address-family "):
        return "exit-address-family"
    return "exit-vrf" if line.startswith("vrf ") else "exit"


def block(tree: Tree, path: Path) -> Tree:
    """The tree below a path, made where it is missing."""
    for line in path:
        tree = tree.setdefault(line, {})
    return tree


@dataclass(slots=True)
class _Open:
    line: str
    indent: int
    path: Path
    indented: bool = False


class _Reader:
    """Takes line after line. `_open` are the blocks that are not closed, outermost first."""

    def __init__(self) -> None:
        self.tree: Tree = {}
        self.numbers: dict[Path, int] = {}
        self._open: list[_Open] = []
        self._last: _Open | None = None

    def take(self, line: str, indent: int, number: int) -> None:
        if line == "end":
            self._open.clear()
            return
        if _LEAVES.match(line):
            self._leave(indent)
            return
        self._find_parent(line, indent)
        parent = self._open[-1] if self._open else None
        path = (*parent.path, line) if parent else (line,)
        block(self.tree, path)
        self.numbers.setdefault(path, number)
        here = _Open(line, indent, path)
        self._last = here
        if is_block(line, parent.line if parent else ""):
            self._open.append(here)

    def _find_parent(self, line: str, indent: int) -> None:
        last = self._last
        if last and last not in self._open and indent > last.indent and last.path[:-1] == self._path():
            self._open.append(last)
        while self._open:
            top = self._open[-1]
            if indent > top.indent:
                top.indented = True
                return
            flat = indent == top.indent and not top.indented
            if flat and not (indent == 0 and _TOP.match(line) and not _of_vrf(top.line, line)) and not _again(top.line, line):
                return
            self._open.pop()

    def _leave(self, indent: int) -> None:
        while self._open and self._open[-1].indent > indent:
            self._open.pop()
        if self._open and self._open[-1].indent == indent:
            self._open.pop()
        self._last = None

    def _path(self) -> Path:
        return self._open[-1].path if self._open else ()


def _of_vrf(block_line: str, line: str) -> bool:
    """Routes of a VRF that somebody wrote without indentation."""
    return block_line.startswith("vrf ") and line.removeprefix("no ").startswith(("ip route ", "ipv6 route ", "router-id"))


def _again(block_line: str, line: str) -> bool:
    """A block that ends because its sibling begins."""
    return any(each.match(block_line) and each.match(line) for each in _SIBLINGS)
