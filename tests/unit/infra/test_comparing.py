"""What is not as it was accepted, and how it is mended."""

from __future__ import annotations

import json
import subprocess
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.comparing import compare
from infra.facts import Difference, DifferenceKind, Disk, Key, Port, Section, Service, Snapshot
from infra.reading import parse
from infra.repair import mending
from tests.unit.infra.machine import NONCE, SECTIONS, blob, said, seal, unit

_, BASELINE = parse(said(), NONCE)


def seen(**changes: str | None) -> Snapshot:
    return parse(said(**changes), NONCE)[1]


def found(live: Snapshot, baseline: Snapshot = BASELINE) -> list[tuple[str, str, str]]:
    return [(one.kind, one.name, one.mend) for one in compare(baseline, live)]


def without(section: str, line: str) -> dict[str, str]:
    assert line in SECTIONS[section]
    return {section: SECTIONS[section].replace(line, "")}


UNITS, PORTS, USERS, FILES = (SECTIONS[name] for name in ("units", "ports", "users", "files"))
SITIS = "account siti\nfile /srv/siti/.ssh/authorized_keys\n"
LISTENS = 'tcp LISTEN 0 10 0.0.0.0:%d 0.0.0.0:* users:(("%s",pid=%d,fd=3))\n'
STOPPED = UNITS.replace(unit("nginx.service"), unit("nginx.service", ActiveState="inactive", SubState="dead"))
DISABLED = UNITS.replace(unit("ssh.service"), unit("ssh.service", UnitFileState="disabled"))
MASKED = UNITS.replace(unit("ssh.service"), unit("ssh.service", UnitFileState="masked"))


