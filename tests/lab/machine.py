"""What labs may leave on this machine, looked at from outside: names, mounts, processes, files, interfaces. Only looks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from network.lab.layout import prefix
from network.lab.state import DEVICE_FOLDERS, ROOT, labs


def traces(lab_id: str) -> list[str]:
    """Everything that speaks of the lab: empty when it is gone."""
    begin = prefix(lab_id)
    found = [f"namespace {path.name}" for path in Path("/run/netns").glob(f"{begin}*")]
    found += [
        f"mount {line}"
        for line in Path("/proc/mounts").read_text().splitlines()
        if begin in line or any(f" {ROOT}/{lab_id}{end}" in line for end in (" ", "/"))
    ]
    found += [f"file {path}" for path in ROOT.glob("*") if path.name.partition(".")[0] == lab_id]
    found += [f"cgroup {path}" for each in ("", "*/") for path in Path("/sys/fs/cgroup").glob(f"{each}*{begin}*")]
    found += [f"process {pid} {words}" for pid, words in _processes() if _speaks_of(words, lab_id)]
    if not labs():
        found += [f"file {path}" for path in (ROOT, *DEVICE_FOLDERS) if path.exists()]
    return found


def _speaks_of(words: str, lab_id: str) -> bool:
    return prefix(lab_id) in words or f"{ROOT}/{lab_id}/" in words or words.startswith(f"network.lab.supervisor {lab_id} ")


def _processes() -> list[tuple[int, str]]:
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                words = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            found.append((int(path.name), words.partition(" -m ")[2] if "network.lab.supervisor" in words else words))
    return found


def outside() -> str:
    """The machine's own interfaces, routes and rules: a lab must not change them."""
    words = (["link"], ["route", "show", "table", "all"], ["rule"])
    said = (subprocess.run(["ip", "-oneline", *each], capture_output=True, text=True, check=True).stdout for each in words)
    return "".join(said)


def mounts() -> list[str]:
    """What is mounted, but for the names of namespaces and the folders of labs: those of other tests come and go meanwhile, and
    of one's own lab `traces` tells."""
    others = (" /run/netns", f" {ROOT}/")
    return [line for line in Path("/proc/self/mounts").read_text().splitlines() if not any(each in line for each in others)]


def until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Ask again until it is so. Fails when it is not so in time."""
    deadline = monotonic() + seconds
    while not what():
        assert monotonic() < deadline, "it did not become so in time"
        sleep(0.05)
