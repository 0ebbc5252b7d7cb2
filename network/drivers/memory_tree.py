"""What a router in memory holds of one shaper."""

from __future__ import annotations

from dataclasses import dataclass, field

from network.core.observed import Counter, Queue, Rule
from network.core.tree import NodeId


@dataclass(slots=True)
class Tree:
    """One shaper: queues, counters, and what is promised below each ceiling."""

    queues: dict[NodeId, Queue] = field(default_factory=dict)
    rules: frozenset[Rule] = frozenset()
    counters: dict[NodeId, Counter] = field(default_factory=dict)
    below: dict[NodeId, int] = field(default_factory=dict)

    def put(self, queue: Queue) -> int:
        """Hold the queue; returns by how many bit/s any ceiling on its way up is now promised too often."""
        self._promise(queue.node, -1)
        self.queues[queue.node] = queue
        self.counters.setdefault(queue.node, Counter(0, 0, 0))
        self._promise(queue.node, 1)
        worst, node = 0, queue.node if queue.buffer is None else queue.parent
        while node is not None and node in self.queues:
            worst = max(worst, self.below.get(node, 0) - self.queues[node].ceiling)
            node = self.queues[node].parent
        return worst

    def copy(self) -> Tree:
        return Tree(dict(self.queues), self.rules, dict(self.counters), dict(self.below))

    def drop(self, node: NodeId) -> None:
        self._promise(node, -1)
        del self.queues[node]
        del self.counters[node]

    def _promise(self, node: NodeId, sign: int) -> None:
        """A guarantee counts below every node above its leaf."""
        queue = self.queues.get(node)
        if queue is None or queue.buffer is None:
            return
        above = queue.parent
        while above is not None and above in self.queues:
            self.below[above] = self.below.get(above, 0) + sign * queue.guarantee
            above = self.queues[above].parent
