"""How long it takes to judge a request beside two hundred others, and what asking the allocator at every occurrence would take.

The regency of the examples (38 offices, two uplinks); windows and boosts are the same in every run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from inventory.model import Rates
from inventory.policy import Window
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.bench.rows import Row, median_row
from network.core.admission.admit import admit
from network.core.allocate import Allocation, allocate, base
from network.core.calendar import edges, occurrences
from network.core.intent import Boost, Intent, intend
from network.core.sharing import LINUX_TC
from network.core.tree import ShaperId
from network.errors import Refused

OTHERS: Final = 200
BOOSTS: Final = 12
RUNS: Final = 31
PAIRS: Final = 3
BAR: Final = 50.0  # ms
NOW: Final = datetime(2026, 8, 20, 1, 0, tzinfo=UTC)
NAIVE: Final = timedelta(days=14)
"""So much of the year is judged the naive way: all of it takes minutes."""

Allocations = Mapping[ShaperId, Allocation]

_INSTANT: Final = timedelta(microseconds=1)
_WEEK: Final = ("MO,TU,WE,TH,FR", "MO", "TU,TH", "SA,SU", "WE,FR")


def measure(regency: Regency, report: Callable[[Row], None]) -> None:
    """Rows `admission.*`. Raises Refused when the naive way comes to another answer."""
    crowded = regency.model_copy(update={"windows": tuple(others(regency))})
    booked = tuple(boosts(regency))
    for name, what, request, fits in (
        ("window", f"a daily window over a year beside {OTHERS} windows and {BOOSTS} boosts", asked(), True),
        ("boost", f"a boost of two hours beside {OTHERS} windows and {BOOSTS} boosts", boost("asked", ("dispora",), 2, 30), True),
        ("refused", "a daily window that does not fit, refused with what would", asked(reserve=60), False),
        ("refused.boost", "a boost that does not fit, refused with what would", boost("asked", ("dispora",), 400, 30), False),
    ):
        samples = [_milliseconds(crowded, request, booked, fits) for _ in range(RUNS)]
        bar = BAR if name == "window" else None
        report(median_row(f"admission.{name}", what, samples, "ms", "<=" if bar else None, bar))
    ratios = [_ratio(crowded, booked) for _ in range(PAIRS)]
    what = f"the allocator at every edge of {NAIVE.days} days to admission over the same time, same answer"
    report(median_row("admission.naive.ratio", what, ratios, "x"))


def others(regency: Regency) -> Iterator[Window]:
    """By day and by week, of one to four hours, each of another precedence; they take from offices without protection."""
    plain = [each.key for each in regency.offices if not regency.policy.classes[each.service_class].protected]
    for number in range(OTHERS):
        starts = datetime.fromisoformat("2026-01-05") + timedelta(minutes=360 + 30 * (7 * number % 26))
        weekly = f"FREQ=WEEKLY;BYDAY={_WEEK[number % len(_WEEK)]}"
        if number % 3 == 0:
            weekly = "FREQ=DAILY" if number % 2 else f"FREQ=DAILY;INTERVAL={1 + number % 4}"
        elif number % len(_WEEK) in (2, 3, 4):
            starts += timedelta(days={2: 1, 3: 5, 4: 2}[number % len(_WEEK)])
        policy: dict[str, Any] = {"offices": {plain[number % len(plain)]: {"share": 1 + number % 9}}}
        if number % 4 == 1:
            policy["classes"] = {("light_service", "back_office", "branch")[number % 3]: {"share": 2 + number % 8}}
        if number % 5 == 2:
            policy["reserves"] = [{"application": "eplanning", "uplink": "domestic", "rate": f"{7600 + 40 * number} kbit/s"}]
        yield Window.model_validate(
            {
                "key": f"other-{number}",
                "name": f"Other {number}",
                "confirmed": True,
                "precedence": number,
                "start": starts.isoformat(timespec="minutes"),
                "end": (starts + timedelta(hours=1 + number % 4)).isoformat(timespec="minutes"),
                "recurrence": weekly,
                "calendar": "working_days" if number % 3 == 1 else "every_day",
                "policy": policy,
            }
        )


def boosts(regency: Regency) -> Iterator[Boost]:
    plain = [each.key for each in regency.offices if not regency.policy.classes[each.service_class].protected]
    for number in range(BOOSTS):
        yield boost(f"boost-{number}", (plain[3 * number % len(plain)],), 1, 26 * number)


def asked(reserve: int = 16) -> Window:
    """Every day from 9 to 11:30; `reserve` in Mbit/s."""
    return Window.model_validate(
        {
            "key": "asked",
            "name": "Asked",
            "confirmed": True,
            "precedence": 500,
            "start": "2026-08-21T09:00",
            "end": "2026-08-21T11:30",
            "recurrence": "FREQ=DAILY",
            "policy": {
                "classes": {"light_service": {"share": 8}, "back_office": {"share": 4}},
                "reserves": [{"application": "eplanning", "uplink": "domestic", "rate": f"{reserve} Mbit/s"}],
            },
        }
    )


def boost(id: str, offices: tuple[str, ...], mbit: int, hours: int) -> Boost:
    """So many hours from now, for two hours."""
    starts = NOW + timedelta(hours=hours)
    return Boost(
        id=id,
        offices=offices,
        uplink="domestic",
        amount=Rates(down=Bandwidth(mbit * 10**6), up=Bandwidth(mbit * 10**6)),
        reason="bench",
        created=NOW,
        starts=starts,
        expires=starts + timedelta(hours=2),
        actor="bench",
    )


def _milliseconds(regency: Regency, request: Boost | Window, booked: tuple[Boost, ...], fits: bool) -> float:
    began = time.perf_counter()
    found = admit(regency, request, booked, NOW)
    took = (time.perf_counter() - began) * 1000
    if found.fits is not fits:
        raise Refused("bench.admission", request=_name(request), told=found.told(regency.zone))
    return took


def _ratio(regency: Regency, booked: tuple[Boost, ...]) -> float:
    """One that fits and one that does not, over a shorter time. Raises Refused when the two ways differ."""
    took = [0.0, 0.0]
    for request in (asked(), asked(reserve=60)):
        answers: list[bool] = []
        ways: tuple[Callable[[Window], bool], ...] = (partial(_quick, regency, booked), partial(_naive, regency, booked))
        for way, judge in enumerate(ways):
            began = time.perf_counter()
            answers.append(judge(request))
            took[way] += time.perf_counter() - began
        if answers[0] is not answers[1]:
            raise Refused("bench.admission", request=request.key, told="naive")
    return took[1] / took[0]


def _quick(regency: Regency, booked: Sequence[Boost], request: Window) -> bool:
    return admit(regency, request, booked, NOW, NAIVE).fits


def _naive(regency: Regency, booked: Sequence[Boost], request: Window) -> bool:
    """Whether it fits, by the allocator at every edge at which the window acts before or after."""
    whole = regency.model_copy(update={"windows": (*regency.windows, request)})
    own = next(iter(occurrences(request, whole, NOW, NOW + NAIVE))).start
    usual, before = base(regency, intend(regency, NOW)), _given(regency, booked, own - _INSTANT)
    acted = False
    moments = dict.fromkeys(edge.at for edge in edges(whole, own - _INSTANT, NOW + NAIVE, booked))
    for at in moments:
        now = _given(whole, booked, at)
        acts = request.key in now[0].windows
        if (acts or acted) and not _holds(regency, usual, before[1], now[1], protect=acts):
            return False
        before, acted = now, acts
    return True


def _given(regency: Regency, booked: Sequence[Boost], at: datetime) -> tuple[Intent, Allocations]:
    intent = intend(regency, at, booked)
    return intent, allocate(regency, intent)


def _holds(regency: Regency, usual: Allocations, before: Allocations, now: Allocations, *, protect: bool) -> bool:
    """Whether protected offices have what they usually have, and no more is taken at once than policy allows."""
    for shaper, allocation in now.items():
        moved = 0
        for office in regency.offices:
            has = allocation.guarantee(office.key)
            moved += max(0, before[shaper].guarantee(office.key) - has)
            steps = sum(LINUX_TC.steps.at(allocation.queues[node].guarantee) for node in allocation.leaves[office.key])
            least = usual[shaper].guarantee(office.key) - steps
            if protect and regency.policy.classes[office.service_class].protected and has < least:
                return False
        if moved * 100 > allocation.capacity * regency.policy.largest_move:
            return False
    return True


def _name(request: Boost | Window) -> str:
    return request.key if isinstance(request, Window) else request.id
