"""What is made once for all labs of a user and lies in the cache: made by one at a time, held while a lab stands on it, forgotten
when nobody asked for it in a month."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Final

from network.lab.progress import OnProgress, Progress

_POLL: Final = 0.2
_TRIES: Final = 25
_UNUSED_SECONDS: Final = 30 * 86400


def cache() -> Path:
    """The user's folder for what is made once."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("LAJUR_CACHE") or f"{base}/lajur").expanduser()


def prepare(whole: Path, build: Callable[[Path], None], on_progress: OnProgress) -> Path:
    """The folder `whole`, made now by `build` when it is not there; others wait for who makes it. Its name is a kind, a hyphen
    and what it depends on: another of its kind goes when it was not asked for in a month.

    Raises what `build` raises; then nothing of it is left.
    """
    whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _lock_of(whole).touch(mode=0o600)
    if whole.is_dir():
        return whole
    with _lock(_lock_of(whole), whole, on_progress):
        if whole.is_dir():
            return whole
        _forget_old(whole)
        for left in whole.parent.glob(f"{whole.name}.part-*"):
            _remove(left)
        part = Path(tempfile.mkdtemp(prefix=f"{whole.name}.part-", dir=whole.parent))
        try:
            build(part)
            part.rename(whole)
        except BaseException:
            _remove(part)
            raise
    return whole


def hold(whole: Path) -> int:
    """Keep it from being forgotten while the descriptor that this returns is open."""
    handle = os.open(_lock_of(whole), os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def _lock_of(whole: Path) -> Path:
    """It is touched whenever somebody asks for the folder, which so says when it was used last."""
    return whole.with_suffix(".lock")


def _forget_old(new: Path) -> None:
    """Remove those of its kind that nobody holds and nobody asked for in the last month before this one was."""
    for lock in new.parent.glob(f"{new.name.partition('-')[0]}-*.lock"):
        if _lock_of(new).stat().st_mtime - lock.stat().st_mtime < _UNUSED_SECONDS:
            continue
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink()
        except BlockingIOError:
            pass
        finally:
            os.close(handle)


def _remove(part: Path) -> None:
    """Remove what was begun. The programs that wrote it were killed and may need a moment to be gone."""
    for _ in range(_TRIES):
        shutil.rmtree(part, ignore_errors=True)
        if not part.exists():
            return
        sleep(_POLL)


@contextmanager
def _lock(path: Path, awaited: Path, on_progress: OnProgress) -> Iterator[None]:
    """Held alone, or not at all once `awaited` is there: whoever builds it hands it on to labs that share the lock for long."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if awaited.is_dir():
                    break
                on_progress(Progress(stage="waiting", done=0, total=1))
                sleep(_POLL)
        yield
    finally:
        os.close(handle)
