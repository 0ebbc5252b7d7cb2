"""Places for releases: who may do what there, that a file becomes a release whole or not at all, and each kind of file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from network.bench.sample.build import build
from network.core.releases.values import Artefact, ArtefactKind, Migration, Problem
from tests.roles.carrying import artefact, carrier
from tests.roles.conftest import Site, full

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

HOME = "/srv/lajur/gateway"
MOST_EXPOSED = 2.5


@pytest.fixture(autouse=True)
def nothing_left(site: Site) -> Iterator[None]:
    """Nothing stays in `incoming/`, whatever a test does."""
    yield
    for server in ("app-1", "app-2"):
        assert site.host(server).check_output(f"ls -A {HOME}/incoming") == ""


def left(site: Site, server: str = "app-1") -> set[str]:
    return set(site.host(server).check_output(f"ls {HOME}/releases").split())


def test_the_code_is_not_the_applications_to_change(site: Site) -> None:
    host = site.host("app-1")
    found = {name: host.file(f"{HOME}/{name}") for name in ("releases", "incoming", "shared")}
    assert [(each.user, each.group, each.mode) for each in found.values()] == [
        ("root", "lajur-gateway", 0o750),
        ("root", "root", 0o700),
        ("lajur-gateway", "lajur-gateway", 0o750),
    ]
    kept = host.file("/etc/lajur/credentials/gateway/database")
    assert (kept.user, kept.mode) == ("root", 0o600)
    assert host.user("lajur-gateway").shell == "/usr/sbin/nologin"


def test_the_unit_may_do_little(site: Site) -> None:
    said = site.host("app-1").check_output("systemd-analyze security lajur-gateway.service --no-pager")
    level = re.search(r"exposure level for \S+: ([0-9.]+)", said)
    assert level is not None
    assert float(level[1]) <= MOST_EXPOSED
    assert site.host("app-1").service("lajur-gateway").is_enabled


def test_only_the_edge_may_ask_it(site: Site) -> None:
    rules = site.host("app-1").check_output("nft list chain inet lajur input")
    edge = str(site.lab.plan.node("edge-1").address)
    assert re.search(rf"ip saddr ({re.escape(edge)}|\{{ {re.escape(edge)} \}}) tcp dport 8080 accept", rules)


def test_a_release_is_placed_once_and_migrates_as_its_own_user(site: Site, tmp_path: Path) -> None:
    made = artefact(tmp_path, "1.1.0")
    with carrier(site) as hands:
        first, again = (hands.place(["app-1"], made)["app-1"] for _ in range(2))
        assert [(each.trouble, each.changed) for each in (first, again)] == [(None, True), (None, False)]
        widened = hands.migrate("app-1", made.id, Migration.EXPAND)
        assert widened.trouble is None
        assert f"expand in {HOME}/releases/{made.id} as lajur-gateway" in widened.said
        assert "nothing of the system changes" in widened.said
        assert "postgresql" not in widened.said
        failed = hands.migrate("app-1", made.id, Migration.CONTRACT)
        assert failed.trouble is not None
        assert failed.trouble.problem is Problem.MIGRATION
        missing = hands.migrate("app-1", "9.9.9-0123456789ab", Migration.EXPAND)
        assert missing.trouble is not None
        assert missing.trouble.problem is Problem.NOT_PLACED


@pytest.mark.parametrize(
    ("name", "changed", "problem"),
    [("../../etc/cron.d/x", False, Problem.UNPACK), ("bin/serve", True, Problem.CHECKSUM)],
    ids=["climbs", "changed-since-it-was-checked"],
)
def test_a_file_that_does_not_fit_leaves_nothing(site: Site, tmp_path: Path, name: str, changed: bool, problem: Problem) -> None:
    made = artefact(tmp_path, "1.2.0", name=name)
    if changed:
        artefact(tmp_path, "1.2.1")  # of the same size, and just as whole
        Path(made.path).write_bytes((tmp_path / "1.tar").read_bytes())
    before = left(site)
    with carrier(site) as hands:
        found = hands.place(["app-1"], made)["app-1"]
    assert found.trouble is not None
    assert found.trouble.problem is problem
    assert left(site) == before
    assert not site.host("app-1").file("/etc/cron.d/x").exists


def test_a_disk_that_is_full_or_gets_full_leaves_nothing(site: Site, tmp_path: Path) -> None:
    made = artefact(tmp_path, "1.3.0", padding=600_000)
    host, before = site.host("app-2"), left(site, "app-2")
    host.check_output(f"mount -t tmpfs -o size=400k,mode=700 small {HOME}/incoming")
    try:
        with carrier(site) as hands:
            found = hands.place(["app-1", "app-2"], made)
    finally:
        host.check_output(f"umount {HOME}/incoming")
    assert found["app-1"].trouble is None
    assert found["app-2"].trouble is not None
    assert found["app-2"].trouble.problem is Problem.SPACE
    assert left(site, "app-2") == before
    host.check_output(f"mount -t tmpfs -o size=400k small {HOME} && mkdir {HOME}/incoming {HOME}/releases")
    try:
        with carrier(site) as hands:
            early = hands.place(["app-2"], made)["app-2"]
    finally:
        host.check_output(f"umount {HOME}")
    assert early.trouble is not None
    assert (early.trouble.problem, early.trouble.needed) == (Problem.SPACE, (made.size + made.unpacked) * 11 // 10)
    assert early.trouble.free is not None
    assert early.trouble.free <= 400 * 1024


@full
@pytest.mark.parametrize("kind", ["wheel", "deb"])
def test_each_kind_of_file_is_really_installed(site: Site, tmp_path: Path, kind: str) -> None:
    built = build("1.0.0", tmp_path, kind)
    size = built.path.stat().st_size
    made = Artefact(
        id=built.release,
        version=built.version,
        kind=ArtefactKind(kind),
        path=str(built.path),
        sha256=hashlib.sha256(built.path.read_bytes()).hexdigest(),
        size=size,
        unpacked=50 * size,
    )
    host, place = site.host("app-2"), f"{HOME}/releases/{built.release}"
    with carrier(site, wait=3) as hands:
        assert hands.place(["app-2"], made)["app-2"].trouble is None
        if kind == "wheel":
            assert host.file(f"{place}/bin/serve").content_string.startswith(f"#!{place}/bin/python")
            assert host.check_output(f"{place}/bin/python -c 'import lajur_sample; print(lajur_sample.__file__)'").startswith(
                place
            )
            assert host.run(f"{place}/bin/migrate").rc != 127
        else:
            hands.swap(["app-2"], made.id)
            assert host.package("lajur-sample").version == "1.0.0"
        hands.swap(["app-2"], "")
        hands.prune(["app-2"], 1)


def test_what_a_machine_says_stays_text(site: Site, tmp_path: Path) -> None:
    made = artefact(tmp_path, "{{ 6*7 }}")
    with carrier(site) as hands:
        assert hands.place(["app-1"], made)["app-1"].trouble is None
        assert hands.swap(["app-1"], made.id)["app-1"].trouble is None
        found = hands.look(["app-1"])["app-1"]
        assert (found.said, found.current, found.unit) == ("{{ 6*7 }}", made.id, "active")
        gone = hands.prune(["app-1"], 1)["app-1"]
        assert gone.trouble is None
        assert made.id not in gone.gone
        assert made.id in left(site)
        assert hands.swap(["app-1"], "")["app-1"].trouble is None
        # One that still has somebody to answer takes its time, and is ended when that is over.
        waiting = "while [ $(systemctl is-active lajur-gateway) = deactivating ]; do sleep 0.2; done"
        site.host("app-1").check_output("timeout 60 sh -c %s", waiting)
        assert hands.look(["app-1"])["app-1"].unit in ("inactive", "failed")
