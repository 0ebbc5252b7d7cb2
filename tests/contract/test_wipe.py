"""A machine wiped of credentials, for real, in a small root of its own."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from infra import record
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
    files=("/srv/app/secrets.json",),
    trees=("/srv/app-keys",),
)


def wiped(chamber: Chamber, wiping: Wiping = WIPING) -> Proof:
    done = chamber.run(wipe_script(wiping))
    assert done.stderr == b""
    assert done.returncode == 0
    return proof_of(done.stdout, NONCE)


def left_behind(chamber: Chamber) -> list[Path]:
    """What a run makes for itself and takes away again."""
    patterns = (
        "tmp/*",
        "run/*",
        "etc/shadow.*",
        "root/.ssh/authorized_keys.*",
        "srv/siti/.ssh/authorized_keys.*",
        "etc/ssh/keys/*.*",
    )
    return [path for pattern in patterns for path in chamber.root.glob(pattern)]


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
    assert not left_behind(chamber)


def test_only_the_lessors_keys_stay(chamber: Chamber) -> None:
    wiped(chamber)
    assert chamber.read("root/.ssh/authorized_keys") == f"{LESSOR}\n"
    assert chamber.read("/etc/ssh/keys/siti") == f"{LESSOR}\n"
    assert not chamber.there("srv/siti/.ssh/authorized_keys")
    assert [path.name for path in (chamber.root / "root/.ssh").iterdir()] == ["authorized_keys"]


def test_hashes_are_gone(chamber: Chamber) -> None:
    proof = wiped(chamber)
    hashes = {line.split(":")[0]: line.split(":")[1] for line in chamber.read("/etc/shadow").splitlines()}
    assert hashes == {"root": "*", "siti": "*", "www": "*", "lessor": "*"}
    assert sorted(one.path for one in proof.wiped if one.kind == "password") == ["lessor", "root", "siti"]


def test_our_way_in_goes_last_and_before_it_the_right_to_become_root(chamber: Chamber) -> None:
    done = chamber.run(wipe_script(replace(WIPING, login="siti")))
    *items, last = (json.loads(line) for line in done.stdout.splitlines() if b'"proof"' in line)
    assert last["end"] == len(items)
    assert [(one["kind"], base64.b64decode(one["path"]).decode(), one["after"]) for one in items[-3:]] == [
        ("credential", "/etc/sudoers.d/lajur", "gone"),
        ("password", "siti", "locked"),
        ("authorized_keys", "/root/.ssh/authorized_keys", "kept"),
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


@pytest.mark.parametrize("words", ["/dev/null", "none", "NONE", "/proc/self/cmdline /srv", "/srv/link", ".ssh/a # not b"])
def test_what_is_no_file_of_keys_is_left_alone(chamber: Chamber, words: str) -> None:
    chamber.write("/etc/ssh/sshd_config.d/hard.conf", f"Match User siti\n  AuthorizedKeysFile {words}\n")
    stays = ["root/none", "root/NONE", "root/b", "srv/siti/none", "srv/siti/not", "/srv/app/data"]
    for name in stays:
        chamber.write(name, "x")
    (chamber.root / "srv/link").symlink_to("/dev/null")
    after = "\n[ -c /dev/null ] || echo broken\n[ -L /srv/link ] || echo cut\n"
    done = chamber.run(wipe_script(WIPING) + after)
    assert (done.stderr, done.returncode) == (b"", 0)
    assert b"broken" not in done.stdout
    assert b"cut" not in done.stdout
    proof = proof_of(done.stdout, NONCE)
    assert proof.whole
    assert [one.path for one in proof.wiped if one.path.startswith(("/dev", "/proc"))] == []
    assert [name for name in stays if not chamber.there(name)] == []


def test_a_device_under_the_name_of_a_secret_is_left_alone(chamber: Chamber) -> None:
    held = "mkdir /srv/siti/.aws\nfor f in /srv/siti/.netrc /srv/siti/.aws/x; do : >$f; mount --bind /dev/null $f; done\n"
    after = "[ -c /dev/null ] && [ -c /srv/siti/.netrc ] && [ -c /srv/siti/.aws/x ] && echo stands\n"
    chamber.write("srv/siti/.netrc", "")
    done = chamber.run(held + wipe_script(WIPING) + after)
    assert done.stdout.endswith(b"stands\n")
    assert proof_of(done.stdout, NONCE).whole


def test_a_link_by_which_we_come_in_stays_till_the_last(chamber: Chamber) -> None:
    chamber.write("srv/siti/keys", f"{OTHER}\n{OURS}\n")
    link = chamber.root / "srv/siti/.ssh/authorized_keys"
    link.unlink()
    link.symlink_to("/srv/siti/keys")
    told = []
    for last in (False, True):
        proof = wiped(chamber, replace(WIPING, login="siti", last=last))
        assert proof.whole
        told.append(({one.path: one.after for one in proof.wiped}["/srv/siti/.ssh/authorized_keys"], link.is_symlink()))
    assert told == [("own", True), ("gone", False)]


def test_a_link_by_which_others_come_in_goes_at_once(chamber: Chamber) -> None:
    chamber.write("srv/siti/keys", f"{OTHER}\n")
    link = chamber.root / "srv/siti/.ssh/authorized_keys"
    link.unlink()
    link.symlink_to("/srv/siti/keys")
    assert wiped(chamber, replace(WIPING, login="siti", last=False)).whole
    assert not link.is_symlink()


@pytest.mark.parametrize(("login", "order"), [("root", ["/srv/siti", "/root"]), ("siti", ["/root", "/srv/siti"])])
def test_our_key_goes_from_the_account_that_we_come_as_after_all_others(chamber: Chamber, login: str, order: list[str]) -> None:
    for name in ("root", "srv/siti"):
        chamber.write(f"{name}/.ssh/authorized_keys", f"{OURS}\n")
    said = chamber.run(wipe_script(replace(WIPING, login=login))).stdout
    items = [json.loads(line) for line in said.splitlines() if b'"after":"gone"' in line]
    paths = [base64.b64decode(one["path"]).decode() for one in items if one["kind"] == "authorized_keys"]
    assert paths == [f"{home}/.ssh/authorized_keys" for home in order]


@pytest.mark.parametrize(("at", "signal"), [("sha256sum", "HUP"), ("awk", "INT"), ("ln", "TERM"), ("ln", "PIPE")])
def test_a_run_that_is_ended_in_the_middle_leaves_nothing(chamber: Chamber, at: str, signal: str) -> None:
    ended = f'{at}() {{ kill -{signal} $$; command {at} "$@"; }}\n'
    done = chamber.run(ended + wipe_script(WIPING))
    assert not proof_of(done.stdout, NONCE).ended
    assert left_behind(chamber) == []
    assert chamber.read("/etc/shadow").count(":") > 20, "the file that is in use is whole"
    assert wiped(chamber).whole


@pytest.mark.parametrize("at", ["chown", "mv"])
def test_what_a_run_that_was_killed_left_is_gone_with_the_next(chamber: Chamber, at: str) -> None:
    """Killed while the old file and its second name are one."""
    chamber.run(f"{at}() {{ kill -KILL $$; }}\n" + wipe_script(WIPING))
    assert any(path.name.startswith("lajur-wipe.") for path in left_behind(chamber))
    assert any("shadow" in path.name for path in left_behind(chamber))
    assert chamber.read("/etc/shadow") == SHADOW
    assert wiped(chamber).whole
    assert left_behind(chamber) == []
    assert "root:*:" in chamber.read("/etc/shadow")


def test_what_it_left_of_keys_too(chamber: Chamber) -> None:
    for name in ("authorized_keys.lajur-a", "authorized_keys.lajur-a.old"):
        chamber.write(f"root/.ssh/{name}", f"{OURS}\n")
    assert wiped(chamber).whole
    assert left_behind(chamber) == []


def test_between_the_halves_the_machine_says_that_it_is_being_given_back(chamber: Chamber) -> None:
    mark = record.returning({"regency": "manokwari", "server": "app-1", "at": "it's"})
    chamber.write(record.PATH, "{}")
    wiping = replace(WIPING, login="siti", last=False, returning=mark)
    for _ in range(2):
        assert wiped(chamber, wiping).whole
        assert chamber.run(record.READ).stdout.decode() == f"{mark}\n"
        assert (chamber.root / record.RETURNING.lstrip("/")).stat().st_mode & 0o777 == 0o600
        assert not chamber.there(record.PATH)
    assert wiped(chamber, replace(wiping, last=True)).whole
    assert not chamber.there("/var/lib/lajur")
