"""The sample's builder and load: the same bytes each time, nothing in it that a server lacks, and sums that fit."""

from __future__ import annotations

import ast
import hashlib
import os
import ssl
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from network.bench.sample.build import MIGRATE, NAMESPACE, START, Kind, Sample, build
from network.bench.sample.load import Load, Wish, joined, report
from network.bench.sample.sender import Asked
from tests.doors.certificates import Authority, Pair

KINDS = [pytest.param(kind, id=kind) for kind in Kind]
PROGRAMS = {"README", "bin/migrate", "bin/serve"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_each_time_whatever_the_surroundings(kind: Kind, tmp_path: Path) -> None:
    made = build(Sample.TWO, tmp_path / "a", kind)
    before = os.umask(0o077)
    try:
        again = build(Sample.TWO, tmp_path / "b", kind)
    finally:
        os.umask(before)
    assert made.path.read_bytes() == again.path.read_bytes()
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert made.checksum.read_text() == f"{made.sha256}  {made.path.name}\n"
    assert made.release == f"2.0.0-{made.sha256[:12]}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_version_is_another_file(kind: Kind, tmp_path: Path) -> None:
    made = [build(version, tmp_path, kind) for version in Sample]
    assert len({each.sha256 for each in made}) == len({each.path.name for each in made}) == len(Sample)


def test_a_version_or_kind_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"9\.9"):
        build("9.9", tmp_path)
    with pytest.raises(ValueError, match="rpm"):
        build(Sample.ONE, tmp_path, "rpm")


def test_a_tarball_holds_plain_files_below_its_folder(tmp_path: Path) -> None:
    with tarfile.open(build(Sample.TWO, tmp_path).path) as tar:
        members = tar.getmembers()
    assert all(member.isreg() and (member.uid, member.gid) == (0, 0) for member in members)
    assert {member.name for member in members if not member.name.startswith("lib/lajur_sample/")} == PROGRAMS
    assert {member.name for member in members if member.mode & 0o111} == {START[Kind.TARBALL], MIGRATE[Kind.TARBALL]}


def test_each_version_brings_its_own_migrations(tmp_path: Path) -> None:
    def migrations(version: Sample) -> list[str]:
        with tarfile.open(build(version, tmp_path).path) as tar:
            return [Path(name).name[:6] for name in tar.getnames() if name.endswith(".sql")]

    assert migrations(Sample.ONE) == ["0001_p"]
    assert migrations(Sample.TWO) == migrations(Sample.BROKEN) == ["0001_p", "0002_p", "0003_p", "0004_n"]
    assert migrations(Sample.HALFWAY) == ["0001_p", "0002_h"]


def test_a_server_has_all_that_it_imports(tmp_path: Path) -> None:
    allowed = {"lajur_sample", "psycopg2", *sys.stdlib_module_names}
    with zipfile.ZipFile(build(Sample.TWO, tmp_path, Kind.WHEEL).path) as wheel:
        for name in wheel.namelist():
            text = wheel.read(name).decode()
            assert "network.bench" not in text
            tree = ast.parse(text) if name.endswith(".py") else ast.Module([], [])
            for node in ast.walk(tree):
                roots = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                roots += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                assert {root.partition(".")[0] for root in roots} <= allowed, name


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_opens_it_sees_that_it_is_a_sample(kind: Kind, tmp_path: Path) -> None:
    made = build(Sample.ONE, tmp_path, kind).path
    if kind is Kind.DEB:
        said = subprocess.run(["dpkg-deb", "--info", str(made)], capture_output=True, text=True, check=True).stdout
    elif kind is Kind.WHEEL:
        with zipfile.ZipFile(made) as wheel:
            said = wheel.read("lajur_sample-1.0.0.dist-info/METADATA").decode()
    else:
        with tarfile.open(made) as tar:
            readme = tar.extractfile("README")
            assert readme is not None
            said = readme.read().decode()
    assert "SAMPLE" in said


