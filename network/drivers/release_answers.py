"""What the modules of releases answered on servers and edges, read. It came from machines: nothing is taken as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from network.core.plays import PlayEvent, Silence, Status, shown_key, silence
from network.core.releases.values import MOST_SAID, MOST_TIMES, Answer, HostSight, Problem, Trouble, Watched

_PROBLEMS: Final = {each.value: each for each in Problem}
_LONGEST: Final = 200
_MOST_RELEASES: Final = 1000
_MOST_STATUS: Final = 999
_LATE: Final = re.compile(r"Timed out after \d+ second")
"""What Ansible says of a task that it gave up."""


def mapping(value: object, *names: str) -> Mapping[str, Any]:
    """What stands below these names, one in the other; empty where something else stands there."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def text(value: object, most: int = _LONGEST) -> str:
    return value[-most:] if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    return tuple(text(each) for each in value[:_MOST_RELEASES]) if isinstance(value, list) else ()


def number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def trouble(value: object) -> Trouble | None:
    """As a module tells one; None where it tells none."""
    if not isinstance(value, Mapping):
        return None
    problem = _PROBLEMS.get(text(value.get("problem")), Problem.OTHER)
    needed, free = number(value.get("needed")), number(value.get("free"))
    return Trouble(problem=problem, said=text(value.get("said"), MOST_SAID), needed=needed, free=free)


def ended(event: PlayEvent | None) -> Trouble:
    """Of a host on which a task did not come to its end, or that no task ended on."""
    if event is None:
        return Trouble(problem=Problem.UNREACHABLE)
    if event.status is not Status.UNREACHABLE and _LATE.search(event.message):
        return Trouble(problem=Problem.TIMEOUT, said=event.message[-MOST_SAID:])
    if event.status is not Status.UNREACHABLE:
        return Trouble(problem=Problem.OTHER, said=event.message[-MOST_SAID:])
    why = silence(event.message)
    if why is Silence.HOST_KEY:
        return Trouble(problem=Problem.HOST_KEY, said=shown_key(event.message))
    return Trouble(problem=Problem(why.value), said=event.message[-MOST_SAID:])


def sight(value: Mapping[str, Any], drained: Mapping[str, bool | None]) -> HostSight:
    """Of a server that answered."""
    return HostSight(
        current=text(value.get("current")),
        previous=text(value.get("previous")),
        releases=texts(value.get("releases")),
        unit=text(value.get("unit")),
        answers=truth(value.get("answers")) is True,
        said=text(value.get("said")),
        drained=drained,
        free=number(value.get("free")),
        clock=number(value.get("clock")),
        database=truth(value.get("database")),
    )


def answers(value: object) -> tuple[Answer, ...]:
    """Of one server's health URL, in order."""
    found = value if isinstance(value, list) else []
    return tuple(
        Answer(
            status=min(number(each.get("status")) or 0, _MOST_STATUS),
            ms=number(each.get("ms")) or 0,
            fits=truth(each.get("fits")) is True,
        )
        for each in found
        if isinstance(each, Mapping)
    )


def watched(asked: Mapping[str, tuple[Answer, ...]], logged: Iterable[Mapping[str, Any]]) -> Watched:
    """Of one server: what each edge was answered, and what their logs say of it."""
    statuses: dict[int, int] = {}
    times: list[int] = []
    for each in logged:
        for code, count in mapping(each, "statuses").items():
            if code.isascii() and code.isdecimal() and (many := number(count)):
                status = min(int(code[:4]), _MOST_STATUS)
                statuses[status] = statuses.get(status, 0) + many
        said = each.get("times")
        times += [ms for ms in (said if isinstance(said, list) else []) if number(ms) is not None]
    return Watched(answers=asked, statuses=statuses, times=fair(times, MOST_TIMES))


def fair(times: Sequence[int], most: int) -> tuple[int, ...]:
    """At most so many of them, evenly from the shortest to the longest."""
    if len(times) <= most:
        return tuple(times)
    ordered = sorted(times)
    return tuple(ordered[at * (len(ordered) - 1) // (most - 1)] for at in range(most))
