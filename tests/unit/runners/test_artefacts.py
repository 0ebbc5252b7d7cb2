"""Real files that are to be released: what they are, whether they are the ones that were meant, and whether they can do harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from network.core.releases import artefact
from network.core.releases.artefact import is_id
from network.core.releases.values import ArtefactKind, Workload
from network.errors import LajurError, Refused
from network.runners import artefacts
from network.runners.artefacts import Said, checked
from tests.unit.services.releasing import workload

TARBALL = workload(migrate=())
WHEEL = replace(TARBALL, kind=ArtefactKind.WHEEL)
DEB = replace(TARBALL, kind=ArtefactKind.DEB)


def info(name: str, **fields: Any) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def tarball(path: Path, *members: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for member, content in ((info("bin/serve", mode=0o755), b"#!/bin/sh\n"), *members):
            member.size = len(content) if member.type == tarfile.REGTYPE else member.size
            archive.addfile(member, io.BytesIO(content))
    return summed(path)


def summed(path: Path) -> Path:
    path.with_name(f"{path.name}.sha256").write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    return path


def refused(path: Path, own: Workload = TARBALL, **said: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        checked(path, own, Said(**said))
    return caught.value


def why(error: Refused) -> str:
    found = error.fields.get("why")
    return found.code if isinstance(found, LajurError) else error.code


@pytest.mark.parametrize("ending", ["tar", "tar.gz", "tar.xz", "tar.bz2"])
def test_a_tarball(tmp_path: Path, ending: str) -> None:
    mode = {"tar": "w", "tar.gz": "w:gz", "tar.xz": "w:xz", "tar.bz2": "w:bz2"}[ending]
    path = tarball(tmp_path / f"gateway-1.4.{ending}", (info("lib/x"), b"x" * 70_000), mode=mode)
    found = checked(path, TARBALL, Said())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (found.id, found.sha256, found.size) == (f"1.4-{digest[:12]}", digest, path.stat().st_size)
    assert found.unpacked == 70_000 + 10 + 2 * 4096
    assert not found.pulls


def test_the_same_content_is_the_same_release_whatever_it_is_called(tmp_path: Path) -> None:
    first = tarball(tmp_path / "a-1.tar.gz")
    other = tmp_path / "nameless.tar.gz"
    shutil.copy(first, other)
    summed(other)
    assert refused(other).code == "release.no_version"
    assert checked(other, TARBALL, Said(version="1")).id == checked(first, TARBALL, Said()).id


def test_a_file_that_is_not_the_one_that_was_meant(tmp_path: Path) -> None:
    path = tarball(tmp_path / "a-1.tar.gz")
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    assert checked(path, TARBALL, Said(sha256=f"sha256:{right.upper()}")).sha256 == right
    assert refused(path, sha256="0" * 64).code == "release.checksum"
    assert refused(path, sha256="hello").code == "release.checksum_form"
    with path.open("ab") as file:
        file.write(b"x")
    assert refused(path).code == "release.checksum"
    path.with_name("a-1.tar.gz.sha256").unlink()
    assert refused(path).code == "release.no_checksum"


def test_what_is_no_file_and_what_is_none_of_its_kind(tmp_path: Path) -> None:
    assert refused(tmp_path / "absent-1.tar").code == "release.file"
    (tmp_path / "folder-1.tar").mkdir()
    assert refused(tmp_path / "folder-1.tar").code in ("release.file", "release.file_special")
    os.mkfifo(tmp_path / "pipe-1.tar")
    assert refused(tmp_path / "pipe-1.tar").code == "release.file_special"
    assert refused(tmp_path / "notes.txt").code == "release.file_kind"
    assert refused(tarball(tmp_path / "a-1.tar.gz"), WHEEL).code == "release.kind"


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        (info("../../etc/cron.d/x"), "release.member.climbs"),
        (info("/etc/cron.d/x"), "release.member.absolute"),
        (info("x", type=tarfile.SYMTYPE, linkname="/etc"), "release.member.leads_out"),
        (info("x", type=tarfile.SYMTYPE, linkname="../../etc"), "release.member.leads_out"),
        (info("x", type=tarfile.LNKTYPE, linkname="/etc/shadow"), "release.member.target_absolute"),
        (info("x", type=tarfile.CHRTYPE), "release.member.kind"),
        (info("x", type=tarfile.BLKTYPE), "release.member.kind"),
        (info("x", type=tarfile.FIFOTYPE), "release.member.kind"),
        (info("x", mode=0o4755), "release.member.special"),
        (info("a\x1b]0;x\x07b"), "release.member.name"),
        (info("x" * 5000), "release.member.name"),
    ],
)
def test_a_member_that_would_do_harm(tmp_path: Path, member: tarfile.TarInfo, wrong: str) -> None:
    error = refused(tarball(tmp_path / "a-1.tar.gz", (member, b"")))
    assert (error.code, why(error)) == ("release.member", wrong)
    assert str(error.fields["member"]).isprintable()


def bomb(path: Path, size: int, kind: bytes = tarfile.REGTYPE, name: str = "big") -> Path:
    """A gzip of an archive with one member of so many zeros."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(info(name, size=size, type=kind).tobuf())
        for _ in range(0, size, 2**20):
            file.write(b"\0" * 2**20)
        file.write(b"\0" * 1024)
    return summed(path)


