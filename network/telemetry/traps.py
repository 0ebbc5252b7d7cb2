"""linkDown and linkUp traps: SNMPv3 (authPriv, SHA-1 and AES-128), and SNMPv2c from devices whose community the truth refers to.

A trap is believed when its address is a device's, and its key or community is that device's too. A genuine one that is sent
a second time is not, also after a restart of ours. All else is counted and dropped before any decoder sees it, and nothing is
ever answered: a device must send traps, as informs wait for an answer and are not heard.
"""

from __future__ import annotations

import hmac
import logging
import socket
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, fields
from hashlib import sha256
from types import TracebackType
from typing import Any, Final, Self

from pyasn1.codec.ber import decoder
from pyasn1.type import univ
from pysnmp.proto.api import v2c
from pysnmp.proto.mpmod.rfc3412 import ScopedPDU
from pysnmp.proto.secmod.rfc3414 import localkey
from pysnmp.proto.secmod.rfc3826.priv.aes import Aes

from network.core.watch_ports import TrapCounts, TrapHeard
from network.errors import Refused
from network.telemetry.interface_walk import Oid
from network.telemetry.snmp import SnmpUser
from network.telemetry.trap_envelope import Garbled, PlainEnvelope, SealedEnvelope, opened
from network.telemetry.trap_memory import Engines, Shown, TrapMemory

PORT: Final = 162
_log: Final = logging.getLogger(__name__)

_KIND: Final[Oid] = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
_LINK_DOWN: Final[Oid] = (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
_LINK_UP: Final[Oid] = (1, 3, 6, 1, 6, 3, 1, 1, 5, 4)
_INDEXED: Final[tuple[Oid, ...]] = tuple((1, 3, 6, 1, 2, 1, 2, 2, 1, column) for column in (1, 7, 8))
"""ifIndex, ifAdminStatus and ifOperStatus: RFC 2863 has all three in a trap, and the row is in each name."""
_DESCRIPTION: Final[Oid] = (1, 3, 6, 1, 2, 1, 2, 2, 1, 2)
_NAME: Final[Oid] = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)

_LARGEST: Final = 65507
_BUFFER: Final = 2**20
"""Bytes that the kernel keeps while this thread is busy: some thousand traps."""
_SLICE: Final = 0.1
_IN_A_SLICE: Final = 400
"""Datagrams that are looked at in a slice of so many seconds: what a flood may cost is a part of one core, never all of it."""
_WAKE: Final = 0.2
"""Seconds after which the thread hears that it is to end."""
_BURST, _A_SECOND = 20, 5
"""Traps of one device that are passed on at once, and in the long run: every port of a switch may go down together."""
_ENGINES: Final = 4
"""Engine ids that a device may have at a time: its agent, a trap sender of its own, and those of the one it replaced."""
_LATE: Final = 150
"""Seconds by which a trap may be older than the latest of its engine (RFC 3414, section 2.2.3)."""
_REMEMBERED: Final = 64
"""Traps of one engine that are known again. What is no later than one that was forgotten might be that one."""
_DIGEST: Final = 16
"""Bytes of a SHA-256 by which a trap is known again."""
_KEPT: Final = 1.0
"""Seconds after which what was believed is on the disk, where there is a place for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapSender:
    """A device, the addresses from which it may send, and as whom. Without a community it cannot send SNMPv2c at all."""

    device: str
    addresses: tuple[str, ...]
    user: SnmpUser | None = None
    community: str | None = field(default=None, repr=False)


class TrapReceiver:
    """The trap port of a process: `heard` gets what is believed, in the receiver's own thread. `close` ends it.

    `on_start` runs first in that thread, so that the port can be one of a network namespace. `memory` is where it is kept which
    traps were believed; one that cannot be read or written is told to `trouble`, and only a restart forgets then. Raises Refused
    when the port cannot be had.
    """

    def __init__(
        self,
        senders: Iterable[TrapSender],
        heard: Callable[[TrapHeard], None],
        *,
        host: str = "0.0.0.0",  # noqa: S104 - traps come from the devices, and who is none is not heard
        port: int = PORT,
        on_start: Callable[[], None] = lambda: None,
        memory: TrapMemory | None = None,
        trouble: Callable[[Refused], None] = lambda refused: None,
    ) -> None:
        self._gates = {address: gate for sender in senders for gate in [_Gate(sender)] for address in sender.addresses}
        self._kept = _Kept(memory, tuple(dict.fromkeys(self._gates.values())), trouble)
        self._heard = heard
        self._where = host, port
        self._on_start = on_start
        self._stop = threading.Event()
        self._counts = _Counts()
        self._started: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, name="trap-receiver", daemon=True)
        self._thread.start()
        self.port = self._started.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def counts(self) -> TrapCounts:
        return self._counts.seen()

    def _run(self) -> None:
        try:
            self._on_start()
            listener = self._open()
            self._kept.load()
        except BaseException as error:  # noqa: BLE001 - whoever waits for the start is told
            self._started.set_exception(error)
            return
        with listener:
            self._started.set_result(listener.getsockname()[1])
            while not self._stop.is_set():
                self._slice(listener)
                self._kept.keep()
        self._kept.keep(now=True)

    def _open(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            listener.setsockopt(socket.SOL_SOCKET, _COUNT_LOST, 1)
            listener.bind(self._where)
            listener.settimeout(_WAKE)
        except OSError as error:
            listener.close()
            raise Refused("traps.no_port", port=self._where[1], reason=error.strerror or str(error)) from error
        return listener

    def _slice(self, listener: socket.socket) -> None:
        """Take what there is, and rest when it was too much: the kernel drops what it cannot keep meanwhile, and counts it."""
        began = time.monotonic()
        for _ in range(_IN_A_SLICE):
            try:
                datagram, beside, _flags, place = listener.recvmsg(_LARGEST, _BESIDE)
            except TimeoutError:
                return
            received = time.monotonic()
            self._counts.lost_so_far(beside)
            self._counts.add(self._take(datagram, place[0], received), place[0])
            if received - began >= _SLICE:
                return
        self._stop.wait(max(0.0, began + _SLICE - time.monotonic()))

    def _take(self, datagram: bytes, address: str, received: float) -> str:
        """The name of the count to which it belongs."""
        gate = self._gates.get(address)
        if gate is None:
            return "strangers"
        try:
            envelope = opened(datagram)
            verdict = gate.judge(envelope, datagram)
            if verdict == "late" and gate.may_speak(received):
                self._heard(TrapHeard(device=gate.sender.device, up=None, received=received))
            if verdict is not None:
                return "stale" if verdict == "late" else verdict
            found = _read(gate, envelope, datagram)
        except Garbled:
            return "garbled"
        except Exception:  # noqa: BLE001 - the library's decoder meets bytes from outside; whatever breaks in it ends here
            _log.debug("traps.undecodable", exc_info=True)
            return "garbled"
        if found is None:
            return "other"
        if not gate.may_speak(received):
            return "flooded"
        up, name, index = found
        self._heard(TrapHeard(device=gate.sender.device, up=up, received=received, name=name, index=index))
        return "believed"


_COUNT_LOST: Final = getattr(socket, "SO_RXQ_OVFL", 40)
_BESIDE: Final = socket.CMSG_SPACE(4)


class _Counts:
    """Written by the receiver's thread, read by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, int] = dict.fromkeys((each.name for each in fields(TrapCounts) if each.type == "int"), 0)
        self._last: dict[str, str] = {}

    def add(self, name: str, address: str) -> None:
        with self._lock:
            self._found[name] += 1
            if name in ("strangers", "refused"):
                self._last[name] = address

    def lost_so_far(self, beside: list[tuple[int, int, bytes]]) -> None:
        for level, kind, value in beside:
            if (level, kind) == (socket.SOL_SOCKET, _COUNT_LOST):
                with self._lock:
                    self._found["lost"] = int.from_bytes(value[:4], "little")

    def seen(self) -> TrapCounts:
        with self._lock:
            return TrapCounts(**self._found, last_stranger=self._last.get("strangers"), last_refused=self._last.get("refused"))


