"""Host keys asked for over the network, and pinned in a file. Implements `network.core.host_key.KeyRing`.

Shakes hands only: no user name, no key and no password ever leaves here.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import paramiko

from network.core.host_key import HostKey
from network.drivers.host_keys import pin, pinned, speaks_no_ssh
from network.drivers.ssh_door import Dialer, Target
from network.errors import DeviceUnreachable, LedgerError

_DOING: Final = "host key"
_SIGNED_BY: Final = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")}
"""One key, several ways to sign with it."""


class SshKeyRing:
    """`targets` by device key; `known_hosts` is the file of pinned keys (`network.drivers.host_keys`)."""

    def __init__(self, targets: Mapping[str, Target], dialer: Dialer, known_hosts: Path) -> None:
        self._targets = targets
        self._dialer = dialer
        self._file = known_hosts

    def pinned(self, device: str) -> tuple[HostKey, ...]:
        target = self._targets[device]
        try:
            return pinned(self._file, target.host, target.port)
        except OSError as error:
            raise self._unusable(error) from error

    def offered(self, device: str, algorithms: Sequence[str] = ()) -> HostKey:
        target = self._targets[device]
        try:
            with self._dialer(target.host, target.port, target.connect_seconds) as sock:
                return _shake(sock, algorithms, target.connect_seconds)
        except (paramiko.SSHException, EOFError, OSError) as error:
            where = {"device": device, "step": _DOING, "address": target.address}
            if speaks_no_ssh(error):
                raise DeviceUnreachable("device.no_ssh", **where) from error
            raise DeviceUnreachable("device.unreachable", reason=str(error) or type(error).__name__, **where) from error

    def pin(self, device: str, key: HostKey) -> None:
        target = self._targets[device]
        try:
            pin(self._file, target.host, target.port, key)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> LedgerError:
        return LedgerError("trust.file", file=str(self._file), reason=error.strerror or type(error).__name__)


def _shake(sock: socket.socket, algorithms: Sequence[str], patience: float) -> HostKey:
    """The key that the other side shows and signs with."""
    with closing(paramiko.Transport(sock)) as transport:
        transport.banner_timeout = transport.handshake_timeout = patience
        options = transport.get_security_options()
        known = list(options.key_types)
        first = [name for algorithm in algorithms for name in _SIGNED_BY.get(algorithm, (algorithm,)) if name in known]
        options.key_types = [*first, *(name for name in known if name not in first)]
        transport.start_client(timeout=patience)
        key = transport.get_remote_server_key()
        return HostKey(key.get_name(), key.asbytes())
