"""Where a lab keeps what it is: its folder under /run/lajur, its lock, its record. Makes no namespace and starts nothing.

A lab exists while its folder does; it is alive while somebody holds its lock. The lock is held by the supervisor, and by
a command while it builds or cleans, so the kernel lets go of it whenever the holder dies.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from network.errors import LabError, LabRefused
from network.lab import kernel, rootless
from network.lab.layout import NAMES, LabPlan, Port, lab_of

ROOT: Final = Path("/run/lajur")
DEVICE_FOLDERS: Final = (Path("/var/lib/lajur"), Path("/var/lib/napalm_frr"))
"""Mount points of each router's own folders of these names; the machine itself needs only the empty folders."""

_ROUTERS_MB: Final = 512
_SERVER_MB: Final = 1024
_CLOUD_MB: Final = 2048
"""Bounds of what a lab may keep in memory; what is not written costs nothing."""
_NAMES: Final = Path(NAMES)
_BORROWED: Final = (*DEVICE_FOLDERS, _NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The files of one lab."""

    lab: str

    @property
    def path(self) -> Path:
        return ROOT / self.lab

    @property
    def lock(self) -> Path:
        return ROOT / f"{self.lab}.lock"

    @property
    def plan(self) -> Path:
        return self.path / "plan.json"

    @property
    def record(self) -> Path:
        return self.path / "record.json"

    @property
    def events(self) -> Path:
        """What happened while starting, one JSON object a line."""
        return self.path / "events.jsonl"

    @property
    def log(self) -> Path:
        return self.path / "supervisor.log"

    @property
    def known_hosts(self) -> Path:
        return self.path / "known_hosts"

    @property
    def client_key(self) -> Path:
        return self.path / "client_key"

    @property
    def snmp(self) -> Path:
        """JSON with `user`, `auth` and `privacy`."""
        return self.path / "snmp.json"

    @property
    def engines(self) -> Path:
        """JSON: the SNMP engine of each router in hexadecimal, by device."""
        return self.path / "engines.json"

    @property
    def traps(self) -> Path:
        """Which traps of its routers were believed; written by whoever hears them."""
        return self.path / "traps.json"

    @property
    def issuers(self) -> Path:
        """The authority (PEM) that signs for the systems outside; there once they answer."""
        return self.path / "systems.pem"

    @property
    def systems(self) -> Path:
        """The socket on which whoever plays the systems outside is told how they are to be."""
        return self.path / "systems.sock"

    @property
    def clouds(self) -> Path:
        """clouds.yaml: how servers are rented from the lab's cloud, and how it is looked after."""
        return self.path / "clouds.yaml"

    @property
    def ospf_keys(self) -> Path:
        """JSON: each reference of the truth to the lab's own key."""
        return self.path / "ospf_keys.json"

    def node(self, key: str) -> Path:
        return self.path / "nodes" / key

    def module(self, port: Port) -> Path:
        """What `ethtool -m` shows of a port; there is no such file where there is no module."""
        return self.node(port.node) / "optics" / port.interface


@dataclass(slots=True, kw_only=True)
class NodeRecord:
    """`pid` is process 1 of the router or server as the machine counts it; `starts` counts how often it was started; one
    that `failed` ends whenever it is started and is left alone. `ready_after`: seconds from the start of the lab until it first
    answered."""

    pid: int | None = None
    starts: int = 0
    ready: bool = False
    failed: bool = False
    ready_after: float | None = None


@dataclass(slots=True, kw_only=True)
class Record:
    """What the supervisor knows, as others read it. `started` is on the machine's monotonic clock, in seconds. One that is
    `stopping` is up for nobody any more, before anything of it is gone."""

    supervisor: int
    started: float
    ready_after: float | None = None
    stopping: bool = False
    nodes: dict[str, NodeRecord] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return self.ready_after is not None and all(node.ready for node in self.nodes.values())

    def write(self, folder: Folder) -> None:
        write_whole(folder.record, json.dumps(asdict(self)))

    @staticmethod
    def read(folder: Folder) -> Record | None:
        """None while there is none, and for one that another version of the toolkit wrote (`is_foreign`)."""
        try:
            raw = json.loads(folder.record.read_text())
            return Record(**{**raw, "nodes": {key: NodeRecord(**node) for key, node in raw["nodes"].items()}})
        except (FileNotFoundError, NotADirectoryError, AttributeError, KeyError, TypeError, ValueError):
            return None


def write_whole(path: Path, text: str) -> None:
    """Write so that a reader sees the old text or the new, never a part."""
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    part.replace(path)


def read_plan(folder: Folder) -> LabPlan | None:
    """The plan of the lab; None while there is none, and for one that another version of the toolkit wrote: such a lab can be
    taken down, and nothing else is asked of it."""
    try:
        return LabPlan.from_json(folder.plan.read_text())
    except (FileNotFoundError, NotADirectoryError, KeyError, TypeError, ValueError):
        return None


def is_foreign(folder: Folder) -> bool:
    """Whether another version of the toolkit made the lab: what it wrote is there and cannot be read."""
    pairs = ((folder.plan, lambda: read_plan(folder)), (folder.record, lambda: Record.read(folder)))
    return any(path.exists() and read() is None and path.exists() for path, read in pairs)


def supervisor_of(folder: Folder) -> int | None:
    """The process that keeps the lab, also of one that another version made; None while it has not said who it is."""
    if (record := Record.read(folder)) is not None:
        return record.supervisor
    try:
        pid = int(json.loads(folder.record.read_text())["supervisor"])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, KeyError, TypeError, ValueError):
        return None
    return pid if {b"network.lab.supervisor", folder.lab.encode()} <= set(words) else None


