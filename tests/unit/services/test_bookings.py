"""Asking ahead: what fits is granted or waits for a second person, what does not is refused whole and leaves no trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from inventory.model import Rates
from inventory.policy import Approval, Window
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.booking import Answer, AnswerKey, Booking, Kind, State
from network.errors import Conflict, LajurError, NotAdmitted, NotAllowed, NotFound
from network.services.bookings import (
    BoostDraft,
    Desk,
    Reply,
    approve,
    cancel,
    found,
    reject,
    request_boost,
    request_window,
    standing,
)
from tests.unit.services.conftest import Bench

ASKER, SECOND = "os:asker", "os:second"


def desk_of(bench: Bench, regency: Regency | None = None) -> Desk:
    return Desk(truth=lambda: regency or bench.regency, bookings=bench.ledger.bookings, clock=bench.clock)


@pytest.fixture
def desk(bench: Bench) -> Desk:
    return desk_of(bench)


def draft(bench: Bench, mbit: int = 5, **more: Any) -> BoostDraft:
    office = next(each.key for each in bench.regency.offices if not bench.regency.policy.classes[each.service_class].protected)
    facts: dict[str, Any] = {
        "offices": (office,),
        "uplink": "domestic",
        "amount": Rates(down=Bandwidth(mbit * 10**6), up=Bandwidth(0)),
        "reason": "a queue at the counter",
        "starts": None,
        "expires": bench.clock.now() + timedelta(hours=2),
    }
    return BoostDraft(**{**facts, **more})


def booked(result: Booking | Answer) -> Booking:
    assert isinstance(result, Booking)
    return result


def lunch(**more: Any) -> Window:
    facts: dict[str, Any] = {
        "key": "lunch",
        "name": "Lunch",
        "confirmed": True,
        "precedence": 300,
        "start": "2026-08-19T12:00",
        "end": "2026-08-19T13:00",
        "policy": {"classes": {"light_service": {"share": 5}}},
    }
    return Window.model_validate({**facts, **more})


def actions(bench: Bench) -> list[str]:
    return [entry.event.action for entry in bench.ledger.entries()]


def test_a_boost_that_fits_acts_in_its_time_and_no_longer(bench: Bench, desk: Desk) -> None:
    booking = booked(request_boost(desk, draft(bench, starts=bench.clock.now() + timedelta(hours=1)), ASKER))
    assert (booking.state, booking.revision, booking.needs) == (State.GRANTED, 1, ())
    stands = standing(desk, bench.clock.now()).boosts
    assert [boost.id for boost in stands] == [booking.id]
    assert [boost.holds(bench.clock.now()) for boost in stands] == [False]
    bench.clock.sleep(3600)
    assert stands[0].holds(bench.clock.now())
    bench.clock.sleep(3600)
    assert standing(desk, bench.clock.now()).boosts == ()
    assert actions(bench) == ["boost.granted"]


def test_what_does_not_fit_is_refused_whole_with_what_would_fit(bench: Bench, desk: Desk) -> None:
    with pytest.raises(NotAdmitted) as raised:
        request_boost(desk, draft(bench, mbit=900), ASKER)
    verdict: Any = raised.value.fields["verdict"]
    assert verdict.shortfalls[0].missing > 0
    assert verdict.offers
    assert bench.ledger.bookings.page(desk.key, Kind.BOOST, None, 10) == ()
    assert actions(bench) == []


def test_an_offer_is_granted_when_it_is_asked_for(bench: Bench, desk: Desk) -> None:
    with pytest.raises(NotAdmitted) as raised:
        request_boost(desk, draft(bench, mbit=900), ASKER)
    verdict: Any = raised.value.fields["verdict"]
    smaller = next(offer for offer in verdict.offers if offer.kind == "smaller")
    asked = draft(bench, amount=smaller.amount, starts=smaller.starts, expires=smaller.ends)
    assert booked(request_boost(desk, asked, ASKER)).state is State.GRANTED


def test_two_that_fit_alone_and_not_together(bench: Bench, desk: Desk) -> None:
    most = _most(bench, desk)
    booked(request_boost(desk, draft(bench, mbit=most), ASKER))
    with pytest.raises(NotAdmitted):
        request_boost(desk, draft(bench, mbit=most), ASKER)


def _most(bench: Bench, desk: Desk) -> int:
    with pytest.raises(NotAdmitted) as raised:
        request_boost(desk, draft(bench, mbit=900), ASKER)
    verdict: Any = raised.value.fields["verdict"]
    return int(next(offer for offer in verdict.offers if offer.kind == "smaller").amount.down) // 10**6


def asking_two(bench: Bench) -> Regency:
    policy = bench.regency.policy.model_copy(update={"approval": Approval(emergency=True)})
    return bench.regency.model_copy(update={"policy": policy})


def test_an_emergency_waits_for_a_second_person_and_holds_its_place(bench: Bench) -> None:
    desk = desk_of(bench, asking_two(bench))
    waiting = booked(request_boost(desk, draft(bench, emergency=True), ASKER))
    assert waiting.state is State.PENDING
    assert "approval.emergency" in {need.code for need in waiting.needs}
    assert standing(desk, bench.clock.now()).boosts == ()
    assert bench.ledger.bookings.live(desk.key, Kind.BOOST, bench.clock.now()) == (waiting,)
    with pytest.raises(NotAllowed) as own:
        approve(desk, waiting.id, ASKER)
    assert own.value.code == "booking.own_request"
    granted = booked(approve(desk, waiting.id, SECOND, note="seen at the counter"))
    assert (granted.state, granted.revision) == (State.GRANTED, 2)
    assert [(each.actor, each.agreed) for each in granted.approvals] == [(SECOND, True)]
    assert [boost.id for boost in standing(desk, bench.clock.now()).boosts] == [waiting.id]
    assert actions(bench) == ["boost.requested", "approval.refused", "boost.granted"]
    with pytest.raises(Conflict):
        approve(desk, waiting.id, SECOND)


def test_a_rejected_one_lets_go_of_its_place(bench: Bench) -> None:
    desk = desk_of(bench, asking_two(bench))
    waiting = booked(request_boost(desk, draft(bench, emergency=True), ASKER))
    assert booked(reject(desk, waiting.id, SECOND, note="no")).state is State.REJECTED
    assert bench.ledger.bookings.live(desk.key, Kind.BOOST, bench.clock.now()) == ()


def test_a_place_is_not_held_for_ever(bench: Bench) -> None:
    desk = desk_of(bench, asking_two(bench))
    waiting = booked(request_boost(desk, draft(bench, emergency=True, expires=bench.clock.now() + timedelta(days=3)), ASKER))
    bench.clock.sleep(2 * 3600)
    assert bench.ledger.bookings.live(desk.key, Kind.BOOST, bench.clock.now()) == ()
    assert booked(approve(desk, waiting.id, SECOND)).state is State.GRANTED, "it still fits, so it may still be granted"


def test_a_cancelled_boost_acts_no_more(bench: Bench, desk: Desk) -> None:
    booking = booked(request_boost(desk, draft(bench), ASKER))
    with pytest.raises(Conflict):
        cancel(desk, booking.id, ASKER, revision=7)
    assert booked(cancel(desk, booking.id, ASKER, revision=1)).state is State.CANCELLED
    assert standing(desk, bench.clock.now()).boosts == ()
    with pytest.raises(Conflict):
        cancel(desk, booking.id, ASKER)


def test_another_regency_has_no_such_booking(bench: Bench, desk: Desk) -> None:
    booking = booked(request_boost(desk, draft(bench), ASKER))
    other = bench.regency.model_copy(update={"head": bench.regency.head.model_copy(update={"key": "elsewhere"})})
    with pytest.raises(NotFound):
        found(desk_of(bench, other), booking.id)


def test_a_repeated_request_stands_once_and_is_answered_the_same(bench: Bench, desk: Desk) -> None:
    def answer(booking: Booking) -> Answer:
        return Answer(fingerprint="same", status=201, body=booking.id)

    reply = Reply(key=AnswerKey(ASKER, "k1"), fingerprint="same", answer=answer)
    first = booked(request_boost(desk, draft(bench), ASKER, reply))
    again = request_boost(desk, draft(bench), ASKER, reply)
    assert again == Answer(fingerprint="same", status=201, body=first.id)
    assert len(bench.ledger.bookings.page(desk.key, Kind.BOOST, None, 10)) == 1


def test_a_requested_window_acts_beside_those_of_the_truth(bench: Bench, desk: Desk) -> None:
    booking = booked(request_window(desk, lunch(), "the canteen", ASKER))
    assert booking.state is State.GRANTED
    joined = standing(desk, bench.clock.now()).regency
    assert {window.key for window in joined.windows} == {*(window.key for window in bench.regency.windows), "lunch"}
    with pytest.raises(Conflict):
        request_window(desk, lunch(end="2026-08-19T12:30"), "the canteen", ASKER)
    cancel(desk, booking.id, ASKER)
    assert standing(desk, bench.clock.now()).regency == bench.regency


@pytest.mark.parametrize(
    "wrong",
    [
        {"offices": ("nowhere",)},
        {"offices": ()},
        {"uplink": "nothing"},
        {"expires": None},
        {"amount": Rates(down=Bandwidth(0), up=Bandwidth(0))},
    ],
    ids=["office", "no office", "uplink", "in the past", "nothing"],
)
def test_what_makes_no_sense_is_refused_before_anything_is_kept(bench: Bench, desk: Desk, wrong: dict[str, Any]) -> None:
    past = {"expires": bench.clock.now() - timedelta(minutes=1)} if wrong.get("expires", 1) is None else {}
    with pytest.raises(LajurError) as raised:
        request_boost(desk, draft(bench, **{**wrong, **past}), ASKER)
    assert raised.value.exit_code == 3
    assert actions(bench) == []
