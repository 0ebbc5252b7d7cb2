"""A small root of its own for scripts that change a machine: this machine's programs read-only, everything else made up.

A script runs in a mount namespace, after chroot, and only there: where one of both cannot be had, it does not run at all.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_ENTER: Final = r"""
set -e
mount --make-rprivate /
for d in usr lib lib64 bin sbin; do
    if [ -L /$d ]; then ln -s "$(readlink /$d)" "$1/$d"; elif [ -d /$d ]; then mkdir "$1/$d"; mount --bind -o ro /$d "$1/$d"; fi
done
for f in null urandom; do : >"$1/dev/$f"; mount --bind /dev/$f "$1/dev/$f"; done
exec chroot "$1" /bin/sh -s
"""


class Chamber:
    """`files`: what stands in it, by path; each 0600, its folders are made."""

    def __init__(self, root: Path, files: Mapping[str, str]) -> None:
        self.root = root
        for name in ("dev", "etc", "root", "home", "tmp", "var/lib/dpkg/info", "run"):
            (root / name).mkdir(parents=True)
        (root / "var/lib/dpkg/status").touch()
        alternatives = root / "etc/alternatives"
        alternatives.mkdir()
        (alternatives / "awk").symlink_to(Path("/usr/bin/awk").resolve())
        for name, text in files.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        file = self.root / name.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)

    def read(self, name: str) -> str:
        return (self.root / name.lstrip("/")).read_text()

    def there(self, name: str) -> bool:
        return os.path.lexists(self.root / name.lstrip("/"))

    def run(self, script: str) -> subprocess.CompletedProcess[bytes]:
        for name in ("usr", "lib", "lib64", "bin", "sbin"):
            place = self.root / name
            if place.is_symlink():
                place.unlink()
            elif place.is_dir():
                place.rmdir()
        # A shell cannot trap what was ignored when it began, as a background job has it.
        enter = ["env", "--default-signal", "unshare", "--mount", "sh", "-c", _ENTER, "chamber", str(self.root)]
        return subprocess.run(enter, input=script.encode(), capture_output=True, check=False, timeout=240)
