"""The cloud of a lab from outside: what must be prepared, the base that every lab begins with, its start, whether it answers."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from network.errors import LabError, LabRefused
from network.lab import cached, rootless
from network.lab.cloud import base, keeper
from network.lab.cloud.running import database_programs
from network.lab.layout import LabPlan, Node
from network.lab.progress import OnProgress, Progress, silent
from network.lab.state import Folder

BUILDER: Final = 1
"""Goes up whenever the same settings and programs are to be made into another base."""

_ROOT: Final = Path(__file__).parents[3]
_PINNED: Final = _ROOT / "requirements" / "cloud.txt"
_OURS: Final = (
    *(Path(__file__).with_name(f"{name}.py") for name in ("base", "parts", "running", "texts")),
    *sorted((_ROOT / "network" / "plugins" / "lajur_cloud").glob("*.py")),
)
"""What a base depends on."""


def environment() -> Path:
    """The cloud's own Python, as `requirements/cloud.sh` makes it. Raises LabRefused when it was not."""
    try:
        pinned = hashlib.sha256(_PINNED.read_bytes()).hexdigest()[:16]
    except FileNotFoundError:
        raise LabRefused("lab.cloud_no_checkout") from None
    kept = cached.cache() / "cloud" / pinned
    if not (kept / "ready").exists():
        raise LabRefused("lab.cloud_unprepared")
    return kept / "venv"


def folder() -> Path:
    """The base for this environment and these settings, or where it will be. Raises LabError as `environment` does."""
    texts = [path.read_text("utf-8") for path in _OURS]
    # What root makes belongs to several users, which nobody else could use.
    parts = [BUILDER, rootless.is_root(), str(environment()), str(database_programs()), platform.python_version(), *texts]
    return cached.cache() / "lab" / f"cloud-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}"


def prepare_cloud(on_progress: OnProgress = silent) -> Path:
    """The base, made now when it is not there (a minute, 170 MB); one builder at a time. Raises LabError when it cannot be made;
    then nothing of it is left."""

    def build(part: Path) -> None:
        on_progress(Progress(stage="cloud_base", done=0, total=1))
        part.chmod(0o755)
        build_cloud(part)
        on_progress(Progress(stage="cloud_base", done=1, total=1))

    return cached.prepare(folder(), build, on_progress)


def hold() -> int:
    """Keep the base from being forgotten while the descriptor that this returns is open."""
    return cached.hold(folder())


def build_cloud(part: Path) -> None:
    """Make a base in this folder, which is empty. Raises LabError when it cannot be made."""
    words = [
        *("setpriv", "--pdeathsig", "KILL"),
        *("unshare", "--net", "--mount", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *(sys.executable, "-m", base.__name__, str(part), str(environment())),
    ]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(_ROOT)}, check=False)
    if done.returncode == 0:
        return
    try:
        said = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().splitlines() or ["-"]
        raise LabError("lab.command_refused", command="network.lab.cloud.base", cause=last[-1][:400]) from None
    raise LabError(said["code"], **said["fields"])


def start(plan: LabPlan, lab: Folder, node: Node) -> int:
    """Start the cloud. Returns the process that keeps it, a child of the caller: all of it ends with it, and with the caller."""
    home, whole = lab.node(node.key), folder()
    home.mkdir(parents=True, exist_ok=True)
    (home / "ready").unlink(missing_ok=True)
    lab.clouds.touch(mode=0o600)
    lab.clouds.write_bytes((whole / "clouds.yaml").read_bytes())
    words = [
        *("setpriv", "--pdeathsig", "KILL"),
        *("nsenter", f"--net=/run/netns/{plan.namespace(node.key)}"),
        *("unshare", "--mount", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *(sys.executable, "-m", keeper.__name__, str(whole), str(environment()), plan.lab),
    ]
    with (home / "console").open("ab") as log, Path(os.devnull).open("rb") as nothing:
        actions = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
        actions += [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        return os.posix_spawnp(words[0], words, os.environ, file_actions=actions, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])


def is_ready(lab: Folder, node: Node) -> bool:
    """Whether servers can be asked for."""
    return (lab.node(node.key) / "ready").exists()
