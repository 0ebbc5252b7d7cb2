"""What is seen of an end beside what is to be seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.core.links.intent import EndIntent, Optics, Routing, Side
from network.core.links.sight import Neighbour, Pings, Sight
from network.core.links.verify import Check, State, bad, judge, looks_for

END = EndIntent(
    link="sgg-bappeda",
    side=Side.FAR,
    device="r-bappeda",
    platform="frr",
    interface="wan0",
    description="x",
    peer_end=("hub-sgg", "o5"),
    address="100.66.0.17/31",
    peer="100.66.0.16",
    mtu=1400,
    routing=Routing(area="0", hello=1, dead=4),
    optics=Optics(handover=-10.0, margin=3.0, floor=-12.0),
)
WELL = Sight(
    carrier=True,
    mtu=1400,
    neighbours=(Neighbour(device="hub-sgg", interface="o5"),),
    small=Pings(sent=5, received=5),
    large=Pings(sent=5, received=5),
    routing="Full/-",
    received=-11.0,
)


def _states(sight: Sight) -> dict[Check, State]:
    return {verdict.check: verdict.state for verdict in judge(END, sight)}


def test_a_link_that_is_well_is_well_in_every_respect() -> None:
    assert _states(WELL) == dict.fromkeys(Check, State.GOOD)


@pytest.mark.parametrize(
    ("spoilt", "check"),
    [
        (replace(WELL, carrier=False), Check.CARRIER),
        (replace(WELL, mtu=1500), Check.MTU),
        (replace(WELL, neighbours=()), Check.NEIGHBOUR),
        (replace(WELL, neighbours=(Neighbour(device="hub-sgg", interface="o6"),)), Check.NEIGHBOUR),
        (replace(WELL, neighbours=(Neighbour(device="hub-brs", interface="o5"),)), Check.NEIGHBOUR),
        (replace(WELL, neighbours=(*(WELL.neighbours or ()), Neighbour(device="x", interface="y"))), Check.NEIGHBOUR),
        (replace(WELL, small=Pings(sent=5, received=4)), Check.PING),
        (replace(WELL, large=Pings(sent=5, received=0)), Check.PING_LARGE),
        (replace(WELL, small=Pings(sent=0, received=0)), Check.PING),
        (replace(WELL, routing=""), Check.ROUTING),
        (replace(WELL, routing="ExStart/-"), Check.ROUTING),
        (replace(WELL, received=-12.1), Check.OPTICS),
        (replace(WELL, received=None), Check.OPTICS),
    ],
)
def test_each_thing_that_is_wrong_is_seen_alone(spoilt: Sight, check: Check) -> None:
    assert [verdict.check for verdict in bad(judge(END, spoilt))] == [check]


def test_what_a_device_cannot_say_stops_nothing_and_is_told() -> None:
    verdicts = judge(END, replace(WELL, neighbours=None, carrier=None, mtu=None, routing=None))
    assert not bad(verdicts)
    assert {each.check for each in verdicts if each.state is State.UNKNOWN} == {
        Check.NEIGHBOUR,
        Check.CARRIER,
        Check.MTU,
        Check.ROUTING,
    }


def test_a_host_name_is_the_same_with_a_domain() -> None:
    assert not bad(judge(END, replace(WELL, neighbours=(Neighbour(device="HUB-SGG.example.go.id", interface="o5"),))))


@pytest.mark.parametrize(("heard", "state"), [("Gi0/1", State.GOOD), ("Gi0/2", State.BAD), ("Te0/1", State.BAD)])
def test_a_port_that_lldp_names_short_is_the_one_of_the_truth(heard: str, state: State) -> None:
    end = replace(END, peer_end=("hub-sgg", "GigabitEthernet0/1"))
    sight = replace(WELL, neighbours=(Neighbour(device="hub-sgg", interface=heard),))
    assert {each.check: each.state for each in judge(end, sight)}[Check.NEIGHBOUR] is state


def test_the_floor_of_a_receiver_counts_where_it_is_higher() -> None:
    assert Optics(handover=-10, margin=3, floor=-12).least == -12
    assert Optics(handover=-10, margin=3, floor=-20).least == -13
    assert Optics(handover=-10, margin=3).least == -13


def test_only_what_the_truth_names_is_asked() -> None:
    bare = replace(END, address=None, peer=None, routing=None, optics=None)
    looks = looks_for(bare)
    assert (looks.pings, looks.routing, looks.optics) == (False, False, False)
    assert looks_for(END).large == 1400
    assert looks_for(END).pings
    assert not looks_for(END, pings=False).pings
    assert not looks_for(replace(END, side=Side.NEAR)).pings
