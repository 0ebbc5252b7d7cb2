"""A key that somebody added, taken out of its file for real, in a small root whose accounts put things in the way."""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path

import pytest

from infra.facts import Difference, Key, Snapshot
from infra.repair import ASK, KEPT, mending
from tests.contract.chamber import Chamber
from tests.unit.infra.machine import blob, seal

pytestmark = pytest.mark.lab

ADDED, HONEST = (f"ssh-ed25519 {blob(number)} {name}".encode() for number, name in ((3, "someone"), (1, "kominfo")))
PASSWD = "root:x:0:0::/root:/bin/bash\nsiti:x:1000:1000::/srv/siti:/usr/sbin/nologin\nlost:x:1001:1001::/srv/lost:/bin/bash\n"
FILE, ROOTS, SHARED = "/srv/siti/.ssh/authorized_keys", "/root/.ssh/authorized_keys", "/etc/ssh/keys/siti"
LINES = b"".join(
    (
        b"# ours\r\n",
        b'from="10.0.0.0/8",environment="A=\\" ' + ADDED + b' b" ' + HONEST + b"\n",
        b"# " + ADDED + b"\n",
        HONEST + b" " + ADDED.split()[1] + b"\n",
        b"%s",
        b"\xff\x00 odd  \n\n",
        HONEST,
    )
)
"""Others than the added one, the last without an end of line. It stands in a comment, in quotes, and behind another key."""


@pytest.fixture
def chamber(tmp_path: Path) -> Chamber:
    made = Chamber(tmp_path / "root", {"/etc/passwd": PASSWD, "/etc/group": "root:x:0:\nsiti:x:1000:\n"})
    for name in (FILE, ROOTS, SHARED):
        made.write(name, "")
        at(made, name).write_bytes(LINES.replace(b"%s", b"  " + ADDED + b"\n"))
    for name in ("/srv/siti", "/srv/siti/.ssh", FILE):
        os.chown(at(made, name), 1000, 1000)
    at(made, FILE).chmod(0o640)
    return made


def at(chamber: Chamber, name: str) -> Path:
    return chamber.root / name.lstrip("/")


def script_for(file: str, account: str) -> str:
    key = Key(account=account, type="ssh-ed25519", fingerprint=seal(3), file=file, blob=blob(3))
    difference = Difference(kind="key_added", name=key.name, wanted="absent", found="someone")
    script = mending(difference, Snapshot(cpus=1, memory=1), Snapshot(cpus=1, memory=1, keys=(key,))).script
    assert script is not None
    return script


def refused(chamber: Chamber, file: str, account: str = "siti") -> None:
    """Nothing is taken, nothing is kept, and a person is told why."""
    done = chamber.run(script_for(file, account))
    assert (done.returncode, done.stderr) == (ASK, b"not_plain\n")
    assert not list(at(chamber, KEPT).iterdir())


@pytest.mark.parametrize(("file", "account", "owner", "mode"), [
    (FILE, "siti", 1000, 0o640),
    (ROOTS, "root", 0, 0o600),
    (SHARED, "siti", 0, 0o600),
])  # fmt: skip
def test_one_key_is_taken_and_kept_and_every_other_byte_stays(
    chamber: Chamber, file: str, account: str, owner: int, mode: int
) -> None:
    done = chamber.run(script_for(file, account))
    assert (done.returncode, done.stderr) == (0, b"")
    assert at(chamber, file).read_bytes() == LINES.replace(b"%s", b"")
    there = at(chamber, file).stat()
    assert (there.st_uid, there.st_gid, there.st_mode & 0o7777) == (owner, owner, mode)
    assert [path.name for path in at(chamber, file).parent.iterdir()] == [Path(file).name]
    (kept,) = at(chamber, KEPT).iterdir()
    assert kept.read_bytes() == f"# from {file}\n  ".encode() + ADDED + b"\n"
    assert (kept.stat().st_uid, kept.stat().st_mode & 0o777) == (0, 0o600)
    assert chamber.run(script_for(file, account)).returncode == 0, "again is nothing more"


def test_a_group_that_the_account_is_not_in_stays_too(chamber: Chamber) -> None:
    os.chown(at(chamber, FILE), 1000, 0)
    assert chamber.run(script_for(FILE, "siti")).returncode == 0
    assert at(chamber, FILE).read_bytes() == LINES.replace(b"%s", b"")
    there = at(chamber, FILE).stat()
    assert (there.st_uid, there.st_gid, there.st_mode & 0o7777) == (1000, 0, 0o640)


def test_in_an_accounts_own_place_nothing_is_done_that_it_could_not_do_itself(chamber: Chamber) -> None:
    os.chown(at(chamber, "/srv/siti/.ssh"), 0, 0)
    before = at(chamber, FILE).read_bytes()
    refused(chamber, FILE)
    assert at(chamber, FILE).read_bytes() == before


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_what_is_behind_a_link_is_for_a_person(chamber: Chamber, linked: str) -> None:
    before = at(chamber, ROOTS).read_bytes()
    at(chamber, FILE).unlink()
    if linked == "file":
        at(chamber, FILE).symlink_to(ROOTS)
    else:
        at(chamber, FILE).parent.rmdir()
        at(chamber, FILE).parent.symlink_to("/root/.ssh")
    refused(chamber, FILE)
    assert at(chamber, ROOTS).read_bytes() == before


@pytest.mark.parametrize(("file", "account"), [
    ("/srv/lost/.ssh/authorized_keys", "lost"),
    (FILE, "nobody-known"),
    (FILE, "root"),
    ("/srv/siti/pipe", "siti"),
])  # fmt: skip
def test_without_a_home_an_account_or_a_plain_file_nothing_is_taken(chamber: Chamber, file: str, account: str) -> None:
    os.mkfifo(at(chamber, "/srv/siti/pipe"))
    before = at(chamber, FILE).read_bytes()
    refused(chamber, file, account)
    assert at(chamber, FILE).read_bytes() == before


def test_a_folder_that_is_swapped_meanwhile_leads_root_nowhere(chamber: Chamber) -> None:
    """The account swaps its folder for a link to root's as fast as it can, and root's has the very same key."""
    at(chamber, "/srv/siti/link").symlink_to("/root/.ssh")
    own, link = (os.fsencode(at(chamber, name)) for name in ("/srv/siti/.ssh", "/srv/siti/link"))
    before, there = at(chamber, ROOTS).read_bytes(), at(chamber, ROOTS).stat()
    over = threading.Event()
    exchange = ctypes.CDLL(None).renameat2

    def swap() -> None:
        while not over.is_set():
            exchange(-100, own, -100, link, 2)  # AT_FDCWD, RENAME_EXCHANGE

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        chamber.run(f"i=0\nwhile [ $i -lt 60 ]; do i=$((i + 1)); (\n{script_for(FILE, 'siti')}\n); done 2>/dev/null\n")
    finally:
        over.set()
        swapper.join()
    assert at(chamber, ROOTS).read_bytes() == before
    assert at(chamber, ROOTS).stat().st_ino == there.st_ino
    assert [path.name for path in at(chamber, "/root/.ssh").iterdir()] == ["authorized_keys"]
