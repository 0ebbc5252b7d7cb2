"""What only a real router can show: traffic, sessions that die, processes that are killed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from network.core.plan import Step
from network.core.ports import Arm, Device
from network.core.tree import DEFAULT, NodeId, Place, ShaperId, leaf
from network.dialects.linux_tc import LinuxTc
from network.drivers.host_keys import HostKey, pin
from network.drivers.netmiko_ssh import NetmikoDevice
from network.errors import DeviceArmed, HostKeyChanged, HostKeyUnknown, StepRefused
from tests.contract.router import HOST, PORT, Router, inside, run, until
from tests.contract.wishes import (
    DOWN,
    PLACES,
    UP,
    attach,
    back,
    change,
    create,
    differences,
    point,
    small_rules,
    small_tree,
    standing,
)

pytestmark = pytest.mark.lab

TREE = small_tree()
LOWER = change(UP, TREE[leaf(1)], guarantee=1_000_000)


@pytest.fixture
def device(router: Router) -> Iterator[NetmikoDevice]:
    made = router.device(PLACES)
    yield made
    made.close()


class Traced(LinuxTc):
    """Notes which connection each script came over."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def carry_script(
        self, steps: Sequence[Step], places: Mapping[ShaperId, Place], run: str = "", turn: int | None = None
    ) -> str:
        return f"echo $PPID >>{self.file}\n{super().carry_script(steps, places, run, turn)}"

    def confirm_script(self, run: str, turn: int | None = None) -> str:
        return f"echo $PPID >>{self.file}\n{super().confirm_script(run, turn)}"


def counted(device: Device, shaper: ShaperId, node: NodeId) -> int:
    return device.observe().shapers[shaper].counters[node].packets


