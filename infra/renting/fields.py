"""What an input may hold: one check each, which yields the place below the input and what is wrong there. Pure."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Wrong: TypeAlias = Iterator[tuple[str, str]]
Check: TypeAlias = Callable[[Any], Wrong]

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")
_PORTS: Final = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")
_KEYS: Final = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
_CHECKSUM: Final = re.compile(r"sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})")
_MOST_TOLD: Final = 65535
"""Bytes of user data in base64 that Nova takes."""
_LONGEST_VALUE: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input. `required` or a `default`; `replaces`: the cloud cannot change it on what is there; `free`: empty leaves the
    choice to the cloud, so that whatever it chose is right; `hidden`: it may hold a secret, and stands nowhere in the
    open."""

    check: Check
    required: bool = False
    default: Any = ""
    replaces: bool = False
    free: bool = False
    hidden: bool = False


def name(value: Any) -> Wrong:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        yield "", "it is not a name of lower-case letters, digits and hyphens, at most 42"


def text(value: Any) -> Wrong:
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE or not value.isprintable():
        yield "", f"it is not a line of text of at most {_LONGEST_VALUE} characters"


def given(value: Any) -> Wrong:
    yield from text(value)
    if value == "":
        yield "", "it is empty"


def yes_no(value: Any) -> Wrong:
    if not isinstance(value, bool):
        yield "", "it is neither true nor false"


def one_of(*words: str) -> Check:
    def check(value: Any) -> Wrong:
        if value not in words:
            yield "", f"{value!r} is none of {', '.join(words)}"

    return check


def whole(least: int, most: int) -> Check:
    def check(value: Any) -> Wrong:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield "", f"it is not a whole number from {least} to {most}"

    return check


def cidr(value: Any) -> Wrong:
    try:
        ipaddress.ip_network(value)
    except (TypeError, ValueError):
        yield "", f"{value!r} is not a prefix such as 10.20.0.0/24, with no bit of a host in it"


def address(value: Any) -> Wrong:
    try:
        if value != "":
            ipaddress.ip_address(value)
    except ValueError:
        yield "", f"{value!r} is not an address"


def public_key(value: Any) -> Wrong:
    kind, _, rest = str(value).strip().partition(" ")
    if kind not in _KEYS:
        yield "", f"it does not begin with a kind of public key ({', '.join(_KEYS)})"
        return
    try:
        held = base64.b64decode(rest.split()[0], validate=True)
    except (IndexError, binascii.Error):
        held = b""
    if held[4 : 4 + len(kind)] != kind.encode():
        yield "", "it is not a whole public key of one line, as in a file that ends in .pub"


def told(value: Any) -> Wrong:
    if not isinstance(value, str) or len(value.encode()) * 4 // 3 > _MOST_TOLD:
        yield "", f"it is not a text that is at most {_MOST_TOLD} bytes in base64"


def checksum(value: Any) -> Wrong:
    if value != "" and not (isinstance(value, str) and _CHECKSUM.fullmatch(value)):
        yield "", "it is not `sha256:` or `sha512:` and the whole of it in hexadecimal"


def metadata(value: Any) -> Wrong:
    if not isinstance(value, Mapping):
        yield "", "it is not a mapping of names to texts"
        return
    for key, each in value.items():
        if str(key).startswith("lajur"):
            yield f".{key}", "names that begin with lajur are kept for whose it is"
        for _, reason in text(each):
            yield f".{key}", reason


def each(check: Check) -> Check:
    """Every one of a list, and none twice."""

    def checked(value: Any) -> Wrong:
        if not isinstance(value, Sequence) or isinstance(value, str):
            yield "", "it is not a list"
            return
        for number, one in enumerate(value):
            if one is None:
                continue  # not known yet
            for place, reason in check(one):
                yield f"[{number}]{place}", reason
            if one in value[:number]:
                yield f"[{number}]", "it stands there twice"

    return checked


def record(required: Sequence[str], parts: Mapping[str, Check]) -> Check:
    def check(value: Any) -> Wrong:
        if not isinstance(value, Mapping):
            yield "", f"it is not a mapping with {', '.join(parts)}"
            return
        for name in value.keys() - parts.keys():
            yield f".{name}", f"it is none of {', '.join(parts)}"
        for name in required:
            if name not in value:
                yield f".{name}", "it is required"
        for name, part in parts.items():
            if value.get(name) is not None:
                for place, reason in part(value[name]):
                    yield f".{name}{place}", reason

    return check


def ports(value: Any) -> Wrong:
    """`22`, `8000-8100`, or empty for all of them."""
    found = _PORTS.fullmatch(str(value))
    if value == "":
        return
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= low <= high <= 65535:
        yield "", f"{value!r} is neither a port from 1 to 65535 nor two of them such as 8000-8100"


def peer(value: Any) -> Wrong:
    """A prefix, `group:` and the id of a group, or empty for everybody."""
    if value != "" and not (isinstance(value, str) and value.removeprefix("group:") != value):
        yield from cidr(value)
