"""The real command as a child process, with a state and regencies of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from inventory.load import SHIPPED

_START = "from network.cli.app import main; main()"


@dataclass(frozen=True, slots=True)
class Command:
    """`lajur` with this environment. Nothing of the person who runs the tests reaches it."""

    environment: dict[str, str]
    patience: ClassVar[float] = 300
    """Seconds that one line may take, however busy the machine is."""

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-c", _START, *words]

    def __call__(self, *words: str, code: int = 0) -> str:
        """Run one line that must end with `code`; what it said."""
        done = subprocess.run(
            self.words(*words), env=self.environment, capture_output=True, text=True, timeout=self.patience, check=False
        )
        assert done.returncode == code, f"lajur {' '.join(words)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self(*words, "--output", "json", code=code))


def command(folder: Path, regencies: Path, regency: str) -> Command:
    root = Path(__file__).parents[2]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    own = {"LAJUR_STATE": folder / "state", "LAJUR_REGENCIES": regencies, "LAJUR_REGENCY": regency, "PYTHONPATH": root}
    return Command({**kept, **{name: str(value) for name, value in own.items()}})


def copied(folder: Path, shipped: str, key: str) -> Path:
    """The folder of regencies with one: a shipped regency under another key, so that no other lab is taken for its own."""
    regencies = folder / "regencies"
    shutil.copytree(SHIPPED / shipped, regencies / key)
    head = regencies / key / "regency.yaml"
    text = head.read_text()
    assert f"key: {shipped}" in text
    head.write_text(text.replace(f"key: {shipped}", f"key: {key}", 1))
    return regencies


@pytest.fixture
def lajur(tmp_path: Path) -> Command:
    """A small regency, as shipped."""
    return command(tmp_path, SHIPPED, "tolikara")


def answers(words: Sequence[str], environment: dict[str, str], answer: str) -> tuple[int, str]:
    """Run on a terminal of its own, give `answer` to the question, and wait for the end: exit code and all that was shown."""
    import pty

    leader, follower = pty.openpty()
    with subprocess.Popen(words, env=environment, stdin=follower, stdout=follower, stderr=follower) as child:
        os.close(follower)
        os.write(leader, f"{answer}\n".encode())
        shown = _until_end(leader)
        return child.wait(Command.patience), shown


def _until_end(leader: int) -> str:
    """All that a terminal shows until nobody writes to it any more."""
    parts = []
    try:
        while part := os.read(leader, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(leader)
    return b"".join(parts).decode(errors="replace")
