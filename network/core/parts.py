"""What each office has of a reserve, for many reserves at once: the same to the bit as `network.core.allocate` has it."""

from __future__ import annotations

import numpy as np

from network.core.levels import Integers
from network.core.sharing import Sharing


def parts(total: Integers, weights: Integers, sharing: Sharing) -> Integers:
    """Each of `total` (bit/s) in proportion to its row of `weights`, on the device's steps and at least what a queue can hold.

    Columns are in the order of ids. A row without any weight gives each the least.
    """
    whole = np.maximum(weights.sum(axis=1), 1)[:, np.newaxis]
    exact, rest = np.divmod(total[:, np.newaxis] * weights, whole)
    missing = np.where(weights.any(axis=1), total - exact.sum(axis=1), 0)
    exact += _rank(-rest) < missing[:, np.newaxis]
    step = sharing.steps.at_each(exact)
    lost = exact % step
    found = exact - lost
    missing = lost.sum(axis=1)
    alike = (step == step[:, :1]).all(axis=1)
    given = (_rank(-lost) < (missing // step[:, 0])[:, np.newaxis]) & (lost > 0) & alike[:, np.newaxis]
    found += np.where(given, step, 0)
    for row in (~alike).nonzero()[0].tolist():
        _hand_out(found[row], step[row], lost[row])
    return np.maximum(found, sharing.nominal)


def _rank(values: Integers) -> Integers:
    """The place of each value in its row, the smallest first, ties by column."""
    order = np.argsort(values, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(values.shape[1])[np.newaxis, :], axis=1)
    return rank


def _hand_out(found: Integers, step: Integers, lost: Integers) -> None:
    """What flooring took goes back step by step, the largest loss first, where steps are not alike."""
    left = int(lost.sum())
    for column in np.argsort(-lost, kind="stable").tolist():
        if lost[column] and step[column] <= left:
            found[column] += step[column]
            left -= int(step[column])
