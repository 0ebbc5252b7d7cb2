"""Where the releases of a workload lie on a server, and which is current. Standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = "/srv/lajur"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+~_-]{0,63}-[0-9a-f]{12}")
_TURN = 60.0


class Busy(Exception):
    """Something else, perhaps of a run that was cut, is still at work on this workload here."""


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and ".." not in text


@dataclass(frozen=True)
class Folders:
    """The folder of one workload: `releases/ID` is whole whenever it is there; `current` and `previous` lead to one of them.
    `files/ID` is the file that a release was made of, kept for servers that join."""

    key: str
    root: str = ROOT

    @property
    def home(self) -> Path:
        return Path(self.root) / self.key

    @property
    def incoming(self) -> Path:
        return self.home / "incoming"

    @property
    def files(self) -> Path:
        return self.home / "files"

    def release(self, name: str) -> Path:
        return self.home / "releases" / name

    def has(self, name: str) -> bool:
        return is_id(name) and self.release(name).is_dir()

    def releases(self) -> list[str]:
        """Oldest first, by when they were placed."""
        folder = self.home / "releases"
        try:
            found = [each for each in folder.iterdir() if is_id(each.name) and each.is_dir() and not each.is_symlink()]
            return [each.name for each in sorted(found, key=lambda each: (each.stat().st_mtime_ns, each.name))]
        except OSError:
            return []

    def led(self, link: str) -> str:
        """The release that `current` or `previous` leads to; empty for none, and for one that is not there."""
        try:
            target = str((self.home / link).readlink())
        except OSError:
            return ""
        folder, _, name = target.rpartition("/")
        return name if folder == "releases" and self.has(name) else ""

    def lead(self, link: str, name: str) -> None:
        """Let `link` lead to a release: readers see the old one or the new, and a cut power supply does not change that."""
        part = self.home / f".{link}.part"
        part.unlink(missing_ok=True)
        part.symlink_to(f"releases/{name}")
        part.replace(self.home / link)
        handle = os.open(self.home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def free(self) -> int | None:
        """Bytes that are free where releases lie."""
        try:
            found = os.statvfs(self.home)
        except OSError:
            return None
        return found.f_bavail * found.f_frsize

    def keep(self, name: str, file: Path) -> None:
        """Keep the file of a release, unless it cannot be moved there: then a server that joins gets it from another one."""
        with contextlib.suppress(OSError):
            self.files.mkdir(mode=0o700, exist_ok=True)
            file.chmod(0o600)
            file.replace(self.files / name)

    def remove(self, name: str) -> None:
        """From one moment to the next it is no release any more; then its files go."""
        gone = self.incoming / f".gone-{name}"
        discard(gone)
        self.release(name).rename(gone)
        discard(gone)
        discard(self.files / name)

    def clear(self) -> None:
        """Whatever a cut run left in `incoming/` goes, and kept files of what is no release."""
        if self.incoming.is_dir():
            for each in self.incoming.iterdir():
                discard(each)
        if self.files.is_dir():
            for each in self.files.iterdir():
                if not self.has(each.name):
                    discard(each)

    @contextlib.contextmanager
    def turn(self, seconds: float = _TURN) -> Iterator[None]:
        """Be the only one at work here. What a cut session left running is waited for. Raises Busy, OSError."""
        handle = os.open(self.home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            deadline = time.monotonic() + seconds
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise Busy(str(self.home)) from None
                    time.sleep(0.1)
            yield
        finally:
            os.close(handle)


def discard(path: Path) -> None:
    """Remove a file, a link or a folder; nothing behind a link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
