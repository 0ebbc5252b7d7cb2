"""The image that all servers of all labs stand on: a Debian made once by the machine's own package sources, and the packages
that a lab's repository serves. Kept in the user's cache under a name that changes with everything that goes into it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from network.errors import LabError, LabRefused
from network.lab import cached, packages
from network.lab import machine_files as files
from network.lab.progress import OnProgress, Progress, silent

BUILDER: Final = 2
"""Goes up whenever the same packages are to be made into another image."""

STEPS: Final = 11
_LAST_WORDS: Final = 500
_EXCLUDED: Final = ("/usr/share/man/*", "/usr/share/locale/*", "/usr/share/doc/*")
_PARTS: Final = ("", "-updates", "-security")


def folder() -> Path:
    """Where the image of this machine's Debian is, or will be: `root` with its files and `pool` with its repository."""
    parts = [BUILDER, _suite(), packages.BASE, packages.EXTRA, files.MASKED, files.IMAGE_FILES]
    return cached.cache() / "lab" / f"image-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}"


def prepare_image(on_progress: OnProgress = silent) -> Path:
    """The image, made now when it is not there (about a minute, 300 MB); one builder at a time, others wait for it.

    Raises LabError when this machine cannot make it; then nothing of it is left.
    """
    return cached.prepare(folder(), lambda part: _build(part, on_progress), on_progress)


def hold() -> int:
    """Keep the image from being forgotten while the descriptor that this returns is open."""
    return cached.hold(folder())


def _suite() -> str:
    """The name of this machine's Debian. Raises LabRefused when it is none."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    if release.get("ID") != "debian" or "VERSION_CODENAME" not in release:
        raise LabRefused("lab.image_needs_debian", system=release.get("PRETTY_NAME", platform.system())[:80])
    return release["VERSION_CODENAME"]


def _build(part: Path, on_progress: OnProgress) -> None:
    root, pool = part / "root", part / "pool"
    pool.mkdir()
    on_progress(Progress(stage="image", done=0, total=STEPS))
    _run(_words(root, pool), on_progress)
    packages.write_index(pool)
    for name, text in files.IMAGE_FILES.items():
        path = root / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o644)
    for left in (path for pattern in files.LEFT_BY_BUILDER for path in root.glob(pattern)):
        left.unlink()
    for unit in files.MASKED:
        (root / "etc/systemd/system" / unit).symlink_to("/dev/null")
    on_progress(Progress(stage="image", done=STEPS, total=STEPS))


def _words(root: Path, pool: Path) -> list[str]:
    """mmdebstrap in namespaces of its own, so that nothing that it starts or mounts outlives it, or us.

    Its last hook takes every package that it has fetched, and those of the repository that it has not, into the pool.
    """
    hook = (
        f"APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get --yes --no-install-recommends --download-only install "
        f'{" ".join(packages.EXTRA)} && mv "$1"/var/cache/apt/archives/*.deb {shlex.quote(str(pool))}/'
    )
    return [
        *("setpriv", "--pdeathsig", "KILL"),
        *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *("mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory"),
        f"--include={','.join(packages.BASE)}",
        *(f"--dpkgopt=path-exclude={pattern}" for pattern in _EXCLUDED),
        *(f"--aptopt={option}" for option in _transport()),
        *("--skip=essential/unlink", f"--customize-hook={hook}"),
        *(_suite(), str(root), *_sources()),
    ]


def _sources() -> list[str]:
    """Of the machine's own package sources those with Debian's main packages, in the one-line form."""
    wanted = [f"{_suite()}{part}" for part in _PARTS]
    words = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    found = dict.fromkeys(_said(words).splitlines())
    lines = [line.split() for line in found]
    sources = [f"deb {' '.join(line)}" for line in lines if len(line) == 3 and line[1] in wanted and line[2] == "main"]
    if not sources:
        raise LabRefused("lab.image_no_sources", suite=_suite())
    return sources


def _transport() -> list[str]:
    """How the machine's apt reaches its sources: proxies, certificates, time-outs."""
    said = _said(["apt-config", "dump", "Acquire::http"]) + _said(["apt-config", "dump", "Acquire::https"])
    return [line for line in said.splitlines() if not line.endswith(' "";')]


def _said(words: Sequence[str]) -> str:
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError("lab.image_failed", cause=_last(done.stderr))
    return done.stdout


def _run(words: Sequence[str], on_progress: OnProgress) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile("w+") as said:
        try:
            done = _watched(words, environment, said, on_progress)
        except FileNotFoundError as error:
            raise LabRefused("lab.needs_programs", programs=str(error.filename), packages="mmdebstrap") from error
        if done != 0:
            said.seek(0)
            raise LabError("lab.image_failed", cause=_last(said.read()))


def _watched(words: Sequence[str], environment: dict[str, str], said: IO[str], on_progress: OnProgress) -> int:
    """Run; every line that begins with `I:` is a step."""
    steps = 0
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                said.write(line)
                if line.startswith("I: "):
                    steps = min(steps + 1, STEPS - 1)
                    on_progress(Progress(stage="image", done=steps, total=STEPS))
        except BaseException:
            process.kill()
            raise
    return process.returncode


def _last(text: str) -> str:
    """The last lines that say what is wrong, else the last at all."""
    lines = text.strip().splitlines()
    wrong = [line for line in lines if line.startswith("E: ")] or lines
    return "; ".join(wrong[-3:])[-_LAST_WORDS:] or "-"