def test_a_deb_holds_no_setting_script_link_or_unit(tmp_path: Path) -> None:
    made = build(Sample.ONE, tmp_path, Kind.DEB).path
    subprocess.run(["dpkg-deb", "--raw-extract", str(made), str(tmp_path / "raw")], check=True)
    found = [path for path in (tmp_path / "raw").rglob("*") if not path.is_dir()]
    assert not [path for path in found if path.is_symlink() or path.suffix == ".service"]
    assert [path.name for path in found if path.parent.name == "DEBIAN"] == ["control"]
    assert (tmp_path / "raw" / START[Kind.DEB]).stat().st_mode & 0o777 == 0o755


def test_a_signature_fits_its_file_and_its_purpose(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    made = build(Sample.ONE, tmp_path / "built", key=key)
    made = build(Sample.ONE, tmp_path / "built", key=key)  # over the one that is there
    assert made.signature == made.path.with_name(f"{made.path.name}.sig")
    allowed = tmp_path / "allowed"
    allowed.write_text(f"release {key.with_suffix('.pub').read_text()}")

    def verified(content: bytes) -> bool:
        words = ["ssh-keygen", "-Y", "verify", "-f", str(allowed), "-I", "release", "-n", NAMESPACE, "-s", str(made.signature)]
        return subprocess.run(words, input=content, capture_output=True, check=False).returncode == 0

    assert verified(made.path.read_bytes())
    assert not verified(made.path.read_bytes() + b"\n")


def one(at: float, seconds: float, status: int = 200, problem: str = "", key: str = "") -> Asked:
    return Asked(at=at, seconds=seconds, status=status, problem=problem, key=key, version="1.0.0" if status else "")


def test_a_report_counts_what_came_of_requests() -> None:
    asked = [
        one(0.0, 0.01, key="a"),
        one(0.1, 0.03),
        one(0.2, 0.5, 503, key="b"),
        one(0.3, 5.0, 0, "slow"),
        one(1.0, 0.02, key="c"),
    ]
    told = report(asked)
    assert (told.sent, told.failed, told.codes, told.problems) == (5, 2, {200: 3, 503: 1}, {"slow": 1})
    assert told.stored == ("a", "c")
    assert (told.p50, told.p95, told.longest) == (20.0, 30.0, 30.0)
    assert told.gap == pytest.approx(1.02 - 0.13)
    both = joined([told, report([one(0.0, 0.2, key="d")])])
    assert (both.sent, both.failed, both.stored, both.longest) == (6, 2, ("a", "c", "d"), 200.0)


def test_a_load_without_an_answer_reports_nothing_good() -> None:
    told = report([one(0.0, 1.0, 0, "refused")])
    assert (told.failed, told.p99, told.gap, told.stored) == (1, 0.0, 0.0, ())


class Edge(BaseHTTPRequestHandler):
    """Takes everything."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET  # noqa: N815  # the name that its base class looks for

    def log_message(self, *words: object) -> None:
        """Nothing."""


class Terminating(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that does not trust us is no trouble of ours."""


@contextmanager
def terminating(pair: Pair) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with Terminating(("127.0.0.1", 0), Edge) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("fresh", [True, False])
def test_a_load_asks_through_tls(tmp_path: Path, *, fresh: bool) -> None:
    authority = Authority(tmp_path)
    with terminating(authority.sign("edge")) as port:
        wish = Wish(host="127.0.0.1", port=port, rate=100, tls=True, name="localhost", fresh=fresh)
        for trusted in (authority.certificate, None):
            with Load(replace(wish, authority=trusted)) as load:
                load.wait_for(20)
                told = load.stop()
            assert (told.failed, told.problems) == (0, {})
            assert len(told.stored) == len(set(told.stored)) == (told.sent + 1) // 2
            assert all(key.startswith(load.prefix) for key in told.stored)


def test_an_edge_that_is_not_trusted_is_not_asked(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    (tmp_path / "other").mkdir()
    with terminating(authority.sign("edge")) as port:
        stranger = Authority(tmp_path / "other").certificate
        wish = Wish(host="127.0.0.1", port=port, rate=50, seconds=0.2, tls=True, name="localhost", authority=stranger)
        with Load(wish) as load:
            told = load.wait()
    assert (told.codes, set(told.problems), told.sent) == ({}, {"tls"}, 10)
