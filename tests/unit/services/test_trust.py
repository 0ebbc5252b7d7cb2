"""Host keys: what a person's word pins, what it never pins, and what the record says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from network.core.audit import AuditEntry, AuditEvent, seal
from network.core.host_key import ALGORITHMS, HostKey, Standing, fingerprint, standing
from network.errors import DeviceUnreachable, LajurError, LedgerError, Refused
from network.messages import text
from network.runners.threads import ThreadRunner
from network.services.trust import Seen, Word, expected, look, trust

NOW = datetime(2026, 9, 1, tzinfo=UTC)
WORD = Word(regency="coba", actor="os:kominfo", at=NOW)
ADDRESSES = {"core": "10.10.0.1:22", "hub": "10.10.0.3:22", "r-dinas": "10.10.0.4:2222"}


def key(number: int, algorithm: str = "ssh-ed25519") -> HostKey:
    name = algorithm.encode()
    return HostKey(algorithm, len(name).to_bytes(4, "big") + name + bytes([number]) * 32)


class Ring:
    """Devices that have keys, and a file that may refuse."""

    def __init__(self, shown: dict[str, list[HostKey]], pinned: dict[str, HostKey] | None = None) -> None:
        self.shown, self.held, self.refuses = shown, pinned or {}, False

    def pinned(self, device: str) -> tuple[HostKey, ...]:
        return (self.held[device],) if device in self.held else ()

    def offered(self, device: str, algorithms: Sequence[str] = ()) -> HostKey:
        keys = self.shown.get(device)
        if not keys:
            raise DeviceUnreachable("device.unreachable", device=device, step="host key", address="?", reason="silent")
        order = [*algorithms, *ALGORITHMS]
        return min(keys, key=lambda each: order.index(each.algorithm))

    def pin(self, device: str, key: HostKey) -> None:
        if self.refuses:
            raise LedgerError("trust.file", file="known_hosts", reason="full")
        self.held[device] = key


class Log:
    def __init__(self) -> None:
        self.events: list[AuditEvent] = []

    def append(self, event: AuditEvent) -> AuditEntry:
        self.events.append(event)
        return seal(len(self.events), event, "0" * 64)

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[AuditEntry, ...]:
        return ()


@pytest.fixture
def runner(tmp_path: Path) -> ThreadRunner:
    return ThreadRunner(tmp_path)


def seen(ring: Ring, runner: ThreadRunner) -> dict[str, Seen]:
    return {name: each for name, each in look(ADDRESSES, ring, runner).items() if isinstance(each, Seen)}


def test_looking_trusts_nobody_and_one_silent_device_hides_no_other(runner: ThreadRunner) -> None:
    ring = Ring({"core": [key(1)], "hub": [key(2)]}, {"hub": key(2)})
    found = look(ADDRESSES, ring, runner)
    assert isinstance(found["r-dinas"], LajurError)
    assert {name: each.standing for name, each in seen(ring, runner).items()} == {
        "core": Standing.NEW,
        "hub": Standing.TRUSTED,
    }
    assert ring.held == {"hub": key(2)}


def test_what_is_trusted_is_pinned_and_stands_in_the_record(runner: ThreadRunner) -> None:
    ring, log = Ring({"core": [key(1)], "hub": [key(2)]}, {"hub": key(2)}), Log()
    trust(list(seen(ring, runner).values()), WORD, ring, log)
    assert ring.held == {"core": key(1), "hub": key(2)}
    (event,) = log.events
    assert (event.action, event.subject, event.actor, event.regency) == ("device.trusted", "core", "os:kominfo", "coba")
    assert event.detail["fingerprint"] == key(1).fingerprint
    assert event.detail["address"] == ADDRESSES["core"]


def test_a_changed_key_is_never_replaced_without_the_word_for_it(runner: ThreadRunner) -> None:
    ring, log = Ring({"core": [key(9)], "hub": [key(2)]}, {"core": key(1)}), Log()
    with pytest.raises(Refused) as error:
        trust(list(seen(ring, runner).values()), WORD, ring, log)
    assert (ring.held, log.events) == ({"core": key(1)}, []), "nothing, not even the new one beside it"
    for language in ("id", "en"):
        told = text(error.value.code, language, error.value.fields)
        assert key(1).fingerprint in told
        assert key(9).fingerprint in told
        assert "--replace" in told
    replacing = Word(regency="coba", actor="os:kominfo", at=NOW, replace=True)
    trust(list(seen(ring, runner).values()), replacing, ring, log)
    assert ring.held == {"core": key(9), "hub": key(2)}
    assert log.events[0].detail["replaced"] == key(1).fingerprint


def test_a_device_with_several_keys_has_not_changed_by_showing_another(runner: ThreadRunner) -> None:
    rsa = key(5, "ssh-rsa")
    ring = Ring({"core": [key(1), rsa]}, {"core": rsa})
    assert seen(ring, runner)["core"].standing is Standing.TRUSTED


def test_a_fingerprint_of_any_of_its_keys_will_do(runner: ThreadRunner) -> None:
    ring = Ring({"core": [key(1), key(3, "ecdsa-sha2-nistp256"), key(5, "ssh-rsa")]})
    first = seen(ring, runner)["core"]
    for wanted in (key(1), key(3, "ecdsa-sha2-nistp256"), key(5, "ssh-rsa")):
        assert expected(first, wanted.fingerprint, ring).offered == wanted
    with pytest.raises(Refused) as error:
        expected(first, key(7).fingerprint, ring)
    told = text(error.value.code, "en", error.value.fields)
    assert key(7).fingerprint in told
    assert key(5, "ssh-rsa").fingerprint in told


def test_a_file_that_refuses_is_told_and_noted(runner: ThreadRunner) -> None:
    ring, log = Ring({"core": [key(1)]}), Log()
    ring.refuses = True
    with pytest.raises(LedgerError):
        trust(list(seen(ring, runner).values()), WORD, ring, log)
    assert [event.action for event in log.events] == ["device.trusted", "device.trust_failed"]
    assert ring.held == {}


@pytest.mark.parametrize("written", ["SHA256:" + "a" * 43, "a" * 43, "  SHA256:" + "a" * 43 + "=\n"])
def test_a_fingerprint_may_be_copied_in_several_ways(written: str) -> None:
    assert fingerprint(written) == "SHA256:" + "a" * 43


@pytest.mark.parametrize("written", ["", "SHA256:", "MD5:" + "aa:" * 15 + "aa", "SHA256:" + "a" * 42, "SHA256:" + "ä" * 43])
def test_what_is_no_fingerprint_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        fingerprint(written)


def test_standing_is_by_the_whole_key() -> None:
    assert standing((), key(1)) is Standing.NEW
    assert standing((key(1), key(2)), key(2)) is Standing.TRUSTED
    assert standing((key(1),), key(1, "ssh-rsa")) is Standing.CHANGED
