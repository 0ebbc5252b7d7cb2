"""Whether interfaces are up, beside net-snmp's own tools; and what dead, slow and talkative agents cost everybody else."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from types import MappingProxyType

import pytest

from network.core.rates import InterfaceReading, InterfaceStatus
from network.errors import LajurError, MeterError
from network.messages import text
from network.telemetry import snmp
from network.telemetry.fleet import Fleet
from network.telemetry.interface_walk import STATES, TOTALS, UPTIME, Bind, InterfaceWalk, Oid
from network.telemetry.snmp import SnmpMeter, SnmpTarget
from tests.unit.telemetry.agent import USER, daemon, free_port, own_tools

PLAIN = ".1.3.6.1.2.1.2.2.1"
NAMES = ".1.3.6.1.2.1.31.1.1.1.1"

needs_agent = pytest.mark.skipif(shutil.which("snmpd") is None, reason="needs snmpd (Debian package snmpd)")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    chosen = free_port()
    with daemon(tmp_path_factory.mktemp("snmpd"), chosen):
        yield chosen


def target(port: int, device: str = "core") -> SnmpTarget:
    return SnmpTarget(device=device, address="127.0.0.1", port=port, user=USER)


def column(port: int, name: str) -> dict[int, str]:
    found = {}
    for line in own_tools("snmpbulkwalk", port, name).splitlines():
        oid, _, value = line.partition(" ")
        found[int(oid.rpartition(".")[2])] = value.strip('"')
    return found


@needs_agent
def test_states_are_those_of_net_snmps_own_tools(port: int) -> None:
    with SnmpMeter() as meter:
        (reading,) = meter.read([target(port)], states=True)
        (narrow,) = meter.read([target(port)])
    assert isinstance(reading, InterfaceReading)
    assert isinstance(narrow, InterfaceReading)
    names, enabled, up = column(port, NAMES), column(port, f"{PLAIN}.7"), column(port, f"{PLAIN}.8")
    assert {name: reading.status[name].index for name in names.values()} == {name: index for index, name in names.items()}
    assert {status.index for status in reading.status.values()} == names.keys()
    for name, status in reading.status.items():
        assert status.enabled is (enabled[status.index] == "1"), name
        assert status.up is {"1": True, "2": False, "7": False}.get(up[status.index]), name
        assert status.uptime > 0
        assert status.errors_received is not None
        assert status.errors_sent is not None
    assert reading.interfaces.keys() == narrow.interfaces.keys()
    assert narrow.status == {}, "what was not asked is not there"


# ---- the walk, without an agent


def answer(oids: list[Oid], rows: int, table: dict[tuple[Oid, int], int | str]) -> list[Bind]:
    """GETBULK over `table` (column and index), RFC 3416."""
    order = sorted((*column, index) for column, index in table)
    binds: list[Bind] = [((*UPTIME, 0), 4711)]
    names = oids[1:]
    for _ in range(rows):
        found: list[Oid] = []
        for name in names:
            later = [oid for oid in order if oid > name]
            binds.append((later[0], table[later[0][:-1], later[0][-1]]) if later else (name, None))
            found.append(binds[-1][0])
        names = found
    return binds


def walked(
    table: dict[tuple[Oid, int], int | str],
    columns: tuple[Oid, ...] = STATES,
    called: Mapping[str, str] | None = MappingProxyType({}),
) -> InterfaceWalk:
    walk = InterfaceWalk("core", 9, columns, called)
    while not walk.done:
        rows, oids = walk.ask()
        walk.answered(answer(oids, rows, table))
    return walk


def row(index: int, status: int, enabled: int = 1) -> dict[tuple[Oid, int], int | str]:
    name, received, sent, megabits, discontinuity, admin, oper, changed, bad_in, bad_out = STATES
    values: dict[Oid, int | str] = {name: f"eth{index}", received: 10, sent: 20, megabits: 1000, discontinuity: 0}
    values |= {admin: enabled, oper: status, changed: 400, bad_in: 1, bad_out: 2}
    return {(column, index): value for column, value in values.items()}


def test_every_word_of_a_device_for_up_and_down_is_read() -> None:
    table: dict[tuple[Oid, int], int | str] = {}
    for status in range(1, 8):
        table |= row(status, status)
    table |= row(9, 2, enabled=2)
    found = walked(table).status()
    assert [found[f"eth{index}"].up for index in range(1, 8)] == [True, False, None, None, None, False, False]
    assert found["eth9"] == InterfaceStatus(
        index=9, uptime=4711, up=False, enabled=False, changed=400, errors_received=1, errors_sent=2
    )


DESCRIPTION: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2)


def of_ios() -> dict[tuple[Oid, int], int | str]:
    """Two ports whose ifName is short, and two cards that share a description."""
    name, received = STATES[:2]
    table = row(1, 1) | row(2, 2) | row(3, 1) | row(4, 1)
    names = ("Gi0/1", "GigabitEthernet0/1"), ("Gi0/2", "Gi0/1"), ("eth0", "82540EM"), ("eth1", "82540EM")
    for index, (short, full) in enumerate(names, 1):
        table |= {(name, index): short, (DESCRIPTION, index): full, (received, index): index}
    return table


@pytest.mark.parametrize("columns", [TOTALS, STATES])
def test_an_interface_is_found_under_either_of_its_names(columns: tuple[Oid, ...]) -> None:
    walk = walked(of_ios(), columns, None)
    totals, status = walk.totals(), walk.status()
    assert totals["Gi0/1"] == totals["GigabitEthernet0/1"]
    assert totals["Gi0/1"].received == 1, "its own name goes before another's description"
    assert totals.keys() == {"Gi0/1", "Gi0/2", "GigabitEthernet0/1", "eth0", "eth1"}, "one that two share names nobody"
    if columns is STATES:
        assert status.keys() == totals.keys()
        assert (status["GigabitEthernet0/1"].index, status["GigabitEthernet0/1"].up) == (1, True)


def test_descriptions_are_asked_for_once_and_again_when_a_row_is_new() -> None:
    first = walked(of_ios(), TOTALS, None)
    second = InterfaceWalk("core", 9, TOTALS, first.called)
    assert len(second.ask()[1]) == 1 + len(TOTALS)
    again = walked(of_ios(), TOTALS, first.called)
    assert again.totals() == first.totals()
    assert again.called == first.called
    grown = walked(of_ios() | {(TOTALS[0], 5): "Gi0/5", (TOTALS[1], 5): 1, (TOTALS[2], 5): 1}, TOTALS, first.called)
    assert grown.called is None


def test_a_device_without_short_names_is_read_by_its_descriptions() -> None:
    walk = walked({(DESCRIPTION, 1): "ether1", (STATES[6], 1): 1}, STATES, None)
    assert walk.status()["ether1"].up is True
    assert walk.called is None


@needs_agent
def test_a_device_that_is_known_is_not_asked_for_descriptions_again(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = InterfaceWalk.ask

    def ask(walk: InterfaceWalk) -> tuple[int, list[Oid]]:
        rows, oids = real(walk)
        asked.append(len(oids))
        return rows, oids

    monkeypatch.setattr(InterfaceWalk, "ask", ask)
    with SnmpMeter() as meter:
        (first,) = meter.read([target(port)])
        before = len(asked)
        (second,) = meter.read([target(port)])
    assert isinstance(first, InterfaceReading)
    assert isinstance(second, InterfaceReading)
    assert first.interfaces.keys() == second.interfaces.keys()
    assert (max(asked[:before]), max(asked[before:])) == (2 + len(TOTALS), 1 + len(TOTALS))


def test_one_answer_of_states_fits_into_one_packet() -> None:
    rows, oids = InterfaceWalk("core", 500, STATES).ask()
    assert rows * (len(oids) - 1) <= 50
    rows, oids = InterfaceWalk("core", 500, TOTALS).ask()
    assert rows * (len(oids) - 1) <= 50
    rows, oids = InterfaceWalk("core", 500, STATES, None).ask()
    assert rows * (len(oids) - 1) <= 50


def test_an_agent_without_wide_counters_still_says_what_is_up() -> None:
    name, oper = STATES[0], STATES[6]
    walk = walked({(name, 1): "ether1", (oper, 1): 1})
    assert walk.status()["ether1"].up is True
    with pytest.raises(MeterError):
        walk.totals()
    reading = snmp._reading(walk, target(161), states=True)
    assert (dict(reading.interfaces), reading.status["ether1"].index) == ({}, 1)


# ---- budgets


def asked(meter: SnmpMeter, targets: list[SnmpTarget]) -> tuple[dict[str, InterfaceReading | LajurError], dict[str, float]]:
    """What each device said, and how many seconds after the question."""
    heard: dict[str, InterfaceReading | LajurError] = {}
    ended: dict[str, float] = {}
    over, begun = threading.Event(), time.monotonic()

    def hear(device: str, found: InterfaceReading | LajurError) -> None:
        heard[device], ended[device] = found, time.monotonic() - begun
        if len(heard) == len(targets):
            over.set()

    meter.ask(targets, hear)
    assert over.wait(60)
    return heard, ended


@needs_agent
def test_dead_devices_delay_nobody_however_many(port: int) -> None:
    with ExitStack() as stack, SnmpMeter(timeout=3.0) as meter:
        dead = []
        for number in range(3 * snmp._AT_ONCE):
            taken = stack.enter_context(closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)))
            taken.bind(("127.0.0.1", 0))
            dead.append(target(taken.getsockname()[1], f"dead-{number}"))
        targets = [*dead, target(port, "alive")]
        meter.read([target(port, "alive")], states=True)  # net-snmp's first answer takes its time
        first, took = asked(meter, targets)
        again, ended = asked(meter, targets)
    for heard in (first, again):
        assert isinstance(heard["alive"], InterfaceReading)
        assert {type(heard[each.device]) for each in dead} == {MeterError}
    # None has more than its own budget, and a second of everybody's who came before it.
    assert max(took.values()) < len(targets) / snmp._AT_ONCE * snmp._PATIENCE + 2 * 3.0
    # Who was silent the last time waits elsewhere: the living one is heard first although it came last.
    assert ended["alive"] < min(ended[each.device] for each in dead)


@needs_agent
def test_a_device_that_falls_silent_is_late_before_it_is_silent_and_only_once(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp, "_PATIENCE", 0.2)
    told: list[str] = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as taken, SnmpMeter(timeout=1.0) as meter:
        taken.bind(("127.0.0.1", 0))
        targets = [target(taken.getsockname()[1], "dead"), target(port, "alive")]
        meter.read(targets[1:], states=True)  # net-snmp's first answer takes its time
        for _ in range(2):
            over = threading.Event()

            def hear(device: str, _: object, over: threading.Event = over) -> None:
                told.append(device)
                if device == "dead":
                    over.set()

            meter.ask(targets, hear, lambda device: told.append(f"late {device}"))
            assert over.wait(30)
    assert told == ["alive", "late dead", "dead", "alive", "dead"]


@needs_agent
def test_a_device_that_never_ends_answering_has_a_budget_of_requests(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp, "_MOST_REQUESTS", 1)
    monkeypatch.setattr(snmp, "MANY", 0)  # one row at a time: every agent takes more than one request so
    with SnmpMeter() as meter:
        (found,) = meter.read([target(port)], states=True)
    assert isinstance(found, MeterError)
    assert found.code == "meter.over_budget"
    for language in ("id", "en"):
        assert "core" in text(found.code, language, found.fields)


class Slow:
    """Gives the agent's true answers back, each a while after the question."""

    def __init__(self, port: int, seconds: float) -> None:
        self._inner, self._agent = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self._inner.bind(("127.0.0.1", 0))
        self._agent.connect(("127.0.0.1", port))
        self._seconds, self._over = seconds, threading.Event()
        self.port: int = self._inner.getsockname()[1]
        self._thread = threading.Thread(target=self._pass_on)
        self._thread.start()

    def _pass_on(self) -> None:
        for each in (self._inner, self._agent):
            each.settimeout(0.05)
        while not self._over.is_set():
            try:
                question, meter = self._inner.recvfrom(65535)
                self._agent.send(question)
                answered = self._agent.recv(65535)
            except TimeoutError:
                continue
            self._over.wait(self._seconds)
            self._inner.sendto(answered, meter)

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._inner.close()
        self._agent.close()


