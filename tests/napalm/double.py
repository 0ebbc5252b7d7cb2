"""A driver whose device is a folder of files, as NAPALM's own suite wants one: a command's answer is the file of its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from napalm.base.test.double import BaseTestDouble

from napalm_frr import FRRDriver
from napalm_frr.shell import Answer


class FakeDevice(BaseTestDouble):  # type: ignore[misc]  # NAPALM ships no types
    """Reads `mocked_data/<test>/<case>/<command>.txt`. A file that begins with `@` and a number ended with that."""

    def commands(self, commands: Sequence[str]) -> list[Answer]:
        return [self._answer(command) for command in commands]

    def _answer(self, command: str) -> Answer:
        text = Path(self.find_file(f"{self.sanitize_text(command)}.txt")).read_text("utf-8")
        if text.startswith("@"):
            status, _, text = text[1:].partition("\n")
            return Answer(text, int(status))
        return Answer(text)


class PatchedFRRDriver(FRRDriver):
    """Never opens a session."""

    def __init__(self, hostname: str, username: str, password: str, timeout: int = 60, optional_args: Any = None) -> None:
        super().__init__(hostname, username, password, timeout, optional_args)
        self.patched_attrs = ["device"]
        self.device = FakeDevice()

    def open(self) -> None:
        """Nothing to open."""

    def close(self) -> None:
        """Nothing to close."""