@pytest.mark.parametrize(
    ("changes", "differences"),
    [
        ({"units": STOPPED}, [("service_stopped", "nginx.service", "repair")]),
        ({"units": DISABLED}, [("service_disabled", "ssh.service", "repair")]),
        ({"units": MASKED}, [("service_disabled", "ssh.service", "repair")]),
        (
            {"units": UNITS.replace(unit("nginx.service"), ""), "enabled": ""},
            [
                ("service_disabled", "nginx.service", "repair"),
                ("service_stopped", "nginx.service", "repair"),
                ("service_disabled", "sleeping.service", "repair"),
            ],
        ),
        ({"enabled": SECTIONS["enabled"] + "evil.service\n"}, [("service_added", "evil.service", "person")]),
        ({"units": UNITS + unit("evil.service", Type="oneshot")}, [("service_added", "evil.service", "person")]),
        ({"units": UNITS + unit("evil@x.service", UnitFileState="generated")}, [("service_added", "evil@x.service", "person")]),
        (without("packages", "ii \tnginx\t1.22.1-9\n"), [("package_removed", "nginx", "repair")]),
        ({"packages": SECTIONS["packages"].replace("-9\n", "-10\n")}, [("package_changed", "nginx", "person")]),
        ({"packages": SECTIONS["packages"] + "ii \tnmap\t7\n"}, [("package_added", "nmap", "person")]),
        ({"ports": PORTS + LISTENS % (8080, "python3", 500)}, [("port_opened", "tcp/8080 all", "person")]),
        (
            {"ports": PORTS + LISTENS % (8080, "x", 500), "owners": "500 0::/system.slice/evil.service\n"},
            [("port_opened", "tcp/8080 all", "repair")],
        ),
        (
            {"ports": PORTS + LISTENS % (8080, "x", 500), "owners": "500 0::/system.slice/nginx.service\n"},
            [("port_opened", "tcp/8080 all", "person")],
        ),
        (without("ports", PORTS.splitlines(keepends=True)[3]), [("port_closed", "tcp/5432 loopback", "person")]),
        (
            {"ports": PORTS.replace(PORTS.splitlines(keepends=True)[2], ""), "units": STOPPED},
            [("service_stopped", "nginx.service", "repair"), ("port_closed", "tcp/80 all", "repair")],
        ),
        ({"disks": "disk sda\nsize 1875385008\nmodel A SSD\nserial S1\n"}, [("disk_missing", "nvme0n1", "person")]),
        (
            {"disks": SECTIONS["disks"].replace("serial S1", "serial S2")},
            [("disk_changed", "sda", "person")],
        ),
        ({"memory": "MemTotal: 32505856 kB\n"}, [("memory_changed", "memory", "person")]),
        ({"cpu": "processor : 0\n"}, [("cpus_changed", "cpus", "person")]),
        (
            {"keys": SECTIONS["keys"] + f"{SITIS}line ssh-ed25519 {blob(7)} me\nwhole\n"},
            [("key_added", f"siti {seal(7)}", "repair")],
        ),
        ({"keys": SECTIONS["keys"] + SITIS}, [("keys_unread", "siti /srv/siti/.ssh/authorized_keys", "person")]),
        (
            {"keys": f"{SECTIONS['keys']}{SITIS}line whole\nline account siti\nline ssh-ed25519 {blob(7)} me\n"},
            [
                ("key_added", f"siti {seal(7)}", "repair"),
                ("keys_unread", "siti /srv/siti/.ssh/authorized_keys", "person"),
            ],
        ),
        ({"keys": ""}, [("key_removed", f"root {seal(number)}", "person") for number in sorted((1, 2), key=seal)]),
        ({"users": SECTIONS["users"] + "eve:x:1001:1001::/srv/eve:/bin/bash\n"}, [("user_added", "eve", "person")]),
        (without("users", "siti:x:1000:1000::/srv/siti:/bin/bash\n"), [("user_removed", "siti", "person")]),
        (
            {"users": USERS.replace("daemon:x:1:1::/:/usr/sbin/nologin", "daemon:x:1:1::/:/bin/bash")},
            [("login_enabled", "daemon", "person")],
        ),
        ({"users": USERS.replace("/:/bin/sh\nnobody", "/:/bin/false\nnobody")}, [("login_disabled", "hidden", "person")]),
        (
            {"files": f"{FILES}file f 440 root root 9 /etc/sudoers.d/x\n{'c' * 64}  /etc/sudoers.d/x\n"},
            [("file_added", "/etc/sudoers.d/x", "person")],
        ),
        (
            {"files": f"{FILES}file l 777 root root 9 /etc/systemd/system/x.service\n"},
            [("file_added", "/etc/systemd/system/x.service", "person")],
        ),
        ({"files": f"{FILES}odd 77 /etc/cron.d\n"}, [("file_added", "/etc/cron.d/? (inode 77)", "person")]),
        ({"files": FILES.replace("b" * 64, "c" * 64)}, [("file_changed", "/etc/sudoers.d/siti", "person")]),
        (without("files", "file f 440 root root 90 /etc/sudoers\n"), [("file_removed", "/etc/sudoers", "person")]),
        ({"files": FILES.replace("640 root shadow", "666 root shadow")}, [("file_loose", "/etc/shadow", "person")]),
        ({"files": FILES.replace("640 root shadow", "644 root shadow")}, [("file_loose", "/etc/shadow", "person")]),
        ({"files": FILES.replace("d 755 root", "d 755 siti")}, [("file_loose", "/etc/sudoers.d", "person")]),
        ({"passwords": SECTIONS["passwords"] + "set root 20500\n"}, [("password_set", "root", "person")]),
        ({"passwords": "set siti 20401\n"}, [("password_changed", "siti", "person")]),
        ({"passwords": "empty siti\n"}, [("password_empty", "siti", "person")]),
        ({"passwords": ""}, [("password_removed", "siti", "person")]),
        ({"users": USERS.replace("root:x:", "root:set:")}, [("password_set", "root", "person")]),
        ({"groups": SECTIONS["groups"].replace("siti", "siti,hidden")}, [("member_added", "hidden (sudo)", "person")]),
        ({"groups": "root:x:0:\nsudo:x:27:\n"}, [("member_removed", "siti (sudo)", "person")]),
        ({"users": USERS.replace("siti:x:1000:1000", "siti:x:1000:0")}, [("member_added", "siti (root)", "person")]),
        ({"users": USERS.replace("siti:x:1000:1000", "siti:x:0:1000")}, [("member_added", "siti (root)", "person")]),
        ({"host_keys": f"ssh-ed25519 {blob(8)} x\n"}, [("host_key", "ssh-ed25519", "person")]),
        ({"ports": "absent:"}, [("record_missing", "ports", "person")]),
    ],
)
def test_what_somebody_did_is_found(changes: dict[str, str], differences: list[tuple[str, str, str]]) -> None:
    assert found(seen(**changes)) == differences


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"units": UNITS + unit("session-c1.service", Transient="yes") + unit("user@1000.service", UnitFileState="static")},
        {
            "units": UNITS.replace("SubState=start", "SubState=dead").replace(
                "systemd-hostnamed.service", "systemd-timedated.service"
            )
        },
        {"units": UNITS.replace(unit("ssh.service"), unit("ssh.service", ActiveState="reloading", SubState="reload"))},
        {"ports": PORTS + 'udp UNCONN 0 0 0.0.0.0:40123 0.0.0.0:* users:(("dig",pid=3,fd=3))\n'},
        {"ports": PORTS + 'tcp LISTEN 0 9 127.0.0.1:39999 0.0.0.0:* users:(("sshd",pid=3,fd=3))\n'},
        {"ports": "".join(reversed(PORTS.splitlines(keepends=True))).replace("pid=", "pid=9")},
        {"memory": f"MemTotal: {65011712 - 300_000} kB\n"},
        {"disks": SECTIONS["disks"].replace("disk sda", "disk sdb")},
        {"packages": SECTIONS["packages"].replace("ii \tnginx", "it \tnginx")},
        {"users": SECTIONS["users"] + "run-x:x:61999:61999::/:/usr/sbin/nologin\n"},
        {"nics": ""},
        {"files": FILES.replace("440 root", "400 root")},
        {"files": "".join(reversed(FILES.splitlines(keepends=True)))},
    ],
)
def test_what_moves_by_itself_is_no_difference(changes: dict[str, str]) -> None:
    assert found(seen(**changes)) == []


