"""What whoever carries releases must do, said once for the servers in memory and for real ones.

Every statement begins with two servers that carry `old` and are let in, and leaves them so.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final, Protocol

from network.core.releases.ports import ReleaseHands
from network.core.releases.values import Artefact, HostSight, Migration, Problem, Swapped

ONE, OTHER = "app-1", "app-2"
NOWHERE: Final = "9.9.9-0123456789ab"


class Ground(Protocol):
    """The hands of a workload on `ONE` and `OTHER` behind one edge, and what may happen to them."""

    @property
    def hands(self) -> ReleaseHands: ...

    @property
    def old(self) -> str:
        """The release that both carry."""

    def version(self, name: str, *, page: bool = False) -> Artefact:
        """A file that is nowhere yet; with `page` its health URL answers 200 with an error page."""

    def away(self, server: str) -> AbstractContextManager[None]:
        """It cannot be reached, by us or by the edge."""

    def stuck(self, server: str) -> AbstractContextManager[None]:
        """`current` cannot be made to lead elsewhere there."""

    def told(self) -> str:
        """Another text whenever the edge was told something of a server."""


def seen(ground: Ground, server: str = ONE) -> HostSight:
    return ground.hands.look([server])[server]


def swapped(ground: Ground, release: str, server: str = ONE) -> Swapped:
    return ground.hands.swap([server], release)[server]


def placed(ground: Ground, name: str, *, page: bool = False) -> str:
    made = ground.version(name, page=page)
    assert ground.hands.place([ONE], made)[ONE].trouble is None
    return made.id


def problem(found: Swapped) -> Problem | None:
    return found.trouble.problem if found.trouble else None


def drained(sight: HostSight) -> set[bool | None]:
    return set(sight.drained.values())


def back(ground: Ground) -> None:
    assert swapped(ground, ground.old).trouble is None
    assert seen(ground).carries(ground.old)


def what_is_not_there_is_not_switched_to_and_nobody_is_sent_away_for_it(ground: Ground) -> None:
    before = ground.told()
    found = swapped(ground, NOWHERE)
    assert (problem(found), found.switched, found.let_in) == (Problem.NOT_PLACED, False, True)
    assert ground.told() == before
    assert seen(ground).carries(ground.old)


def what_goes_wrong_before_the_switch_leaves_it_let_in(ground: Ground) -> None:
    new = placed(ground, "2.1.0")
    before = ground.told()
    with ground.stuck(ONE):
        found = swapped(ground, new)
    assert (problem(found), found.switched, found.let_in) == (Problem.OTHER, False, True)
    assert ground.told() != before
    assert seen(ground).carries(ground.old)


def one_that_was_kept_out_before_stays_out_whatever_goes_wrong(ground: Ground) -> None:
    new = placed(ground, "2.2.0")
    assert swapped(ground, "").trouble is None
    with ground.stuck(ONE):
        found = swapped(ground, new)
    assert (problem(found), found.switched, found.let_in) == (Problem.OTHER, False, False)
    assert drained(seen(ground)) == {True}
    back(ground)


def a_switch_is_absolute_and_remembers_what_was(ground: Ground) -> None:
    new = placed(ground, "2.3.0")
    for _ in range(2):
        found = swapped(ground, new)
        assert (found.trouble, found.switched, found.let_in) == (None, True, True)
        assert set(found.cursors) == {"edge-1"}
        sight = seen(ground)
        assert sight.carries(new)
        assert sight.previous == ground.old
    assert seen(ground, OTHER).carries(ground.old)
    back(ground)


def one_that_does_not_answer_as_it_should_stays_out(ground: Ground) -> None:
    bad = placed(ground, "2.4.0", page=True)
    found = swapped(ground, bad)
    assert (problem(found), found.switched, found.let_in) == (Problem.ANSWER, True, False)
    sight = seen(ground)
    assert (sight.current, sight.unit, sight.answers, drained(sight)) == (bad, "active", False, {True})
    back(ground)


def no_release_at_all_is_out_and_well(ground: Ground) -> None:
    found = swapped(ground, "")
    assert (found.trouble, found.switched, found.let_in) == (None, True, False)
    sight = seen(ground)
    assert (sight.current, sight.previous, drained(sight)) == ("", ground.old, {True})
    back(ground)


def who_is_away_stays_out_and_is_as_it_was_when_it_is_there_again(ground: Ground) -> None:
    with ground.away(ONE):
        found = swapped(ground, ground.old)
        assert (problem(found), found.let_in) == (Problem.UNREACHABLE, False)
        sight = seen(ground)
        assert sight.trouble is not None
        assert (sight.trouble.problem, drained(sight)) == (Problem.UNREACHABLE, {True})
    back(ground)


def a_file_is_placed_once_and_migrates_only_where_it_lies(ground: Ground) -> None:
    made = ground.version("2.5.0")
    absent = ground.hands.migrate(ONE, made.id, Migration.EXPAND)
    assert absent.trouble is not None
    assert absent.trouble.problem is Problem.NOT_PLACED
    first, again = (ground.hands.place([ONE], made)[ONE] for _ in range(2))
    assert [(each.trouble, each.changed) for each in (first, again)] == [(None, True), (None, False)]
    assert made.id in seen(ground).releases
    assert seen(ground).carries(ground.old)


def what_is_led_to_is_never_removed_and_counts_as_kept(ground: Ground) -> None:
    new = placed(ground, "2.6.0")
    assert swapped(ground, new).trouble is None
    others = {placed(ground, "2.6.1"), placed(ground, "2.6.2")}
    pruned = ground.hands.prune([ONE], 2)[ONE]
    assert pruned.trouble is None
    assert others <= set(pruned.gone)
    assert set(seen(ground).releases) == {ground.old, new}
    back(ground)


def what_is_no_good_goes_before_what_is_though_it_is_newer(ground: Ground) -> None:
    good, bad = placed(ground, "2.7.0"), placed(ground, "2.7.1")
    assert swapped(ground, bad).trouble is None
    back(ground)
    assert seen(ground).previous == bad
    pruned = ground.hands.prune([ONE], 2, first=[bad])[ONE]
    assert pruned.trouble is None
    assert set(seen(ground).releases) == {ground.old, good}


Statement = Callable[[Ground], None]

CHEAP: Final[tuple[Statement, ...]] = (what_is_not_there_is_not_switched_to_and_nobody_is_sent_away_for_it,)
"""Those that are asked of real servers every time."""

ALL: Final[tuple[Statement, ...]] = (
    *CHEAP,
    what_goes_wrong_before_the_switch_leaves_it_let_in,
    one_that_was_kept_out_before_stays_out_whatever_goes_wrong,
    a_switch_is_absolute_and_remembers_what_was,
    one_that_does_not_answer_as_it_should_stays_out,
    no_release_at_all_is_out_and_well,
    who_is_away_stays_out_and_is_as_it_was_when_it_is_there_again,
    a_file_is_placed_once_and_migrates_only_where_it_lies,
    what_is_led_to_is_never_removed_and_counts_as_kept,
    what_is_no_good_goes_before_what_is_though_it_is_newer,
)
