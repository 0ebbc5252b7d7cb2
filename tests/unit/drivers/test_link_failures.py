"""What the libraries below a link's hands raise, as our errors; no key is shown, and no mistake of ours is hidden."""

from __future__ import annotations

import paramiko
import pytest
from napalm.base import exceptions as told

from network.core.links.difference import MASK
from network.drivers.link_failures import Where, translated
from network.errors import DeviceError, DeviceUnreachable, HostKeyUnknown, LoginRefused, SessionCut, StepRefused

WHERE = Where(device="r-bappeda", step="commit", address="100.65.0.5:22", host="100.65.0.5", port=22)


def _ours(error: Exception, *, sent: bool = True) -> DeviceError | None:
    return translated(error, WHERE, known_hosts="known_hosts", username="lajur", sent=sent)


def _of_a_library(name: str) -> Exception:
    """As Junos' library names its errors, which NAPALM lets through."""
    kind = type(name, (Exception,), {"__module__": "jnpr.junos.exception"})
    error = kind("no")
    assert isinstance(error, Exception)
    return error


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (told.ConnectAuthError("no"), LoginRefused),
        (_of_a_library("ConnectAuthError"), LoginRefused),
        (_of_a_library("ConnectUnknownHostError"), HostKeyUnknown),
        (_of_a_library("RpcTimeoutError"), SessionCut),
        (paramiko.SSHException("Server '100.65.0.5' not found in known_hosts"), HostKeyUnknown),
        (told.MergeConfigException("line 2 (interface wan0 > nonsense): unknown command"), StepRefused),
        (told.CommandTimeoutException("silent"), SessionCut),
        (EOFError(), SessionCut),
        (NotImplementedError("message"), StepRefused),
    ],
)
def test_each_failure_has_its_name(error: Exception, ours: type[DeviceError]) -> None:
    assert type(_ours(error)) is ours


def test_nothing_was_sent_where_nothing_was_open() -> None:
    assert type(_ours(told.ConnectTimeoutError("late"), sent=False)) is DeviceUnreachable


def test_a_mistake_of_ours_stays_one() -> None:
    assert _ours(KeyError("interface")) is None


def test_the_bad_line_is_named_and_its_key_is_not() -> None:
    said = "r1: line 3 (interface wan0 > ip ospf message-digest-key 1 md5 s3cret): % Unknown command; nothing was changed"
    refused = _ours(told.MergeConfigException(said))
    assert refused is not None
    assert "s3cret" not in str(refused)
    assert refused.fields["line"] == f"ip ospf message-digest-key {MASK}"
    assert "Unknown command" in str(refused.fields["said"])


def test_a_key_that_cannot_be_used_is_no_login_that_was_refused() -> None:
    error = _ours(told.ConnectAuthError("100.65.0.5:22: the private key cannot be used: it is no Ed25519, ECDSA or RSA key"))
    assert isinstance(error, LoginRefused)
    assert (error.code, error.fields["reason"]) == ("device.key_unreadable", "it is no Ed25519, ECDSA or RSA key")


@pytest.mark.parametrize("said", ["Error reading SSH protocol banner", "Invalid packet blocking", "No existing session"])
def test_what_speaks_no_ssh_is_told_as_that(said: str) -> None:
    error = _ours(told.ConnectionException(f"100.65.0.5:22: {said}"), sent=False)
    assert isinstance(error, DeviceUnreachable)
    assert error.code == "device.no_ssh"


def test_the_address_is_told_once() -> None:
    met = _ours(told.ConnectTimeoutError("100.65.0.5:22: no answer in time"), sent=False)
    assert met is not None
    assert (met.fields["address"], met.fields["reason"]) == ("100.65.0.5:22", "no answer in time")
