"""What a candidate would change: the tree, the diff, the commands and their inverse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napalm_frr import grammar
from napalm_frr.changes import delta, diff, merged, missing, replaced, script, tidy, with_kernel
from napalm_frr.text import Tree, parse, render
from tests.napalm.model import Frr, pruned

RUNNING = """\
frr version 8.4.4
hostname r1
log file /var/log/frr.log warnings
no ipv6 forwarding
interface wan0
 description to the core
 ip address 100.66.0.1/31
 ip ospf area 0
 ip ospf hello-interval 1
 ip ospf message-digest-key 1 md5 abc
exit
router ospf
 ospf router-id 100.65.0.5
 redistribute connected metric 10
exit
router bgp 65001
 no bgp ebgp-requires-policy
 neighbor 10.0.0.1 remote-as 65002
 neighbor 10.0.0.1 description a b
 address-family ipv4 unicast
  network 10.0.0.0/8
  neighbor 10.0.0.1 route-map IN in
  neighbor 10.0.0.1 route-map OUT out
 exit-address-family
exit
ip route 10.9.0.0/16 100.66.0.0 20
"""


def _tree(text: str) -> Tree:
    return tidy(parse(text).tree)


def _after(candidate: str) -> Tree:
    return merged(_tree(RUNNING), parse(candidate).tree)


HELLOS = "interface wan0\n ip ospf dead-interval 40{0}\n ip ospf hello-interval 5{0}\nexit\n"


@pytest.mark.parametrize("address", ["", " 10.0.0.1"])
def test_a_hello_time_is_said_again_when_the_dead_time_beside_it_goes(address: str) -> None:
    """FRR would go on with 40 s."""
    both, hello = _tree(HELLOS.format(address)), f"ip ospf hello-interval 5{address}"
    after = merged(both, parse(f"interface wan0\n no ip ospf dead-interval 40{address}").tree)
    assert [each.line for each in delta(both, after).commands] == [
        f"no ip ospf dead-interval 40{address}",
        f"no {hello}",
        hello,
    ]
    assert [each.line for each in delta(after, both).commands] == [f"ip ospf dead-interval 40{address}"]


def test_no_hello_time_is_said_again_where_it_goes_or_the_dead_time_is_another_one() -> None:
    both = _tree(HELLOS.format(""))
    gone = merged(both, parse("interface wan0\n no ip ospf dead-interval\n no ip ospf hello-interval").tree)
    assert all(each.line.startswith("no ") for each in delta(both, gone).commands)
    other = merged(both, parse("interface wan0\n ip ospf dead-interval 30").tree)
    assert [each.line for each in delta(both, other).commands] == ["ip ospf dead-interval 30"]


def _commands(before: Tree, after: Tree) -> list[str]:
    return [f"{' > '.join((*each.path, each.line))}" for each in delta(before, after).commands]


@pytest.mark.parametrize(
    ("candidate", "gone", "come"),
    [
        ("interface wan0\n description new one", ["interface wan0 > description to the core"], ["description new one"]),
        ("interface wan0\n no description", ["interface wan0 > description to the core"], []),
        ("interface wan0\n ip ospf hello-interval 10", ["interface wan0 > ip ospf hello-interval 1"], []),
        ("interface wan0\n ip ospf message-digest-key 1 md5 xyz", ["md5 abc"], ["md5 xyz"]),
        ("interface wan0\n ip ospf message-digest-key 2 md5 xyz", [], ["key 2 md5 xyz"]),
        ("interface wan0\n ip ospf area 1", ["ip ospf area 0"], ["ip ospf area 1"]),
        ("interface wan0\n ip ospf area 0.0.0.1", ["ip ospf area 0"], ["ip ospf area 0.0.0.1"]),
        ("interface wan0\n ip ospf area 0 100.66.0.1", [], ["ip ospf area 0 100.66.0.1"]),
        ("interface wan0\n ip address 100.66.0.3/31", [], ["ip address 100.66.0.3/31"]),
        ("interface wan0\n no ip ospf cost", [], []),
        ("no router ospf", ["router ospf"], []),
        ("no interface wan0", ["interface wan0"], []),
        ("ipv6 forwarding", ["no ipv6 forwarding"], []),
        ("no ip forwarding", [], ["no ip forwarding"]),
        ("router ospf\n router-id 9.9.9.9", ["ospf router-id 100.65.0.5"], ["ospf router-id 9.9.9.9"]),
        ("router ospf\n redistribute connected", ["redistribute connected metric 10"], ["redistribute connected"]),
        ("router bgp 65001\n no neighbor 10.0.0.1", ["neighbor 10.0.0.1 remote-as", "10.0.0.1 description a b"], []),
        ("router bgp 65001\naddress-family ipv4 unicast\nneighbor 10.0.0.1 route-map NEW in", ["route-map IN in"], ["NEW in"]),
        ("ip route 10.9.0.0/16 100.66.0.0 30", ["100.66.0.0 20"], ["100.66.0.0 30"]),
        ("ip route 10.9.0.0/16 100.66.0.2", [], ["100.66.0.2"]),
        ("ip route 10.9.7.1/16 100.66.0.0 20", [], []),
        ("no ip route 10.9.0.0/16 100.66.0.0", ["ip route"], []),
        ("interface wan0\n mtu 1400", [], ["mtu 1400"]),
        ("interface wan0\n mtu 1500", [], []),
    ],
)
def test_a_line_takes_the_place_of_another_as_frr_has_it(candidate: str, gone: list[str], come: list[str]) -> None:
    before, after = _tree(RUNNING), _after(candidate)
    lost, won = ([" > ".join(path) for path in missing(one, other)] for one, other in ((before, after), (after, before)))
    for part in gone:
        assert any(part in line for line in lost)
    for part in come:
        assert any(part in line for line in won)
    assert bool(lost) == bool(gone)
    assert bool(won) == bool(come)
    assert (diff(before, after) == "") == (not gone and not come)


def test_what_goes_goes_first_and_the_last_first() -> None:
    wanted = _tree(
        "hostname r1\nno ipv6 forwarding\nlog file /var/log/frr.log warnings\nrouter ospf\n network 10.0.0.0/8 area 0\n"
    )
    said = _commands(_tree(RUNNING), wanted)
    assert said[-1] == "router ospf > network 10.0.0.0/8 area 0"
    assert "no ip route 10.9.0.0/16 100.66.0.0 20" in said[:-1]
    assert "no router bgp 65001" in said
    assert "no interface wan0" not in said
    assert said.index("interface wan0 > no ip ospf area 0") > said.index("interface wan0 > no ip ospf message-digest-key 1")


def test_a_merge_is_said_in_the_order_of_the_candidate() -> None:
    before = _tree("interface wan0\n description x\n")
    candidate = "router ospf\n ospf router-id 1.1.1.1\ninterface wan0\n ip ospf area 0\n"
    assert _commands(before, merged(before, parse(candidate).tree)) == [
        "router ospf",
        "router ospf > ospf router-id 1.1.1.1",
        "interface wan0 > ip ospf area 0",
    ]


def test_the_text_for_vtysh_enters_and_leaves_every_block_once() -> None:
    made = script(
        delta(
            {}, _tree("router bgp 1\n neighbor 1.1.1.1 remote-as 2\n address-family ipv4 unicast\n  network 1.0.0.0/8\n")
        ).commands
    )
    assert made.text == (
        "router bgp 1\n neighbor 1.1.1.1 remote-as 2\n address-family ipv4 unicast\n  network 1.0.0.0/8\n"
        " exit-address-family\nexit\n"
    )
    assert [place.line if place else None for place in made.places] == [
        "router bgp 1",
        "neighbor 1.1.1.1 remote-as 2",
        "address-family ipv4 unicast",
        "network 1.0.0.0/8",
        None,
        None,
    ]


def test_a_replace_keeps_the_name_of_a_host_it_does_not_name() -> None:
    running = _tree(RUNNING)
    assert "hostname r1" in replaced(running, {})
    assert "hostname r2" in replaced(running, {"hostname r2": {}})
    assert delta(running, replaced(running, {"hostname r2": {}})).kernel == (("hostname", "r2"),)


def test_the_kernels_lines_are_not_for_vtysh() -> None:
    before = with_kernel(_tree(RUNNING), {"wan0": 1400, "lan0": 1500})
    assert "mtu 1400" in before["interface wan0"]
    change = delta(before, merged(before, parse("interface wan0\n no mtu\ninterface lan0\n mtu 1300\n").tree))
    assert change.kernel == (("mtu", "wan0", "1500"), ("mtu", "lan0", "1300"))
    assert [each.line for each in change.commands] == ["interface lan0"]
    assert change.interfaces == ("lan0", "wan0")


def test_only_what_may_touch_the_kernel_counts_as_touched() -> None:
    assert delta(_tree(RUNNING), _after("interface wan0\n description x\n ip ospf cost 9")).interfaces == ()
    assert delta(_tree(RUNNING), _after("interface wan0\n ip address 10.0.0.1/32")).interfaces == ("wan0",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("description a b", "no description"),
        ("no ipv6 forwarding", "ipv6 forwarding"),
        ("ip ospf message-digest-key 3 md5 secret", "no ip ospf message-digest-key 3"),
        ("neighbor 1.1.1.1 password secret", "no neighbor 1.1.1.1 password"),
        ("ip ospf cost 4", "no ip ospf cost 4"),
    ],
)
def test_how_a_line_is_taken_away(line: str, words: str) -> None:
    assert grammar.negated(line) == words


def test_another_way_to_take_away_has_a_word_less() -> None:
    assert grammar.shorter("no maximum-paths 8 x") == "no maximum-paths 8"
    assert grammar.shorter("no maximum-paths 8") is None
    assert grammar.shorter("maximum-paths 8 16 32") is None


# ---- random configurations

_PEERS = ("10.0.0.1", "10.0.0.2")


def _some(draw: st.DrawFn, *lines: str) -> Tree:
    return {line: {} for line in draw(st.lists(st.sampled_from(lines), unique=True, max_size=len(lines)))}


def _one_of(draw: st.DrawFn, *lines: str) -> Tree:
    line = draw(st.sampled_from(("", *lines)))
    return {line: {}} if line else {}


def _interface(draw: st.DrawFn, *, areas: bool) -> Tree:
    keys = [f"ip ospf message-digest-key {number}" for number in (1, 2)]
    return {
        **_one_of(draw, "description a", "description b c"),
        **_one_of(draw, "bandwidth 1", "bandwidth 2"),
        **_some(draw, "ip address 10.0.0.1/24", "ip address 10.0.1.1/24", "ip ospf passive"),
        **(_one_of(draw, "ip ospf area 0", "ip ospf area 1") if areas else {}),
        **_one_of(draw, "ip ospf cost 5", "ip ospf cost 6"),
        **_one_of(draw, "ip ospf hello-interval 1", "ip ospf hello-interval 2"),
        **_one_of(draw, f"{keys[0]} md5 one", f"{keys[0]} md5 two"),
        **_one_of(draw, f"{keys[1]} md5 one"),
        **_one_of(draw, "ip ospf authentication", "ip ospf authentication message-digest"),
    }


def _ospf(draw: st.DrawFn, *, areas: bool) -> Tree:
    networks = ("network 10.0.0.0/8 area 0", "network 10.1.0.0/16 area 1")
    return {
        **_one_of(draw, "ospf router-id 1.1.1.1", "ospf router-id 2.2.2.2"),
        **_one_of(draw, "redistribute connected", "redistribute connected metric 5"),
        **_one_of(draw, "distance 100", "distance 110"),
        **({} if areas else _some(draw, *networks)),
    }


def _bgp(draw: st.DrawFn) -> Tree:
    router: Tree = {**_one_of(draw, "bgp router-id 1.1.1.1", "bgp router-id 2.2.2.2")}
    family: Tree = _some(draw, "network 10.0.0.0/8", "redistribute static")
    for peer in draw(st.lists(st.sampled_from(_PEERS), unique=True)):
        router |= {f"neighbor {peer} remote-as {draw(st.sampled_from((1, 2)))}": {}}
        router |= _one_of(draw, f"neighbor {peer} description a", f"neighbor {peer} description b")
        family |= _one_of(draw, f"neighbor {peer} route-map A in", f"neighbor {peer} route-map B in")
        family |= _one_of(draw, f"neighbor {peer} route-map A out")
    if family:
        router["address-family ipv4 unicast"] = family
    return router


@st.composite
def configurations(draw: st.DrawFn) -> Tree:
    """OSPF by interface or by network, as FRR allows: never both at once."""
    areas = draw(st.booleans())
    tree: Tree = {**_some(draw, "ip route 10.0.0.0/8 Null0", "ip route 10.1.0.0/16 10.0.0.9", "no ip forwarding")}
    tree |= _one_of(draw, "ip prefix-list P seq 5 permit 10.0.0.0/8", "ip prefix-list P seq 5 deny 10.0.0.0/8")
    for name in ("lan0", "wan0"):
        there = draw(st.booleans())
        interface = _interface(draw, areas=areas)
        if there and interface:
            tree[f"interface {name}"] = interface
    if draw(st.booleans()):
        tree["router ospf"] = _ospf(draw, areas=areas)
    if draw(st.booleans()):
        tree["router bgp 65001"] = _bgp(draw)
    for number in draw(st.lists(st.sampled_from((10, 20)), unique=True)):
        tree[f"route-map R permit {number}"] = {
            **_one_of(draw, "match ip address prefix-list P", "match ip address prefix-list Q"),
            **_one_of(draw, "set metric 5", "set metric 6"),
            **_one_of(draw, "description x", "description y"),
        }
    return tree


@settings(max_examples=400, deadline=None)
@given(configurations(), configurations())
def test_the_commands_lead_to_what_is_wanted_and_back(before: Tree, wanted: Tree) -> None:
    before, wanted = tidy(before), tidy(wanted)
    device = Frr(before)
    device.take(script(delta(before, wanted).commands).text)
    assert pruned(device.config) == wanted
    device.take(script(delta(wanted, before).commands).text)
    assert pruned(device.config) == before


@settings(max_examples=200, deadline=None)
@given(configurations())
def test_from_nothing_and_to_nothing(wanted: Tree) -> None:
    wanted = tidy(wanted)
    assert parse(script(delta({}, wanted).commands).text).tree == wanted
    device = Frr(wanted)
    device.take(script(delta(wanted, {}).commands).text)
    assert pruned(device.config) == {}


@settings(max_examples=200, deadline=None)
@given(configurations(), configurations())
def test_a_merge_is_foreseen_as_the_device_does_it(before: Tree, candidate: Tree) -> None:
    """Unless the device would refuse it as it stands: an area, or networks beside areas."""
    before = tidy(before)
    wanted = merged(before, candidate)
    for line, below in candidate.items():
        for each in below:
            assert grammar.is_hidden((line,), each) or each in wanted[line]
    if not any(grammar.goes_first(line) for below in candidate.values() for line in below):
        device = Frr(before)
        device.take(render(candidate).replace("!\n", ""))
        assert pruned(device.config) == wanted
    assert merged(wanted, candidate) == wanted


@settings(max_examples=200, deadline=None)
@given(configurations())
def test_text_and_tree_are_the_same_thing(tree: Tree) -> None:
    assert parse(render(tree)).tree == tree
    flat = "\n".join(line.strip() for line in render(tree).splitlines())
    assert parse(flat).tree == tree
    assert diff(tidy(tree), tidy(tree)) == ""
    assert not delta(tidy(tree), tidy(tree))
