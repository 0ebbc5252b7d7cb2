"""What roles of ours brought to a machine, wiped for real, in a small root of its own."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from infra.wipe_data import TALLY, DataWiping, Tree, Turn, data_script, turn_of
from tests.contract.chamber import Chamber

pytestmark = pytest.mark.lab

NONCE = "cd" * 8
WIPING = DataWiping(nonce=NONCE, returning="{}")
DATABASE = {
    "/var/lib/postgresql/15/main/PG_VERSION": "15\n",
    "/var/lib/postgresql/15/main/base/1/a name\nwith 'all' $(id) of it": "secret",
    "/var/lib/postgresql/15/main/base/1/-rf": "secret",
    "/etc/postgresql/15/main/conf.d/lajur.conf": "port = 5432\n",
    "/etc/pgbackrest.conf": "[global]\n",
    "/var/spool/pgbackrest/x": "x",
}
REST = {
    "/srv/lajur/gateway/releases/1-abc/bin/serve": "x",
    "/srv/lajur/gateway/shared/upload.pdf": "personal",
    "/srv/lajur/odd name/x": "x",
    "/etc/haproxy/lajur/open.map": "x",
    "/etc/haproxy/tls/edge.pem": "x",
    "/var/lib/prosody/obrolan/accounts/a.dat": "x",
    "/etc/systemd/system/prosody.service.d/lajur.conf": "x",
}
NOT_OURS = {
    "/etc/haproxy/haproxy.cfg": "x",
    "/var/lib/prometheus/metrics2/x": "x",
    "/srv/other/x": "x",
    "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
}


@pytest.fixture
def chamber(tmp_path: Path) -> Chamber:
    return Chamber(tmp_path / "root", {**DATABASE, **REST, **NOT_OURS})


def turn(chamber: Chamber, wiping: DataWiping = WIPING, before: str = "") -> Turn:
    done = chamber.run(before + data_script(wiping))
    assert done.stderr == b""
    assert done.returncode == 0
    return turn_of(done.stdout, NONCE)


def by_path(found: Turn) -> dict[str, Tree]:
    return {tree.path: tree for tree in found.trees}


def left(chamber: Chamber, *names: str) -> list[str]:
    return [name for name in names if chamber.there(name)]


def test_what_is_looked_at_stays_and_is_counted_once(chamber: Chamber) -> None:
    found = turn(chamber, replace(WIPING, look=True))
    assert (found.ended, found.database, found.files) == (True, 15, 6 + 6)
    trees = by_path(found)
    assert {trees[path].files for path in ("/srv/lajur/gateway", "/var/lib/postgresql")} == {2, 3}
    assert trees["/srv/lajur"].files == 1, "what is in no tree of its own"
    assert {tree.role for tree in found.trees} == {"workload", "database", "edge", "chat"}
    assert left(chamber, *DATABASE, *REST, *NOT_OURS) == [*DATABASE, *REST, *NOT_OURS]
    assert not chamber.there(TALLY)


def test_what_roles_of_ours_brought_is_gone_and_nothing_else(chamber: Chamber) -> None:
    (chamber.root / "var/lib/postgresql/15/main/pg_tblspc").mkdir()
    (chamber.root / "var/lib/postgresql/15/main/pg_tblspc/1").symlink_to("/srv/other")
    os.mkfifo(chamber.root / "srv/lajur/gateway/shared/pipe")
    found = turn(chamber)
    assert found.whole
    assert (found.files, found.bytes) == (0, 0)
    kept = ["/etc/systemd/system/prosody.service.d/lajur.conf"]
    assert left(chamber, *DATABASE, *REST) == kept
    assert left(chamber, "/srv/lajur", "/var/lib/postgresql", "/etc/postgresql", "/etc/haproxy/tls") == []
    assert left(chamber, *NOT_OURS) == list(NOT_OURS)
    assert by_path(found)["/var/lib/postgresql"].files == 3
    assert by_path(found)["/var/lib/postgresql"].bytes == 15
    assert not list((chamber.root / "run").iterdir())
    assert chamber.read("/var/lib/lajur/returning") == "{}\n"


def test_what_the_truth_has_there_needs_no_mark(chamber: Chamber) -> None:
    assert "/var/lib/prometheus" not in by_path(turn(chamber))
    found = turn(chamber, replace(WIPING, roles=("monitoring",)))
    assert by_path(found)["/var/lib/prometheus"].after == "gone"
    assert not chamber.there("/var/lib/prometheus")


def test_a_large_file_goes_piece_by_piece(chamber: Chamber) -> None:
    large = chamber.root / "var/lib/postgresql/15/main/base/1/large"
    with large.open("wb") as file:
        file.truncate(300 * 2**20 + 5)
    sizes = 'truncate() { echo "$2" >>/root/sizes; command truncate "$@"; }\n'
    assert turn(chamber, before=sizes).whole
    found = by_path(turn(chamber))["/var/lib/postgresql"]
    assert found.bytes == 300 * 2**20 + 5 + 15
    assert found.files == 4


def test_a_turn_ends_when_its_time_is_up_and_the_next_goes_on(chamber: Chamber) -> None:
    first = turn(chamber, replace(WIPING, seconds=0))
    assert first.ended
    assert not first.whole
    assert first.files == 12
    assert {tree.after for tree in first.trees} == {"going"}
    assert turn(chamber).whole


@pytest.mark.parametrize("at", ["find", "mv"])
def test_who_is_killed_is_made_up_for_though_the_marks_are_gone(chamber: Chamber, at: str) -> None:
    """Killed before files are unlinked, and before it is written down that they are."""
    count = f'i=0\n{at}() {{ i=$((i + 1)); [ $i != 4 ] || kill -KILL $$; command {at} "$@"; }}\n'
    done = chamber.run(count + data_script(WIPING))
    assert not turn_of(done.stdout, NONCE).ended
    (chamber.root / "etc/postgresql/15/main/conf.d/lajur.conf").unlink(missing_ok=True)
    found = turn(chamber)
    assert found.whole
    assert left(chamber, *DATABASE) == []
    assert not list((chamber.root / "run").iterdir())


@pytest.mark.parametrize(("before", "why"), [("link", "link"), ("mount", "stuck")])
def test_what_is_not_ours_to_go_through_remains_and_is_said(chamber: Chamber, before: str, why: str) -> None:
    if before == "link":
        place = chamber.root / "var/lib/postgresql"
        place.rename(chamber.root / "srv/other/pg")
        place.symlink_to("/srv/other/pg")
        found = turn(chamber)
        assert chamber.there("/srv/other/pg/15/main/PG_VERSION")
    else:
        file = "/var/lib/postgresql/15/main/PG_VERSION"
        found = turn(chamber, before=f"mount --bind {file} {file}\n")
        assert chamber.there(file)
    assert (found.ended, found.whole) == (True, False)
    assert found.remains == (f"/var/lib/postgresql ({why})",)


def test_a_file_that_has_a_name_elsewhere_is_not_overwritten(chamber: Chamber) -> None:
    (chamber.root / "srv/lajur/gateway/linked").hardlink_to(chamber.root / "srv/other/x")
    (chamber.root / "srv/lajur/gateway/twice").hardlink_to(chamber.root / "srv/lajur/gateway/shared/upload.pdf")
    found = turn(chamber)
    assert found.whole
    assert chamber.read("/srv/other/x") == "x"
    assert by_path(found)["/srv/lajur/gateway"].files == 4


def test_what_cannot_be_overwritten_is_unlinked_and_counted(chamber: Chamber) -> None:
    chamber.write("/root/bin/head", '#!/bin/sh\n[ "$1" != -c ] || exit 1\nexec /usr/bin/head "$@"\n')
    broken = "chmod 755 /root/bin/head\n"
    script = data_script(WIPING).replace("PATH=/usr/sbin", "PATH=/root/bin:/usr/sbin")
    found = turn_of(chamber.run(broken + script).stdout, NONCE)
    assert found.whole
    assert by_path(found)["/var/lib/postgresql"].missed == 3


def test_many_files_are_gone_soon(chamber: Chamber) -> None:
    place = chamber.root / "var/lib/pgbackrest/archive"
    for number in range(1500):
        folder = place / f"{number % 50:02}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}").write_bytes(b"x" * 10)
    found = turn(chamber)
    assert found.whole
    assert by_path(found)["/var/lib/pgbackrest"].files == 1500
