"""The image of a lab's servers as a thing in a cache: whole or not there, made by one at a time, forgotten when nobody uses it.
What is in it is tested under tests/lab."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from network.errors import LabError
from network.lab import image, packages
from network.lab.progress import Progress

ROOT = Path(__file__).parents[3]
MAKES = """
import sys
from pathlib import Path
root, pool = Path(sys.argv[1]), Path(sys.argv[2])
for name in ("etc/ssh/sshd_config.d", "etc/apt/sources.list.d", "etc/systemd/system"):
    (root / name).mkdir(parents=True)
(root / "etc/ssh/ssh_host_ed25519_key").touch()
(root / "etc/apt/sources.list.d/0000.list").touch()
print("I: one\\nW: not a step\\nI: two", file=sys.stderr)
if len(sys.argv) > 3:
    sys.stdin = open(sys.argv[3])
    sys.stdin.read()
"""
"""Stands in for the builder. With a third argument it goes on for as long as somebody holds that pipe open."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAJUR_CACHE", str(tmp_path))
    monkeypatch.setattr(image, "_suite", lambda: "bookworm")
    _builder(monkeypatch, [sys.executable, "-c", MAKES])
    return tmp_path / "lab"


def _builder(monkeypatch: pytest.MonkeyPatch, words: Sequence[str]) -> None:
    monkeypatch.setattr(image, "_words", lambda root, pool: [*words, str(root), str(pool)])


def test_an_image_is_made_once_and_without_what_its_builder_left(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Progress] = []
    whole = image.prepare_image(told.append)
    assert whole == image.folder()
    assert whole.parent == cache
    assert [each.done for each in told] == [0, 1, 2, image.STEPS]
    assert (whole / "pool" / "Packages").exists()
    assert not list(whole.glob("root/etc/ssh/ssh_host_*"))
    assert not list(whole.glob("root/etc/apt/sources.list.d/*"))
    assert (whole / "root/etc/systemd/system/systemd-udevd.service").readlink() == Path("/dev/null")
    _builder(monkeypatch, ["false"])
    assert image.prepare_image() == whole


def test_other_packages_are_another_image(monkeypatch: pytest.MonkeyPatch) -> None:
    before = image.folder()
    monkeypatch.setattr(packages, "EXTRA", (*packages.EXTRA, "hello"))
    assert image.folder() != before


@pytest.mark.parametrize("words", ["echo 'E: no such package' >&2; echo last >&2; exit 100", "exit 1"])
def test_a_builder_that_fails_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    _builder(monkeypatch, ["sh", "-c", words])
    with pytest.raises(LabError) as failed:
        image.prepare_image()
    assert failed.value.code == "lab.image_failed"
    assert failed.value.fields["cause"] == ("E: no such package" if "E:" in words else "-")
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_an_interruption_leaves_nothing(cache: Path) -> None:
    def interrupted(progress: Progress) -> None:
        if progress.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        image.prepare_image(interrupted)
    assert [path.suffix for path in cache.iterdir()] == [".lock"]


def test_a_second_builder_waits_for_the_first_and_what_a_killed_one_left_goes(
    cache: Path,
) -> None:
    pipe = cache.parent / "pipe"
    os.mkfifo(pipe)
    program = (
        "import sys; from network.lab import image\n"
        "image._suite = lambda: 'bookworm'\n"
        f"image._words = lambda root, pool: [sys.executable, '-c', {MAKES!r}, str(root), str(pool), {str(pipe)!r}]\n"
        "image.prepare_image(lambda progress: print(progress.done, flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT) as first:
        assert first.stdout is not None
        assert [first.stdout.readline() for _ in range(3)] == ["0\n", "1\n", "2\n"]
        holder = os.open(pipe, os.O_WRONLY)
        waits: list[Progress] = []

        def waiting(progress: Progress) -> None:
            waits.append(progress)
            if len(waits) == 1:
                assert progress.stage == "waiting"
                first.kill()
                os.close(holder)

        assert list(cache.glob("*.part-*"))
        whole = image.prepare_image(waiting)
    assert waits[-1] == Progress(stage="image", done=image.STEPS, total=image.STEPS)
    assert sorted(path.name for path in cache.iterdir()) == [whole.name, f"{whole.name}.lock"]


def test_images_that_nobody_used_for_a_month_are_forgotten(cache: Path) -> None:
    cache.mkdir()
    ages = {"image-old": 40, "image-held": 40, "image-recent": 20}
    for name, days in ages.items():
        (cache / name).mkdir()
        lock = cache / f"{name}.lock"
        lock.touch()
        then = lock.stat().st_mtime - days * 86400
        os.utime(lock, (then, then))
    with (cache / "image-held.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        whole = image.prepare_image()
    assert {path.name for path in cache.iterdir() if path.is_dir()} == {"image-held", "image-recent", whole.name}


def test_the_index_names_every_package_with_its_size_and_digest(tmp_path: Path) -> None:
    source = tmp_path / "source" / "DEBIAN"
    source.mkdir(parents=True)
    (source / "control").write_text(
        "Package: small\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: small\n"
    )
    pool = tmp_path / "pool"
    pool.mkdir()
    subprocess.run(["dpkg-deb", "--build", str(source.parent), str(pool / "small_1_all.deb")], check=True, capture_output=True)
    packages.write_index(pool)
    index = (pool / "Packages").read_text()
    assert index.startswith("Package: small\n")
    assert f"Filename: ./small_1_all.deb\nSize: {(pool / 'small_1_all.deb').stat().st_size}\nSHA256: " in index
    assert f" {len(index.encode())} Packages" in (pool / "Release").read_text()
