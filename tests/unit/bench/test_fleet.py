"""The emulated fleet: real SSH on loopback, at a distance, with dead ones among them, and a controller that gets by."""

from __future__ import annotations

import asyncio
import time
from random import Random

from network.bench.fleet.box import Box, listens
from network.bench.fleet.distance import FarLoop
from network.bench.fleet.measure import LOST, ROUND_TRIP, SILENT, fleet, rolled_out


def test_who_answers_is_changed_and_who_is_dead_is_told() -> None:
    with fleet(SILENT + LOST + 3, Random(1)) as standing:
        told = rolled_out(standing, connect=1.0)
    assert (told["done"], len(told["failed"])) == (3, SILENT + LOST)
    codes = [reason.partition(":")[0] for reason in told["failed"].values()]
    assert sorted(codes) == ["device.no_ssh"] * SILENT + ["device.unreachable"] * LOST
    assert told["cpu"] > 0
    assert told["peak"] > 0


def test_answers_take_a_round_trip_and_keep_their_order() -> None:
    class Echo(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            self._transport = transport

        def data_received(self, data: bytes) -> None:
            for byte in data:
                self._transport.write(bytes([byte]))
            self._transport.close()

    async def asked(loop: FarLoop) -> tuple[bytes, float]:
        server = await loop.create_server(Echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        began = time.monotonic()
        writer.write(bytes(range(64)))
        said = await reader.read()
        writer.close()
        server.close()
        return said, time.monotonic() - began

    loop = FarLoop(ROUND_TRIP)
    try:
        said, seconds = loop.run_until_complete(asked(loop))
    finally:
        loop.close()
    assert said == bytes(range(64))
    assert seconds >= ROUND_TRIP


def test_a_box_refuses_what_is_no_script_of_the_driver() -> None:
    said = next(Box().converse("exec sh", "rm -rf /"))
    assert "not found" in said
    assert not listens(said)
