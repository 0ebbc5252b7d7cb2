"""Which devices are polled in which half of an interval, so that of each link one end is asked in either half. Pure.

An agent may answer with what was seconds before (`rates.CACHE_SECONDS`): who asks both ends at the same moments learns of a cut
that fell just behind them an interval and a cache later. Asked by turns, at the same cost, half of that interval and a cache.
"""

from __future__ import annotations

from collections.abc import Collection

from inventory.regency import Regency

Halves = tuple[tuple[str, ...], tuple[str, ...]]


def halves(regency: Regency, asked: Collection[str]) -> Halves:
    """The devices of each half, in the order of the file, from those that can be `asked`.

    One that has a link to a device which cannot be asked, or which must share its half (a ring of three), is in both.
    """
    sides = _sides(regency)
    both = {
        near.device if near.device in asked else far.device
        for near, far in (link.ends for link in regency.links)
        if sides[near.device] == sides[far.device] or near.device not in asked or far.device not in asked
    }
    keys = [device.key for device in regency.devices if device.key in asked]
    first, second = (tuple(key for key in keys if key in both or sides.get(key, 0) == side) for side in (0, 1))
    return first, second


def _sides(regency: Regency) -> dict[str, int]:
    """0 or 1 for each device that has a link: its distance, in links, from the first device of its part of the network."""
    beside: dict[str, list[str]] = {}
    for link in regency.links:
        near, far = (end.device for end in link.ends)
        beside.setdefault(near, []).append(far)
        beside.setdefault(far, []).append(near)
    sides: dict[str, int] = {}
    for start in beside:
        waiting = [] if start in sides else [start]
        sides.setdefault(start, 0)
        while waiting:
            device = waiting.pop()
            for other in beside[device]:
                if other not in sides:
                    sides[other] = 1 - sides[device]
                    waiting.append(other)
    return sides
