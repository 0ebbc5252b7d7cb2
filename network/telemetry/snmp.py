"""Interface totals and states over SNMPv3 (authPriv, SHA-1 and AES-128) from many devices at once, for callers that are sync.

One thread with one event loop does all of it; nothing is ever set on a device, and no community is ever sent in clear.

Every device has a budget of time and of requests, and two lanes keep it from spending anybody else's: who answers is asked in
the quick one; who has been silent for a second, or was the last time, waits in the other and holds nobody up.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from traceback import format_tb
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from pysnmp.carrier.asyncio.dgram.udp import UdpTransport
from pysnmp.error import PySnmpError
from pysnmp.hlapi.v3arch.asyncio import (
    USM_AUTH_HMAC96_SHA,
    USM_PRIV_CFB128_AES,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    bulk_cmd,
)
from pysnmp.proto import errind
from pysnmp.proto.mpmod.rfc3412 import SnmpV3MessageProcessingModel
from pysnmp.proto.rfc1905 import EndOfMibView, NoSuchInstance, NoSuchObject

from network.core.rates import InterfaceReading
from network.errors import MeterError
from network.telemetry.interface_walk import MANY, STATES, TOTALS, Bind, InterfaceWalk, Oid

_log: Final = logging.getLogger(__name__)

_AT_ONCE: Final = 16
"""Devices asked at a time: decoding costs some 20 ms each, and an answer must not grow old waiting for its turn."""
_WAITING: Final = 64
"""Devices waited for at a time that have been silent: they cost nothing but a place."""
_PATIENCE: Final = 1.0
"""Seconds until a request is sent again; twice as many the next time, for a device that is slow and not dead."""
_MOST_REQUESTS: Final = 256
"""Requests to one device in one reading, repetitions included: 1,000 interfaces and some loss."""
_SHORTEST: Final = 8
"""Characters of a pass phrase (RFC 3414, section 11.2)."""
_TOO_BIG: Final = 1
"""error-status tooBig (RFC 3416)."""
_REFUSED: Final = (
    errind.UnknownUserName,
    errind.WrongDigest,
    errind.AuthenticationFailure,
    errind.UnsupportedSecurityLevel,
    errind.DecryptionError,
    errind.AuthenticationError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpUser:
    """A user of the SNMPv3 user-based security model, with the pass phrases themselves: they never leave this process."""

    name: str
    auth: str = field(repr=False)
    privacy: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpTarget:
    """A device's key in the truth, and where and as whom it is asked. `address` is an IPv4 address, not a name."""

    device: str
    address: str
    user: SnmpUser
    port: int = 161


Heard = Callable[[str, InterfaceReading | MeterError], None]
Late = Callable[[str], None]
_Tell = Callable[[int, InterfaceReading | MeterError], None]


class SnmpMeter:
    """The SNMP meter of a process. `read` from any thread; `close` (or leave the `with`) ends its thread.

    `on_start` runs first in that thread, so that its sockets can be opened inside a network namespace; what it raises
    comes out of the constructor. `timeout` is in seconds and per device, all its packets together.
    """

    def __init__(self, *, on_start: Callable[[], None] = lambda: None, timeout: float = 4.0) -> None:
        self._timeout = timeout
        self._on_start = on_start
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._stop = asyncio.Event()
        self._agents = _Agents()
        self._baffling: set[SnmpTarget] = set()
        self._thread = threading.Thread(target=self._run, name="snmp-meter", daemon=True)
        self._thread.start()
        self._loop = self._started.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the thread and its sockets. A reading under way is cut short."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def read(self, targets: Sequence[SnmpTarget], *, states: bool = False) -> tuple[InterfaceReading | MeterError, ...]:
        """What each target says, in order; a device that fails gives its error and delays no other.

        With `states` also whether its interfaces are up, at twice the cost.
        """
        found: dict[int, InterfaceReading | MeterError] = {}
        self._begin(tuple(targets), found.__setitem__, states).result()
        return tuple(found[place] for place in range(len(targets)))

    def ask(self, targets: Sequence[SnmpTarget], heard: Heard, late: Late = lambda device: None) -> None:
        """As `read` with states, without waiting: `heard` gets each device's key and reading, or error, as it comes; `late`,
        before that, the key of one that was not silent the last time and lets its first question go unanswered for a second.

        They are called in the meter's own thread and must return at once.
        """
        own = tuple(targets)
        self._begin(own, lambda place, found: heard(own[place].device, found), states=True, late=late)

    def _begin(self, targets: Sequence[SnmpTarget], tell: _Tell, states: bool, late: Late = lambda device: None) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(self._read(targets, tell, states, late), self._loop)

    async def _read(self, targets: Sequence[SnmpTarget], tell: _Tell, states: bool, late: Late) -> None:
        self._agents.meet_anew()

        async def one(place: int, target: SnmpTarget) -> None:
            try:
                found: InterfaceReading | MeterError = await self._agents.read(target, self._timeout, late, states=states)
            except MeterError as error:
                found = error
            except Exception as error:  # noqa: BLE001  # whatever it is: who asked is answered, for this device and all others
                found = self._baffled_by(target, error)
            else:
                self._baffling.discard(target)
            tell(place, found)

        await asyncio.gather(*(one(place, target) for place, target in enumerate(targets)))

    def _baffled_by(self, target: SnmpTarget, error: Exception) -> MeterError:
        """Told in the log until the device is read again, once; without the library's words, which may quote a pass phrase."""
        kind = type(error).__name__
        if target not in self._baffling:
            self._baffling.add(target)
            told = {"device": target.device, "problem": kind, "trace": "".join(format_tb(error.__traceback__))}
            _log.error("snmp.failed", extra=told)
        return _error("meter.failed", target, reason=kind)

    def _run(self) -> None:
        try:
            self._on_start()
            asyncio.run(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_undecodable)
        self._started.set_result(loop)
        try:
            await self._stop.wait()
        finally:
            self._agents.close()
            # Transports close in the next turn of the loop.
            await asyncio.sleep(0)


