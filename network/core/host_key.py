"""The key by which a device proves who it is, what trusting it means, and what the brain asks of whoever holds the pinned ones.

Pure. A key is trusted by a person who compared its fingerprint on the device itself, never by having been seen.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol

_FINGERPRINT: Final = re.compile(r"(?:SHA256:)?([A-Za-z0-9+/]{43})=?")


@dataclass(frozen=True, slots=True)
class HostKey:
    """One key of a host. `algorithm` as SSH names it (ssh-ed25519), `blob` the public key in its wire form."""

    algorithm: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` shows it: SHA256 and base64 without padding."""
        return "SHA256:" + b64encode(sha256(self.blob).digest()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> HostKey:
        """Read `<algorithm> <base64> [comment]`, the form of a `.pub` file. Raises ValueError."""
        words = text.split()
        try:
            blob = b64decode(words[1], validate=True)
        except (IndexError, NotBase64) as error:
            raise ValueError("not a public key in one line") from error
        name = words[0].encode()
        if not blob.startswith(len(name).to_bytes(4, "big") + name):
            raise ValueError("the key is not of the algorithm that its line names")
        return cls(words[0], blob)

    def __str__(self) -> str:
        return f"{self.algorithm} {b64encode(self.blob).decode()}"


def fingerprint(text: str) -> str:
    """A fingerprint as a person copies it, in our form. Raises ValueError for what is none (MD5 is none any more)."""
    found = _FINGERPRINT.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a SHA256 fingerprint")
    return f"SHA256:{found[1]}"


class Standing(StrEnum):
    """What we know of the key that a device shows."""

    NEW = "new"
    TRUSTED = "trusted"
    CHANGED = "changed"


def standing(pinned: Sequence[HostKey], offered: HostKey) -> Standing:
    if not pinned:
        return Standing.NEW
    return Standing.TRUSTED if offered in pinned else Standing.CHANGED


ALGORITHMS: Final = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")
"""Kinds of host keys, the one to be preferred first."""


class KeyRing(Protocol):
    """The pinned keys of a regency's devices, and the keys that these show."""

    def pinned(self, device: str) -> tuple[HostKey, ...]: ...

    def offered(self, device: str, algorithms: Sequence[str] = ()) -> HostKey:
        """Ask the device for its key; it proves that it has it, and is told no credential. `algorithms` are asked for first.

        Raises DeviceUnreachable.
        """

    def pin(self, device: str, key: HostKey) -> None:
        """Make `key` the one that is trusted. Raises LedgerError when it cannot be written; then the old ones hold."""
