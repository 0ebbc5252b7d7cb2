"""The ground of a person who is not root: users, mounts and a network of their own, in which a cloud can stand and nothing of the
machine is changed. It lasts as long as a lab on it; later commands of that person that work with a cloud go there first.

Routers and servers run as users of their own, and there are none here: what needs them still needs root.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from network.errors import LabRefused
from network.lab import cached, kernel

_COVERED: Final = Path("/run")
"""Where labs make folders."""
_BELOW: Final = ".below"
"""Where what was there before can still be found."""
_ASIDE: Final = Path("/mnt")
_STANDING: Final = ({b"network.lab.supervisor"}, {b"lab", b"up"})
"""Words of the processes that keep a lab, and that are about to bring one up."""
_USERS: Final = Path("/proc/self/uid_map")
_SEVERAL: Final = 2


def is_root() -> bool:
    """Whether the caller is root over more than itself, so that a whole lab can stand."""
    return os.geteuid() == 0 and sum(count for _, _, count in _users()) >= _SEVERAL


def caller() -> int:
    """Who the calling process is for the machine, wherever it went."""
    own = os.geteuid()
    return next((outside for _, outside, _ in _users()), own) if _stands() else own


def join() -> bool:
    """Go where a lab of this person stands, if one does and we are not there. May be called with one thread only."""
    if os.geteuid() == 0 or _stands():
        return False
    for process in _there():
        with ExitStack() as opened, suppress(OSError):  # ended meanwhile, or of somebody who may do more
            handles = [os.open(process / "ns" / name, os.O_RDONLY | os.O_CLOEXEC) for name in ("user", "mnt")]
            for handle in handles:
                opened.callback(os.close, handle)
            with _same_folder():
                kernel.enter_users_and_mounts(*handles)
            return True
    return False


def settle() -> bool:
    """Where the caller is not root, go to where a cloud can stand without, and make it where there is none: whether that was so.
    May be called with one thread only. Raises LabRefused where this machine allows nobody that."""
    if is_root():
        return False
    with _one_at_a_time():
        _make()
    return True


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """So that a person has one ground, however many labs are brought up at once."""
    folder = cached.cache()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / "ground.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make() -> None:
    try:
        if not _stands() and not join():
            with _same_folder():
                users, groups = os.geteuid(), os.getegid()
                kernel.leave_users_and_mounts()
                Path("/proc/self/setgroups").write_text("deny")
                _USERS.write_text(f"0 {users} 1")
                Path("/proc/self/gid_map").write_text(f"0 {groups} 1")
                _cover(_COVERED)
        kernel.leave_network()
    except OSError as error:
        cause = "user.max_user_namespaces" if error.errno == errno.ENOSPC else error.strerror
        raise LabRefused("lab.needs_users", cause=cause) from error


@contextmanager
def _same_folder() -> Iterator[None]:
    """Be in the folder of the same name afterwards, as other mounts have other folders; in `/` where it has none."""
    try:
        here = Path.cwd()
    except OSError:  # somebody took it away
        here = Path("/")
    yield
    try:
        os.chdir(here)
    except OSError:
        os.chdir("/")


def _stands() -> bool:
    return (_COVERED / _BELOW).is_dir()


def _users() -> list[tuple[int, int, int]]:
    """Who is there: first number here, first number outside, how many."""
    lines = _USERS.read_text().splitlines()
    return [(int(inside), int(outside), int(count)) for inside, outside, count in map(str.split, lines)]


def _there() -> Iterator[Path]:
    """The processes of ours that stand on such a ground, and nowhere further in: a database, say, has users of its own again, and
    each cloud has mounts of its own, where a later lab is not seen."""
    own = os.geteuid()
    ours = Path("/proc/self/ns/user").readlink()
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if not process.name.isdigit() or process.stat().st_uid != own or (process / "ns" / "user").readlink() == ours:
                continue
            words = set((process / "cmdline").read_bytes().split(b"\0"))
            if any(kind <= words for kind in _STANDING) and Path(f"{process}/root{_COVERED}/{_BELOW}").is_dir():
                yield process


def _cover(path: Path) -> None:
    """A folder in memory in its place, through which all that it had is still seen. It is made where nothing of ours is."""
    kernel.mount_memory(_ASIDE, "lajur", "mode=755")
    (_ASIDE / _BELOW).mkdir()
    kernel.mount_tree(path, _ASIDE / _BELOW)
    for each in path.iterdir():
        if each.name not in _OURS:
            (_ASIDE / each.name).symlink_to(f"{_BELOW}/{each.name}")
    kernel.move_mount(_ASIDE, path)


_OURS: Final = ("lajur", "netns")
"""What labs make, also those of others on this machine, which is not ours."""
