"""What `noc` hears: SNMPv3 traps of a lab's routers, checked for who sent them and taken apart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Queue
from typing import Any, Final, NamedTuple

from pysnmp.carrier.asyncio.dgram import udp
from pysnmp.entity import config, engine
from pysnmp.entity.rfc3413 import ntfrcv
from pysnmp.proto.rfc1902 import OctetString

from network.lab import enter
from network.lab.lab import LabState

_KINDS: Final = {"1.3.6.1.6.3.1.1.5.3": "down", "1.3.6.1.6.3.1.1.5.4": "up"}
_ROW: Final = "1.3.6.1.2.1.2.2.1"


class Trap(NamedTuple):
    """`admin` and `oper` as IF-MIB has them: 1 up, 2 down. `name` is empty where the sender gave none."""

    device: str
    kind: str
    admin: int
    oper: int
    name: str


@contextmanager
def heard(lab: LabState) -> Iterator[Queue[Trap]]:
    """A listener in `noc` that puts every trap of this lab's routers into a queue."""
    found: Queue[Trap] = Queue()
    with ThreadPoolExecutor(1, initializer=enter.enter_namespace, initargs=(enter.noc_namespace(lab),)) as pool:
        loop = pool.submit(asyncio.new_event_loop).result()
        ear = pool.submit(_ear, loop, lab, found).result()
        listening = pool.submit(loop.run_forever)
        try:
            yield found
        finally:
            loop.call_soon_threadsafe(loop.stop)
            listening.result()
            pool.submit(_close, loop, ear).result()


def _ear(loop: asyncio.AbstractEventLoop, lab: LabState, found: Queue[Trap]) -> Any:
    asyncio.set_event_loop(loop)
    secrets: dict[str, str] = json.loads(lab.snmp.read_text())
    engines: dict[str, str] = json.loads(lab.engines.read_text())
    own = engine.SnmpEngine()
    config.add_transport(own, udp.DOMAIN_NAME, udp.UdpAsyncioTransport(loop=loop).open_server_mode(("0.0.0.0", 162)))
    for number in engines.values():
        config.add_v3_user(
            own,
            secrets["user"],
            config.USM_AUTH_HMAC96_SHA,
            secrets["auth"],
            config.USM_PRIV_CFB128_AES,
            secrets["privacy"],
            securityEngineId=OctetString(hexValue=number),
        )

    def on_trap(*told: Any) -> None:
        _, _, context_engine, _, bindings, _ = told
        said = {str(name): value for name, value in bindings}
        row = {name.removeprefix(f"{_ROW}.").partition(".")[0]: value for name, value in said.items() if name.startswith(_ROW)}
        owner = context_engine.asOctets().hex()
        found.put(
            Trap(
                device=next(key for key, number in engines.items() if number == owner),
                kind=_KINDS[str(said["1.3.6.1.6.3.1.1.4.1.0"])],
                admin=int(row["7"]),
                oper=int(row["8"]),
                name=str(row.get("2", "")),
            )
        )

    ntfrcv.NotificationReceiver(own, on_trap)
    loop.run_until_complete(asyncio.sleep(0))  # the transport opens its socket as a task of the loop
    return own


def _close(loop: asyncio.AbstractEventLoop, ear: Any) -> None:
    ear.close_dispatcher()
    loop.run_until_complete(asyncio.sleep(0.01))  # the socket closes in a later turn of the loop
    loop.close()
