"""Keys asked for without a credential, and first looks at devices of every make, against an SSH server on loopback."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.model import Platform
from network.clock import SystemClock
from network.core.inspection import Facts
from network.drivers.host_keys import pin, pinned
from network.drivers.inspect_ssh import SshInspector, Subject
from network.drivers.key_ring import SshKeyRing
from network.drivers.ssh_door import Secrets, Target, dial
from network.errors import DeviceError, DeviceUnreachable, HostKeyChanged, HostKeyUnknown, LedgerError, LoginRefused, SessionCut
from network.messages import text
from tests.contract.ssh_peer import ADDRESS, PASSWORD, Peer, ecdsa, key_of, rsa
from tests.unit.dialects.test_facts import EOS, IOS, JUNOS, MORNING, ROUTEROS, VRP, answer

Serve = Callable[..., Peer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as opened:
        yield lambda **more: opened.enter_context(closing(Peer(**more)))


@pytest.fixture
def known_hosts(tmp_path: Path) -> Path:
    return tmp_path / "state" / "known_hosts"


def ring_of(port: int, known_hosts: Path, patience: float = 5) -> SshKeyRing:
    return SshKeyRing({"core": Target(device="core", host=ADDRESS, port=port, connect_seconds=patience)}, dial, known_hosts)


def told(error: DeviceError | LedgerError) -> str:
    return "\n".join(text(error.code, language, error.fields) for language in ("id", "en"))


def test_a_key_is_shown_before_anybody_logs_in(serve: Serve, known_hosts: Path) -> None:
    peer = serve()
    ring = ring_of(peer.port, known_hosts)
    assert ring.offered("core") == key_of(ecdsa())
    assert peer.tried == []
    assert not known_hosts.exists(), "looking pins nothing"


def test_the_kind_that_is_asked_for_is_shown(serve: Serve, known_hosts: Path) -> None:
    ring = ring_of(serve(keys=[ecdsa(), rsa()]).port, known_hosts)
    assert ring.offered("core", ["ssh-rsa"]) == key_of(rsa())
    assert ring.offered("core", [key_of(ecdsa()).algorithm]) == key_of(ecdsa())
    assert ring.offered("core", ["ssh-unheard-of", "ssh-ed25519"]) in (key_of(ecdsa()), key_of(rsa()))


def test_a_pinned_key_lets_in_and_another_does_not(serve: Serve, known_hosts: Path) -> None:
    peer = serve(exec=answer().encode())
    ring = ring_of(peer.port, known_hosts)
    with pytest.raises(HostKeyUnknown) as unknown:
        look(peer, known_hosts)
    assert "lajur device trust core" in told(unknown.value)
    ring.pin("core", ring.offered("core"))
    assert ring.pinned("core") == pinned(known_hosts, ADDRESS, peer.port) == (key_of(ecdsa()),)
    assert look(peer, known_hosts).name == "core"
    ring.pin("core", key_of(ecdsa(1)))
    tried = len(peer.tried)
    with pytest.raises(HostKeyChanged) as changed:
        look(peer, known_hosts)
    assert len(peer.tried) == tried, "a changed key is told no name and no password"
    assert "--replace" in told(changed.value)


def test_a_file_that_cannot_be_written_is_told(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the place of the folder")
    ring = ring_of(serve().port, tmp_path / "state" / "known_hosts")
    with pytest.raises(LedgerError) as error:
        ring.pin("core", key_of(ecdsa()))
    assert "known_hosts" in told(error.value)


def test_nobody_there_and_somebody_silent(known_hosts: Path) -> None:
    with socket.create_server((ADDRESS, 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(DeviceUnreachable) as silent:
            ring_of(port, known_hosts, 0.3).offered("core")
    with pytest.raises(DeviceUnreachable) as nobody:
        ring_of(port, known_hosts).offered("core")
    for error in (silent, nobody):
        assert f"{ADDRESS}:{port}" in told(error.value)


def look(
    peer: Peer, known_hosts: Path, platform: Platform = Platform.LINUX, password: str = PASSWORD, patience: float = 60
) -> Facts:
    target = Target(device="core", host=ADDRESS, port=peer.port, connect_seconds=60, answer_seconds=patience)
    subject = Subject(
        target=target, platform=platform, login=lambda: Secrets(password=password), places={}, shapes=False, routes=False
    )
    return SshInspector({"core": subject}, dial, known_hosts, SystemClock()).inspect("core")


@pytest.fixture
def trusted(serve: Serve, known_hosts: Path) -> Serve:
    def start(**more: object) -> Peer:
        peer = serve(**more)
        pin(known_hosts, ADDRESS, peer.port, key_of(ecdsa()))
        return peer

    return start


def test_a_clock_is_compared_with_ours(trusted: Serve, known_hosts: Path) -> None:
    now = SystemClock().now()
    facts = look(trusted(exec=answer(time=str(int(now.timestamp()) - 600)).encode()), known_hosts)
    assert facts.offset is not None
    assert abs(facts.offset.value.total_seconds() + 600) <= facts.offset.doubt.total_seconds() + 5


def test_a_wrong_password_is_told_and_never_shown(trusted: Serve, known_hosts: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(LoginRefused) as error:
        look(trusted(), known_hosts, password="ten-birds")
    assert "ten-birds" not in told(error.value) + caplog.text + repr(error.value)


@pytest.mark.parametrize("said", ["", "Welcome\n", "@@lajur time\n17", "\x1b[2J@@lajur done"])
def test_an_answer_that_is_none_is_an_error_of_that_device(trusted: Serve, known_hosts: Path, said: str) -> None:
    with pytest.raises(DeviceError) as error:
        look(trusted(exec=said.encode()), known_hosts)
    assert error.value.device == "core"
    assert told(error.value)


def test_a_greeting_gives_another_make_away(trusted: Serve, known_hosts: Path) -> None:
    facts = look(trusted(greeting="SSH-2.0-ROSSSH"), known_hosts)
    assert facts.platform == "mikrotik_routeros"


SAID = {
    Platform.CISCO_IOS: (IOS, "r-dinkes#", "CISCO2911/K9 IOS 15.7(3)M8"),
    Platform.ARISTA_EOS: (EOS, "r-perizinan#", "DCS-7050SX3-48YC8 EOS 4.28.3M"),
    Platform.JUNIPER_JUNOS: (JUNOS, "lajur@r-bappeda> ", "srx300 Junos 21.4R3.15"),
    Platform.HUAWEI_VRP: (VRP, "<r-dinas>", "VRP 5.170 (AR651 V300R019C10SPC300)"),
    Platform.MIKROTIK_ROUTEROS: (ROUTEROS, "[lajur@r-kominfo] > ", "RB4011iGS+ RouterOS 7.15.3"),
}


SETTINGS = {
    "terminal width 511": "Width set to 511 columns.", "terminal length 0": "Pagination disabled.",
    "set cli screen-width 511": "Screen width set to 511", "set cli complete-on-space off": "Disabling complete-on-space",
}  # fmt: skip
"""What a login says to be understood, and EOS and Junos answer."""


@pytest.mark.parametrize("platform", [Platform.CISCO_IOS, Platform.ARISTA_EOS, Platform.JUNIPER_JUNOS, Platform.HUAWEI_VRP])
def test_other_makes_are_asked_line_by_line(trusted: Serve, known_hosts: Path, platform: Platform) -> None:
    from network.dialects.vendor_facts import COMMANDS

    said, prompt, version = SAID[platform]
    shell = {**SETTINGS, **{command: said[name] for name, command in COMMANDS[platform].items() if name in said}}
    facts = look(trusted(shell=shell, prompt=prompt), known_hosts, platform)
    assert (facts.platform, facts.version) == (platform.value, version)
    assert facts.addresses
    assert facts.offset is not None
    expected = (MORNING - datetime.now(UTC)).total_seconds()  # noqa: TID251 - the test's own clock
    assert abs(facts.offset.value.total_seconds() - expected) < 60


def test_a_device_that_ends_a_dialogue_is_told(trusted: Serve, known_hosts: Path) -> None:
    with pytest.raises(SessionCut) as error:
        look(trusted(shell={"show version": None}, prompt="r-dinkes#"), known_hosts, Platform.CISCO_IOS, patience=1)
    assert told(error.value)


def test_answers_that_nobody_understands_say_nothing(trusted: Serve, known_hosts: Path) -> None:
    facts = look(trusted(prompt="r-dinkes#"), known_hosts, Platform.CISCO_IOS)
    assert (facts.version, facts.addresses, facts.offset) == ("", None, None)


def test_a_platform_that_answers_otherwise_is_told_with_what_the_truth_says(trusted: Serve, known_hosts: Path) -> None:
    with pytest.raises(SessionCut) as error:
        look(trusted(prompt="r-dinkes#"), known_hosts, Platform.JUNIPER_JUNOS, patience=1)
    assert "juniper_junos" in told(error.value)
    assert "devices.yaml" in told(error.value)
