"""Foreign exceptions as NAPALM's own: what Paramiko, the socket and the device say, in the words of `napalm.base.exceptions`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
from napalm.base.exceptions import (
    CommandTimeoutException,
    CommitError,
    ConnectAuthError,
    ConnectionClosedException,
    ConnectionException,
    ConnectTimeoutError,
)

from napalm_frr.words import shown


class NotSavedError(CommitError):  # type: ignore[misc]  # NAPALM ships no types
    """The change is kept and nothing is pending any more, but the start-up configuration could not be written.
    `reason` in the device's words."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"{name}: the change is kept and nothing is pending, but the start-up configuration could not be written: {reason}. "
            "It is tried again at the next commit or confirmation and when the device starts; once vtysh works, `write memory` "
            "there does it at once"
        )
        self.reason = reason


@contextmanager
def connecting(address: str, username: str, pins: str) -> Iterator[None]:
    """What may go wrong until a session stands."""
    try:
        yield
    except paramiko.BadHostKeyException as error:
        raise ConnectionException(
            f"{address}: the host key has changed: {_print(error.key)} is offered, {_print(error.expected_key)} is pinned "
            f"in {pins}. "
            "Nothing was sent. If the change is known, pin the new key there."
        ) from error
    except paramiko.PasswordRequiredException as error:
        raise ConnectAuthError(f"{address}: the private key is locked and no passphrase was given") from error
    except paramiko.AuthenticationException as error:
        raise ConnectAuthError(f"{address}: login as {username} refused") from error
    except TimeoutError as error:
        raise ConnectTimeoutError(f"{address}: no answer in time") from error
    except (paramiko.SSHException, EOFError, OSError) as error:
        if "not found in known_hosts" in str(error):
            raise ConnectionException(f"{address}: its host key is not pinned in {pins}; nothing was sent") from error
        raise ConnectionException(f"{address}: {shown(str(error)) or type(error).__name__}") from error


@contextmanager
def conversing(address: str) -> Iterator[None]:
    """What may go wrong on an open session."""
    try:
        yield
    except TimeoutError as error:
        raise CommandTimeoutException(f"{address}: silent for too long; how far it came is not known") from error
    except (paramiko.SSHException, EOFError, OSError) as error:
        raise ConnectionClosedException(f"{address}: the session has ended: {shown(str(error)) or 'closed'}") from error


def _print(key: paramiko.PKey) -> str:
    return f"{key.get_name()} {key.fingerprint}"