class _Met(NamedTuple):
    """What an agent showed the last time, so that it is asked for no more than is needed: how many interfaces, and
    `InterfaceWalk.called`."""

    rows: int
    called: Mapping[str, str] | None


_STRANGER: Final = _Met(MANY, None)


class _Agents:
    """The agents that were asked, on one event loop. Everything here runs in that loop's thread."""

    def __init__(self) -> None:
        # An engine costs about 0.1 s and knows users by name: one for each user, so that two regencies whose users have
        # the same name and different pass phrases stay apart.
        self._engines: dict[SnmpUser, SnmpEngine] = {}
        self._busy: Counter[SnmpUser] = Counter()
        self._met: dict[tuple[SnmpTarget, bool], _Met] = {}
        self._fell_silent: set[SnmpUser] = set()
        self._silent: set[SnmpTarget] = set()
        self._quick, self._slow = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_WAITING)

    def meet_anew(self) -> None:
        """Learn the agents' engine ids again when one that used to answer no longer does.

        The library keeps an id by address for five minutes and is deaf to an agent that comes back with another one, as a
        router does that was replaced or whose agent keeps no state. Answers on their way would be lost, so it waits for them.
        """
        for user in [user for user in self._fell_silent if not self._busy[user]]:
            model = SnmpV3MessageProcessingModel()
            self._engines[user].message_processing_subsystems[model.MESSAGE_PROCESSING_MODEL_ID] = model
            self._fell_silent.discard(user)

    def close(self) -> None:
        for engine in self._engines.values():
            engine.close_dispatcher()

    async def read(self, target: SnmpTarget, timeout: float, late: Late, *, states: bool) -> InterfaceReading:
        if min(len(target.user.auth), len(target.user.privacy)) < _SHORTEST:
            raise _error("meter.phrase_short", target, shortest=_SHORTEST)
        engine = self._engines.get(target.user) or self._engines.setdefault(target.user, SnmpEngine())
        key = target, states
        self._busy[target.user] += 1
        try:
            quick = target not in self._silent
            async with _Turn(self._quick, self._slow, quick=quick, late=partial(late, target.device)) as turn:
                with _translated(target):
                    async with asyncio.timeout(timeout):
                        walk = await self._walk(engine, target, turn, states=states)
                reading = _reading(walk, target, states=states)
        except MeterError as error:
            if self._met.pop(key, None) is not None:
                self._fell_silent.add(target.user)
            if error.code == "meter.silent":
                self._silent.add(target)
            raise
        finally:
            self._busy[target.user] -= 1
        self._met[key] = _Met(walk.rows, walk.called)
        self._silent.discard(target)
        return reading

    async def _walk(self, engine: SnmpEngine, target: SnmpTarget, turn: _Turn, *, states: bool) -> InterfaceWalk:
        met = self._met.get((target, states), _STRANGER)
        walk = InterfaceWalk(target.device, met.rows, STATES if states else TOTALS, met.called)
        patience, requests = _PATIENCE, 0
        while not walk.done:
            if requests == _MOST_REQUESTS:
                raise _error("meter.over_budget", target, requests=requests)
            requests += 1
            # No retries of the library's own: when to ask again and where to wait for it is decided here.
            peer = await _Peer.create((target.address, target.port), timeout=patience, retries=0)
            if not await _advance(walk, engine, target, peer):
                patience *= 2
                await turn.stand_aside()
        return walk


