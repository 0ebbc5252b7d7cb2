"""A machine wiped of credentials, for real, in a small root of its own."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from infra.wipe import Proof, Wiping, proof_of, wipe_script
from tests.contract.chamber import Chamber
from tests.unit.infra.machine import blob, seal

pytestmark = pytest.mark.lab

NONCE = "cd" * 8
LESSOR, OURS, OTHER = (f"ssh-ed25519 {blob(number)} {name}" for number, name in ((1, "lessor"), (2, "kominfo"), (3, "someone")))
PRIVATE = "-----BEGIN OPENSSH PRIVATE" + " KEY-----\nx\n"
PASSWD = "root:x:0:0::/root:/bin/bash\nsiti:x:1000:1000::/srv/siti:/bin/bash\nwww:x:33:33::/var/www:/usr/sbin/nologin\n"
SHADOW = "root:$y$j9T$abc:20000:0:99999:7:::\nsiti:!$6$locked:20000:0:99999:7:::\nwww:*:20000:0:99999:7:::\nlessor:$6$k:1::::::\n"
SECRET = {
    "root/.ssh/id_ed25519": PRIVATE,
    "root/.ssh/odd-name": PRIVATE,
    "root/.ssh/known_hosts": "x",
    "root/.bash_history": "mysql -psecret",
    "root/.aws/credentials": "x",
    "root/.config/gcloud/a/b c\n'\"$(id)/d.json": "x",
    "srv/siti/.pgpass": "*:*:*:*:x",
    "srv/siti/.netrc": "x",
    "/etc/lajur/app.env": "TOKEN=x",
    "/etc/lajur/.hidden/x": "x",
    "/var/lib/lajur/removed-keys/a": "x",
    "/etc/ssl/private/site.key": PRIVATE,
    "/etc/nginx/keys/site.pem": PRIVATE,
    "/etc/sudoers.d/lajur": "x",
    "/etc/shadow-": SHADOW,
    "/srv/app/secrets.json": "x",
    "/srv/app-keys/a": "x",
}
ORDINARY = {
    "root/notes.txt": "x",
    "root/config": "x",
    "root/id_card.pdf": "x",
    "srv/siti/site.key": "x",
    "/etc/nginx/nginx.conf": "x",
    "/etc/ssl/certs/site.pem": "x",
    "/etc/sudoers.d/lessor": "x",
}


@pytest.fixture
def chamber(tmp_path: Path) -> Chamber:
    keys = {
        "root/.ssh/authorized_keys": f"# ours\n{LESSOR}\n{OURS}\n",
        "srv/siti/.ssh/authorized_keys": f'from="10.0.0.0/8" {OTHER}\n',
        "/etc/ssh/keys/siti": f"{OTHER}\n{LESSOR}\n",
        "/etc/ssh/sshd_config": "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys/%u\n",
    }
    return Chamber(
        tmp_path / "root", {**SECRET, **ORDINARY, **keys, "/etc/passwd": PASSWD, "/etc/shadow": SHADOW, "/etc/group": ""}
    )


WIPING = Wiping(
    nonce=NONCE,
    keep=(seal(1),),
    own=seal(2),
    keep_passwords=("lessor",),
    files=("/srv/app/secrets.json",),
    trees=("/srv/app-keys",),
)


def wiped(chamber: Chamber, wiping: Wiping = WIPING) -> Proof:
    done = chamber.run(wipe_script(wiping))
    assert done.stderr == b""
    assert done.returncode == 0
    return proof_of(done.stdout, NONCE)


def test_what_is_secret_is_gone_and_proved(chamber: Chamber) -> None:
    proof = wiped(chamber)
    assert proof.whole
    assert not [name for name in SECRET if chamber.there(name)]
    gone = {one.path for one in proof.wiped if one.after == "gone"}
    assert len(gone) == len(SECRET) + 1, "each secret, and the file of keys in which none stays"
    assert {f"/{name}" for name in ("root/.ssh/id_ed25519", "etc/nginx/keys/site.pem", "srv/siti/.ssh/authorized_keys")} <= gone
    assert all(len(one.before) == 64 for one in proof.wiped if one.kind != "journal")


def test_what_is_not_stays(chamber: Chamber) -> None:
    wiped(chamber)
    assert all(chamber.there(name) for name in ORDINARY)
    assert not list((chamber.root / "tmp").iterdir())


def test_only_the_lessors_keys_stay(chamber: Chamber) -> None:
    wiped(chamber)
    assert chamber.read("root/.ssh/authorized_keys") == f"{LESSOR}\n"
    assert chamber.read("/etc/ssh/keys/siti") == f"{LESSOR}\n"
    assert not chamber.there("srv/siti/.ssh/authorized_keys")
    assert [path.name for path in (chamber.root / "root/.ssh").iterdir()] == ["authorized_keys"]


def test_hashes_are_gone_but_the_lessors(chamber: Chamber) -> None:
    proof = wiped(chamber)
    hashes = {line.split(":")[0]: line.split(":")[1] for line in chamber.read("/etc/shadow").splitlines()}
    assert hashes == {"root": "*", "siti": "*", "www": "*", "lessor": "$6$k"}
    assert sorted(one.path for one in proof.wiped if one.kind == "password") == ["root", "siti"]


def test_our_way_in_goes_last_and_before_it_the_right_to_become_root(chamber: Chamber) -> None:
    done = chamber.run(wipe_script(replace(WIPING, login="siti")))
    *items, last = (json.loads(line) for line in done.stdout.splitlines() if b'"proof"' in line)
    assert last["end"] == len(items)
    assert [(one["kind"], base64.b64decode(one["path"]).decode(), one["after"]) for one in items[-3:]] == [
        ("credential", "/etc/sudoers.d/lajur", "gone"),
        ("authorized_keys", "/root/.ssh/authorized_keys", "kept"),
        ("password", "siti", "locked"),
    ]


def test_the_first_half_leaves_our_way_in_and_the_right_to_become_root(chamber: Chamber) -> None:
    first = wiped(chamber, replace(WIPING, login="siti", last=False))
    assert first.whole
    keys = {one.path: one.after for one in first.wiped if one.kind == "authorized_keys"}
    assert keys["/root/.ssh/authorized_keys"] == "kept"
    assert [name for name in SECRET if chamber.there(name)] == ["/etc/sudoers.d/lajur"]
    assert OURS in chamber.read("root/.ssh/authorized_keys")
    assert "siti:!$6$locked:" in chamber.read("/etc/shadow")
    assert "root:*:" in chamber.read("/etc/shadow")

    second = wiped(chamber, replace(WIPING, login="siti"))
    assert second.whole
    gone = {(one.kind, one.path) for one in second.wiped if one.after in ("gone", "locked")}
    assert gone == {("credential", "/etc/sudoers.d/lajur"), ("password", "siti")}
    assert not chamber.there("/etc/sudoers.d/lajur")
    assert OURS not in chamber.read("root/.ssh/authorized_keys")
    assert "siti:*:" in chamber.read("/etc/shadow")


def test_where_nobodys_key_stays_our_own_is_told_as_ours_until_it_goes(chamber: Chamber) -> None:
    wiping = replace(WIPING, keep=(), login="siti")
    path = "/root/.ssh/authorized_keys"
    told = [{one.path: one.after for one in wiped(chamber, replace(wiping, last=last)).wiped}[path] for last in (False, True)]
    assert told == ["own", "gone"]
    assert not chamber.there("root/.ssh/authorized_keys")


@pytest.mark.parametrize("stuck", ["/etc/lajur/stuck", "/etc/sudoers.d/lajur"])
def test_our_way_in_stays_while_anything_remains(chamber: Chamber, stuck: str) -> None:
    chamber.write(stuck, "x")
    held = f"mount --bind {stuck} {stuck}\n"  # what is mounted upon cannot be unlinked
    done = chamber.run(held + wipe_script(WIPING))
    proof = proof_of(done.stdout, NONCE)
    assert (proof.ended, [one.path for one in proof.remains]) == (True, [stuck])
    assert OURS in chamber.read("root/.ssh/authorized_keys")


def test_again_is_nothing_more(chamber: Chamber) -> None:
    wiped(chamber)
    again = wiped(chamber)
    assert again.whole
    assert {one.after for one in again.wiped} == {"kept"}


def test_nobodys_key_stays_where_nobody_is_named(chamber: Chamber) -> None:
    assert wiped(chamber, Wiping(nonce=NONCE)).whole
    assert not chamber.there("root/.ssh/authorized_keys")
    assert not chamber.there("/etc/ssh/keys/siti")


def test_a_link_goes_and_what_it_points_at_stays(chamber: Chamber) -> None:
    (chamber.root / "root/.netrc").symlink_to("/root/notes.txt")
    (chamber.root / "root/.kube").symlink_to("/etc/nginx")
    assert wiped(chamber).whole
    assert not chamber.there("root/.netrc")
    assert not chamber.there("root/.kube")
    assert chamber.there("root/notes.txt")
    assert chamber.there("/etc/nginx/nginx.conf")
