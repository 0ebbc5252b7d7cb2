"""The SNMP meter against net-snmp's own daemon on loopback: same values as its own tools, and honest about every failure."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import bulk_cmd
from pysnmp.proto.rfc1902 import Counter64, Gauge32, IpAddress, ObjectIdentifier, ObjectName, OctetString, TimeTicks
from pysnmp.proto.rfc1905 import endOfMibView, noSuchInstance

from network.core.rates import Dropped, InterfaceReading, InterfaceTotals, interface_rates
from network.errors import MeterError
from network.messages import text
from network.telemetry import snmp
from network.telemetry.fleet import Fleet
from network.telemetry.snmp import SnmpMeter, SnmpTarget, SnmpUser
from tests.unit.telemetry.agent import USER, daemon, free_port, own_tools

pytestmark = pytest.mark.skipif(shutil.which("snmpd") is None, reason="needs snmpd (Debian package snmpd)")

COLUMNS = {1: "name", 6: "received", 10: "sent", 15: "speed", 19: "discontinuity"}
TABLE = ".1.3.6.1.2.1.31.1.1.1"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    chosen = free_port()
    with daemon(tmp_path_factory.mktemp("snmpd"), chosen):
        yield chosen


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes everything and never answers."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def target(port: int, user: SnmpUser = USER, device: str = "core") -> SnmpTarget:
    return SnmpTarget(device=device, address="127.0.0.1", port=port, user=user)


def read(meter: SnmpMeter, asked: SnmpTarget) -> InterfaceReading:
    (found,) = meter.read([asked])
    assert isinstance(found, InterfaceReading)
    return found


def failure(meter: SnmpMeter, asked: SnmpTarget) -> MeterError:
    (found,) = meter.read([asked])
    assert isinstance(found, MeterError)
    for language in ("id", "en"):
        shown = text(found.code, language, found.fields)
        assert asked.device in shown
        assert asked.user.auth not in shown
        assert asked.user.privacy not in shown
    return found


def walked(port: int) -> dict[str, dict[str, str]]:
    """The same columns by net-snmp's own snmpbulkwalk, by interface name."""
    rows: dict[str, dict[str, str]] = {}
    for column, name in COLUMNS.items():
        for found in own_tools("snmpbulkwalk", port, f"{TABLE}.{column}").splitlines():
            oid, value = found.split(maxsplit=1)
            rows.setdefault(oid.rsplit(".", 1)[1], {})[name] = value.strip('"')
    return {row["name"]: row for row in rows.values()}


def test_values_are_those_of_net_snmps_own_tools(port: int) -> None:
    with SnmpMeter() as meter:
        before = read(meter, target(port))
        own = walked(port)
        after = read(meter, target(port))
    assert before.device == "core"
    assert before.taken < after.taken
    assert set(before.interfaces) == set(after.interfaces) >= set(own)
    assert "lo" in own
    for name, row in own.items():
        old, new = before.interfaces[name], after.interfaces[name]
        # Equal up to packets that came later, our own questions among them.
        assert old.received <= int(row["received"]) <= new.received
        assert old.sent <= int(row["sent"]) <= new.sent
        assert new.speed == (int(row["speed"]) * 1_000_000 or None)
        assert new.discontinuity == int(row["discontinuity"])
        assert 0 < old.uptime < new.uptime


def test_totals_are_the_kernels(port: int) -> None:
    statistics = Path("/sys/class/net/lo/statistics")
    with SnmpMeter() as meter:
        # The agent's cache may lag; by the second reading of a later moment it cannot be behind the first look.
        kernel = int((statistics / "rx_bytes").read_text())
        deadline = time.monotonic() + 30
        while (found := read(meter, target(port)).interfaces["lo"]).received < kernel:
            assert time.monotonic() < deadline
        assert found.received <= int((statistics / "rx_bytes").read_text())


def test_a_wrong_phrase_or_user_is_told_and_does_not_spoil_the_right_one(port: int) -> None:
    with SnmpMeter(timeout=3.0) as meter:
        before = read(meter, target(port))
        for user in (replace(USER, auth="not that phrase"), replace(USER, name="nobody")):
            error = failure(meter, target(port, user))
            assert error.code == "meter.login_refused"
            assert error.fields["user"] == user.name
        # The agent cannot read the question at all and stays silent; the message says so.
        assert failure(meter, target(port, replace(USER, privacy="not that phrase"))).code == "meter.silent"
        assert read(meter, target(port)).interfaces.keys() == before.interfaces.keys()


def test_a_phrase_that_is_too_short_is_not_even_sent(silent: int) -> None:
    with SnmpMeter() as meter:
        for user in (replace(USER, auth="seven77"), replace(USER, privacy="seven77")):
            assert failure(meter, target(silent, user)).code == "meter.phrase_short"


def test_phrases_are_not_shown() -> None:
    assert USER.auth not in repr(target(1))
    assert USER.privacy not in repr(target(1))


