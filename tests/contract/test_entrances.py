"""What decides who may come in and become root, read for real in a small root in which somebody has been."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.comparing import compare
from infra.facts import Snapshot
from infra.reading import parse, question
from tests.contract.chamber import Chamber
from tests.unit.infra.machine import NONCE

pytestmark = pytest.mark.lab

HASH = "$y$j9T$not-a-password$of.anybody"
UNIT = "[Service]\nExecStart=/bin/true\n"
FILES = {
    "/etc/passwd": "root:x:0:0::/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nsiti:x:1000:1000::/srv:/bin/sh\n",
    "/etc/group": "root:x:0:\nsudo:x:27:\nsiti:x:1000:\n",
    "/etc/shadow": f"root:*:20000:0:99999:7:::\nwww-data:*:20000::::::\nsiti:{HASH}:20000:0:99999:7:::\n",
    "/etc/sudoers": "root ALL=(ALL:ALL) ALL\n",
    "/etc/sudoers.d/README": "#\n",
    "/etc/ssh/sshd_config": "PasswordAuthentication no\n",
    "/etc/ssh/sshd_config.d/a.conf": "#\n",
    "/etc/crontab": "#\n",
    "/etc/cron.d/e2scrub_all": "#\n",
    "/var/spool/cron/crontabs/root": "#\n",
    "/etc/systemd/system/own.service": UNIT,
    "/etc/systemd/system/own.service.d/a.conf": "[Service]\n",
    "/etc/systemd/system-generators/own": "#\n",
    "/root/hidden.service": UNIT,
}


def made(folder: Path) -> Chamber:
    chamber = Chamber(folder / "root", FILES)
    (chamber.root / "proc").mkdir()
    at(chamber, "/etc/shadow").chmod(0o640)
    return chamber


@pytest.fixture
def chamber(tmp_path: Path) -> Chamber:
    return made(tmp_path)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """How every chamber stands before somebody has been there."""
    return looked(made(tmp_path_factory.mktemp("before")))[0]


def at(chamber: Chamber, name: str) -> Path:
    return chamber.root / name.lstrip("/")


def looked(chamber: Chamber, first: str = "") -> tuple[Snapshot, bytes]:
    """`first`: shell text that is run before."""
    done = chamber.run(f"mount -t proc proc /proc\n{first}{question(NONCE)}")
    return parse(done.stdout, NONCE)[1], done.stdout


def written(name: str, text: str = "# somebody\n") -> Callable[[Chamber], object]:
    return lambda chamber: at(chamber, name).write_text(text)


def replaced(name: str, was: str, now: str) -> Callable[[Chamber], object]:
    return lambda chamber: at(chamber, name).write_text(FILES[name].replace(was, now))


def linked(name: str, to: str) -> Callable[[Chamber], object]:
    return lambda chamber: at(chamber, name).symlink_to(to)


@pytest.mark.parametrize(
    ("deed", "kind", "name"),
    [
        *((written(f"{folder}/x"), "file_added", f"{folder}/x") for folder in ("/etc/sudoers.d", "/etc/cron.d")),
        (written("/etc/ssh/sshd_config.d/x.conf"), "file_added", "/etc/ssh/sshd_config.d/x.conf"),
        (written("/var/spool/cron/crontabs/siti"), "file_added", "/var/spool/cron/crontabs/siti"),
        (written("/etc/systemd/system/x.service"), "file_added", "/etc/systemd/system/x.service"),
        (written("/etc/systemd/system/own.service.d/x.conf"), "file_added", "/etc/systemd/system/own.service.d/x.conf"),
        *(
            (linked(f"/etc/systemd/system/{name}", to), "file_added", f"/etc/systemd/system/{name}")
            for name, to in (
                ("x.timer", "/root/hidden.service"),
                ("x.service", "../../../root/hidden.service"),
                ("x.service", "/etc/systemd/../../root/hidden.service"),
                ("x.service", "/lib/systemd/../../root/hidden.service"),
                ("x.service", "/lib/systemd/../../../root/hidden.service"),
                ("x.service", "/run/later.service"),
                ("x.service", "own.service.d/a.conf"),
                ("x.service", "/root/\n/lib/systemd/system/cron.service"),
                ("own.service.d/x.conf", "../../../../root/hidden.service"),
                ("other.service.d", "/root"),
            )
        ),
        (written("/etc/systemd/system-generators/x"), "file_added", "/etc/systemd/system-generators/x"),
        (linked("/etc/sudoers.d/x", "/root/hidden.service"), "file_added", "/etc/sudoers.d/x"),
        (written("/etc/systemd/system/a\\x2d.service"), "file_added", "/etc/systemd/system/a\\x2d.service"),
        (written("/etc/systemd/system/own.service"), "file_changed", "/etc/systemd/system/own.service"),
        (written("/etc/sudoers"), "file_changed", "/etc/sudoers"),
        (lambda chamber: at(chamber, "/etc/crontab").unlink(), "file_removed", "/etc/crontab"),
        (lambda chamber: at(chamber, "/etc/shadow").chmod(0o666), "file_loose", "/etc/shadow"),
        (lambda chamber: at(chamber, "/etc/sudoers.d").chmod(0o777), "file_loose", "/etc/sudoers.d"),
        (lambda chamber: os.chown(at(chamber, "/etc/crontab"), 1000, 0), "file_loose", "/etc/crontab"),
        (replaced("/etc/shadow", "root:*:", f"root:{HASH}:"), "password_set", "root"),
        (replaced("/etc/shadow", "root:*:", "root::"), "password_empty", "root"),
        (replaced("/etc/shadow", f"{HASH}:20000", f"{HASH}x:20001"), "password_changed", "siti"),
        (replaced("/etc/shadow", HASH, "!"), "password_removed", "siti"),
        (replaced("/etc/passwd", "root:x:", f"root:{HASH}:"), "password_set", "root"),
        (replaced("/etc/passwd", "/var/www:/usr/sbin/nologin", "/var/www:/bin/bash"), "login_enabled", "www-data"),
        (replaced("/etc/group", "sudo:x:27:", "sudo:x:27:siti"), "member_added", "siti (sudo)"),
    ],
)
def test_what_somebody_did_to_become_root_is_found(
    chamber: Chamber, before: Snapshot, deed: Callable[[Chamber], object], kind: str, name: str
) -> None:
    deed(chamber)
    after, said = looked(chamber)
    assert [(one.kind, one.name, one.mend, bool(one.reason)) for one in compare(before, after)] == [(kind, name, "person", True)]
    assert b"$y$" not in said, "no password leaves the machine, in no form"


def test_lines_that_name_no_account_hide_nobody(chamber: Chamber, before: Snapshot) -> None:
    """An empty line, those of NIS, and a last line that nobody ended."""
    at(chamber, "/etc/shadow").write_text(f"\n+::::::::\n-eve::::::::\n{FILES['/etc/shadow']}root:{HASH}:20000::::::")
    assert [(one.kind, one.name) for one in compare(before, looked(chamber)[0])] == [("password_set", "root")]


def test_a_name_that_would_be_another_line_is_seen_and_hides_nothing(chamber: Chamber, before: Snapshot) -> None:
    forged = f"x\nfile f 440 root root 9 /etc/sudoers\n{'a' * 64}  /etc/sudoers"
    folder = at(chamber, "/etc/systemd/system") / forged.partition("/")[0]
    folder.mkdir()
    at(chamber, "/etc/sudoers").write_text("#\n")
    found = [(one.kind, one.name.partition(" (")[0]) for one in compare(before, looked(chamber)[0])]
    assert found == [("file_changed", "/etc/sudoers"), ("file_added", "/etc/systemd/system/?")]


def test_what_enabling_and_packages_leave_is_no_difference(chamber: Chamber, before: Snapshot) -> None:
    for name, to in (
        ("multi-user.target.wants/ssh.service", "/lib/systemd/system/ssh.service"),
        ("multi-user.target.wants/own.service", "../own.service"),
        ("web.service", "../../../usr/lib/systemd/system/nginx.service"),
        ("default.target", "/root/x.target"),
        ("cron.service", "/dev/null"),
        ("nowhere.service", "nowhere.service"),
    ):
        at(chamber, f"/etc/systemd/system/{name}").parent.mkdir(exist_ok=True)
        linked(f"/etc/systemd/system/{name}", to)(chamber)
    at(chamber, "/etc/sudoers").chmod(0o400)
    assert compare(before, looked(chamber)[0]) == ()


def test_a_unit_where_no_package_puts_any_is_found(chamber: Chamber, before: Snapshot) -> None:
    place = "/usr/local/lib/systemd/system"
    after, _ = looked(
        chamber,
        f"mount -t tmpfs none /usr/local && mkdir -p {place}/a.target.wants && echo x >{place}/x.service && "
        f"ln -s ../x.service {place}/a.target.wants/y.service\n",
    )
    found = [(one.kind, one.name) for one in compare(before, after)]
    assert found == [("file_added", f"{place}/{name}") for name in ("a.target.wants/y.service", "x.service")]
