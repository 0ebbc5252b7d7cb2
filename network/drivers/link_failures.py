"""NAPALM's exceptions, and those of the libraries below it, as ours. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

import paramiko
from napalm.base import exceptions as told

from network.core.links.difference import hidden
from network.drivers.host_keys import HostKey, speaks_no_ssh
from network.errors import (
    DeviceError,
    DeviceUnreachable,
    HostKeyChanged,
    HostKeyUnknown,
    LoginRefused,
    NotSaved,
    SessionCut,
    StepRefused,
)

_LONGEST: Final = 300
_LIBRARIES: Final = {"jnpr", "ncclient", "netmiko", "pyeapi"}
"""What NAPALM's drivers stand on, and let through as it comes."""

_STRANGERS: Final = {"ConnectUnknownHostError", "SSHUnknownHostError"}
"""How Junos' libraries say that a host key is not the pinned one; they do not tell unknown from changed."""

_NOT_SAVED: Final = "NotSavedError"
"""How NAPALM's driver for FRR says that a change is kept, and not written to the start-up configuration."""

_LINE: Final = re.compile(r"(?:line \d+ \((?P<named>.*?)\)|`(?P<quoted>[^`]*)`): (?P<said>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    device: str
    step: str
    address: str
    host: str
    port: int


def translated(error: Exception, where: Where, *, known_hosts: str, username: str, sent: bool) -> DeviceError | None:
    """None for what is no failure of a device but a mistake of ours. `sent`: what was asked may have been done."""
    short = {"device": where.device, "step": where.step}
    for each in _chain(error):
        if isinstance(each, paramiko.BadHostKeyException):
            return HostKeyChanged(
                "device.host_key_changed",
                pinned=_fingerprint(each.expected_key),
                offered=_fingerprint(each.key),
                file=known_hosts,
                address=where.address,
                **short,
            )
        if "not found in known_hosts" in str(each) or type(each).__name__ in _STRANGERS:
            return HostKeyUnknown("device.host_key_unknown", file=known_hosts, **asdict(where))
        if isinstance(each, paramiko.AuthenticationException) or type(each).__name__ == told.ConnectAuthError.__name__:
            return _not_let_in(each, where, username)
    if isinstance(error, (told.MergeConfigException, told.ReplaceConfigException)):
        line, said = _bad_line(str(error).strip()[:_LONGEST])
        return StepRefused("links.line_refused", line=hidden(line), said=hidden(said), **short)
    if isinstance(error, (told.ConnectionException, told.CommandTimeoutException, paramiko.SSHException, EOFError, OSError)):
        return _lost(error, where, sent=sent)
    if type(error).__module__.partition(".")[0] in _LIBRARIES:
        return _lost(error, where, sent=sent)
    if isinstance(error, (told.NapalmException, NotImplementedError)):
        return _refused(error, short)
    return None


def _not_let_in(error: BaseException, where: Where, username: str) -> LoginRefused:
    short = {"device": where.device, "step": where.step, "username": username}
    if "private key" in str(error):  # FRR's driver, before anything is sent
        return LoginRefused("device.key_unreadable", reason=str(error).rpartition(": ")[2][:_LONGEST], **short)
    return LoginRefused("device.login_refused", address=where.address, **short)


def _refused(error: Exception, short: dict[str, str]) -> DeviceError:
    if type(error).__name__ == _NOT_SAVED:
        return NotSaved("links.not_saved", said=hidden(str(getattr(error, "reason", error)).strip()[:_LONGEST]), **short)
    return StepRefused("links.device_refused", said=hidden(str(error).strip()[:_LONGEST]) or type(error).__name__, **short)


def _bad_line(said: str) -> tuple[str, str]:
    """The line that was refused and what was said of it, as far as they can be told apart."""
    found = _LINE.search(said)
    if found is None:
        return (said.splitlines() or ["?"])[-1], said
    return (found["named"] or found["quoted"]).rpartition(" > ")[2], found["said"]


def _lost(error: Exception, where: Where, *, sent: bool) -> DeviceError:
    reason = str(error).removeprefix(f"{where.address}: ")[:_LONGEST] or type(error).__name__  # the message has the address
    short = {"device": where.device, "step": where.step, "address": where.address}
    if not sent and speaks_no_ssh(error):
        return DeviceUnreachable("device.no_ssh", **short)
    if sent:
        return SessionCut("device.cut_during", total=1, reason=reason, seconds=0, **short)
    return DeviceUnreachable("device.unreachable", reason=reason, **short)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what was met below it, bounded."""
    met: BaseException | None = error
    for _ in range(8):
        if met is None:
            return
        yield met
        met = met.__cause__ or met.__context__


def _fingerprint(key: paramiko.PKey) -> str:
    return HostKey(key.get_name(), key.asbytes()).fingerprint
