"""A return asks which machine it is, and takes no refused login for a proof that is none."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from infra import record
from infra.adopting import adopt, mend
from infra.errors import InfraError, ReachError, Refused
from infra.releasing import release
from tests.unit.infra.test_adopting import FACTS, Box, Ground

OTHERS = {"regency": "bontang", "server": "app-1", "at": "x"}


@pytest.fixture
def ground() -> Ground:
    return Ground()


def wipings(box: Box) -> list[str]:
    return [text for text in box.ran if "lajur_wipe" in text]


@pytest.mark.parametrize(
    ("facts", "held", "code"),
    [
        ({"machine_id": "m2"}, None, "other_machine"),
        ({"serial": "SN2"}, None, "other_machine"),
        ({}, json.dumps(OTHERS), "adopted_elsewhere"),
        ({}, json.dumps({**OTHERS, "regency": "manokwari", "server": "db-1"}), "adopted_elsewhere"),
        ({}, "", "no_record"),
        ({}, "{", "no_record"),
    ],
)
def test_another_machine_is_never_wiped(ground: Ground, facts: dict[str, str], held: str | None, code: str) -> None:
    state = adopt(ground.task())
    ours = ground.box.held
    ground.box = Box(facts=FACTS.model_copy(update=facts), held=ours if held is None else held)
    with pytest.raises(Refused, match=code):
        release(ground.task(), state)
    assert ground.box.ran == []
    assert ground.of("infra.wiping") == ground.of("infra.released") == []


class Swapped(Box):
    """Behind its address another machine stands as soon as the first half is done."""

    def _wiped(self, text: str) -> str:
        self.facts = FACTS.model_copy(update={"machine_id": "m2"})
        return super()._wiped(text)


def test_the_second_half_is_for_the_machine_of_the_first(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box = Swapped(held=ground.box.held)
    with pytest.raises(Refused, match="other_machine"):
        release(ground.task(), state)
    assert [" last=yes" in text for text in wipings(ground.box)] == [False]
    assert ground.kept()["last_begun"] is False
    assert ground.of("infra.released") == []


@pytest.mark.parametrize(("adopted", "passes"), [(True, True), (False, False)])
def test_without_our_record_only_a_return_that_was_begun_goes_on(ground: Ground, adopted: bool, passes: bool) -> None:
    state = adopt(ground.task())
    ground.box.cut = " last=no"
    with pytest.raises(ReachError, match="cut"):
        release(ground.task(), state)
    ground.access["wiped"] = ground.kept() if adopted else {**ground.kept(), "adopted": "2020-01-01T00:00:00Z"}
    ground.box = Box()
    if passes:
        release(ground.task(), state)
        assert len(wipings(ground.box)) == 2
    else:
        with pytest.raises(Refused, match="no_record"):
            release(ground.task(), state)


def test_of_a_login_by_password_a_refusal_proves_nothing(ground: Ground) -> None:
    ground.box.own = None  # type: ignore[assignment]
    state = adopt(ground.task())
    ground.box.cut = " last=yes"
    with pytest.raises(ReachError, match="cut"):
        release(ground.task(), state)
    ground.access["wiped"], ground.box.locked = ground.kept(), True
    assert ground.kept()["last_begun"]
    with pytest.raises(ReachError, match="login_refused"):
        release(ground.task(), state)
    assert ground.of("infra.released") == []


class Failing(Box):
    """At its second half it does `at_last` instead."""

    at_last: Callable[[Failing], str]

    def _wiped(self, text: str) -> str:
        return type(self).at_last(self) if " last=yes" in text else super()._wiped(text)


def never_sent(box: Box) -> str:
    box.locked = True
    raise ReachError("infra.login_refused", server="app-1", address="-", user="root")


def cut(box: Box) -> str:
    box.locked = True
    raise ReachError("infra.cut", server="app-1", address="-", reason="-")


def remains(box: Box) -> str:
    nonce = wipings(box)[-1].split(" n=")[1].split(maxsplit=1)[0]
    line = {"proof": nonce, "kind": "ours", "path": "L3g=", "before": "-", "after": "remains"}
    return "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in (line, {"proof": nonce, "end": 1}))


@pytest.mark.parametrize(
    ("at_last", "is_over"), [(never_sent, False), (remains, False), (cut, True)], ids=["never sent", "remains", "cut"]
)
def test_a_refused_login_proves_a_second_half_that_was_sent(ground: Ground, at_last: Callable[[Box], str], is_over: bool) -> None:
    state = adopt(ground.task())

    class Broken(Failing):
        pass

    Broken.at_last = at_last
    ground.box = Broken(held=ground.box.held)
    with pytest.raises(InfraError):
        release(ground.task(), state)
    assert ground.of("infra.released") == [], "not in the run that was refused"
    ground.access["wiped"], ground.box = ground.kept(), Box(locked=True)
    if is_over:
        release(ground.task(), state)
        assert ground.of("infra.released")[0]["proof"]["whole"]
    else:
        with pytest.raises(ReachError, match="login_refused"):
            release(ground.task(), state)


def test_what_is_being_given_back_from_elsewhere_is_not_mended_and_can_be_finished(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.held, ground.box.ran = record.returning(json.loads(ground.box.held)), []
    with pytest.raises(Refused, match="return_begun"):
        mend(ground.task(), state)
    assert ground.box.ran == []
    release(ground.task(), state)
    assert record.RETURNING in wipings(ground.box)[0]
    assert ground.of("infra.released")[0]["proof"]["whole"]
