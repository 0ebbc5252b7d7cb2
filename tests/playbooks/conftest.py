"""The real `ansible-playbook` as a child process, from the top of the checkout, as an engineer gives it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.stories.conftest import Command, command, copied

ROOT = Path(__file__).parents[2]
QOS, LINKS = "playbooks/qos.yml", "playbooks/links.yml"
_RECAP = re.compile(r"^(\S+) +: ok=(\d+) +changed=(\d+) +unreachable=(\d+) +failed=(\d+) +skipped=(\d+)", re.MULTILINE)
_PATIENCE = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    changed: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """`hosts` is the recap of the end, by host; `text` all that was said."""

    text: str
    hosts: Mapping[str, Recap]

    @property
    def changed(self) -> set[str]:
        return {host for host, recap in self.hosts.items() if recap.changed}

    @property
    def failed(self) -> set[str]:
        return {host for host, recap in self.hosts.items() if recap.failed}


@dataclass(frozen=True, slots=True)
class Engineer:
    """Somebody with a checkout, a regency and a state of their own. Ansible's own folders are in theirs too. It is waited
    for `patience` seconds."""

    lajur: Command
    patience: int = _PATIENCE

    def __call__(self, *words: str, code: int = 0, **environment: str) -> Played:
        """`ansible-playbook` with these words, that must end with `code`."""
        said = self.run("ansible-playbook", *words, code=code, environment=environment)
        found = {
            host: Recap(changed=int(changed), failed=int(failed) + int(unreachable), skipped=int(skipped))
            for host, _, changed, unreachable, failed, skipped in _RECAP.findall(said)
        }
        return Played(text=said, hosts=found)

    def run(
        self, program: str, *words: str, code: int = 0, folder: Path = ROOT, environment: Mapping[str, str] | None = None
    ) -> str:
        """All that it said, on both streams."""
        done = subprocess.run(
            [program, *words],
            env={**self.lajur.environment, **(environment or {})},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=self.patience,
            check=False,
        )
        assert done.returncode == code, f"{program} {' '.join(words)} ended with {done.returncode}\n{done.stdout}"
        return done.stdout


def engineer(folder: Path, shipped: str, key: str, patience: int = _PATIENCE) -> Engineer:
    """With one regency: a shipped one under another key, so that nobody else's lab is taken for its own."""
    own = command(folder, copied(folder, shipped, key), key)
    home = folder / "ansible"
    mine = {
        "PATH": f"{Path(sys.executable).parent}:{own.environment.get('PATH', '')}",
        "HOME": str(folder),
        # What is made once for every lab would be made once more, and be gone with the folder while a lab stands on it.
        "LAJUR_CACHE": os.environ.get("LAJUR_CACHE") or f"{os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'}/lajur",
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_LOCAL_TEMP": str(home / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
        "COLUMNS": "140",
    }
    return Engineer(Command({**own.environment, **mine}), patience)


def lines_in(text: str, shown: str) -> bool:
    """Whether the lines that were shown stand in the text, in their order. The moment of a plan is not compared."""
    rest = iter(line.rstrip() for line in text.splitlines())
    wanted = [line.rstrip() for line in shown.splitlines() if line.strip() and not re.search(r"\d\d:\d\d", line)]
    assert wanted
    return all(line in rest for line in wanted)
