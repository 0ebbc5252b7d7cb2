"""The trap port against net-snmp's own sender on loopback: what is believed, what is not, and what a flood can do."""

from __future__ import annotations

import random
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from network.core.watch_ports import TrapHeard
from network.errors import Refused
from network.telemetry import traps
from network.telemetry.traps import TrapReceiver
from tests.contract.router import PATIENCE
from tests.contract.trap_port import COLD, COMMUNITY, ELSEWHERE, HERE, SENDERS, THERE, UP, USER, Port, v2, v3

pytestmark = pytest.mark.skipif(shutil.which("snmptrap") is None, reason="needs snmptrap (Debian package snmp)")


@pytest.fixture
def port(tmp_path: Path) -> Iterator[Port]:
    heard: list[TrapHeard] = []
    with TrapReceiver(SENDERS, heard.append, host=HERE, port=0) as receiver:
        yield Port(receiver, heard, tmp_path)


def test_a_sealed_trap_of_a_device_is_believed(port: Port) -> None:
    port.send(*v3())
    port.send(*v3(), kind=UP, name=None)
    port.until(believed=2)
    down, up = port.heard
    assert (down.device, down.up, down.name, down.index) == ("core", False, "wan0", 3)
    assert (up.device, up.up, up.name, up.index) == ("core", True, None, 3)
    assert down.received <= up.received <= time.monotonic()


def test_engines_of_one_device_are_met_by_their_seal(port: Port) -> None:
    for number in range(1, 2 * traps._ENGINES):
        port.send(*v3(USER, "-e", f"0x8000000001{number:02x}020304"))
    port.until(believed=2 * traps._ENGINES - 1)
    gate = port.receiver._gates[HERE]
    assert len(gate._engines) == traps._ENGINES


def test_a_community_is_believed_of_the_device_that_has_one(port: Port) -> None:
    port.send(*v2())
    counts = port.until(believed=1)
    assert [trap.device for trap in port.heard] == ["switch"]
    port.send(*v2("another"))
    port.send(*v2(COMMUNITY, HERE))
    assert port.until(refused=2).believed == counts.believed


@pytest.mark.parametrize(
    "login",
    [
        v3(replace(USER, auth="not that phrase")),
        v3(replace(USER, name="somebody")),
        v3(level="authNoPriv"),
        v3(level="noAuthNoPriv"),
    ],
)
def test_another_key_user_or_level_is_refused(port: Port, login: tuple[str, ...]) -> None:
    port.send(*login)
    counts = port.until(refused=1)
    assert (counts.believed, counts.last_refused) == (0, HERE)
    port.send(*v3())
    port.until(believed=1)


def test_a_seal_over_something_that_cannot_be_read_is_no_trap(port: Port) -> None:
    port.send(*v3(replace(USER, privacy="not that phrase")))
    assert port.until(garbled=1).believed == 0
    assert not port.heard


def test_a_stranger_is_counted_and_dropped_whatever_he_knows(port: Port) -> None:
    port.send(*v3(USER, f"--clientaddr={ELSEWHERE}"))
    port.send(*v2(COMMUNITY, ELSEWHERE))
    counts = port.until(strangers=2)
    assert (counts.believed, counts.last_stranger) == (0, ELSEWHERE)


def test_a_trap_that_is_sent_again_is_not_believed_again(port: Port) -> None:
    datagram = port.captured(*v3())
    port.throw(datagram, datagram)
    counts = port.until(believed=1, stale=1)
    assert len(port.heard) == counts.believed == 1


@pytest.mark.parametrize("earlier", ["4,9000", f"5,{1000 - traps._LATE - 1}"])
def test_a_trap_from_before_a_restart_or_long_before_another_is_too_old(port: Port, earlier: str) -> None:
    engine = ("-e", "0x800000000101020304", "-Z")
    old = port.captured(*v3(USER, *engine, earlier))
    port.send(*v3(USER, *engine, "5,1000"))
    port.until(believed=1)
    port.throw(old)
    assert port.until(stale=1).believed == 1
    assert [trap.up for trap in port.heard] == [False, None], "whoever forgot its clock is asked, and not believed"
    port.throw(old)
    port.until(stale=2)
    assert len(port.heard) == 2, "once for each"


def test_traps_that_overtake_each_other_and_senders_without_a_clock_are_believed(port: Port) -> None:
    engine = ("-e", "0x800000000101020304", "-Z")
    for shown in ("5,1000", f"5,{1000 - traps._LATE + 5}", "5,1000", "6,0"):
        port.send(*v3(USER, *engine, shown))
    assert port.until(believed=4).stale == 0


