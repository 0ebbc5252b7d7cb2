"""Rented servers on paper: their inputs, whom to expect at their address, and what of a console is a host key."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from infra.errors import HostKeyRefused, ReachError
from infra.reach.host_keys import pin, pinned_in, unpin
from infra.reach.machine import awaited
from infra.rentals import group_inputs, rentals
from infra.renting.console import host_keys
from inventory.load import load_regency
from inventory.rented_views import rented_keys, stays_by_key, with_rented

REGENCIES = Path("inventory/regencies")
ONE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUrYW9u0gqPlpUUg2tXHSUYUmTzZb1Xv0u3YkO0wJ1x"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGUrYW9u0gqPlpUUg2tXHSUYUmTzZb1Xv0u3YkO0wJ1x"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
AT = IPv4Address("100.68.128.9")


def test_a_rented_server_is_one_more_server_with_a_lease_and_its_workloads() -> None:
    regency = load_regency(REGENCIES / "manokwari")
    assert rented_keys(regency) == {"practice-1", "app-plan-1", "app-plan-2"}
    joined = with_rented(regency, {"app-plan-1": AT, "no-such": AT}, NOW)
    (server,) = (each for each in joined.servers if each.key == "app-plan-1")
    (lease,) = (each for each in joined.leases if each.key == server.lease)
    assert (server.address, server.names, server.protected) == (AT, ("app-plan-1.manokwari.example",), False)
    assert (lease.promise.cpus, lease.number) == (2, "AWAN-CONTOH-01")
    (gateway,) = (each for each in joined.workloads if each.key == "gateway")
    assert gateway.servers[-1] == "app-plan-1"
    assert with_rented(joined, {"app-plan-1": AT}, NOW) is joined
    assert with_rented(regency, {}, NOW) is regency


def test_inputs_say_the_size_the_network_and_who_may_come_in() -> None:
    regency = load_regency(REGENCIES / "manokwari")
    (found,) = rentals(regency, frozenset({"practice-1", "nobody"}), NOW)
    assert found.machine["flavor"] == "small"
    assert found.volume == {"cloud": "awan", "regency": "manokwari", "size": 19}
    assert found.address == {"cloud": "awan", "regency": "manokwari", "outside": "internet"}
    assert "address" not in found.server
    assert found.protected is True
    rules = group_inputs(regency, found.stay, found.cloud)["rules"]
    assert {"protocol": "tcp", "ports": "22", "peer": "100.65.0.0/16"} in rules
    assert all(each.get("peer") not in ("", "0.0.0.0/0", None) for each in rules), "nobody else comes in"


def test_of_several_stays_the_one_that_goes_on_counts_then_the_last_then_the_next() -> None:
    regency = load_regency(REGENCIES / "manokwari")
    stay = stays_by_key(regency, NOW)["app-plan-1"]
    assert stays_by_key(regency, stay.start)["app-plan-1"] == stay
    assert stays_by_key(regency, stay.end)["app-plan-1"] == stay


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"-----BEGIN SSH HOST KEY KEYS-----\n{ONE} root@x\n{ONE} again\n-----END SSH HOST KEY KEYS-----", [ONE]),
        (f"-----BEGIN SSH HOST KEY KEYS-----\n[  9.1] cloud-init: {ONE}\n-----END SSH HOST KEY KEYS-----", [ONE]),
        (f"-----BEGIN SSH HOST KEY KEYS-----\n{ONE}\n", []),
        (f"{ONE}\n-----BEGIN SSH HOST KEY KEYS-----\nnothing\n-----END SSH HOST KEY KEYS-----", []),
        (f"-----BEGIN SSH HOST KEY KEYS-----\nssh-rsa {ONE.split()[1]}\n-----END SSH HOST KEY KEYS-----", []),
        ("{{ lookup('pipe', 'id') }}", []),
        ("", []),
    ],
)
def test_only_whole_keys_in_a_whole_block_are_host_keys(text: str, found: list[str]) -> None:
    assert host_keys(text) == found


def test_what_a_cloud_tells_takes_the_place_of_who_had_the_address_and_goes_with_it(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(f"100.68.128.9,other {ONE}\nkept {ONE}\n")
    pin(file, "100.68.128.9", 22, [OTHER])
    assert file.read_text() == f"other {ONE}\nkept {ONE}\n100.68.128.9 {OTHER}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    unpin(file, "100.68.128.9", 22)
    assert pinned_in(file, "100.68.128.9", 22) == ()
    assert file.read_text() == f"other {ONE}\nkept {ONE}\n"
    unpin(tmp_path / "absent", "100.68.128.9", 22)
    assert not (tmp_path / "absent").exists()


class Coming:
    """A machine that lets nobody in before its turn."""

    def __init__(self, errors: list[ReachError]) -> None:
        self.errors, self.closed = errors, 0

    def run(self, text: str) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return ""

    def close(self) -> None:
        self.closed += 1


def test_a_new_machine_is_waited_for_but_never_another_one() -> None:
    machine = Coming([ReachError("infra.unreachable", server="web"), ReachError("infra.login_refused", server="web")])
    assert awaited(lambda: machine, sleep=lambda _: None) is machine
    assert machine.closed == 2
    with pytest.raises(HostKeyRefused):
        awaited(lambda: Coming([HostKeyRefused("infra.host_key_changed", server="web")]), sleep=lambda _: None)
    with pytest.raises(ReachError, match=r"infra\.unreachable"):
        awaited(lambda: Coming([ReachError("infra.unreachable", server="web")]), seconds=0, sleep=lambda _: None)
