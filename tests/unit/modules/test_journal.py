"""What the journal has of some units becomes one file that only its owner reads, of a size that is known before."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.unit.modules.conftest import Loader

UNITS = ("lajur-gateway.service",)


class Journal:
    """`every` line it has; `asked`: how many of the newest were asked for."""

    def __init__(self, every: Sequence[bytes]) -> None:
        self.every, self.asked = every, list[int]()

    @contextmanager
    def __call__(self, units: Sequence[str], lines: int) -> Iterator[IO[bytes]]:
        assert tuple(units) == UNITS
        self.asked.append(lines)
        yield io.BytesIO(b"".join(self.every[-lines:]))


def test_all_of_it_for_its_owner_alone(module: Loader, tmp_path: Path) -> None:
    path, journal = tmp_path / "lajur" / "journal.gz", Journal([b"one\n", b"two {{ 1 }}\n"])
    found = module("lajur_journal").pack(UNITS, path, 100, 10_000, journal)
    assert gzip.decompress(path.read_bytes()) == b"one\ntwo {{ 1 }}\n"
    assert found == {"lines": 2, "bytes": path.stat().st_size, "cut": False}
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_lay_there_is_no_way_in(module: Loader, tmp_path: Path) -> None:
    path, other = tmp_path / "journal.gz", tmp_path / "other"
    other.write_text("kept")
    path.symlink_to(other)
    module("lajur_journal").pack(UNITS, path, 100, 10_000, Journal([b"one\n"]))
    assert other.read_text() == "kept"
    assert not path.is_symlink()


def test_too_much_is_cut_from_its_beginning(module: Loader, tmp_path: Path) -> None:
    every = [os.urandom(30).hex().encode() + b"\n" for _ in range(8000)]
    path, journal = tmp_path / "journal.gz", Journal(every)
    found = module("lajur_journal").pack(UNITS, path, 8000, 100_000, journal)
    assert journal.asked == [8000, 4000, 2000]
    assert gzip.decompress(path.read_bytes()) == b"".join(every[-2000:])
    assert (found["lines"], found["cut"]) == (2000, True)
    assert path.stat().st_size <= 100_000


def test_it_is_told_when_not_even_a_little_of_it_fits(module: Loader, tmp_path: Path) -> None:
    own = module("lajur_journal")
    with pytest.raises(own.Failed):
        own.pack(UNITS, tmp_path / "journal.gz", 8000, 100, Journal([os.urandom(300).hex().encode() + b"\n"] * 10))


def test_of_no_units_the_file_is_empty_and_nobody_is_asked(module: Loader, tmp_path: Path) -> None:
    path, journal = tmp_path / "journal.gz", Journal([b"of others\n"])
    assert module("lajur_journal").pack((), path, 100, 100, journal)["lines"] == 0
    assert (gzip.decompress(path.read_bytes()), journal.asked) == (b"", [])