def test_what_an_archive_says_of_itself_is_read_in_part_only(tmp_path: Path) -> None:
    """A header of 200 MB that takes 200 kB in the file."""
    path = bomb(tmp_path / "a-1.tar.gz", 200 * 2**20, tarfile.XHDTYPE)
    tracemalloc.start()
    try:
        assert refused(path).code == "release.archive_header"
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


def test_what_is_behind_the_end_is_not_ignored(tmp_path: Path) -> None:
    path = tarball(tmp_path / "a-1.tar", mode="w")
    other = tarball(tmp_path / "b-1.tar", (info("../x"), b""), mode="w")
    path.write_bytes(path.read_bytes() + other.read_bytes())
    assert refused(summed(path)).code == "release.archive_after"


@pytest.mark.parametrize("cut", [1, 100, 511, 600, 1100])
def test_a_broken_archive_is_told_and_no_bug_of_ours(tmp_path: Path, cut: int) -> None:
    path = tarball(tmp_path / "a-1.tar.gz", (info("x"), os.urandom(2000)))
    path.write_bytes(path.read_bytes()[:cut])
    assert refused(summed(path)).code in ("release.archive", "release.archive_empty")


def test_noise_is_never_a_bug_of_ours(tmp_path: Path) -> None:
    for ending, own in (("tar", TARBALL), ("tar.gz", TARBALL), ("whl", WHEEL), ("deb", DEB)):
        for number in range(20):
            path = tmp_path / f"a{number}-1.{ending}"
            path.write_bytes({"tar.gz": b"\x1f\x8b\x08", "deb": b"!<arch>\n"}.get(ending, b"") + os.urandom(3000))
            assert refused(summed(path), own).code.startswith("release.archive")


