"""Child processes that make or measure traffic in a lab: their start from outside, and inside them the three things that
end them. Knows nothing of what they do.

A worker ends when its deadline passes, when whoever started it goes (its standard input closes) or when its lab goes (its
supervisor ends, and its home namespace is emptied), whichever comes first.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from math import ceil
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

from network.errors import LabError, LabRefused
from network.lab.layout import LabPlan
from network.lab.state import Folder, Record

LONGEST: Final = 3600.0
"""No worker lives longer, in seconds."""
_GRACE: Final = 5.0
_BEGIN_SECONDS: Final = 30.0


class Worker:
    """A running worker, seen from outside. Closing it ends it; a context manager does so by itself."""

    def __init__(self, module: str, plan: LabPlan, seconds: float, spec: dict[str, Any]) -> None:
        """Start `module` with `spec` and wait for its first word. Raises LabError when it cannot begin."""
        record = Record.read(Folder(lab=plan.lab))
        if record is None:
            raise LabRefused("lab.not_up", lab=plan.lab)
        if not 0 < seconds <= LONGEST:
            raise LabRefused("lab.worker_seconds", seconds=seconds, longest=LONGEST)
        whole = {
            **spec,
            "home": plan.namespace("inet"),
            "supervisor": record.supervisor,
            "seconds": seconds,
        }
        self._module = module
        self._result: dict[str, Any] | None = None
        self._end = monotonic() + seconds
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            start_new_session=True,
        )
        assert self._process.stdin is not None
        # Kept from `communicate`, which would close it and so end the worker.
        self._leash, self._process.stdin = self._process.stdin, None
        try:
            self.first = self._begin(whole)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def wait(self) -> dict[str, Any]:
        """Let it run to its deadline and return what it found."""
        return self._finish(max(0.0, self._end - monotonic()) + _GRACE)

    def stop(self) -> dict[str, Any]:
        """End it now and return what it found. Asking again returns the same."""
        self._leash.close()
        return self._finish(_GRACE)

    def close(self) -> None:
        """End it now, whatever it found."""
        self._leash.close()
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _begin(self, spec: dict[str, Any]) -> dict[str, Any]:
        self._leash.write(json.dumps(spec).encode() + b"\n")
        assert self._process.stdout is not None
        ready = select.select([self._process.stdout], [], [], _BEGIN_SECONDS)[0]
        line = self._process.stdout.readline() if ready else b""
        if line:
            return self._words(line)
        self._process.kill()
        raise self._failed(self._process.communicate()[1])

    def _finish(self, seconds: float) -> dict[str, Any]:
        if self._result is None:
            try:
                said, complaint = self._process.communicate(timeout=seconds)
                if not said:
                    raise self._failed(complaint)
                self._result = self._words(said)
            except subprocess.TimeoutExpired as error:
                raise self._failed(str(error).encode()) from error
            finally:
                self.close()
        return self._result

    def _failed(self, complaint: bytes) -> LabError:
        lines = complaint.decode(errors="replace").strip().splitlines()
        return LabError("lab.worker_failed", worker=self._module, cause=lines[-1] if lines else "-")

    @staticmethod
    def _words(line: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(line)
        return found


class Leash:
    """Inside a worker: reads its spec, and tells when to end."""

    def __init__(self) -> None:
        self.spec: dict[str, Any] = json.loads(sys.stdin.readline())
        seconds = float(self.spec["seconds"])
        self.end = monotonic() + seconds
        # Even a worker that hangs ends: the kernel's own timer is not ours to forget.
        signal.alarm(ceil(seconds + _GRACE))
        self._supervisor = os.pidfd_open(self.spec["supervisor"])
        self.handles: Final = (sys.stdin.fileno(), self._supervisor)
        """Readable means: end now."""

    def restart(self) -> None:
        """The time counts from now, not from the start of the process."""
        self.end = monotonic() + float(self.spec["seconds"])

    @staticmethod
    def say(words: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()
