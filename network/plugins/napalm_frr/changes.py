"""What a candidate would change: the tree that it leads to, a diff to read, the commands that carry it out and their inverse.

Pure. Everything is computed from the running configuration's tree and never leans on what a device remembers.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from napalm_frr import grammar
from napalm_frr.text import Path, Tree, block, ending, is_block

CAPTION: Final = "--- running\n+++ candidate"
HOSTNAME: Final = "hostname "
MTU: Final = "mtu "
DEFAULT_MTU: Final = 1500


@dataclass(frozen=True, slots=True)
class Command:
    """One command at its place; `path` are the blocks that it stands in."""

    path: Path
    line: str


@dataclass(frozen=True, slots=True)
class Delta:
    """Commands from one tree to another. `kernel` are those that FRR has no command for, as words: `mtu wan0 1400`,
    `hostname r1`; and `up wan0` for an interface that is down though FRR did not shut it."""

    commands: tuple[Command, ...] = ()
    kernel: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.commands or self.kernel)

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces whose state in the kernel may change, in order."""
        touching = [each for each in self.commands if not grammar.leaves_kernel(each.line)]
        named = [each.path[0] if each.path else each.line for each in touching]
        found = [line.split()[1] for line in named if line.removeprefix("no ").startswith("interface ")]
        return tuple(dict.fromkeys([*found, *(words[1] for words in self.kernel if words[0] in ("mtu", "up"))]))


@dataclass(slots=True)
class Script:
    """Commands as the text that vtysh reads. `places` says for each line of the text which command it is; None for lines
    that only enter or leave a block."""

    text: str = ""
    places: list[Command | None] = field(default_factory=list)

    def add(self, line: str, command: Command | None = None) -> None:
        self.text += f"{line}\n"
        self.places.append(command)


def tidy(tree: Tree, path: Path = ()) -> Tree:
    """A tree as FRR would show it: hidden defaults, needless `no` and empty blocks that always exist are left out."""
    clean: Tree = {}
    for raw, below in tree.items():
        line = grammar.canonical(path, raw)
        inner = tidy(below, (*path, line)) if below else {}
        if grammar.is_hidden(path, line) or (grammar.stays(line) and not inner):
            continue
        if line.startswith("no ") and not grammar.is_shown_no(path, line):
            continue
        _put(clean, path, line).update(inner)
    return clean


def merged(running: Tree, candidate: Tree) -> Tree:
    """The tree after the candidate has been typed into a device that runs `running`."""
    return tidy(_merge(copy.deepcopy(running), candidate, ()))


def replaced(running: Tree, candidate: Tree) -> Tree:
    """The tree of a whole configuration. One that names no host keeps the name."""
    wanted = tidy(candidate)
    if not any(line.startswith(HOSTNAME) for line in wanted):
        wanted = {line: {} for line in running if line.startswith(HOSTNAME)} | wanted
    return wanted


def diff(before: Tree, after: Tree) -> str:
    """What differs, to be read by people: removed and added lines below the blocks they stand in; empty when nothing does."""
    lines = list(_diff(before, after, 0))
    return "\n".join([CAPTION, *lines]) if lines else ""


def delta(before: Tree, after: Tree) -> Delta:
    """The commands that lead from one tree to another: first all that goes, the last first; then all that comes."""
    commands = [*_going(before, after, ()), *_again(before, after), *_coming(before, after, ())]
    kernel = [*_kernel(before, after)]
    return Delta(tuple(each for each in commands if not is_kernels(each)), tuple(kernel))


def script(commands: tuple[Command, ...]) -> Script:
    """Commands as text for vtysh: neighbours of one block share its header."""
    done = Script()
    here: Path = ()
    for command in commands:
        common = _common(here, command.path)
        for depth in range(len(here), common, -1):
            done.add(f"{' ' * (depth - 1)}{ending(here[depth - 1])}")
        for depth in range(common, len(command.path)):
            done.add(f"{' ' * depth}{command.path[depth]}")
        done.add(f"{' ' * len(command.path)}{command.line}", command)
        here = command.path
        if not command.line.startswith("no ") and is_block(command.line, here[-1] if here else ""):
            here = (*here, command.line)
    for depth in range(len(here), 0, -1):
        done.add(f"{' ' * (depth - 1)}{ending(here[depth - 1])}")
    return done


def missing(wanted: Tree, shown: Tree) -> list[Path]:
    """Every line of `wanted` that `shown` lacks."""
    return [path for path in paths(wanted) if not _has(shown, path)]


def paths(tree: Tree, above: Path = ()) -> Iterator[Path]:
    for line, below in tree.items():
        yield (*above, line)
        yield from paths(below, (*above, line))


def with_kernel(tree: Tree, mtus: dict[str, int]) -> Tree:
    """A running tree with the extension lines for what FRR does not show: the MTU of interfaces where it is not 1500."""
    whole = copy.deepcopy(tree)
    for name, mtu in mtus.items():
        if mtu != DEFAULT_MTU:
            block(whole, (f"interface {name}",))[f"{MTU}{mtu}"] = {}
    return whole