def test_a_silent_device_ends_in_time_and_delays_nobody(port: int, silent: int) -> None:
    with SnmpMeter(timeout=3.0) as meter:
        read(meter, target(port))
        begun = time.monotonic()
        found = meter.read([target(silent, device="r-dead"), *[target(port, device=f"r-{n}") for n in range(3)]])
        ended = time.monotonic()
    dead, *alive = found
    assert isinstance(dead, MeterError)
    assert (dead.code, dead.device) == ("meter.silent", "r-dead")
    assert ended - begun < 2 * 3.0
    for number, other in enumerate(alive):
        assert isinstance(other, InterfaceReading)
        assert other.device == f"r-{number}"
        assert other.taken - begun < (ended - begun) / 2


def test_more_devices_than_are_asked_at_once_are_all_read(port: int) -> None:
    # One daemon answers for all of them: on a machine that is busy with other tests it may need longer than a device is given.
    with SnmpMeter(timeout=30.0) as meter:
        found = meter.read([target(port, device=f"r-{number}") for number in range(snmp._AT_ONCE * 2 + 1)])
    assert [one for one in found if not isinstance(one, InterfaceReading)] == []
    assert [one.device for one in found] == [f"r-{number}" for number in range(snmp._AT_ONCE * 2 + 1)]


def test_no_targets_are_no_readings() -> None:
    with SnmpMeter() as meter:
        assert meter.read([]) == ()


class Relay:
    """Stands between meter and agent and gives the agent's true answers back, from its own place or from a stranger's."""

    def __init__(self, port: int, as_stranger: bool) -> None:
        self._inner, self._agent, self._stranger = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3))
        self._inner.bind(("127.0.0.1", 0))
        self._stranger.bind(("127.0.0.1", 0))
        self._agent.connect(("127.0.0.1", port))
        self._voice = self._stranger if as_stranger else self._inner
        self._over = False
        self.answers = 0
        self.port: int = self._inner.getsockname()[1]
        self._thread = threading.Thread(target=self._pass_on)
        self._thread.start()

    def _pass_on(self) -> None:
        for each in (self._inner, self._agent):
            each.settimeout(0.05)
        while not self._over:
            try:
                question, meter = self._inner.recvfrom(65535)
                self._agent.send(question)
                answer = self._agent.recv(65535)
            except TimeoutError:
                continue
            self._voice.sendto(answer, meter)
            self._voice.sendto(b"\x30\x03garbage", meter)
            self.answers += 1

    def close(self) -> None:
        self._over = True
        self._thread.join()
        for each in (self._inner, self._agent, self._stranger):
            each.close()


def test_answers_of_a_stranger_are_not_heard(port: int) -> None:
    with SnmpMeter(timeout=3.0) as meter:
        with closing(Relay(port, as_stranger=False)) as relay:
            assert read(meter, target(relay.port)).interfaces
            assert relay.answers
        with closing(Relay(port, as_stranger=True)) as relay:
            assert failure(meter, target(relay.port)).code == "meter.silent"
            assert relay.answers


def test_bytes_that_break_the_decoder_are_no_answer_and_no_noise(caplog: pytest.LogCaptureFixture) -> None:
    breaking = bytes.fromhex(
        "3071020103301102044b2f1a3d020300ffe30401000201030421301f041180001f8880fc06e135fece026b0000000002010102010104000400"
        "04003036041180001f8880fc06e135fece026b000000000488a81f02042f1a3d4b0201000201003011300f060a2b060106030f01010400410101"
    )
    caplog.set_level("DEBUG")
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as agent, SnmpMeter(timeout=3.0) as meter:
        agent.bind(("127.0.0.1", 0))
        agent.settimeout(30)
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(failure, meter, target(agent.getsockname()[1]))
            agent.sendto(breaking, agent.recvfrom(65535)[1])
            assert reading.result().code == "meter.silent"
    assert "snmp.undecodable" in [record.message for record in caplog.records]
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR", "CRITICAL")]


def test_an_agent_that_restarts_is_read_again_and_gives_no_rate_across_it(tmp_path: Path) -> None:
    chosen = free_port()
    with SnmpMeter() as meter:
        with daemon(tmp_path / "agent", chosen):
            before = read(meter, target(chosen))
        with daemon(tmp_path / "agent", chosen):
            after = read(meter, target(chosen))
    # As if ten seconds had passed for us: the agent's own clock says otherwise.
    after = replace(after, taken=before.taken + 10)
    assert set(interface_rates(before, after).values()) <= {Dropped.RESTARTED, Dropped.TOO_CLOSE}


def test_another_agent_at_the_same_place_is_met_anew(tmp_path: Path, port: int) -> None:
    chosen = free_port()
    with SnmpMeter(timeout=3.0) as meter:
        with daemon(tmp_path / "first", chosen):
            read(meter, target(chosen))
        with daemon(tmp_path / "second", chosen):
            # The library believes in the first one still; the reading after that does not.
            assert failure(meter, target(chosen)).code == "meter.silent"
            found = meter.read([target(chosen, device="core"), target(port, device="r-1")])
    assert [type(one) for one in found] == [InterfaceReading, InterfaceReading]


