"""Who gets a release when: every server once, canary first, never more at once than a batch, and the same on the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.core.releases.batches import batches, way_back
from network.core.releases.values import Batch

USUAL = (Batch(count=1), Batch(percent=25), Batch(percent=100))
rule = st.one_of(
    st.builds(lambda count: Batch(count=count), st.integers(1, 30)),
    st.builds(lambda percent: Batch(percent=percent), st.integers(1, 100)),
)


def servers(number: int) -> tuple[str, ...]:
    return tuple(f"app-{each}" for each in range(1, number + 1))


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(1, [1]), (2, [1, 1]), (3, [1, 2]), (4, [1, 3]), (5, [1, 1, 3]), (8, [1, 1, 6]), (16, [1, 3, 12]), (100, [1, 24, 75])],
)
def test_a_canary_a_quarter_all(number: int, sizes: list[int]) -> None:
    assert [len(batch) for batch in batches(servers(number), USUAL)] == sizes


def test_no_servers_are_no_batches() -> None:
    assert batches((), USUAL) == ()
    assert way_back((), ()) == ()


@given(st.integers(0, 60), st.lists(rule, max_size=6))
def test_every_server_once_in_order_and_as_many_as_the_rules_say(number: int, rules: list[Batch]) -> None:
    every = servers(number)
    made = batches(every, rules)
    assert tuple(server for batch in made for server in batch) == every
    assert all(made)
    after = {sum(len(batch) for batch in made[:at]) for at in range(len(made) + 1)}
    for each in rules:  # what a rule names is never passed within a batch that began below it
        wanted = min(number, each.count or -(-(each.percent or 0) * number // 100))
        assert wanted in after or any(
            wanted < min(number, other.count or -(-(other.percent or 0) * number // 100)) for other in rules
        )


@given(st.integers(1, 60), st.lists(rule, max_size=6), st.data())
def test_the_way_back_takes_no_more_at_once_than_the_way_there(number: int, rules: list[Batch], data: st.DataObject) -> None:
    every = servers(number)
    forward = batches(every, rules)
    leaving = data.draw(st.sets(st.sampled_from(every)))
    back = way_back(forward, leaving)
    assert sorted(server for group in back for server in group) == sorted(leaving)
    assert all(0 < len(group) <= max(map(len, forward)) for group in back)
    order = {server: at for at, batch in enumerate(forward) for server in batch}
    taken = [order[server] for group in back for server in group]
    assert taken == sorted(taken, reverse=True), "who got it last goes first"
    out = data.draw(st.sets(st.sampled_from(every)))
    again = [server for group in way_back(forward, leaving, out) for server in group]
    assert sorted(again) == sorted(leaving)
    assert [server in out for server in again] == sorted((server in out for server in again), reverse=True)