@needs_agent
def test_a_slow_device_is_heard_by_waiting_longer(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp, "_PATIENCE", 0.2)
    with closing(Slow(port, 0.25)) as slow, SnmpMeter(timeout=30.0) as meter:
        (found,) = meter.read([target(slow.port)], states=True)
    assert isinstance(found, InterfaceReading)


# ---- the fleet


class Kept(SnmpMeter):
    """A meter that asks nobody until a test lets it."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[str], snmp.Heard]] = []

    def ask(self, targets: object, heard: snmp.Heard, late: snmp.Late = print) -> None:
        assert isinstance(targets, list)
        self.asked.append(([each.device for each in targets], heard))


def test_a_device_is_not_asked_again_while_it_is_being_asked() -> None:
    meter = Kept()
    fleet = Fleet(meter, [target(161, "core"), target(161, "hub")])
    heard: list[str] = []
    assert fleet.devices == ("core", "hub")
    fleet.ask(["core", "nobody"], lambda device, _: heard.append(device), heard.append)
    fleet.ask(["core", "hub"], lambda device, _: heard.append(device), heard.append)
    assert [names for names, _ in meter.asked] == [["core"], ["hub"]]
    silent = MeterError("meter.silent", device="core", step="snmp", address="-", port=161, user="lajur")
    meter.asked[0][1]("core", silent)
    fleet.ask(["core"], lambda device, _: heard.append(device), heard.append)
    assert (heard, meter.asked[-1][0]) == (["core"], ["core"])