def labs() -> list[str]:
    """The ids of all labs of this machine, running or left behind."""
    names = (lab_of(path.name) for path in _NAMES.glob("*"))
    return sorted(_with_files() | {lab for lab in names if lab is not None})


def _with_files() -> set[str]:
    return {path.name.removesuffix(".lock") for path in ROOT.glob("*") if path.is_dir() or path.suffix == ".lock"}


def try_lock(folder: Folder) -> int | None:
    """Take the lab's lock; the descriptor, or None when somebody holds it. Makes the machine ready for a first lab."""
    with _root_lock():
        handle = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return handle


def is_held(folder: Folder) -> bool:
    """Whether the lab is alive."""
    if not folder.lock.exists():
        return False
    handle = try_lock(folder)
    if handle is None:
        return True
    os.close(handle)
    return False


def open_folder(folder: Folder, servers: int = 0, clouds: int = 0) -> None:
    """Make the folder of a lab, in memory: its keys and pass phrases never reach a disk, and a disk never slows it. There is room
    for what its routers write, for what is installed on so many servers, and for what a cloud writes."""
    folder.path.mkdir(mode=0o700)
    size = _ROUTERS_MB + servers * _SERVER_MB + clouds * _CLOUD_MB
    try:
        kernel.mount_memory(folder.path, f"lajur-{folder.lab}", f"mode=700,size={size}m")
    except OSError as error:
        raise LabError("lab.command_refused", command=f"mount -t tmpfs {folder.path}", cause=error.strerror) from error


def forget(folder: Folder, handle: int) -> None:
    """Remove the lab's files and its lock, and with the last lab everything that the first one made on this machine."""
    with _root_lock():
        with suppress(OSError):
            kernel.unmount(folder.path)
        shutil.rmtree(folder.path, ignore_errors=True)
        folder.lock.unlink(missing_ok=True)
        os.close(handle)
        if not _with_files():
            _give_back()


@contextmanager
def _root_lock() -> Iterator[None]:
    """Hold the folder of all labs, making it (and what every lab borrows from the machine) when it is not there."""
    handle = -1
    while handle < 0:
        try:
            # Not `exist_ok`: it fails when another lab takes the folder away between the two calls that it is made of.
            with suppress(FileExistsError):
                ROOT.mkdir(mode=0o711)
            handle = os.open(ROOT, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise LabRefused("lab.needs_root", cause=error.strerror) from error
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not _is_still(ROOT, handle):
            os.close(handle)
            handle = -1
    try:
        _borrow()
        yield
    finally:
        os.close(handle)


def _is_still(path: Path, handle: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def _borrow() -> None:
    """What is missing is noted before it is made, also when labs stand already that needed less."""
    made = ROOT / "made"
    noted = made.read_text() if made.exists() else ""
    # Routers need root, and whoever has none may make no folder for them.
    wanted = [path for path in _BORROWED if rootless.is_root() or path not in DEVICE_FOLDERS]
    missing = [path for path in wanted if not path.exists()]
    if missing or not noted:
        write_whole(made, noted + "".join(f"{path}\n" for path in missing))
    for path in missing:
        path.mkdir(parents=True, exist_ok=True)


def _give_back() -> None:
    made = ROOT / "made"
    for line in made.read_text().splitlines():
        path = Path(line)
        with suppress(OSError):
            if path == _NAMES and not any(path.iterdir()):
                # iproute2 mounts this folder over itself when it makes the first name.
                with suppress(OSError):
                    kernel.unmount(path)
            path.rmdir()
    made.unlink()
    with suppress(OSError):
        ROOT.rmdir()