def test_a_port_that_the_kernel_numbered_anew_is_the_same() -> None:
    before = seen(ports=PORTS + LISTENS % (40001, "rpc.statd", 5))
    assert found(seen(ports=PORTS + LISTENS % (51111, "rpc.statd", 6)), before) == []
    assert [one[0] for one in found(seen(ports=PORTS + LISTENS % (51111, "other", 6)), before)] == ["port_opened", "port_closed"]


def test_a_second_port_of_one_program_is_found() -> None:
    before = seen(ports=PORTS + LISTENS % (40001, "python3", 5))
    after = seen(ports=PORTS + LISTENS % (40001, "python3", 5) + LISTENS % (40002, "python3", 6))
    assert found(after, before) == [("port_opened", "tcp/40002 all", "person")]


@pytest.mark.parametrize(
    ("name", "program"),
    [
        *((f"{name}.service", "x") for name in ("ssh", "ssh@2", "systemd-networkd", "dbus", "ifup@eth0", "dhcpcd", "connman")),
        *((f"{name}.service", "x") for name in ("openvpn@office", "wg-quick@wg0", "strongswan-starter", "ipsec", "tailscaled")),
        *((f"{name}.service", "x") for name in ("zerotier-one", "dropbear", "NetworkManager-dispatcher", "frr", "nftables")),
        *((f"{name}.service", "x") for name in ("wpa_supplicant", "bird", "keepalived", "netfilter-persistent")),
        *(("own.service", program) for program in ("sshd", "openvpn", "charon")),
    ],
)
def test_the_way_back_is_never_stopped(name: str, program: str) -> None:
    live = seen(ports=PORTS + LISTENS % (8080, program, 5), owners=f"5 0::/system.slice/{name}\n", units="")
    (opened,) = [one for one in compare(seen(units=""), live) if one.kind == "port_opened"]
    assert mending(opened, seen(units=""), live).reason == "vital"