def wheel(
    path: Path,
    metadata: str,
    more: Mapping[str, str] = {},
    mode: int = 0o100644,
    *,
    name: str = "gateway-1.2",
    tag: str = "py3-none-any",
) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.dist-info/METADATA", metadata)
        archive.writestr(f"{name}.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        archive.writestr("gateway/__init__.py", "")
        for place, content in more.items():
            member = zipfile.ZipInfo(place)
            member.external_attr = mode << 16
            archive.writestr(member, content)
    return summed(path)


def test_a_wheel_says_its_version_and_whether_it_pulls(tmp_path: Path) -> None:
    alone = wheel(tmp_path / "a-1.2-py3-none-any.whl", "Name: a\nVersion: 1.2\nRequires-Dist: x; extra == 'test'\n")
    found = checked(alone, WHEEL, Said())
    assert (found.version, found.pulls) == ("1.2", False)
    needy = wheel(tmp_path / "b-1.2-py3-none-any.whl", "Name: a\nVersion: 1.2\nRequires-Dist: flask>=3\n")
    assert checked(needy, WHEEL, Said()).pulls
    assert checked(needy, WHEEL, Said()).unpacked > found.unpacked
    assert is_id(found.id)


def test_a_wheel_that_would_do_harm(tmp_path: Path) -> None:
    text = "Name: a\nVersion: 1.2\n"
    assert why(refused(wheel(tmp_path / "a-1-py3-none-any.whl", text, {"../x": ""}), WHEEL)) == "release.member.climbs"
    link = wheel(tmp_path / "b-1-py3-none-any.whl", text, {"x": "/etc"}, mode=0o120777)
    assert why(refused(link, WHEEL)) == "release.member.kind"
    assert refused(wheel(tmp_path / "c-1-py3-none-any.whl", ""), WHEEL).code == "release.no_version"


@pytest.mark.parametrize("odd", ["gate way-1", "gateway", "gateway-1-2", "-1", "x" * 300 + "-1"])
def test_a_wheel_that_calls_itself_what_no_wheel_is_called(tmp_path: Path, odd: str) -> None:
    error = refused(wheel(tmp_path / "a-1-py3-none-any.whl", "Name: a\nVersion: 1.2\n", name=odd), WHEEL)
    assert error.code == "release.wheel_name"


@pytest.mark.parametrize("odd", ["", "py3/none-any-x", "py3-none-../../any", "py3-none", "py3-none-any-x", "py3-none-a\x1b[2J"])
def test_a_wheel_with_a_tag_that_is_none(tmp_path: Path, odd: str) -> None:
    error = refused(wheel(tmp_path / "a-1-py3-none-any.whl", "Name: a\nVersion: 1.2\n", tag=odd), WHEEL)
    assert error.code == "release.wheel_name"
    assert str(error.fields["name"]).isprintable()


ROOT = (info("./", type=tarfile.DIRTYPE, mode=0o755), b"")


def packed(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w:xz") -> bytes:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode=mode) as archive:  # type: ignore[call-overload]
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return inner.getvalue()


def ar(path: Path, *parts: tuple[str, bytes]) -> Path:
    made = b"!<arch>\n"
    for name, content in parts:
        made += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode() + content + b"\n" * (len(content) % 2)
    path.write_bytes(made)
    return summed(path)


def deb(path: Path, control: str, *members: tuple[tarfile.TarInfo, bytes], mode: str = "w:xz") -> Path:
    said = packed((info("./control"), control.encode()))
    ending = mode.removeprefix("w").replace(":", ".")
    data = packed(ROOT, *members, mode=mode)
    return ar(path, ("debian-binary", b"2.0\n"), ("control.tar.xz", said), (f"data.tar{ending}", data))


def test_a_deb_says_its_version_and_whether_it_pulls(tmp_path: Path) -> None:
    path = deb(tmp_path / "gateway.deb", "Package: gateway\nVersion: 2:1.0-3\nDepends: python3\n")
    found = checked(path, DEB, Said())
    assert (found.version, found.pulls) == ("2_1.0-3", True)
    alone = deb(tmp_path / "alone.deb", "Package: gateway\nVersion: 1\n")
    assert not checked(alone, DEB, Said()).pulls


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz", "w:bz2"])
def test_what_a_deb_says_of_its_size_is_not_believed(tmp_path: Path, mode: str) -> None:
    members = ((info("./srv", type=tarfile.DIRTYPE), b""), (info("./srv/x"), b"x" * 300_000))
    for said in ("1", "999999999", "much"):
        text = f"Package: gateway\nVersion: 1\nInstalled-Size: {said}\n"
        found = checked(deb(tmp_path / "a.deb", text, *members, mode=mode), DEB, Said())
        assert found.unpacked == 2 * (300_000 + len(text) + 4 * 4096)


@pytest.mark.parametrize("most", ["MOST_BYTES", "MOST_MEMBERS"])
def test_a_deb_of_which_there_is_more_than_it_says_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    """Four megabytes of zeros, or a hundred files, in a kilobyte; the bound is lowered for that."""
    many = most == "MOST_MEMBERS"
    members = [(info(f"./{number}"), b"" if many else b"\0" * 2**18) for number in range(100 if many else 16)]
    path = deb(tmp_path / "a.deb", "Package: gateway\nVersion: 1\nInstalled-Size: 1\n", *members)
    assert path.stat().st_size < 4096
    assert checked(path, DEB, Said()).version == "1"
    monkeypatch.setattr(artefact, most, 50 if many else 2**21)
    error = refused(path, DEB)
    assert error.code == ("release.archive_many" if many else "release.archive_big")
    assert error.fields["most"] == (50 if many else "2 MiB")


def test_headers_alone_may_not_fill_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = deb(tmp_path / "a.deb", "Package: a\nVersion: 1\n", *((info(f"./{number}"), b"x") for number in range(1000)))
    assert checked(path, DEB, Said()).version == "1"
    monkeypatch.setattr(artefacts, "_MOST_SAID", 2**18)
    assert refused(path, DEB).code == "release.archive_header"


def test_a_member_of_a_deb_that_would_do_harm(tmp_path: Path) -> None:
    text = "Package: gateway\nVersion: 1\n"
    assert why(refused(deb(tmp_path / "a.deb", text, (info("../../etc/x"), b"")), DEB)) == "release.member.climbs"
    assert why(refused(deb(tmp_path / "b.deb", text, (info("./su", mode=0o4755), b"")), DEB)) == "release.member.special"
    link = info("./etc/alternatives/x", type=tarfile.SYMTYPE, linkname="/usr/bin/x")
    assert checked(deb(tmp_path / "c.deb", text, (link, b"")), DEB, Said()).version == "1"


def test_a_deb_that_two_readers_may_read_in_two_ways(tmp_path: Path) -> None:
    first, said = ("debian-binary", b"2.0\n"), ("control.tar.xz", packed((info("./control"), b"Package: a\nVersion: 1\n")))
    data = ("data.tar.xz", packed(ROOT))
    path = tmp_path / "a.deb"
    assert checked(ar(path, first, said, ("_gpgbuilder", b"odd"), data), DEB, Said()).version == "1"
    for parts in ((first, said, data, data), (first, data, said), (first, said, said, data), (said, data)):
        assert refused(ar(path, *parts), DEB).code == "release.deb_part"
    assert refused(ar(path, first, said), DEB).code == "release.archive"
    assert refused(ar(path, first, said, ("data.tar.zst", b"x")), DEB).code == "release.deb_zst"
    assert refused(ar(path, first, said, ("data.tar.xz", data[1][:-20])), DEB).code == "release.archive"
    whole = ar(path, first, said, data).read_bytes()
    path.write_bytes(whole.replace(f"{len(data[1]):<10}".encode(), b"-60       "))
    assert refused(summed(path), DEB).code == "release.archive"


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="needs dpkg-deb")
@pytest.mark.allowed_skip("Debian has it everywhere")
def test_a_deb_of_debians_own_program(tmp_path: Path) -> None:
    control = tmp_path / "tree" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text("Package: gateway\nVersion: 1.5\nArchitecture: all\nMaintainer: a <a@b.example>\nDescription: a\n")
    path = tmp_path / "gateway.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", str(tmp_path / "tree"), str(path)], check=True, capture_output=True)
    assert checked(summed(path), DEB, Said()).version == "1.5"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Signs a file as somebody; their public key."""
    folder = tmp_path_factory.mktemp("keys")

    def sign(path: Path, who: str = "ayu", namespace: str = "lajur-release") -> str:
        key = folder / who
        if not key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", str(key)], check=True)
        path.with_name(f"{path.name}.sig").unlink(missing_ok=True)
        subprocess.run(
            ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", namespace, str(path)], check=True, capture_output=True
        )
        return " ".join(key.with_suffix(".pub").read_text().split()[:2])

    return sign


def test_a_signature_of_one_who_may(tmp_path: Path, signer: Callable[..., str]) -> None:
    path = tarball(tmp_path / "a-1.tar.gz")
    own = replace(TARBALL, signers=(signer(tarball(tmp_path / "other.tar"), "budi"), signer(path)))
    path.with_name("a-1.tar.gz.sha256").unlink()  # a signature says as much
    assert checked(path, own, Said()).version == "1"


def test_a_signature_that_does_not_fit(tmp_path: Path, signer: Callable[..., str]) -> None:
    path = tarball(tmp_path / "a-1.tar.gz")
    assert refused(path, replace(TARBALL, signers=("ssh-ed25519 AAAA",))).code == "release.no_signature"
    ayu, budi = signer(path), signer(tarball(tmp_path / "b-1.tar.gz"), "budi")
    assert refused(path, replace(TARBALL, signers=(budi,))).code == "release.signature"
    assert refused(path, signature=path.with_name("a-1.tar.gz.sig")).code == "release.no_signers"
    elsewhere = tmp_path / "b-1.tar.gz.sig"
    assert refused(path, replace(TARBALL, signers=(budi,)), signature=elsewhere).code == "release.signature"
    signer(path, namespace="file")
    assert refused(path, replace(TARBALL, signers=(ayu,))).code == "release.signature"
    path.with_name("a-1.tar.gz.sig").write_text("noise")
    assert refused(path, replace(TARBALL, signers=(ayu,))).code == "release.signature"


def writing(monkeypatch: pytest.MonkeyPatch, before: str, path: Path, content: bytes) -> None:
    """Somebody writes this into the file just before that step."""
    step = getattr(artefacts, before)

    def changed(*words: Any, **named: Any) -> Any:
        path.write_bytes(content)
        return step(*words, **named)

    monkeypatch.setattr(artefacts, before, changed)


def test_what_is_signed_is_what_is_sent_however_often_the_file_is_changed_meanwhile(
    tmp_path: Path, signer: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tarball(tmp_path / "a-1.tar.gz")
    own, good = replace(TARBALL, signers=(signer(path),)), path.read_bytes()
    path.with_name("a-1.tar.gz.sha256").unlink()
    path.write_bytes(evil := tarball(tmp_path / "evil-1.tar.gz", (info("lib/x"), b"x")).read_bytes())
    assert refused(path, own).code == "release.signature"
    writing(monkeypatch, "verified", path, good)
    writing(monkeypatch, "_content", path, evil)
    assert refused(path, own).code == "release.file_changed"


def test_a_file_that_becomes_another_while_it_is_looked_at_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tarball(tmp_path / "a-1.tar.gz")
    writing(monkeypatch, "_content", path, tarball(tmp_path / "b-1.tar.gz", (info("lib/x"), b"x")).read_bytes())
    assert refused(path).code == "release.file_changed"


def test_a_large_file_is_verified_whole_and_one_that_is_refused_early_is_no_bug_of_ours(
    tmp_path: Path, signer: Callable[..., str]
) -> None:
    path = tarball(tmp_path / "a-1.tar", (info("lib/x"), os.urandom(5 * 2**20)), mode="w")
    own = replace(TARBALL, signers=(signer(path),))
    assert checked(path, own, Said()).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name("a-1.tar.sig").write_text("noise")
    assert refused(path, own).code == "release.signature"