def _put(tree: Tree, path: Path, line: str) -> Tree:
    """Set a line in a block, in the place of the one with the same key; returns what stands below it."""
    if line in tree:
        return tree[line]
    key = grammar.key_of(path, line)
    for other in [each for each in tree if grammar.key_of(path, each) == key]:
        del tree[other]
    return tree.setdefault(line, {})


def _merge(tree: Tree, candidate: Tree, path: Path) -> Tree:
    for raw, below in candidate.items():
        line = grammar.canonical(path, raw)
        if line.startswith("no "):
            _take_away(tree, path, line)
        elif grammar.is_hidden(path, line):
            key = grammar.key_of(path, line)
            for other in [each for each in tree if grammar.key_of(path, each) == key]:
                del tree[other]
        else:
            inner = _merge(_put(tree, path, line), below, (*path, line))
            # In the candidate's own order: OSPF that meets an interface before its router-id chooses one by itself.
            del tree[line]
            tree[line] = inner
    return tree


def _take_away(tree: Tree, path: Path, line: str) -> None:
    thing = line.removeprefix("no ")
    key = grammar.key_of(path, thing)
    found = [each for each in tree if each == thing or each.startswith(f"{thing} ") or grammar.key_of(path, each) == key]
    for each in found:
        if grammar.stays(each):
            tree[each].clear()
        else:
            del tree[each]
    # Taking away a setting that is shown in its negative form only.
    if (not found and grammar.is_shown_no(path, line)) or (grammar.is_hidden(path, thing) and grammar.is_shown_no(path, line)):
        tree[line] = {}


def _diff(before: Tree, after: Tree, depth: int) -> Iterator[str]:
    for line, below in before.items():
        if line not in after:
            yield from _all("-", line, below, depth)
        elif inner := list(_diff(below, after[line], depth + 1)):
            yield f" {' ' * depth}{line}"
            yield from inner
    for line, below in after.items():
        if line not in before:
            yield from _all("+", line, below, depth)


def _all(sign: str, line: str, below: Tree, depth: int) -> Iterator[str]:
    yield f"{sign}{' ' * depth}{line}"
    for each, inner in below.items():
        yield from _all(sign, each, inner, depth + 1)


def _going(before: Tree, after: Tree, path: Path) -> Iterator[Command]:
    """The last first, and what stands in a block before what stands beside it: FRR forgets a neighbour's other lines with its
    first one, and will not hear of them afterwards."""
    coming = {grammar.key_of(path, line) for line in after if line not in before}
    leaves = []
    for line, below in reversed(before.items()):
        kept = line in after
        if below and (kept or grammar.stays(line)):
            yield from _going(below, after.get(line, {}), (*path, line))
        elif not kept:
            leaves.append(line)
    for line in leaves:
        replaced_in_place = grammar.key_of(path, line) in coming and not grammar.goes_first(line)
        if not replaced_in_place and not grammar.stays(line):
            yield Command(path, grammar.negated(line))


def _again(before: Tree, after: Tree) -> Iterator[Command]:
    """OSPF's hello times that are said once more because a dead time beside them goes: FRR computes the dead time from the hello
    time when it is told that, not when it is told to forget the other, and takes 40 s until then."""
    for head in before:
        if not head.startswith("interface "):
            continue
        old, new, path = before[head], after.get(head, {}), (head,)
        for whose in {grammar.dead_of(line) for line in old} - {grammar.dead_of(line) for line in new} - {None}:
            for line in new:
                if line in old and grammar.hello_of(line) == whose:
                    yield Command(path, grammar.negated(line))
                    yield Command(path, line)


def _coming(before: Tree, after: Tree, path: Path) -> Iterator[Command]:
    for line, below in after.items():
        if line not in before:
            yield Command(path, line)
        if below:
            yield from _coming(before.get(line, {}), below, (*path, line))


def is_kernels(command: Command) -> bool:
    """Whether FRR has no command for it. The host's name is told to both: to the system, which has it, and to FRR, which may
    show what it was told."""
    line = command.line.removeprefix("no ")
    if not command.path:
        return command.line.startswith(f"no {HOSTNAME}")
    return len(command.path) == 1 and command.path[0].startswith("interface ") and (line == "mtu" or line.startswith(MTU))


def _kernel(before: Tree, after: Tree) -> Iterator[tuple[str, ...]]:
    named = _hostname(after)
    if named and named != _hostname(before):
        yield "hostname", named
    for line in dict.fromkeys([*before, *after]):
        if line.startswith("interface "):
            old, new = _mtu(before.get(line, {})), _mtu(after.get(line, {}))
            if old != new:
                yield "mtu", line.split()[1], new


def _hostname(tree: Tree) -> str:
    return next((line.removeprefix(HOSTNAME) for line in tree if line.startswith(HOSTNAME)), "")


def _mtu(tree: Tree) -> str:
    return next((line.removeprefix(MTU) for line in tree if line.startswith(MTU)), str(DEFAULT_MTU))


def _common(one: Path, other: Path) -> int:
    same = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        same += 1
    return same


def _has(tree: Tree, path: Path) -> bool:
    for line in path:
        if line not in tree:
            return False
        tree = tree[line]
    return True
