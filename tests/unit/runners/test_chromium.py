"""Printing by a program that may be absent, fail, say too much, or never end: shown on programs that only behave so."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from network.errors import PrintFailed, Refused
from network.runners.chromium import Chromium


def program(folder: Path, body: str) -> str:
    """A program of that behaviour; `$out` is where the PDF belongs."""
    file = folder / "browser"
    find = 'for word; do case "$word" in --print-to-pdf=*) out="${word#*=}";; esac; done'
    file.write_text(f"#!/bin/sh\n{find}\n{body}\n", "utf-8")
    file.chmod(0o755)
    return str(file)


def gone(pid: int) -> bool:
    """Dead, or dead and not yet collected by whoever is to."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_the_page_is_handed_over_and_the_paper_comes_back(tmp_path: Path) -> None:
    show = 'for word; do last="$word"; done; { echo %PDF-; cat "${last#file://}"; env; echo "$@"; } > "$out"'
    os.environ["LAJUR_TEST_SECRET"] = "hidden"
    try:
        made = Chromium(program(tmp_path, show)).pdf("<p>halaman</p>").decode()
    finally:
        del os.environ["LAJUR_TEST_SECRET"]
    assert made.startswith("%PDF-\n<p>halaman</p>")
    assert "hidden" not in made, "nothing of our environment goes along"
    assert ("--no-sandbox" in made) == (os.geteuid() == 0)
    assert "--disable-background-networking" in made


def test_what_is_absent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as raised:
        Chromium(str(tmp_path / "absent")).pdf("")
    assert raised.value.code == "print.no_chromium"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("echo first; echo no display >&2; exit 1", "no display"),
        ('echo not paper > "$out"', "-"),
        ("head -c 100000 /dev/zero | tr '\\0' x; exit 3", "x" * 300),
    ],
)
def test_what_ends_without_paper_says_why(tmp_path: Path, body: str, cause: str) -> None:
    with pytest.raises(PrintFailed) as raised:
        Chromium(program(tmp_path, body)).pdf("")
    assert (raised.value.code, raised.value.fields["cause"]) == ("print.failed", cause)


def test_what_never_ends_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    started = tmp_path / "pids"
    body = f"sleep 600 & echo $$ $! > {started}.new; mv {started}.new {started}; wait"
    with pytest.raises(PrintFailed) as raised:
        Chromium(program(tmp_path, body), patience=1.0).pdf("")
    assert raised.value.code == "print.timeout"
    deadline = time.monotonic() + 10
    pids = [int(each) for each in started.read_text().split()]
    while not all(map(gone, pids)):
        assert time.monotonic() < deadline, pids
