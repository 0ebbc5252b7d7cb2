"""The walk against agents of every kind: honest ones with odd tables, short answers, and ones that never end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.core.rates import InterfaceTotals
from network.errors import MeterError
from network.messages import text
from network.telemetry.interface_walk import UPTIME, Bind, InterfaceWalk, Oid

TABLE: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
NAME, RECEIVED, SENT, MEGABITS, DISCONTINUITY = 1, 6, 10, 15, 19
Cells = dict[tuple[int, int], int | str]


class Agent:
    """Answers GETBULK as RFC 3416 says, from `cells` by column and index; at most `room` binds fit in an answer."""

    def __init__(self, cells: Cells, room: int = 1000, beyond: Sequence[tuple[Oid, int | str]] = ()) -> None:
        own = [((*TABLE, column, index), value) for (column, index), value in cells.items()]
        self._objects: dict[Oid, int | str] = dict([((*UPTIME, 0), 4711), *own, *beyond])
        self._order = sorted(self._objects)
        self._room = room
        self.questions = 0

    def answer(self, rows: int, oids: Sequence[Oid]) -> list[Bind] | None:
        """None stands for tooBig: not even the first row fits."""
        self.questions += 1
        binds = [self._next(oids[0])]
        names = list(oids[1:])
        for _ in range(rows):
            row = [self._next(name) for name in names]
            binds += row
            names = [bind[0] for bind in row]
        if self._room < len(oids):
            return None
        return binds[: self._room]

    def _next(self, oid: Oid) -> Bind:
        place = bisect_right(self._order, oid)
        if place == len(self._order):
            return oid, None
        return self._order[place], self._objects[self._order[place]]


def walk_over(agent: Agent, expected: int = 9) -> InterfaceWalk:
    walk = InterfaceWalk("core", expected)
    while not walk.done:
        binds = agent.answer(*walk.ask())
        if binds is None:
            walk.too_big()
        else:
            walk.answered(binds)
    return walk


def table(indices: Sequence[int]) -> Cells:
    cells: Cells = {}
    for index in indices:
        cells |= {(NAME, index): f"eth{index}", (RECEIVED, index): index * 10, (SENT, index): index * 100}
        cells |= {(MEGABITS, index): 1000, (DISCONTINUITY, index): 0}
    return cells


def refusal(agent: Agent) -> MeterError:
    with pytest.raises(MeterError) as caught:
        walk_over(agent).totals()
    for language in ("id", "en"):
        assert "core" in text(caught.value.code, language, caught.value.fields)
    return caught.value


cells = st.dictionaries(
    st.tuples(st.sampled_from([NAME, 2, RECEIVED, SENT, 11, MEGABITS, DISCONTINUITY]), st.integers(1, 40)),
    st.integers(0, 2**64 - 1),
    max_size=120,
).map(lambda found: {place: f"if{place[1]}" if place[0] == NAME else value for place, value in found.items()})


@settings(deadline=None, max_examples=60)
@given(cells, st.integers(2, 60), st.integers(0, 45), st.booleans())
def test_every_table_is_read_whole_whatever_fits_in_an_answer(found: Cells, room: int, expected: int, more: bool) -> None:
    beyond = [((1, 3, 6, 1, 2, 1, 31, 1, 5, 0), 0), ((1, 3, 6, 1, 2, 1, 55, 1, 0), 2)] if more else []
    room = max(room, 6)
    walk = walk_over(Agent(found, room, beyond), expected)
    complete = [index for index in range(1, 41) if {(NAME, index), (RECEIVED, index), (SENT, index)} <= found.keys()]
    if not complete:
        with pytest.raises(MeterError):
            walk.totals()
        return
    totals = walk.totals()
    assert list(totals) == [f"if{index}" for index in complete]
    for index in complete:
        megabits = found.get((MEGABITS, index))
        assert totals[f"if{index}"] == InterfaceTotals(
            received=int(found[RECEIVED, index]),
            sent=int(found[SENT, index]),
            uptime=4711,
            speed=int(megabits) * 10**6 if megabits else None,
            discontinuity=found.get((DISCONTINUITY, index)),  # type: ignore[arg-type]  # never the name's text
        )


def test_a_router_that_is_known_is_asked_once() -> None:
    first, again = Agent(table(range(1, 15))), Agent(table(range(1, 4)))
    assert walk_over(first).rows == 14
    assert first.questions == 2
    assert walk_over(again, expected=3).rows == 3
    assert again.questions == 1


def test_a_question_is_never_larger_than_one_packet_answers() -> None:
    walk = InterfaceWalk("core", expected=500)
    assert walk.ask()[0] == 10


def test_an_agent_that_cannot_answer_much_is_asked_for_half() -> None:
    walk = InterfaceWalk("core")
    asked = []
    for _ in range(3):
        asked.append(walk.ask()[0])
        walk.too_big()
    assert [*asked, walk.ask()[0]] == [10, 5, 2, 1]
    with pytest.raises(MeterError) as caught:
        walk.too_big()
    assert caught.value.code == "meter.too_big"


class Stuck(Agent):
    """Answers with the same row for ever."""

    def _next(self, oid: Oid) -> Bind:
        if oid == UPTIME:
            return super()._next(oid)
        return ((*oid[: len(TABLE) + 1], 7), 1)


class Backwards(Agent):
    def _next(self, oid: Oid) -> Bind:
        if oid == UPTIME:
            return super()._next(oid)
        return ((*oid[: len(TABLE) + 1], 100 - (oid[-1] if len(oid) > len(TABLE) + 1 else 0)), 1)


class Endless(Agent):
    """Always one row more."""

    def _next(self, oid: Oid) -> Bind:
        if oid == UPTIME:
            return super()._next(oid)
        return ((*oid[: len(TABLE) + 1], oid[-1] + 1 if len(oid) > len(TABLE) + 1 else 1), 1)


@pytest.mark.parametrize(
    ("agent", "code"),
    [
        (Stuck({}), "meter.walk_stuck"),
        (Backwards({}), "meter.walk_stuck"),
        (Endless({}), "meter.too_many_rows"),
        (Agent({}), "meter.no_totals"),
        (Agent({(NAME, 1): "lo", (MEGABITS, 1): 10}), "meter.no_totals"),
        (Agent(table([1]), room=1), "meter.too_big"),
    ],
)
def test_an_agent_that_does_not_do_its_part_is_an_error_and_not_a_loop(agent: Agent, code: str) -> None:
    assert refusal(agent).code == code
    assert agent.questions < 1000


@pytest.mark.parametrize("binds", [[], [((*UPTIME, 0), 1)], [((*UPTIME, 0), None), ((*TABLE, 1, 1), "lo")]])
def test_an_answer_without_time_or_totals_is_refused(binds: list[Bind]) -> None:
    walk = InterfaceWalk("core")
    with pytest.raises(MeterError) as caught:
        walk.answered(binds)
    assert caught.value.code == "meter.no_totals"