def receive(router: Router) -> socket.socket:
    run("ip", "-n", router.peer, "address", "replace", "198.19.0.1/32", "dev", "lo")
    sock = inside(router.peer, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    sock.bind(("198.19.0.1", 9))
    sock.settimeout(5)
    return sock


def send(namespace: str, source: str, target: str, packets: int = 3) -> None:
    """UDP from an address of that namespace; an answer is not waited for."""
    run("ip", "-n", namespace, "address", "replace", f"{source}/32", "dev", "lo")
    with inside(namespace, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.bind((source, 0))
        for _ in range(packets):
            sock.sendto(b"x" * 100, (target, 9))


def test_traffic_meets_its_leaf_in_both_directions(router: Router, device: NetmikoDevice) -> None:
    device.carry([*standing(UP), *standing(DOWN)])
    run("ip", "-n", router.peer, "route", "add", "100.64.0.0/16", "via", "100.66.1.0")
    for lan, target in (
        ("100.64.2", "198.18.10.5"),
        ("100.64.2", "198.19.0.1"),
        ("100.64.3", "198.18.12.9"),
        ("100.64.9", "198.19.0.2"),
    ):
        send(router.core, f"{lan}.7", target)
        send(router.peer, target, f"{lan}.200")
    for shaper in (UP, DOWN):
        assert counted(device, shaper, leaf(2, 1)) == 3
        assert counted(device, shaper, leaf(2)) == 3
        assert counted(device, shaper, leaf(3, 13)) == 3
        assert counted(device, shaper, leaf(3)) == 0
        assert counted(device, shaper, DEFAULT) >= 3


def test_a_half_made_shaper_lets_everything_by(router: Router, device: NetmikoDevice) -> None:
    """After every step of making and of unmaking, traffic of offices and of nobody passes without delay."""
    with receive(router) as sock:
        for step in [*standing(UP), *back(standing(UP))]:
            device.carry([step])
            for source in ("100.64.2.7", "100.64.9.1"):
                send(router.core, source, "198.19.0.1", packets=4)
            assert sum(len(sock.recv(200)) for _ in range(8)) == 800


def test_no_packet_is_lost_or_led_astray_while_rules_are_replaced(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    stop = threading.Event()
    sent = [0]
    before = device.observe().shapers[UP].counters
    run("ip", "-n", router.core, "address", "replace", "100.64.1.7/32", "dev", "lo")
    run("ip", "-n", router.peer, "address", "replace", "198.19.0.1/32", "dev", "lo")

    def flow() -> None:
        with inside(router.core, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
            sock.bind(("100.64.1.7", 0))
            while not stop.wait(0.0005):
                sock.sendto(b"x" * 100, ("198.19.0.1", 9))
                sent[0] += 1

    thread = threading.Thread(target=flow)
    thread.start()
    try:
        fewer = frozenset(rule for rule in small_rules() if rule.leaf == leaf(1))
        for _ in range(6):
            device.carry([point(UP, small_rules(), fewer), point(UP, fewer, small_rules())])
    finally:
        stop.set()
        thread.join()
    after = device.observe().shapers[UP].counters
    assert after[leaf(1)].packets - before[leaf(1)].packets == sent[0] > 100
    assert after[leaf(1)].drops == 0
    assert after[DEFAULT].packets - before[DEFAULT].packets < 10


def test_confirming_comes_over_another_connection_than_changing(router: Router) -> None:
    device = router.device(PLACES, dialect=Traced(router.folder / "connections"))
    device.carry(standing(UP))
    device.arm(Arm(run="run-1", seconds=60, restore=()))
    device.carry([LOWER])
    device.confirm("run-1")
    made, changed, confirmed = (router.folder / "connections").read_text().split()
    assert made == changed != confirmed
    device.close()
    until(lambda: not router.processes(b"sshd: root"), "both connections end")


def test_attaching_turns_offloads_off(router: Router, device: NetmikoDevice) -> None:
    """A queue that is sent 64 kB at once cannot keep small rates."""
    device.carry([attach(UP), attach(DOWN)])
    for name in ("up1", "ifb1"):
        told = run("ip", "netns", "exec", router.core, "ethtool", "-k", name)
        for offload in ("tcp-segmentation-offload", "generic-segmentation-offload", "generic-receive-offload"):
            assert f"{offload}: off" in told


def test_records_are_private(router: Router, device: NetmikoDevice) -> None:
    device.arm(Arm(run="run-1", seconds=60, restore=back([LOWER])))
    assert router.home.stat().st_mode & 0o077 == 0
    assert all(entry.stat().st_mode & 0o077 == 0 for entry in router.home.rglob("*"))
    device.confirm("run-1")


def test_a_root_that_somebody_else_made_is_reported_and_not_replaced(router: Router, device: NetmikoDevice) -> None:
    router.tc("qdisc", "add", "dev", "up1", "root", "handle", "1:", "htb", "default", "10")
    router.tc("class", "add", "dev", "up1", "parent", "1:", "classid", "1:10", "htb", "rate", "1mbit", "quantum", "1514")
    state = device.observe().shapers[UP]
    assert state.foreign == ("qdisc htb 1: dev up1 root",)
    assert not state.complete
    assert dict(state.queues) == {}
    before = router.tc("class", "show", "dev", "up1")
    with pytest.raises(StepRefused) as error:
        device.carry(standing(UP))
    assert error.value.code == "device.foreign"
    assert error.value.fields["held"] == 0
    assert router.tc("class", "show", "dev", "up1") == before


def test_a_shaper_that_lost_a_part_is_incomplete_and_can_be_attached_again(router: Router, device: NetmikoDevice) -> None:
    device.carry([*standing(UP), *standing(DOWN)])
    router.tc("filter", "del", "dev", "up1", "ingress", "pref", "11")
    assert not device.observe().shapers[DOWN].complete
    device.carry([attach(DOWN)])
    assert device.observe().shapers[DOWN].complete
    run("ip", "-n", router.core, "link", "set", "dev", "ifb1", "down")
    router.tc(
        "filter",
        "add",
        "dev",
        "up1",
        "parent",
        "1:",
        "protocol",
        "all",
        "prio",
        "20",
        "u32",
        "match",
        "u32",
        "0",
        "0",
        "flowid",
        "1:",
    )
    state = device.observe().shapers
    assert not state[DOWN].complete
    assert not state[UP].complete
    device.carry([attach(DOWN), attach(UP)])
    state = device.observe().shapers
    assert state[DOWN].complete
    assert state[UP].complete
    assert state[UP].rules == state[DOWN].rules == small_rules()
    run("ip", "-n", router.core, "link", "del", "dev", "ifb1")
    assert DOWN not in device.observe().shapers
    device.carry(standing(DOWN))
    assert device.observe().shapers[DOWN].complete
    send(router.peer, "198.19.0.1", "100.66.1.0")
    assert counted(device, DOWN, DEFAULT) >= 3


def test_rules_of_somebody_else_are_reported_and_kept(router: Router, device: NetmikoDevice) -> None:
    device.carry([*standing(UP), *standing(DOWN)])
    match = ["u32", "match", "ip", "src", "100.64.1.0/24", "flowid", "1:2001"]
    router.tc("filter", "add", "dev", "up1", "parent", "1:", "protocol", "ip", "prio", "5", *match)
    router.tc("filter", "add", "dev", "up1", "ingress", "protocol", "ip", "prio", "3", *match)
    for _ in range(2):
        state = device.observe().shapers
        assert len(state[UP].foreign) == len(state[DOWN].foreign) == 1
        assert "pref 5" in state[UP].foreign[0]
        assert "pref 3" in state[DOWN].foreign[0]
        assert state[UP].rules == small_rules()
        device.carry([point(UP, small_rules(), small_rules()), attach(DOWN), attach(UP)])


def test_a_leaf_queue_of_another_kind_is_seen_and_set_right(router: Router, device: NetmikoDevice) -> None:
    device.carry(standing(UP))
    router.tc("qdisc", "replace", "dev", "up1", "parent", "1:2001", "handle", "77:", "pfifo", "limit", "10")
    assert device.observe().shapers[UP].queues[leaf(1)].buffer == 0
    device.carry([change(UP, TREE[leaf(1)])])
    assert differences(device.observe(), UP, TREE) == []


def test_a_missing_interface_is_named(router: Router) -> None:
    nowhere = ShaperId(7, "elsewhere", UP.direction)
    device = router.device(PLACES | {nowhere: Place("core", "up7")})
    with pytest.raises(StepRefused) as error:
        device.observe()
    assert (error.value.code, error.value.fields["what"]) == ("device.lacks", "interface up7")
    with pytest.raises(StepRefused, match="up7"):
        device.carry([attach(nowhere)])
    device.close()


def test_another_host_key_refuses(router: Router, device: NetmikoDevice) -> None:
    right = HostKey.parse((router.folder / "host.pub").read_text())
    other = HostKey.parse((router.folder / "user.pub").read_text())
    pin(router.known_hosts, HOST, PORT, other)
    with pytest.raises(HostKeyChanged) as error:
        device.observe()
    assert error.value.fields["pinned"] == other.fingerprint
    assert error.value.fields["offered"] == right.fingerprint
    router.known_hosts.unlink()
    with pytest.raises(HostKeyUnknown):
        device.observe()
    pin(router.known_hosts, HOST, PORT, right)
    assert dict(device.observe().shapers) == {}


def test_many_controllers_at_once_and_one_lock(router: Router) -> None:
    devices = [router.device(PLACES) for _ in range(4)]

    def take(number: int) -> str:
        try:
            devices[number].arm(Arm(run=f"run-{number}", seconds=60, restore=()))
        except DeviceArmed as error:
            return f"refused for {error.fields['run']}"
        return "armed"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(take, range(4)))
    winner = said.index("armed")
    assert sorted(said) == ["armed"] + [f"refused for run-{winner}"] * 3
    for device in devices:
        device.close()


def test_a_class_made_below_nothing_is_seen(device: NetmikoDevice) -> None:
    """`tc` makes a class whose parent is absent a root of its own: the read-back must show it, for it has no ceiling."""
    device.carry([attach(UP), *create(UP, {leaf(1): replace(TREE[leaf(1)])})])
    assert device.observe().shapers[UP].queues[leaf(1)].parent is None
