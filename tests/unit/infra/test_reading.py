"""What a machine says, read: the ordinary answer, the hostile ones, and the script that asks."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.errors import OutputError
from infra.facts import Disk, Door, Facts, Port, Service, Snapshot
from infra.reading import parse, question
from infra.text import clean
from tests.unit.infra.machine import NONCE, SECTIONS, blob, said, seal, unit

FACTS, SNAPSHOT = parse(said(), NONCE)


def test_hardware() -> None:
    assert (FACTS.cpus, FACTS.cpu_model, FACTS.memory) == (2, "A Processor", 65011712 * 1024)
    assert (FACTS.vendor, FACTS.model, FACTS.serial, FACTS.os) == ("Dell Inc.", "PowerEdge R650", "ABC1234", "debian 12")
    assert FACTS.disks == (
        Disk(name="nvme0n1", size=512_000, kind="nvme"),
        Disk(name="sda", size=1875385008 * 512, kind="ssd", model="A SSD", serial="S1"),
    )


def test_only_built_in_interfaces_count_where_there_are_any() -> None:
    assert [(nic.name, nic.speed) for nic in FACTS.nics] == [("eno1", 10**10)]
    facts, _ = parse(said(nics="nic eth0\nspeed 10000\nmac 02:00:00:00:00:01\n"), NONCE)
    assert [(nic.name, nic.speed) for nic in facts.nics] == [("eth0", 10**10)]


@pytest.mark.parametrize("serial", ["To Be Filled By O.E.M.", "None", "0"])
def test_a_makers_placeholder_is_no_serial(serial: str) -> None:
    facts, _ = parse(said(machine=f"product_serial {serial}\nboard_serial CN7\n"), NONCE)
    assert facts.serial == "CN7"


@pytest.mark.parametrize(
    ("disk", "kind"),
    [
        ("disk vda\nsize 9\nrotational 1\n", "unknown"),
        ("disk sdb\nsize 9\nrotational 1\n", "hdd"),
        ("disk sdc\nsize 9\nmodel QEMU HARDDISK\nrotational 1\n", "unknown"),
    ],
)
def test_a_virtual_disk_is_not_believed(disk: str, kind: str) -> None:
    facts, _ = parse(said(disks=disk), NONCE)
    assert [one.kind for one in facts.disks] == [kind]


def test_packages_that_are_there() -> None:
    assert SNAPSHOT.packages == {"libc-bin": "2.36", "libc6:amd64": "2.36-9+deb12u9", "nginx": "1.22.1-9"}


def test_services_without_what_comes_and_goes() -> None:
    assert SNAPSHOT.services == {
        "apt-daily.service": Service(enabled="static", active="passing"),
        "nginx.service": Service(enabled="enabled", active="running"),
        "sleeping.service": Service(enabled="enabled", active="stopped"),
        "ssh.service": Service(enabled="enabled", active="running"),
        "systemd-hostnamed.service": Service(enabled="static", active="passing"),
    }


@pytest.mark.parametrize(
    ("words", "active"),
    [
        ({"ActiveState": "failed", "SubState": "failed"}, "stopped"),
        ({"ActiveState": "activating", "SubState": "auto-restart"}, "stopped"),
        ({"ActiveState": "activating", "SubState": "start"}, "running"),
        ({"ActiveState": "reloading", "SubState": "reload"}, "running"),
        ({"Type": "oneshot", "RemainAfterExit": "yes", "SubState": "exited"}, "running"),
        ({"Type": "oneshot", "ActiveState": "inactive", "SubState": "dead"}, "passing"),
        ({"Type": "oneshot", "RemainAfterExit": "yes", "UnitFileState": "static", "WantedBy": "sysinit.target"}, "passing"),
        ({"UnitFileState": "static", "TriggeredBy": "x.socket", "WantedBy": "multi-user.target"}, "running"),
    ],
)
def test_when_a_service_runs(words: dict[str, str], active: str) -> None:
    _, snapshot = parse(said(units=unit("one.service", **words)), NONCE)
    assert snapshot.services["one.service"].active == active


def test_ports_without_what_comes_and_goes() -> None:
    assert SNAPSHOT.ports == (
        Port(proto="tcp", reach="all", number=22, process="sshd", unit="ssh.service"),
        Port(proto="tcp", reach="all", number=80, process="nginx", unit="nginx.service"),
        Port(proto="tcp", reach="link", number=9000),
        Port(proto="tcp", reach="loopback", number=5432, process="postgres"),
        Port(proto="udp", reach="loopback", number=53),
    )


def test_a_key_within_an_option_hides_no_other() -> None:
    assert [(key.account, key.fingerprint) for key in SNAPSHOT.keys] == sorted([("root", seal(1)), ("root", seal(2))])


def test_a_key_under_a_short_name_is_seen() -> None:
    _, snapshot = parse(said(keys=f"account a\nfile /a\nline ED25519 {blob(5)} x\n"), NONCE)
    assert [key.fingerprint for key in snapshot.keys] == [seal(5)]


def test_users_who_can_log_in() -> None:
    assert SNAPSHOT.users == ("hidden", "root", "siti")


def test_what_decides_who_may_become_root() -> None:
    assert SNAPSHOT.doors == {
        "/etc/shadow": Door(rights="640 root:shadow"),
        "/etc/sudoers": Door(rights="440 root:root", seal=f"sha256:{'a' * 64}"),
        "/etc/sudoers.d": Door(rights="755 root:root"),
        "/etc/sudoers.d/siti": Door(rights="440 root:root", seal=f"sha256:{'b' * 64}"),
    }
    assert SNAPSHOT.passwords == {"siti": "2025-11-08"}
    assert SNAPSHOT.members == ("root (root)", "siti (sudo)")
    assert SNAPSHOT.accounts == ("daemon", "hidden", "root", "siti")


@pytest.mark.parametrize("line", ["file f 9 root root 1 /x", "file f 644 root root 1 x", "deadbeef  /x", "rm /x"])
def test_a_line_of_files_that_the_script_does_not_say_is_refused(line: str) -> None:
    with pytest.raises(OutputError) as met:
        parse(said(files=f"{line}\n"), NONCE)
    assert met.value.section == "files"


def test_more_files_than_anybody_keeps_are_refused() -> None:
    with pytest.raises(OutputError) as met:
        parse(said(files="".join(f"file f 644 root root 1 /etc/cron.d/{number}\n" for number in range(4001))), NONCE)
    assert (met.value.code, met.value.section) == ("infra.output_too_long", "files")


def test_a_name_that_is_escaped_is_read_as_it_is() -> None:
    path = "/etc/systemd/system/a\\x2d.service"
    escaped = path.replace("\\", "\\\\")
    _, snapshot = parse(said(files=f"file f 644 root root 1 {path}\n\\{'c' * 64}  {escaped}\n"), NONCE)
    assert snapshot.doors is not None
    assert [door.seal for door in snapshot.doors.values()] == [f"sha256:{'c' * 64}"]


def test_host_keys() -> None:
    assert SNAPSHOT.host_keys == {"ssh-ed25519": seal(9)}


def test_values_come_back_from_json_as_they_were() -> None:
    assert Facts.from_json(FACTS.to_json()) == FACTS
    assert Snapshot.from_json(SNAPSHOT.to_json()) == SNAPSHOT
    assert Snapshot.from_json(SNAPSHOT.to_json()).to_json() == SNAPSHOT.to_json()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"cpus": -1, "memory": 0}', '{"cpus": 1, "memory": 1, "more": 2}', "\ud800"])
def test_a_record_that_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(OutputError) as met:
        Snapshot.from_json(text)
    assert met.value.code == "infra.record_unreadable"


@pytest.mark.parametrize("name", [*SECTIONS, "end"])
def test_a_section_that_is_missing_is_named(name: str) -> None:
    output = said(**{name: None}) if name != "end" else said().rpartition(b"\n=")[0]
    with pytest.raises(OutputError) as met:
        parse(output, NONCE)
    assert (met.value.code, met.value.section) == ("infra.output_lacking", name)


def test_a_tool_that_failed_is_no_empty_machine() -> None:
    with pytest.raises(OutputError) as met:
        parse(said(packages="failed:"), NONCE)
    assert (met.value.code, met.value.section) == ("infra.section_failed", "packages")


def test_a_tool_that_is_not_there_is_remembered() -> None:
    _, snapshot = parse(said(ports="absent:", enabled="absent:", units="absent:"), NONCE)
    assert snapshot.lacking == ("ports", "services")


def test_another_nonce_is_not_this_answer() -> None:
    with pytest.raises(OutputError):
        parse(said(), NONCE[::-1])


def test_a_section_twice_is_refused() -> None:
    with pytest.raises(OutputError) as met:
        parse(said() + f"\n={NONCE} users ok\nroot:x:0:0::/:/bin/sh\n".encode(), NONCE)
    assert met.value.section == "users"


def test_ten_megabytes_of_one_section_are_refused_by_name() -> None:
    with pytest.raises(OutputError) as met:
        parse(said(machine="product_name " + "A" * 10 * 2**20 + "\n"), NONCE)
    assert (met.value.code, met.value.section) == ("infra.output_too_long", "machine")


def test_what_a_terminal_would_obey_is_escaped() -> None:
    facts, _ = parse(said(machine="product_name \x1b[2J\u202e{{ 6*7 }}\0\x9b\n"), NONCE)
    assert facts.model == "\\x1b[2J\\u202e{{ 6*7 }}\\x00\\x9b"


@pytest.mark.parametrize("section", [*SECTIONS])
@given(noise=st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("utf-8", errors="surrogateescape"))))
def test_noise_in_a_section_never_crashes(section: str, noise: str) -> None:
    try:
        facts, snapshot = parse(said(**{section: noise}), NONCE)
    except OutputError:
        return
    assert Facts.from_json(facts.to_json()) == facts
    assert Snapshot.from_json(snapshot.to_json()) == snapshot


@given(st.binary(max_size=2000))
def test_noise_alone_never_crashes(noise: bytes) -> None:
    with pytest.raises(OutputError):
        parse(noise, NONCE)


@given(st.text(), st.integers(1, 300))
def test_clean_text_is_short_and_shows_all_it_has(text: str, most: int) -> None:
    shown = clean(text, most)
    assert len(shown) <= most + 1
    assert all(letter.isprintable() for letter in shown)
    assert clean(shown, most + 1) == shown


@pytest.mark.parametrize("nonce", ["", "short", "0123456789abcdef; id", "0123456789ABCDEF", "0" * 65])
def test_a_nonce_is_hexadecimal(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        question(nonce)


def test_the_script_asks_this_machine() -> None:
    asked = subprocess.run(["dash", "-s"], input=question(NONCE).encode(), capture_output=True, check=True, timeout=30)
    assert asked.stderr == b""
    facts, snapshot = parse(asked.stdout, NONCE)
    assert facts.cpus > 0
    assert snapshot.memory > 0
    assert "root" in snapshot.users
    assert snapshot.doors
    assert "/etc/passwd" in snapshot.doors
    assert "root (root)" in (snapshot.members or ())