class _Turn:
    """A place among the devices that are asked now, in the quick lane or, for one that has been silent, in the slow one.

    `late` is told when it leaves the one for the other.
    """

    def __init__(self, quick_lane: asyncio.Semaphore, slow: asyncio.Semaphore, *, quick: bool, late: Callable[[], None]) -> None:
        self._slow = slow
        self._late = late
        self._wanted = quick_lane if quick else slow
        self._held: asyncio.Semaphore | None = None

    async def __aenter__(self) -> Self:
        await self._wanted.acquire()
        self._held = self._wanted
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._held is not None:
            self._held.release()

    async def stand_aside(self) -> None:
        """Leave the quick lane to others."""
        if self._held is not self._slow:
            self._late()
            await self.__aexit__()
            self._held = None
            await self._slow.acquire()
            self._held = self._slow


class _Socket(UdpTransport):  # type: ignore[misc]  # the library ships no types
    """Takes datagrams from agents that were asked and from nobody else; the library would take any sender's."""

    def __init__(self, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named)
        self._asked: set[tuple[str, int]] = set()

    def send_message(self, outgoingMessage: bytes, transportAddress: tuple[str, int]) -> None:  # noqa: N803
        self._asked.add((transportAddress[0], transportAddress[1]))
        super().send_message(outgoingMessage, transportAddress)

    def datagram_received(self, datagram: bytes, transportAddress: tuple[str, int]) -> None:  # noqa: N803
        if transportAddress in self._asked:
            super().datagram_received(datagram, transportAddress)


class _Peer(UdpTransportTarget):  # type: ignore[misc]  # the library ships no types
    """An agent's place. The address is a number already, so no resolver and no resolver's thread is needed."""

    PROTO_TRANSPORT = _Socket

    async def _resolve_address(self, transportAddr: tuple[str, int]) -> tuple[str, int]:  # noqa: N803
        return transportAddr


async def _advance(walk: InterfaceWalk, engine: SnmpEngine, target: SnmpTarget, peer: _Peer) -> bool:
    """Ask once and take the answer in. False when none came."""
    rows, oids = walk.ask()
    objects = [_object(oid) for oid in oids]
    user = _user(target.user)
    failure, status, _, binds = await bulk_cmd(engine, user, peer, ContextData(), 1, rows, *objects, lookupMib=False)
    if isinstance(failure, errind.RequestTimedOut):
        return False
    if failure is not None:
        raise _failed(target, failure)
    if int(status) == _TOO_BIG:
        walk.too_big()
    elif int(status):
        raise _failed(target, status.prettyPrint())
    else:
        walk.answered([_bind(oid, value) for oid, value in binds])
    return True


@lru_cache(maxsize=512)
def _object(oid: Oid) -> ObjectType:
    """The library looks a name up once for each object: kept, that is a tenth of a poll less. Nothing changes one later."""
    return ObjectType(ObjectIdentity(oid))


def _reading(walk: InterfaceWalk, target: SnmpTarget, *, states: bool) -> InterfaceReading:
    """An agent that knows which interfaces are up says enough, even without 64-bit totals, when that was asked."""
    status = walk.status() if states else {}
    try:
        totals = walk.totals()
    except MeterError:
        if not status:
            raise
        totals = {}
    return InterfaceReading(device=target.device, taken=time.monotonic(), interfaces=totals, status=status)


def _undecodable(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Bytes that break the library's decoder are no answer: the question is asked again, and no trace fills a terminal."""
    _log.debug("snmp.undecodable", exc_info=context.get("exception"))


def _user(user: SnmpUser) -> UsmUserData:
    return UsmUserData(user.name, user.auth, user.privacy, authProtocol=USM_AUTH_HMAC96_SHA, privProtocol=USM_PRIV_CFB128_AES)


def _bind(oid: Any, value: Any) -> Bind:
    """A name and its value; what is neither text nor a number lies behind the table and is as good as its end."""
    name: Oid = tuple(oid)
    if isinstance(value, (NoSuchObject, NoSuchInstance, EndOfMibView)):
        return name, None
    if hasattr(value, "asOctets"):
        return name, value.asOctets().decode(errors="replace")
    return name, int(value) if hasattr(value, "__int__") else None


@contextmanager
def _translated(target: SnmpTarget) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise _error("meter.silent", target) from error
    except PySnmpError as error:
        raise _failed(target, error) from error


def _failed(target: SnmpTarget, failure: Any) -> MeterError:
    code = "meter.login_refused" if isinstance(failure, _REFUSED) else "meter.refused"
    return _error(code, target, reason=str(failure))


def _error(code: str, target: SnmpTarget, **fields: object) -> MeterError:
    place = {"address": target.address, "port": target.port, "user": target.user.name}
    return MeterError(code, device=target.device, step="snmp", **place, **fields)
