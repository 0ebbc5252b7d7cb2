"""Who gets a release, in which order: a canary, then some, then all; and back again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from network.core.releases.values import Batch

Servers: TypeAlias = tuple[str, ...]


def batches(servers: Sequence[str], rules: Iterable[Batch]) -> tuple[Servers, ...]:
    """Every server once, in order. A rule says how many servers have the release after its batch; a percentage is rounded up, and
    a rule that adds nobody makes no batch. Whoever no rule names is in the last one."""
    made: list[Servers] = []
    done, every = 0, len(servers)
    for rule in rules:
        wanted = rule.count if rule.count is not None else -(-(rule.percent or 0) * every // 100)
        upto = min(every, wanted)
        if upto > done:
            made.append(tuple(servers[done:upto]))
            done = upto
    return (*made, tuple(servers[done:])) if done < every else tuple(made)


def in_turn(servers: Sequence[str], out: Collection[str]) -> Servers:
    """Those that nobody is sent to come first, else as they are written: the canary is one that nobody misses, and no other
    server is taken out while one is out already."""
    return tuple(sorted(servers, key=lambda server: server not in out))


def way_back(forward: Sequence[Servers], leaving: Iterable[str], out: Collection[str] = ()) -> tuple[Servers, ...]:
    """Those of `leaving` in the groups in which they go back: who is `out` already first, then whoever got the release last; and
    never more at once than the largest batch had, so that going back empties the edge no more than going forward did."""
    wanted = set(leaving)
    order = in_turn([server for batch in reversed(forward) for server in batch if server in wanted], out)
    most = max((len(batch) for batch in forward), default=1)
    return tuple(order[at : at + most] for at in range(0, len(order), most))
