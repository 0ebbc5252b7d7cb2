"""The first look at devices: log in to each, all at once, and set what they show beside the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.regency import Regency
from network.core.inspection import Facts, Inspector, Remark, Weight, judge
from network.core.ports import Runner
from network.errors import LajurError


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One device: its facts and what to know of them, or the error that stood in the way."""

    device: str
    facts: Facts | None = None
    remarks: tuple[Remark, ...] = ()
    error: LajurError | None = None

    @property
    def wants_mending(self) -> bool:
        return any(remark.weight is Weight.MEND for remark in self.remarks)


def inspect(names: Sequence[str], regency: Regency, inspector: Inspector, runner: Runner) -> tuple[Verdict, ...]:
    """In the order of `names`. An error of one device is its verdict and stops no other."""

    def one(name: str) -> Verdict:
        facts = inspector.inspect(name)
        return Verdict(device=name, facts=facts, remarks=judge(regency, regency.device(name), facts))

    results = runner.each(names, one)
    return tuple(
        result if isinstance(result, Verdict) else Verdict(device=name, error=result) for name, result in results.items()
    )
