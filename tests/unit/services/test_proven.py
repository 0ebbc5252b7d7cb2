"""A plan that gives more over links that nobody has proven: told by default, refused by policy; and how links become proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from inventory.model import Rates
from inventory.regency import Regency
from inventory.units import Bandwidth
from network.core.booking import Booking, Kind, Previewed, State
from network.core.coverage import path
from network.core.intent import Boost
from network.core.links.intent import EndIntent, intend
from network.core.links.sight import Neighbour, Pings, Sight
from network.core.links.verify import judge
from network.core.proofs import Proof, mark
from network.errors import DeviceUnreachable, Refused
from network.messages import text
from network.services.apply import Wish, apply, preview
from network.services.bookings import BoostDraft, Desk, approve, boost_of, found, request_boost, unproven
from network.services.bookings import judge as judge_boost
from network.services.hands import Hands
from network.services.links.look import EndSeen, LinkSeen
from network.services.plans import propose
from network.services.proven import prove
from tests.unit.services.conftest import Bench


@dataclass
class Record:
    """Proofs in memory."""

    kept: dict[str, Proof] = field(default_factory=dict)

    def add(self, regency: str, proofs: Sequence[Proof]) -> None:
        self.kept |= {proof.link: proof for proof in proofs}

    def proofs(self, regency: str) -> Mapping[str, Proof]:
        return self.kept


def refusing(regency: Regency) -> Regency:
    return regency.model_copy(update={"policy": regency.policy.model_copy(update={"unproven_links": "refuse"})})


def set_up(bench: Bench, *, refuse: bool, proven: Sequence[str] = ()) -> tuple[Wish, Hands]:
    regency = refusing(bench.regency) if refuse else bench.regency
    made = [
        Proof(link=link.key, mark=mark(link), at=bench.clock.now(), actor="os:root", seen={})
        for link in regency.links
        if link.key in proven
    ]
    record = Record({proof.link: proof for proof in made})
    return replace(bench.wish(), regency=regency), replace(bench.hands(), proofs=record)


def links_of(regency: Regency) -> list[str]:
    return [link.key for office in regency.offices for link in path(regency, office)]


def test_by_default_a_plan_says_so_and_is_carried_out(bench: Bench) -> None:
    wish, hands = set_up(bench, refuse=False)
    seen = preview(wish, hands)
    assert seen.refusal is None
    assert [each.office for each in seen.unproven] == [office.key for office in bench.regency.offices]
    assert apply(wish, hands).result == "done"
    assert preview(wish, hands).unproven == (), "nothing more is given"


def test_by_policy_it_is_refused_before_anything_is_changed(bench: Bench) -> None:
    office = bench.regency.offices[0]
    others = [key for each in bench.regency.offices[1:] for key in [link.key for link in path(bench.regency, each)]]
    wish, hands = set_up(bench, refuse=True, proven=others)
    lacking = [link.key for link in path(bench.regency, office) if link.key not in others]
    refusal = preview(wish, hands).refusal
    assert refusal is not None
    assert (refusal.code, refusal.fields["offices"]) == ("proof.missing", office.key)
    for language in ("id", "en"):
        assert f"lajur link verify {' '.join(lacking)}" in text(refusal.code, language, refusal.fields)
    with pytest.raises(Refused) as refused:
        apply(wish, hands)
    assert refused.value.code == "proof.missing"
    assert bench.router.state().shapers == {}
    (run,) = bench.ledger.runs(bench.regency.head.key)
    assert run.result == "refused"


def test_what_is_proven_is_given(bench: Bench) -> None:
    wish, hands = set_up(bench, refuse=True, proven=links_of(bench.regency))
    assert preview(wish, hands).unproven == ()
    assert apply(wish, hands).result == "done"


def test_a_plan_that_gives_nobody_more_asks_for_no_proof(bench: Bench) -> None:
    bench.apply()
    wish, hands = set_up(bench, refuse=True)
    assert preview(wish, hands).refusal is None
    assert apply(wish, hands).result == "nothing"


def test_where_there_is_no_record_nobody_is_asked(bench: Bench) -> None:
    wish, hands = set_up(bench, refuse=True)
    assert preview(wish, replace(hands, proofs=None)).refusal is None


# ---- becoming proven


def sight(end: EndIntent, **other: object) -> Sight:
    """Everything as it should be, but for `other`."""
    optics = end.optics.handover if end.optics else None
    well = Sight(
        carrier=True,
        mtu=end.mtu,
        neighbours=(Neighbour(device=end.peer_end[0], interface=end.peer_end[1]),),
        small=Pings(sent=5, received=5),
        large=Pings(sent=5, received=5),
        routing="Full",
        received=optics,
        sent=optics,
    )
    return replace(well, **other)  # type: ignore[arg-type]  # a test names fields of a sight


def seen(regency: Regency, **far: object) -> list[LinkSeen]:
    def end(intent: EndIntent, **other: object) -> EndSeen:
        found = sight(intent, **other)
        return EndSeen(intent=intent, sight=found, verdicts=judge(intent, found))

    return [LinkSeen(intent=each, far=end(each.far, **far), near=end(each.near)) for each in intend(regency)]


def test_links_that_are_well_in_everything_are_proven_with_what_was_seen(bench: Bench) -> None:
    record = Record()
    keys = prove(bench.regency, seen(bench.regency), record, bench.clock.now(), "os:budi")
    assert set(keys) == {link.key for link in bench.regency.links} == record.kept.keys()
    proof = record.kept["core-sgg"]
    assert (proof.actor, proof.at, proof.mark) == ("os:budi", bench.clock.now(), mark(bench.regency.link("core-sgg")))
    assert proof.seen["far carrier"] == "up"
    assert "near ping_large" in proof.seen


@pytest.mark.parametrize(
    "wrong",
    [
        {"carrier": False},
        {"carrier": None},
        {"neighbours": (Neighbour(device="r-other", interface="wan0"),)},
        {"large": Pings(sent=5, received=0)},
        {"routing": "Init"},
    ],
)
def test_what_is_wrong_or_not_certain_proves_nothing_and_takes_nothing_back(bench: Bench, wrong: dict[str, object]) -> None:
    record = Record()
    before = prove(bench.regency, seen(bench.regency), record, bench.clock.now(), "os:budi")
    kept = dict(record.kept)
    assert prove(bench.regency, seen(bench.regency, **wrong), record, bench.clock.now(), "os:siti") == ()
    assert record.kept == kept
    assert before


def test_a_device_that_does_not_answer_proves_nothing(bench: Bench) -> None:
    error = DeviceUnreachable("device.unreachable", device="core", step="look", address="-", reason="-")
    dead = [replace(each, far=EndSeen(intent=each.intent.far, sight=None, error=error)) for each in seen(bench.regency)]
    assert prove(bench.regency, dead, Record(), bench.clock.now(), "os:budi") == ()


# ---- boosts


def desk(bench: Bench, record: Record, *, refuse: bool) -> Desk:
    regency = refusing(bench.regency) if refuse else bench.regency
    return Desk(truth=lambda: regency, bookings=bench.ledger.bookings, clock=bench.clock, proofs=record)


def draft(bench: Bench, office: str) -> BoostDraft:
    amount = Rates(down=Bandwidth(1_000_000), up=Bandwidth(512_000))
    expires = bench.clock.now() + timedelta(hours=2)
    return BoostDraft(offices=(office,), uplink=None, amount=amount, reason="a queue", starts=None, expires=expires)


def test_a_boost_over_a_link_that_is_not_proven_is_granted_by_default_and_told(bench: Bench) -> None:
    office = bench.regency.offices[0]
    own = desk(bench, Record(), refuse=False)
    assert isinstance(request_boost(own, draft(bench, office.key), "os:budi"), Booking)
    links = tuple(link.key for link in path(bench.regency, office))
    assert [(each.office, each.links) for each in unproven(own, [office.key])] == [(office.key, links)]


def test_by_policy_such_a_boost_is_refused_when_it_is_asked_for_and_when_it_is_agreed_to(bench: Bench) -> None:
    office, record = bench.regency.offices[0], Record()
    own = desk(bench, record, refuse=True)
    wanted = draft(bench, office.key)
    for ask in (
        lambda: request_boost(own, wanted, "os:budi"),
        lambda: judge_boost(own, boost_of(wanted, "boost-dry-run", "os:budi", bench.clock.now())),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert (refused.value.code, refused.value.fields["offices"]) == ("proof.missing", office.key)
    assert bench.ledger.bookings.live(own.key, Kind.BOOST, bench.clock.now()) == ()
    prove(bench.regency, seen(bench.regency), record, bench.clock.now(), "os:budi")
    waiting = request_boost(own, replace(wanted, emergency=True), "os:budi")
    assert isinstance(waiting, Booking)
    assert waiting.state is State.PENDING
    record.kept.clear()  # an end of each link was moved meanwhile
    with pytest.raises(Refused) as refused:
        approve(own, waiting.id, "os:siti")
    assert refused.value.code == "proof.missing"


def test_where_there_is_no_record_a_boost_asks_for_no_proof(bench: Bench) -> None:
    own = replace(desk(bench, Record(), refuse=True), proofs=None)
    assert isinstance(request_boost(own, draft(bench, bench.regency.offices[0].key), "os:budi"), Booking)


def test_a_plan_that_is_kept_says_over_which_links_it_gives_more(bench: Bench) -> None:
    wish, hands = set_up(bench, refuse=False)
    own = desk(bench, Record(), refuse=False)
    kept = propose(own, preview(wish, hands), "as agreed", "os:budi")
    assert isinstance(kept, Booking)
    again = found(own, kept.id, kind=Kind.PLAN).value
    assert isinstance(again, Previewed)
    office = bench.regency.offices[0]
    assert again.unproven[office.key] == tuple(link.key for link in path(bench.regency, office))


# ---- what a boost took is given back


def boosted(bench: Bench, office: str) -> Boost:
    """Carried out before policy asked for proofs."""
    boost = boost_of(draft(bench, office), "boost-1", "os:budi", bench.clock.now())
    assert apply(replace(bench.wish(), boosts=(boost,)), bench.hands()).result == "done"
    return boost


def test_the_end_of_a_boost_is_carried_out_whatever_is_proven(bench: Bench) -> None:
    bench.apply()
    before = bench.router.state().shapers
    boosted(bench, bench.regency.offices[0].key)
    assert bench.router.state().shapers != before
    wish, hands = set_up(bench, refuse=True)
    seen = preview(wish, hands)
    assert (seen.refusal, seen.unproven) == (None, ())
    assert apply(wish, hands).result == "done"
    assert bench.router.state().shapers == before


def test_more_than_base_policy_gives_is_refused_to_an_office_that_stands(bench: Bench) -> None:
    bench.apply()
    office = bench.regency.offices[0].key
    wish, hands = set_up(bench, refuse=True)
    boost = boost_of(draft(bench, office), "boost-1", "os:budi", bench.clock.now())
    refusal = preview(replace(wish, boosts=(boost,)), hands).refusal
    assert refusal is not None
    assert (refusal.code, refusal.fields["offices"]) == ("proof.missing", office)


def test_an_office_that_is_new_is_refused_beside_those_that_stand(bench: Bench) -> None:
    newest = bench.regency.offices[-1]
    without = bench.regency.model_copy(update={"offices": bench.regency.offices[:-1]})
    assert apply(replace(bench.wish(), regency=without), bench.hands()).result == "done"
    wish, hands = set_up(bench, refuse=True)
    refusal = preview(wish, hands).refusal
    assert refusal is not None
    assert (refusal.code, refusal.fields["offices"]) == ("proof.missing", newest.key)