def test_a_file_of_keys_that_could_not_be_read_is_for_a_person_until_one_accepts_it() -> None:
    live = seen(keys=SECTIONS["keys"] + SITIS)
    (unread,) = compare(BASELINE, live)
    assert mending(unread, BASELINE, live).reason == "not_plain"
    assert compare(live, live) == compare(live, BASELINE) == ()


def test_a_baseline_from_before_somebody_looked_says_nothing_of_it() -> None:
    """Whatever stands there now: it was never accepted, and never refused."""
    told = BASELINE.model_dump(mode="json", exclude={"accounts", "doors", "passwords", "members"})
    old = Snapshot.from_json(json.dumps(told))
    changed = seen(files=f"{FILES}odd 7 /etc/cron.d\n", passwords="set root 20500\n", groups="sudo:x:27:hidden\n")
    assert found(changed, old) == []
    assert found(seen(users=USERS.replace("x:1:1::/:/usr/sbin/nologin", "x:1:1::/:/bin/sh")), old) == [
        ("user_added", "daemon", "person")
    ]


def test_a_controller_that_is_all_there_is_has_lost_nothing_that_nobody_looked_at() -> None:
    """It lacks every section, and a baseline from before cannot say so of those that are new."""
    old = Snapshot(cpus=1, memory=1, lacking=("packages", "services", "ports", "keys", "users", "host_keys"))
    assert compare(old, Snapshot(cpus=1, memory=1, lacking=get_args(Section))) == ()
    lost = compare(BASELINE, BASELINE.model_copy(update={"lacking": ("files", "groups"), "doors": None, "members": None}))
    assert [(one.kind, one.name) for one in lost] == [("record_missing", "files"), ("record_missing", "groups")]


def test_what_a_snap_writes_anew_by_itself_is_only_seen_to_be_there() -> None:
    def of(letter: str) -> Snapshot:
        path = "/etc/systemd/system/snap.lxd.daemon.service"
        return seen(files=f"{FILES}file f 644 root root 9 {path}\n{letter * 64}  {path}\n")

    assert compare(of("c"), of("d")) == ()
    assert [one.kind for one in compare(BASELINE, of("c"))] == ["file_added"]


def test_a_file_too_large_to_be_read_is_known_by_its_size() -> None:
    def of(size: int) -> Snapshot:
        return seen(files=f"{FILES}file f 644 root root {size} /etc/cron.d/large\n")

    (grown,) = compare(of(300_000), of(300_001))
    assert (grown.kind, grown.wanted, grown.found) == ("file_changed", "300000 B", "300001 B")


def test_whoever_must_mend_it_is_told_why() -> None:
    """Of every difference for a person, at the moment when it is found."""
    live = seen(memory="MemTotal: 32505856 kB\n", files=f"{FILES}odd 7 /etc/cron.d\n", host_keys=f"ssh-ed25519 {blob(8)} x\n")
    told = {one.kind: (one.mend, one.reason) for one in compare(BASELINE, live)}
    assert told == {
        "memory_changed": ("person", "hardware"),
        "file_added": ("person", "not_ours_to_remove"),
        "host_key": ("person", "host_key_trusted"),
    }
    assert [(one.mend, one.reason) for one in compare(BASELINE, seen(units=STOPPED))] == [("repair", "")]


