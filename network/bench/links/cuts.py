"""Rows `link.*`: how long after a fibre of the lab is cut the watch knows, by who tells it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from inventory.regency import Regency
from inventory.views import small_copy
from network import labs
from network.bench.rows import Row
from network.core.link_states import LinkTurn, Word
from network.errors import LabError
from network.link_wiring import link_ground
from network.services.link_watch import LinkWatch, Pace
from network.settings import Settings
from network.watching import link_post, live_post

OFFICES: Final = 6
CUTS: Final = 6
POLL: Final = 10.0
"""Seconds between two polls of a device where polls alone tell; with traps they are too far apart to tell first."""

_SELDOM: Final = 600.0
_PATIENCE: Final = 60.0
_LAB: Final = "bcuts"


def measure(settings: Settings, regency: Regency, report: Callable[[Row], None]) -> None:
    small = small_copy(regency, OFFICES)
    with TemporaryDirectory(prefix="lajur-bench-") as state:
        own = replace(settings, state=Path(state))
        event = _known(own, small, labs.Traps.EVENTS, every=_SELDOM)
        agent = _known(own, small, labs.Traps.AGENT, every=_SELDOM)
        polls = _known(own, small, labs.Traps.AGENT, every=POLL, ear=False)
    cut = f"the slowest of {CUTS} fibres from its cut to known,"
    report(_worst("link.event", f"{cut} where a sender tells at the event", event, 1.0))
    report(_worst("link.agent", f"{cut} where net-snmp's own monitor tells", agent, 4.0))
    report(_worst("link.poll", f"{cut} by polls alone, each device once in {POLL:g} s", polls, POLL))


def _worst(id: str, what: str, samples: Sequence[float], bar: float) -> Row:
    value = max(samples)
    return Row(id=id, what=what, value=value, unit="s", bar=bar, direction="<=", holds=value <= bar, samples=list(samples))


def _known(settings: Settings, regency: Regency, traps: labs.Traps, *, every: float, ear: bool = True) -> list[float]:
    """Seconds for each cut."""
    with ExitStack() as stack:
        lab = labs.up(regency, _LAB, timeout=120, traps=traps)
        stack.callback(labs.down, _LAB)
        if ear:
            ground = stack.enter_context(link_ground(settings, regency, via="lab", lab_id=_LAB))
            post = replace(stack.enter_context(live_post(settings, ground)), looks=None)
        else:
            post = stack.enter_context(link_post(regency, lab))
        watch = LinkWatch(post, Pace(every=every))
        watch.once()
        far = [link.key for link in regency.links if any(end.device.startswith("r-") for end in link.ends)]
        return [_one(watch, link, number * every / CUTS if not ear else 0.0) for number, link in enumerate(far[:CUTS])]


def _one(watch: LinkWatch, link: str, after: float) -> float:
    """From the moment at which the cut is ordered; then the fibre is mended, and known to be.

    It comes so many seconds after the watch was at rest: where polls tell, any moment between two may be the worst one.
    """
    rest = time.monotonic() + after
    while time.monotonic() < rest:
        watch.step()
    began = time.monotonic()
    labs.cut(_LAB, link)
    known = _turn(watch, link, Word.DOWN)
    labs.mend(_LAB, link)
    _turn(watch, link, Word.UP)
    return known - began


def _turn(watch: LinkWatch, link: str, word: Word) -> float:
    """The moment at which the watch told it."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        for news in watch.step():
            if isinstance(news, LinkTurn) and (news.link, news.after.word) == (link, word):
                return time.monotonic()
    raise LabError("bench.cut", link=link, word=word.value, seconds=_PATIENCE)