def test_a_trap_that_was_touched_on_its_way_is_refused_or_no_message(port: Port) -> None:
    datagram = port.captured(*v3())
    dice = random.Random(7)
    touched = []
    for _ in range(400):
        place = dice.randrange(len(datagram))
        other = bytes([datagram[place] ^ dice.randrange(1, 256)])
        touched.append(datagram[:place] + other + datagram[place + 1 :])
    for each in touched:
        port.throw(each)
    counts = port.until(believed=0)
    deadline = time.monotonic() + PATIENCE
    while counts.refused + counts.garbled + counts.stale + counts.lost < len(touched):
        assert time.monotonic() < deadline
        counts = port.receiver.counts()
    assert not port.heard
    port.throw(datagram)
    port.until(believed=1)


def test_garbage_does_not_end_it(port: Port) -> None:
    dice = random.Random(11)
    datagram = port.captured(*v3())
    plain = port.captured(*v2())
    pieces = [dice.randbytes(dice.randrange(0, 200)) for _ in range(200)]
    pieces += [datagram[:length] for length in range(len(datagram))]
    pieces += [b"\x30\x84\xff\xff\xff\xff", b"\x30\x80" + bytes(50), b"\x30\x82\x00\x05\x02\x01\x01\x04\x00"]
    port.throw(*pieces)
    # With the right community anything may stand inside.
    port.throw(*(plain[:cut] + dice.randbytes(len(plain) - cut) for cut in range(40, len(plain))), source=THERE)
    port.send(*v3())
    deadline = time.monotonic() + PATIENCE
    while not any(trap.device == "core" for trap in port.heard):
        assert time.monotonic() < deadline
    assert port.receiver.counts().garbled > len(pieces) / 2


def test_what_is_no_news_of_a_link_is_counted_and_nothing_more(port: Port) -> None:
    port.send(*v3(), kind=COLD)
    assert port.until(other=1).believed == 0


def test_a_device_that_says_too_much_is_heard_in_part(port: Port) -> None:
    datagrams = [port.captured(*v3()) for _ in range(3)]
    plain = port.captured(*v2())
    port.throw(*[plain] * (4 * traps._BURST), source=THERE)
    port.throw(*datagrams)
    counts = port.until(believed=traps._BURST + 3, flooded=1)
    by_device = [trap.device for trap in port.heard]
    assert by_device.count("core") == 3, "one that shouts takes nothing from another"
    assert by_device.count("switch") < 4 * traps._BURST
    assert counts.flooded


def test_a_flood_costs_a_part_of_one_core_and_is_survived(port: Port) -> None:
    junk = [b"\x30\x82\x01\x00" + bytes(200)] * 64
    until = time.monotonic() + 1.5
    thrown = 0
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as thrower:
        thrower.bind((HERE, 0))
        while time.monotonic() < until:
            for each in junk:
                thrower.sendto(each, (HERE, port.receiver.port))
            thrown += len(junk)
    looked_at = port.receiver.counts().garbled
    assert looked_at <= (time.monotonic() - until + 1.5 + 1.0) / traps._SLICE * traps._IN_A_SLICE
    assert thrown > looked_at
    deadline = time.monotonic() + PATIENCE
    while not port.heard:  # what the kernel could not keep is sent again, as polls make good for it
        port.send(*v3())
        assert time.monotonic() < deadline
    assert port.receiver.counts().lost


def test_a_port_that_is_taken_is_told_and_leaves_nothing(port: Port) -> None:
    with pytest.raises(Refused) as refused:
        TrapReceiver(SENDERS, port.heard.append, host=HERE, port=port.receiver.port)
    assert refused.value.code == "traps.no_port"
    assert refused.value.fields["port"] == port.receiver.port


def test_phrases_and_communities_are_not_shown() -> None:
    for sender in SENDERS:
        for secret in (USER.auth, USER.privacy, COMMUNITY):
            assert secret not in repr(sender)


def test_a_start_that_fails_comes_out() -> None:
    def enter() -> None:
        raise PermissionError("no such namespace for you")

    heard: list[TrapHeard] = []
    with pytest.raises(PermissionError, match="no such namespace"):
        TrapReceiver(SENDERS, heard.append, host=HERE, port=0, on_start=enter)


def test_an_inform_is_no_trap_and_gets_no_answer(port: Port) -> None:
    """From an answer anybody would learn that somebody listens here."""
    plain = port.captured(*v2())
    kind = plain.index(b"\xa7", 10)
    inform = plain[:kind] + b"\xa6" + plain[kind + 1 :]
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sender:
        sender.bind((THERE, 0))
        sender.settimeout(0.5)
        sender.sendto(inform, (HERE, port.receiver.port))
        assert port.until(other=1).believed == 0
        with pytest.raises(TimeoutError):
            sender.recv(65535)
