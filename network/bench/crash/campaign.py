"""Many trials at once, in processes of their own."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from inventory.load import load_regency
from inventory.regency import Regency
from network.bench.crash.box import Kind
from network.bench.crash.trial import Tally, trials

_PART: Final = 5
"""Changes that a process takes at a time."""


def run(truth: Path, *, changes: int, seed: str, kinds: tuple[Kind, ...] = tuple(Kind)) -> Tally:
    """Try so many random changes of the regency in this folder; on every processor that this process may use."""
    tally = Tally()
    # Fresh processes, not forks of this one: a fork would carry its threads' locks along.
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), get_context("spawn")) as pool:
        parts = [range(first, min(first + _PART, changes)) for first in range(0, changes, _PART)]
        for part in pool.map(partial(_part, truth, seed, kinds), parts):
            tally.add(part)
    return tally


def _part(truth: Path, seed: str, kinds: tuple[Kind, ...], numbers: range) -> Tally:
    return trials(_loaded(truth), seed, numbers, kinds)


@cache
def _loaded(truth: Path) -> Regency:
    return load_regency(truth)
