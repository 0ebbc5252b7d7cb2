"""A run of the child that something happens to: watched by its events and its processes, never by waiting a while."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

from infra.broker import sweep
from tests.infra.site import Answer, Site

PATIENCE = 200.0
WORDS = {
    "engine": "bin/pulumi --non-interactive",
    "provider": "pulumi-resource-lajur",
    "policies": "pulumi-analyzer-policy-python",
}
"""By what each of the child's processes is known."""


def until(holds: Callable[[], Any], what: str) -> Any:
    deadline = monotonic() + PATIENCE
    while not (found := holds()):
        assert monotonic() < deadline, f"not within {PATIENCE:.0f} s: {what}"
        sleep(0.005)
    return found


class Troubled:
    """One run. Whatever happens, nothing of it is left at the end of the block."""

    def __init__(self, site: Site, verb: str = "up", *servers: str, **more: Any) -> None:
        self.process: subprocess.Popen[str] = site.start(verb, *servers, **more)
        self._told: list[dict[str, Any]] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pid in self.members():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self._listener.join()
        sweep()  # it was killed in the middle
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._told.append(json.loads(line))

    def members(self) -> dict[int, str]:
        """Its processes that run, and with which words each was started."""
        found = {}
        for each in Path("/proc").iterdir():
            if each.name.isdecimal():
                with suppress(OSError):
                    state, _, _, session = (each / "stat").read_text().rpartition(")")[2].split()[:4]
                    if int(session) == self.process.pid and state not in "ZX":
                        found[int(each.name)] = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def pid(self, who: str, words: str = "") -> int:
        """The process id of one of them, waited for."""
        if who == "child":
            return self.process.pid
        wanted = WORDS[who]

        def find() -> int:
            return next((pid for pid, said in self.members().items() if wanted in said and words in said), 0)

        return int(until(find, f"{who} runs"))

    def heard(self, event: str, **fields: Any) -> None:
        """Wait until it has told this."""

        def has() -> bool:
            assert self.process.poll() is None or self._listener.is_alive() or self._has(event, fields), self._told[-3:]
            return self._has(event, fields)

        until(has, f"{event} {fields}")

    def _has(self, event: str, fields: dict[str, Any]) -> bool:
        return any(each["event"] == event and fields.items() <= each.get("fields", {}).items() for each in list(self._told))

    def kill(self, who: str, words: str = "", number: int = signal.SIGKILL) -> None:
        os.kill(self.pid(who, words), number)

    def ended(self) -> Answer:
        """Wait until nothing of it runs any more; what it had told by then."""
        until(lambda: self.process.poll() is not None, "the child ends")
        until(lambda: not self.members(), f"nothing of it runs any more: {self.members()}")
        self._listener.join()
        assert self.process.stderr is not None
        return Answer(self._told, self._told[-1] if self._told else {}, self.process.stderr.read())
