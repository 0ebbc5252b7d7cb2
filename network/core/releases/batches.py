"""Who gets a release, in which order: a canary, then some, then all; and back again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def way_back(forward: Sequence[Servers], leaving: Iterable[str]) -> tuple[Servers, ...]:
    """Those of `leaving` in the groups in which they go back: whoever got the release last goes first, and never more at once
    than the largest batch had, so that going back empties the edge no more than going forward did."""
    wanted = set(leaving)
    order = [server for batch in reversed(forward) for server in batch if server in wanted]
    most = max((len(batch) for batch in forward), default=1)
    return tuple(tuple(order[at : at + most]) for at in range(0, len(order), most))
