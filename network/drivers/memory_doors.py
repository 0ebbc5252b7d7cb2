"""Edges that live in this process and let in whom they were told. The twin of `plays_doors`; implements `Doors`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from network.core.releases.values import Problem, Told, Trouble


def _silent() -> None:
    """Nothing happens meanwhile."""


class MemoryDoors:
    """`maps`: by workload and edge the offices that are let in, by their network; `unreachable`: edges that cannot be told.
    `pulse` is called before any edge is told anything; what it raises leaves all of them as they are."""

    def __init__(self) -> None:
        self.maps: dict[tuple[str, str], dict[str, str]] = {}
        self.unreachable: set[str] = set()
        self.pulse: Callable[[], None] = _silent

    def let_in(
        self, workload: str, edges: Sequence[str], opened: Mapping[str, str], *, check: bool = False
    ) -> Mapping[str, Told]:
        self.pulse()
        return {edge: self._told((workload, edge), dict(opened), check=check) for edge in edges}

    def _told(self, door: tuple[str, str], opened: dict[str, str], *, check: bool) -> Told:
        if door[1] in self.unreachable:
            return Told(trouble=Trouble(problem=Problem.UNREACHABLE))
        changed = self.maps.get(door) != opened
        if not check:
            self.maps[door] = opened
        return Told(changed=changed)