def answering(monkeypatch: pytest.MonkeyPatch, *answers: Any) -> list[int]:
    """Make the library give these answers first; returns the repetitions that were asked for, as they come."""
    asked: list[int] = []
    given = iter(answers)

    async def bulk(*words: Any, **options: Any) -> Any:
        asked.append(words[5])
        answer = next(given, None)
        if isinstance(answer, Exception):
            raise answer
        return await bulk_cmd(*words, **options) if answer is None else answer

    monkeypatch.setattr(snmp, "bulk_cmd", bulk)
    return asked


def test_too_big_is_asked_again_by_half(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with SnmpMeter() as meter:
        asked = answering(monkeypatch, (None, 1, 0, ()), (None, 1, 0, ()))
        assert read(meter, target(port)).interfaces
    assert asked[:3] == [8, 4, 2]


def test_other_failures_of_agent_and_library_are_errors_of_that_device(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with SnmpMeter() as meter:
        answering(monkeypatch, PySnmpError("no transport"), ("badResponse", 0, 0, ()))
        for reason in ("no transport", "badResponse"):
            error = failure(meter, target(port))
            assert error.code == "meter.refused"
            assert reason in str(error.fields["reason"])
        assert read(meter, target(port)).interfaces


def test_what_nobody_expected_is_an_error_of_that_device_and_told_once(port: int, caplog: pytest.LogCaptureFixture) -> None:
    odd = target(port, replace(USER, name="x" * 33), device="r-odd")
    with SnmpMeter() as meter:
        for _ in range(2):
            found = meter.read([odd, target(port)])
            assert isinstance(found[1], InterfaceReading)
        error = failure(meter, odd)
    assert (error.code, error.device) == ("meter.failed", "r-odd")
    (told,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert (told.__dict__["device"], told.exc_info) == ("r-odd", None)
    assert "snmp.py" in told.__dict__["trace"]


def test_a_device_that_cannot_be_asked_is_heard_each_time(port: int) -> None:
    heard = SimpleQueue[str]()
    with SnmpMeter() as meter:
        fleet = Fleet(meter, [target(port, replace(USER, name="x" * 33), device="r-odd")])
        for _ in range(2):
            fleet.ask(["r-odd"], lambda name, found: heard.put(name), lambda name: None)
            assert heard.get(timeout=30) == "r-odd"


def test_whatever_lies_behind_the_table_is_its_end(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
    row = [(1, OctetString("lo")), (6, Counter64(2**63)), (10, Counter64(7)), (15, Gauge32(10)), (19, TimeTicks(3))]
    behind = [
        ObjectIdentifier((1, 3, 6)),
        IpAddress("192.0.2.1"),
        endOfMibView,
        noSuchInstance,
        OctetString(hexValue="fe80"),
        Gauge32(1),
    ]
    binds: list[tuple[tuple[int, ...], Any]] = [((1, 3, 6, 1, 2, 1, 1, 3, 0), TimeTicks(4711))]
    binds += [((*table, column, 1), value) for column, value in row]
    binds.append(((1, 3, 6, 1, 2, 1, 2, 2, 1, 2, 1), OctetString("lo")))
    binds += [((1, 3, 6, 1, 2, 1, 55, 1, number), value) for number, value in enumerate(behind)]
    with SnmpMeter() as meter:
        answering(monkeypatch, (None, 0, 0, [(ObjectName(oid), value) for oid, value in binds]))
        found = read(meter, target(silent))
    assert found.interfaces == {"lo": InterfaceTotals(received=2**63, sent=7, uptime=4711, speed=10_000_000, discontinuity=3)}


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_the_thread_starts_where_it_is_told_and_ends_with_everything_it_opened(port: int) -> None:
    started: list[str] = []
    opened = open_files()
    with SnmpMeter(on_start=lambda: started.append(threading.current_thread().name)) as meter:
        read(meter, target(port))
        assert started == ["snmp-meter"]
        assert open_files() > opened
    assert "snmp-meter" not in {thread.name for thread in threading.enumerate()}
    assert open_files() == opened
    meter.close()


def test_a_start_that_fails_comes_out_and_leaves_no_thread() -> None:
    def enter() -> None:
        raise PermissionError("no such namespace for you")

    with pytest.raises(PermissionError, match="no such namespace"):
        SnmpMeter(on_start=enter)
    assert "snmp-meter" not in {thread.name for thread in threading.enumerate()}


def test_closing_cuts_a_reading_short(silent: int) -> None:
    with ExitStack() as stack:
        meter = stack.enter_context(SnmpMeter(timeout=60.0))
        pool = stack.enter_context(ThreadPoolExecutor(1))
        reading = pool.submit(meter.read, [target(silent)])
        deadline = time.monotonic() + 30
        while not meter._agents._engines:
            assert time.monotonic() < deadline
        meter.close()
        with pytest.raises(CancelledError):
            reading.result(timeout=30)
