"""The files of keys of a machine, read for real, in a small root whose accounts put other things in their place."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.facts import Snapshot
from infra.reading import parse, question
from tests.contract.chamber import Chamber
from tests.unit.infra.machine import NONCE, blob, seal

pytestmark = pytest.mark.lab

PASSWD = "root:x:0:0::/root:/bin/bash\nsiti:x:1000:1000::/srv/siti:/usr/sbin/nologin\nbudi:x:1001:1000::/srv/budi:/bin/sh\n"
FILE, OWN = "/srv/siti/.ssh/authorized_keys", "/srv/siti/own"
SECRET = f"ssh-ed25519 {blob(8)} of-root\n"

HOLDER = """
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
file = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def chamber(tmp_path: Path) -> Chamber:
    files = {
        "/etc/passwd": PASSWD,
        "/etc/group": "root:x:0:\nsiti:x:1000:\n",
        "/root/.ssh/authorized_keys": f"ssh-ed25519 {blob(1)} kominfo\n",
        "/root/secret": SECRET,
        OWN: f"ssh-ed25519 {blob(2)} siti\n",
        "/srv/budi/.ssh/authorized_keys": f"ssh-ed25519 {blob(3)} budi\n",
    }
    made = Chamber(tmp_path / "root", files)
    (made.root / "proc").mkdir()
    at(made, FILE).parent.mkdir()
    for name, owner in ((OWN, 1000), ("/srv/budi/.ssh/authorized_keys", 1001)):
        os.chown(at(made, name), owner, 1000)
    return made


def at(chamber: Chamber, name: str) -> Path:
    return chamber.root / name.lstrip("/")


def looked(chamber: Chamber) -> tuple[Snapshot, bytes]:
    done = chamber.run("mount -t proc proc /proc\n" + question(NONCE))
    return parse(done.stdout, NONCE)[1], done.stdout


def names(snapshot: Snapshot) -> list[str]:
    return [key.name for key in snapshot.keys]


OTHERS = [f"budi {seal(3)}", f"root {seal(1)}"]


def test_every_account_reads_its_own(chamber: Chamber) -> None:
    at(chamber, OWN).rename(at(chamber, FILE))
    snapshot, _ = looked(chamber)
    assert names(snapshot) == [*OTHERS, f"siti {seal(2)}"]
    assert snapshot.unread == ()


def test_a_key_behind_a_link_lets_in_and_is_seen(chamber: Chamber) -> None:
    at(chamber, FILE).symlink_to(OWN)
    snapshot, _ = looked(chamber)
    assert names(snapshot) == [*OTHERS, f"siti {seal(2)}"]
    assert snapshot.unread == ()


def pipe(file: Path) -> None:
    os.mkfifo(file)


def endless(file: Path) -> None:
    file.symlink_to("/dev/urandom")


def kernel(file: Path) -> None:
    file.symlink_to("/proc/cpuinfo")


def giant(file: Path) -> None:
    file.write_text("")
    os.truncate(file, 2**40)


def listening(file: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(file))


@pytest.mark.parametrize("put", [pipe, endless, kernel, giant, listening, Path.mkdir])
def test_what_is_no_plain_file_is_told_and_holds_nobody_up(
    chamber: Chamber, put: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(at(chamber, FILE).parent)  # the path of a socket is short
    before = os.umask(0)
    try:
        put(at(chamber, FILE))
    finally:
        os.umask(before)
    snapshot, said = looked(chamber)
    assert snapshot.unread == (f"siti {FILE}",)
    assert names(snapshot) == OTHERS
    assert len(said) < 2**20


def test_who_holds_his_file_up_is_told_and_the_others_are_read(chamber: Chamber) -> None:
    """Under a lease the kernel lets nobody open it before its holder agrees, or three quarters of a minute are over."""
    at(chamber, OWN).rename(at(chamber, FILE))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(at(chamber, FILE))], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        snapshot, _ = looked(chamber)
        holder.communicate()
    assert (names(snapshot), snapshot.unread) == (OTHERS, (f"siti {FILE}",))


@pytest.mark.parametrize("target", ["/root/secret", "/root/.ssh/authorized_keys", "/srv/nothing", FILE, "/dev/null"])
def test_a_link_leads_to_nothing_that_the_account_may_not_read(chamber: Chamber, target: str) -> None:
    """Nor does it let anybody in: sshd reads with the account's rights too."""
    at(chamber, "/dev/null").touch()
    at(chamber, FILE).symlink_to(target)
    snapshot, said = looked(chamber)
    assert (names(snapshot), snapshot.unread) == (OTHERS, ())
    assert said.count(blob(8).encode()) == 0
    assert said.count(blob(1).encode()) == 1


def test_what_an_account_may_read_only_by_its_group_counts(chamber: Chamber) -> None:
    at(chamber, "/etc/group").write_text("root:x:0:\nsiti:x:1000:\nkeys:x:2000:siti\n")
    at(chamber, OWN).rename(at(chamber, FILE))
    os.chown(at(chamber, FILE), 0, 2000)
    at(chamber, FILE).chmod(0o640)
    assert names(looked(chamber)[0]) == [*OTHERS, f"siti {seal(2)}"]
