"""What is said of a file that cannot be read, or is refused because of what is in it: in the reader's language, and no more."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from network.core.releases import artefact
from network.core.releases.values import Workload
from network.errors import LajurError, Refused
from network.messages import text
from network.runners import artefacts
from network.runners.archive_words import why
from tests.unit.runners.test_artefacts import DEB, TARBALL, WHEEL, deb, info, packed, refused, summed, tarball


def said(error: Refused) -> dict[str, str]:
    found = {language: text(error.code, language, error.fields) for language in ("id", "en")}
    assert "Tidak ada yang dikirim" in found["id"]
    assert "Nothing was sent" in found["en"]
    return found


def reason(error: Refused) -> str:
    found = error.fields["reason"]
    assert (error.code, isinstance(found, LajurError)) == ("release.archive", True)
    assert isinstance(found, LajurError)
    return found.code


def broken(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return summed(path)


def whole(tmp_path: Path) -> bytes:
    return tarball(tmp_path / "whole-1.tar.gz", (info("x"), os.urandom(4000))).read_bytes()


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "Version: 1\n")
    return made.getvalue()


def locked(content: bytes) -> bytes:
    """The same, with a flag that says that what it holds needs a password."""
    at = content.index(b"PK\x01\x02")
    return b"PK\x03\x04\x14\0\x01" + content[7 : at + 8] + b"\x01" + content[at + 9 :]


CASES: dict[str, tuple[str, Workload, Callable[[Path], bytes], str]] = {
    "nothing": ("a-1.tar.gz", TARBALL, lambda _: b"", "empty"),
    "nothing, compressed": ("a-1.tar.gz", TARBALL, lambda _: gzip.compress(b""), "empty"),
    "text": ("a-1.tar", TARBALL, lambda _: b"hello\n" * 1000, "form"),
    "text, compressed": ("a-1.tar.gz", TARBALL, lambda _: gzip.compress(b"hello\n" * 1000), "form"),
    "a line of text": ("a-1.tar.gz", TARBALL, lambda _: b"hello\n", "form"),
    "a line of text, compressed": ("a-1.tar.gz", TARBALL, lambda _: gzip.compress(b"hello\n"), "form"),
    "cut within the first header": ("a-1.tar", TARBALL, lambda folder: gzip.decompress(whole(folder))[:300], "cut"),
    "cut": ("a-1.tar.gz", TARBALL, lambda folder: whole(folder)[:3000], "cut"),
    "cut, plain": ("a-1.tar", TARBALL, lambda folder: gzip.decompress(whole(folder))[:3000], "cut"),
    "cut, xz": ("a-1.tar.xz", TARBALL, lambda _: packed((info("x"), os.urandom(4000)))[:3000], "cut"),
    "damaged": ("a-1.tar.gz", TARBALL, lambda folder: whole(folder)[:-8] + b"\0" * 8, "damaged"),
    "an empty wheel": ("a-1-py3-none-any.whl", WHEEL, lambda _: b"PK\x05\x06" + b"\0" * 18, "empty"),
    "no wheel": ("a-1-py3-none-any.whl", WHEEL, lambda _: b"hello" * 100, "form"),
    "half a wheel": ("a-1-py3-none-any.whl", WHEEL, lambda _: zipped("README", "a-1.dist-info/METADATA"), "lacking"),
    "another zip": ("a-1-py3-none-any.whl", WHEEL, lambda _: zipped("README"), "lacking"),
    "a locked wheel": ("a-1-py3-none-any.whl", WHEEL, lambda _: locked(zipped("a-1.dist-info/METADATA")), "locked"),
    "no package": ("a.deb", DEB, lambda _: b"hello", "form"),
    "half a package": ("a.deb", DEB, lambda _: b"!<arch>\n", "lacking"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_read_is_told_in_words_of_ours(tmp_path: Path, case: str) -> None:
    name, own, content, word = CASES[case]
    error = refused(broken(tmp_path / name, content(tmp_path)), own)
    if error.code == "release.archive_empty":
        assert (word, said(error)["en"].startswith(f"There is nothing in {name}.")) == ("empty", True)
        return
    assert reason(error) == f"release.archive.{word}"
    shown = said(error)
    assert not {"file", "header", "ended", "marker", "data"} & set(shown["id"].lower().replace(name, "").split())


def test_what_nobody_foresaw_is_told_in_the_words_of_the_reader() -> None:
    for error, words in ((ValueError("odd\x1b[2J"), "odd?[2J"), (KeyError(), "KeyError"), (OSError("x" * 900), "x" * 200)):
        found = why(error)
        assert (found.code, found.fields["said"]) == ("release.archive.said", words)
        assert words in text(found.code, "id", found.fields)
    assert why(zipfile.BadZipFile("odd")).code == "release.archive.damaged"


def test_what_is_too_large_is_told_in_sizes_that_people_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tarball(tmp_path / "a-1.tar.gz", (info("x"), b"\0" * 2**20))
    monkeypatch.setattr(artefact, "MOST_BYTES", 2**19 * 3 // 2)
    big = said(refused(path))
    assert (path.name in big["id"], "768 KiB" in big["id"], "768 KiB" in big["en"]) == (True, True, True)
    monkeypatch.setattr(artefacts, "_MOST_SAID", 3 * 2**19)
    assert (
        "1,5 MiB" in said(refused(broken(tmp_path / "b-1.tar", b"".join(info(f"{each}").tobuf() for each in range(4096)))))["id"]
    )
    monkeypatch.setattr(artefacts, "LARGEST_FILE", 100)
    assert "100 B" in said(refused(path))["en"]


@pytest.mark.parametrize(
    ("member", "words"),
    [
        (info("x", type=tarfile.LNKTYPE, linkname="/etc/shadow"), "hard link is to an absolute path. Nothing"),
        (info("../x"), 'climbs out with "..". Nothing'),
    ],
)
def test_a_member_is_refused_for_what_is_wrong_with_it(tmp_path: Path, member: tarfile.TarInfo, words: str) -> None:
    assert words in said(refused(tarball(tmp_path / "a-1.tar.gz", (member, b""))))["en"]
    assert words in said(refused(deb(tmp_path / "a.deb", "Package: a\nVersion: 1\n", (info("y"), b""), (member, b"")), DEB))["en"]