class _Kept:
    """What all gates believed, on the disk a moment later. Everything here runs in the receiver's thread."""

    def __init__(self, memory: TrapMemory | None, gates: tuple[_Gate, ...], trouble: Callable[[Refused], None]) -> None:
        self._memory, self._gates, self._trouble = memory, gates, trouble
        self._at, self._written, self._failed = time.monotonic(), 0, False

    def load(self) -> None:
        try:
            found = self._memory.load() if self._memory else {}
        except Refused as refused:
            self._trouble(refused)
            return
        for gate in self._gates:
            gate.recall(found.get(gate.sender.device, {}))

    def keep(self, *, now: bool = False) -> None:
        """Write it when something is new, and not again at once."""
        new = sum(gate.believed for gate in self._gates)
        if self._memory is None or new == self._written or (not now and time.monotonic() - self._at < _KEPT):
            return
        self._at, self._written = time.monotonic(), new
        try:
            self._memory.save({gate.sender.device: gate.shown() for gate in self._gates})
            self._failed = False
        except OSError as error:
            if not self._failed:
                self._trouble(Refused("traps.memory_full", reason=error.strerror or type(error).__name__))
            self._failed = True


class _Gate:
    """What is known of one device that may send: its keys, its engines, and how much it has said lately.

    `believed` counts the sealed traps that were.
    """

    def __init__(self, sender: TrapSender) -> None:
        self.sender = sender
        self.believed = 0
        self._engines: OrderedDict[bytes, _Engine] = OrderedDict()
        self._earlier: dict[bytes, Shown] = {}
        self._masters: tuple[Any, Any] | None = None
        self._left, self._at = float(_BURST), 0.0

    def judge(self, envelope: PlainEnvelope | SealedEnvelope, datagram: bytes) -> str | None:
        """None when it is genuine and new; else the name of the count to which it belongs, or `late` for a genuine one that is
        older than its engine was."""
        if isinstance(envelope, PlainEnvelope):
            known = (self.sender.community or "").encode()
            return None if known and hmac.compare_digest(known, envelope.community) else "refused"
        user = self.sender.user
        if user is None or not envelope.private or envelope.user != user.name.encode():
            return "refused"
        engine = self._engines.get(envelope.engine)
        keys = engine.keys if engine is not None else self._keys(user, envelope.engine)
        if not envelope.is_sealed_with(keys[0], datagram):
            return "refused"
        if engine is None:
            engine = self._meet(envelope.engine, keys)
        self._engines.move_to_end(envelope.engine)
        verdict = engine.judge(envelope, datagram)
        self.believed += verdict is None
        return verdict

    def recall(self, earlier: Engines) -> None:
        """What its engines had shown before this process was there."""
        self._earlier = dict(list(earlier.items())[-_ENGINES:])

    def shown(self) -> Engines:
        """What they have shown until now, the one that was heard last at the end."""
        return {**self._earlier, **{name: engine.shown() for name, engine in self._engines.items()}}

    def privacy(self, envelope: SealedEnvelope) -> Any:
        return self._engines[envelope.engine].keys[1]

    def may_speak(self, now: float) -> bool:
        self._left = min(float(_BURST), self._left + (now - self._at) * _A_SECOND)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def _keys(self, user: SnmpUser, engine: bytes) -> tuple[bytes, Any]:
        """Localized (RFC 3414, section 2.6). Whoever signs with one knows the pass phrase, so an engine that is met for the first
        time is believed by its seal."""
        if self._masters is None:
            self._masters = localkey.hash_passphrase_sha(user.auth), localkey.hash_passphrase_sha(user.privacy)
        auth, privacy = (localkey.localize_key_sha(master, univ.OctetString(engine)) for master in self._masters)
        return bytes(auth), privacy[: Aes.KEY_SIZE]

    def _meet(self, engine: bytes, keys: tuple[bytes, Any]) -> _Engine:
        while len(self._engines) >= _ENGINES:
            self._engines.popitem(last=False)
        return self._engines.setdefault(engine, _Engine(keys, self._earlier.pop(engine, None)))


