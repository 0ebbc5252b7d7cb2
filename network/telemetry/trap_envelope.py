"""The outside of an SNMP message: version, who says that they send it, and where its seal is. Pure; believes nothing.

Reads a few headers by hand (BER, X.690; RFC 3416, RFC 3412, RFC 3414), so that a flood or garbage costs microseconds and meets
no decoder. What is inside is for the library, after the seal was found right.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04
V2C: Final = 1
V3: Final = 3
_USM: Final = 3
_AUTH_PRIV: Final = 3
_SEAL: Final = 12
"""Bytes of an HMAC-SHA-96 (RFC 3414, section 7)."""
_WHOLE: Final = 2**31 - 1


class Garbled(ValueError):
    """These bytes are no SNMP message, or none of a kind that is read here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainEnvelope:
    """SNMPv2c: the community is all that there is."""

    community: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEnvelope:
    """SNMPv3 with the user-based model. `seal_at`: where in the datagram the digest stands. `private`: encrypted and signed."""

    engine: bytes
    boots: int
    time: int
    user: bytes
    private: bool
    seal_at: int
    salt: bytes
    hidden: bytes

    def is_sealed_with(self, key: bytes, datagram: bytes) -> bool:
        """Whether who sent `datagram` had the localized authentication key (RFC 3414, section 7.3.2)."""
        end = self.seal_at + _SEAL
        blank = datagram[: self.seal_at] + bytes(_SEAL) + datagram[end:]
        return hmac.compare_digest(hmac.new(key, blank, "sha1").digest()[:_SEAL], datagram[self.seal_at : end])


class _Reader:
    """Values of one sequence, in order; never beyond its end."""

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data, self.at, self._end = data, start, end

    def take(self, tag: int) -> tuple[int, int]:
        """Where the contents of the next value begin and end."""
        at, data = self.at, self._data
        if at + 2 > self._end or data[at] != tag:
            raise Garbled
        length, at = data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 3 or at + count > self._end:
                raise Garbled
            length, at = int.from_bytes(data[at : at + count]), at + count
        if at + length > self._end:
            raise Garbled
        self.at = at + length
        return at, at + length

    def inside(self, tag: int) -> _Reader:
        return _Reader(self._data, *self.take(tag))

    def octets(self) -> bytes:
        start, end = self.take(_OCTETS)
        return self._data[start:end]

    def whole(self) -> int:
        start, end = self.take(_INTEGER)
        if not 1 <= end - start <= 5:
            raise Garbled
        value = int.from_bytes(self._data[start:end], signed=True)
        if not 0 <= value <= _WHOLE:
            raise Garbled
        return value


def opened(datagram: bytes) -> PlainEnvelope | SealedEnvelope:
    """Raises Garbled for anything else than SNMPv2c and SNMPv3."""
    message = _Reader(datagram, 0, len(datagram)).inside(_SEQUENCE)
    version = message.whole()
    if version == V2C:
        return PlainEnvelope(community=message.octets())
    if version != V3:
        raise Garbled
    return _sealed(datagram, message)


def _sealed(datagram: bytes, message: _Reader) -> SealedEnvelope:
    header = message.inside(_SEQUENCE)
    header.whole()
    header.whole()
    flags, model = header.octets(), header.whole()
    if len(flags) != 1 or model != _USM:
        raise Garbled
    start, end = message.take(_OCTETS)
    parameters = _Reader(datagram, start, end).inside(_SEQUENCE)
    engine, boots, time, user = parameters.octets(), parameters.whole(), parameters.whole(), parameters.octets()
    seal_at, seal_end = parameters.take(_OCTETS)
    salt = parameters.octets()
    private = flags[0] & _AUTH_PRIV == _AUTH_PRIV
    if private and (not 5 <= len(engine) <= 32 or seal_end - seal_at != _SEAL or len(salt) != 8 or not 1 <= len(user) <= 32):
        raise Garbled
    return SealedEnvelope(
        engine=engine,
        boots=boots,
        time=time,
        user=user,
        private=private,
        seal_at=seal_at,
        salt=salt,
        hidden=message.octets() if private else b"",
    )
