"""One measured figure as `make bench` prints and writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`value` is the median of `samples`. `bar` with its `direction` is what was promised; without one nothing was."""

    id: str
    what: str
    value: float
    unit: str
    bar: float | None = None
    direction: Literal["<=", ">="] | None = None
    holds: bool | None = None
    samples: list[float] = field(default_factory=list)


def median_row(
    id: str,
    what: str,
    samples: list[float],
    unit: str,
    direction: Literal["<=", ">="] | None = None,
    bar: float | None = None,
) -> Row:
    """The row of these samples, and whether their median holds against the bar."""
    value = median(samples)
    holds = None if bar is None else value <= bar if direction == "<=" else value >= bar
    return Row(id=id, what=what, value=value, unit=unit, bar=bar, direction=direction, holds=holds, samples=samples)
