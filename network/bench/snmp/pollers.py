"""Polls of all agents, round by round, in a process of its own inside their namespace: `python -m network.bench.snmp.pollers`.

One line of JSON in (`Asked`), one out (`Told`). Every way reads the same five columns of every interface.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypedDict

from network.bench.snmp.agents import INTERFACES, PORT
from network.errors import MeterError
from network.telemetry.interface_walk import TOTALS, UPTIME
from network.telemetry.snmp import SnmpMeter, SnmpTarget, SnmpUser

AT_ONCE: Final = 16
"""Devices asked at a time by the others; our meter has bounds of its own."""

_PATIENCE: Final = 60.0


class Asked(TypedDict):
    """`how`: own, bulkget or pysnmp. The first round is not counted: agents are met in it."""

    how: str
    addresses: list[str]
    user: str
    auth: str
    privacy: str
    rounds: int


class Told(TypedDict):
    """Each a value for each round: seconds until the last device had answered, processor time of the client in ms for a device,
    devices that did not answer with every value."""

    seconds: list[float]
    cpu: list[float]
    missing: list[int]


def _own(asked: Asked, stack: ExitStack) -> Callable[[], int]:
    user = SnmpUser(name=asked["user"], auth=asked["auth"], privacy=asked["privacy"])
    targets = [SnmpTarget(device=address, address=address, user=user) for address in asked["addresses"]]
    meter = stack.enter_context(SnmpMeter())

    def read() -> int:
        found = meter.read(targets)
        return sum(not isinstance(each, MeterError) and len(each.interfaces) == INTERFACES for each in found)

    return read


def _bulkget(asked: Asked, stack: ExitStack) -> Callable[[], int]:
    """One `snmpbulkget` for each device, all values in one packet. Its pass phrases are in a file, not in its words."""
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="lajur-snmp-")))
    lines = ["defVersion 3", "defSecurityLevel authPriv", f"defSecurityName {asked['user']}", "defAuthType SHA"]
    lines += [f"defAuthPassphrase {asked['auth']}", "defPrivType AES", f"defPrivPassphrase {asked['privacy']}"]
    (folder / "snmp.conf").write_text("".join(f"{line}\n" for line in lines))
    environment = {**os.environ, "SNMPCONFPATH": str(folder), "MIBS": "", "MIBDIRS": "/nonexistent"}
    names = [".".join(map(str, oid)) for oid in (UPTIME, *TOTALS)]
    pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))

    def one(address: str) -> bool:
        words = ["snmpbulkget", "-Onq", "-Cn1", f"-Cr{INTERFACES}", f"{address}:{PORT}", *names]
        answer = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        return answer.returncode == 0 and len(answer.stdout.splitlines()) == 1 + INTERFACES * len(TOTALS)

    return lambda: sum(pool.map(one, asked["addresses"]))


def _pysnmp(asked: Asked, stack: ExitStack) -> Callable[[], int]:
    """As its documentation shows it, with what costs least: one engine, no look-ups of names."""
    from pysnmp.hlapi.v3arch import asyncio as hlapi

    loop = asyncio.new_event_loop()
    stack.callback(loop.close)
    stack.callback(loop.run_until_complete, asyncio.sleep(0))  # transports close in the next turn of the loop
    engine = hlapi.SnmpEngine()
    stack.callback(engine.close_dispatcher)
    user = hlapi.UsmUserData(
        asked["user"],
        asked["auth"],
        asked["privacy"],
        authProtocol=hlapi.USM_AUTH_HMAC96_SHA,
        privProtocol=hlapi.USM_PRIV_CFB128_AES,
    )
    names = [hlapi.ObjectType(hlapi.ObjectIdentity(oid)) for oid in (UPTIME, *TOTALS)]
    lanes = asyncio.Semaphore(AT_ONCE)

    async def one(address: str) -> bool:
        async with lanes:
            peer = await hlapi.UdpTransportTarget.create((address, PORT), timeout=4, retries=1)
            said: Any = await hlapi.bulk_cmd(engine, user, peer, hlapi.ContextData(), 1, INTERFACES, *names, lookupMib=False)
            return not said[0] and not said[1] and len(said[3]) == 1 + INTERFACES * len(TOTALS)

    async def every() -> int:
        return sum(await asyncio.gather(*(one(address) for address in asked["addresses"])))

    return lambda: loop.run_until_complete(every())


_WAYS: Final = {"own": _own, "bulkget": _bulkget, "pysnmp": _pysnmp}


def carry_out(asked: Asked) -> Told:
    count = len(asked["addresses"])
    told: Told = {"seconds": [], "cpu": [], "missing": []}
    with ExitStack() as stack:
        read = _WAYS[asked["how"]](asked, stack)
        end = time.monotonic() + _PATIENCE
        while read() < count and time.monotonic() < end:
            time.sleep(0.2)  # agents that were just started
        for _ in range(asked["rounds"]):
            before, began = _cpu(), time.perf_counter()
            answered = read()
            told["seconds"].append(time.perf_counter() - began)
            told["cpu"].append(1000 * (_cpu() - before) / count)
            told["missing"].append(count - answered)
    return told


def _cpu() -> float:
    """Of this process and of those that it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    sys.stdout.write(json.dumps(carry_out(json.loads(sys.stdin.readline()))) + "\n")


if __name__ == "__main__":
    main()