def test_sizes_are_told_with_their_units() -> None:
    live = seen(memory="MemTotal: 32505856 kB\n", disks=SECTIONS["disks"].replace("serial S1", "serial S2"))
    assert [(one.wanted, one.found) for one in compare(BASELINE, live)] == [
        ("62 GiB", "31 GiB"),
        ("960.1 GB A SSD S1", "960.1 GB A SSD S2"),
    ]


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["$(id)", "`id`", "a;id", "a\nid", "-x", "--root=/", "../../x", "a b.service", "'\"", "x.service;id", "{{x}}"]
    ),
)


MENDED: tuple[DifferenceKind, ...] = (
    "service_stopped", "service_disabled", "package_removed", "port_opened", "port_closed", "key_added",
)  # fmt: skip


@given(name=HOSTILE, value=HOSTILE, kind=st.sampled_from(MENDED))
def test_no_name_of_a_machine_reaches_a_shell(name: str, value: str, kind: DifferenceKind) -> None:
    """Whatever stands in a script was among harmless letters, and stands there as one word."""
    port = Port.model_construct(proto="tcp", reach="all", number=1, unit=name)
    key = Key.model_construct(account=name, type="x", fingerprint=value, file=value, blob=name)
    baseline = Snapshot.model_construct(cpus=1, memory=1, ports=(), keys=(), services={})
    live = Snapshot.model_construct(cpus=1, memory=1, ports=(port,), keys=(key,), services={})
    about = {"port_opened": port.name, "key_added": key.name}.get(kind, name)
    difference = Difference.model_construct(None, kind=kind, name=about, wanted=value, found="")
    script = mending(difference, baseline, live).script
    if script is not None:
        words = {"port_opened": [name], "key_added": [value, name], "package_removed": [name, value]}.get(kind, [name])
        assert all(
            word and not set(word) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@:+~/=-")
            for word in words
        )
        assert not any(word.startswith("-") for word in words)


@pytest.mark.parametrize(
    "difference",
    [
        Difference(kind="service_stopped", name="nginx.service", wanted="running", found="stopped"),
        Difference(kind="service_disabled", name="nginx.service", wanted="enabled", found="disabled"),
        Difference(kind="package_removed", name="nginx", wanted="1.22.1-9", found="absent"),
        Difference(kind="key_added", name=f"root {seal(2)}", wanted="absent", found="x"),
    ],
    ids=lambda one: one.kind,
)
def test_a_script_is_a_shells(difference: Difference) -> None:
    script = mending(difference, BASELINE, BASELINE).script
    assert script is not None
    read = subprocess.run(["dash", "-n"], input=script.encode(), capture_output=True, check=False, timeout=10)
    assert (read.returncode, read.stderr) == (0, b"")


def test_a_disk_is_known_by_its_serial() -> None:
    def of(*disks: Disk) -> Snapshot:
        return Snapshot(cpus=1, memory=1, disks=disks)

    one, two = (Disk(name=f"sd{letter}", size=10, serial=letter) for letter in "ab")
    swapped = of(one.model_copy(update={"name": "sdb"}), two.model_copy(update={"name": "sda"}))
    assert compare(of(one, two), swapped) == ()
    assert [(one.kind, one.name) for one in compare(of(one, two), of(two))] == [("disk_missing", "sda")]


def test_what_already_started_by_itself_is_not_added() -> None:
    before = seen(units=UNITS + unit("getty@tty1.service") + unit("lying.service", UnitFileState="disabled"))
    after = UNITS + unit("getty@tty1.service") + unit("getty@tty2.service") + unit("lying.service")
    assert found(seen(units=after), before) == [("service_added", "lying.service", "person")]
    assert found(seen(units=f"{after}{unit('other.service', UnitFileState='static')}"), seen(units=after)) == []
    assert found(seen(units=UNITS), seen(units="absent:")) == []


def test_services_that_only_pass_are_never_compared() -> None:
    passing = Service(enabled="static", active="passing")
    before = Snapshot(cpus=1, memory=1, services={"a.service": passing})
    assert compare(before, Snapshot(cpus=1, memory=1)) == ()