class _Engine:
    """The clock of one SNMP engine as its traps show it, and the last of them."""

    def __init__(self, keys: tuple[bytes, Any], earlier: Shown | None = None) -> None:
        self.keys = keys
        earlier = earlier or Shown()
        self._latest, self._forgotten = earlier.latest, earlier.forgotten
        self._last = dict(earlier.last)
        self._late: deque[bytes] = deque(maxlen=_REMEMBERED)

    def shown(self) -> Shown:
        return Shown(latest=self._latest, forgotten=self._forgotten, last=tuple(self._last.items()))

    def judge(self, envelope: SealedEnvelope, datagram: bytes) -> str | None:
        """None for what was neither said before nor is much older than what was (after RFC 3414, section 3.2, 7b). Its clock is
        the one that it shows: small senders start theirs anew with every trap, and count no time between. The library would
        take both.

        `late`, once for each, what is older, or may be one that was believed and forgotten: sent again by somebody, or by a
        device that forgot how often it was started.
        """
        seal = sha256(datagram).digest()[:_DIGEST]
        moment = envelope.boots, envelope.time
        boots, seconds = self._latest
        if seal in self._last or seal in self._late:
            return "stale"
        if moment < (boots, seconds - _LATE) or moment <= self._forgotten:
            self._late.append(seal)
            return "late"
        self._latest = max(self._latest, moment)
        self._last[seal] = moment
        if len(self._last) > _REMEMBERED:
            oldest = min(self._last, key=self._last.__getitem__)
            self._forgotten = max(self._forgotten, self._last.pop(oldest))
        return None


def _read(gate: _Gate, envelope: PlainEnvelope | SealedEnvelope, datagram: bytes) -> tuple[bool, str | None, int | None] | None:
    """Up or down, and which interface; None when it is about something else, or names none."""
    if isinstance(envelope, PlainEnvelope):
        message, _ = decoder.decode(datagram, asn1Spec=v2c.Message())
        pdu = v2c.apiMessage.get_pdu(message)
    else:
        when = (envelope.boots, envelope.time, list(envelope.salt))
        plain = Aes().decrypt_data(gate.privacy(envelope), when, univ.OctetString(envelope.hidden))
        scoped, _ = decoder.decode(plain, asn1Spec=ScopedPDU())
        pdu = scoped[2].getComponent()
    if pdu.tagSet != v2c.SNMPv2TrapPDU.tagSet:
        return None
    binds = {tuple(oid): value for oid, value in v2c.apiTrapPDU.get_varbinds(pdu)}
    kind = binds.get(_KIND)
    said = None if kind is None else tuple(kind)
    if said not in (_LINK_DOWN, _LINK_UP):
        return None
    name = _first(binds, _NAME) or _first(binds, _DESCRIPTION)
    index = next((oid[-1] for oid in binds if oid[:-1] in _INDEXED), None)
    if name is None and index is None:
        return None
    return said == _LINK_UP, name, index


def _first(binds: dict[Oid, Any], column: Oid) -> str | None:
    found = next((value for oid, value in binds.items() if oid[:-1] == column), None)
    return None if found is None else bytes(found).decode(errors="replace")[:64]
