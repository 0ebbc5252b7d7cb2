"""How a platform's queues share, as data: its steps and what every queue is set up with. Divides nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from network.core.rounding import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Rates in bit/s, sizes in bytes.

    `nominal` is what an inner node is given, which has a ceiling and nothing else, and the least that a leaf can be
    given. `quantum` is what weight 1 sends in a turn: one full frame. A leaf's buffer holds `delay_ms` of its guarantee
    and at least `least_frames` frames, because a shorter queue kills most probes of a small office (measured).
    """

    steps: Steps
    nominal: int
    quantum: int
    inner_quantum: int
    priority: int
    burst: int
    delay_ms: int
    least_frames: int

    def ceil(self, rate: int) -> int:
        """The smallest rate that the device can hold and that is at least `rate`."""
        return self.steps.floor(rate + self.steps.at(rate) - 1)

    def at_once(self, turn: int) -> int:
        """What a node may send at once above its ceiling, when a round of turns under it sends `turn` bytes.

        The leaves of a node send their turns one after another at the uplink's rate, which is above the node's ceiling.
        A node that ran out in the middle of the round would lose the rest of it: the leaves of a hub got a tenth less
        spare than the law gives them, though the hub's link was not full (measured). The root has nothing above it.
        """
        return max(self.burst, turn)

    def buffer(self, guarantee: int) -> int:
        return max(self.least_frames * self.quantum, guarantee * self.delay_ms // 8000)


LINUX_TC: Final = Sharing(
    steps=Steps(below=((10**6, 8), (10**9, 1000)), above=10**6),
    nominal=8_000,
    quantum=1514,
    inner_quantum=60_000,
    priority=3,
    burst=15_140,
    delay_ms=50,
    least_frames=6,
)
"""HTB with bfifo leaves: steps as `tc` prints rates, burst and inner classes as measured to follow the law of sharing."""
