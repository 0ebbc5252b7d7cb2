"""Round trips as an office feels them: small UDP packets over the path of an application or of everything else. Measures
only; its process runs ahead of the generator's, so that it feels the queues and not the processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from network.lab import prober
from network.lab.lab import LabState
from network.lab.traffic import endpoints
from network.lab.workers import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to probe: from one office to an address of `application` (None: of no application) over `uplink`."""

    office: str
    uplink: str
    application: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """`at` is on the machine's monotonic clock in seconds; `rtt` in seconds, None when no answer came."""

    at: float
    rtt: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    target: Target
    samples: tuple[Sample, ...]

    def between(self, start: float, end: float) -> ProbeResult:
        """The samples sent from `start` to `end` on the monotonic clock."""
        return ProbeResult(target=self.target, samples=tuple(s for s in self.samples if start <= s.at < end))

    def percentile(self, percent: int) -> float | None:
        """Seconds that `percent` of the answered round trips did not exceed (nearest rank); None without an answer."""
        answered = sorted(sample.rtt for sample in self.samples if sample.rtt is not None)
        return answered[max(0, -(-len(answered) * percent // 100) - 1)] if answered else None

    @property
    def loss(self) -> float:
        """The part of the packets that no answer came to, 0 to 1."""
        lost = sum(sample.rtt is None for sample in self.samples)
        return lost / len(self.samples) if self.samples else 0.0


class RunningProbe:
    """Probes under way. Leaving the context ends them."""

    def __init__(self, lab: LabState, targets: Sequence[Target], seconds: float, interval: float) -> None:
        self._targets = tuple(targets)
        spec = {
            "interval": interval,
            "targets": [endpoints(lab.plan, each.office, each.uplink, each.application) for each in self._targets],
        }
        self._worker = Worker(prober.__name__, lab.plan, seconds, spec)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._worker.__exit__(kind, error, trace)

    def stop(self) -> tuple[ProbeResult, ...]:
        """End now; one result a target, in their order."""
        return self._results(self._worker.stop())

    def wait(self) -> tuple[ProbeResult, ...]:
        """Until the time is up."""
        return self._results(self._worker.wait())

    def _results(self, raw: dict[str, Any]) -> tuple[ProbeResult, ...]:
        return tuple(
            ProbeResult(target=target, samples=tuple(Sample(at, rtt) for at, rtt in samples))
            for target, samples in zip(self._targets, raw["samples"], strict=True)
        )


def probe(lab: LabState, target: Target, seconds: float, interval: float = 0.02) -> ProbeResult:
    """Probe one target for `seconds`, one packet every `interval` seconds. Raises LabError as Traffic.start does."""
    with RunningProbe(lab, (target,), seconds, interval) as running:
        return running.wait()[0]
