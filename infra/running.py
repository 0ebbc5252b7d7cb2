"""The engine's commands as processes of ours, which an interrupt ends in order: what was begun comes to its end, the state is
written, and the lock is taken away."""

from __future__ import annotations

import os
import subprocess
import threading
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, cast

from pulumi.automation import CommandResult, OnOutput, PulumiCommand
from pulumi.automation.errors import create_command_error

from infra.engine.binary import Engine
from infra.errors import NeedsPerson
from infra.holders import noted
from infra.interrupts import Interrupts

# Of a stream that ends with an engine that was killed: that is told otherwise.
warnings.filterwarnings("ignore", message="Error in event stream", category=UserWarning)


class EngineCommand(PulumiCommand):
    """The SDK's way to run the engine, for this very binary, whose version is known."""

    def __init__(self, engine: Engine, interrupts: Interrupts, notes: Path, killed: Callable[[], bool]) -> None:
        """`notes`: where it is written who is at work (`infra.holders`); `killed`: called when an engine was ended by a signal;
        whether that can have left something half done."""
        # Not the parent's: it would ask the binary for its version once more. Only the version's text is looked at.
        self.command = str(engine.path)
        self.version = cast("Any", engine.version)
        self._interrupts = interrupts
        self._notes = notes
        self._killed = killed

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> CommandResult:
        """Raises CommandError, also where an interrupt killed a change, and NeedsPerson when it was interrupted, however far it
        came."""
        if self._interrupts.count:
            raise NeedsPerson("infra.interrupted")
        said: tuple[list[str], list[str]] = ([], [])
        with (
            noted(self._notes) as note,
            subprocess.Popen(
                [self.command, "--non-interactive", *args],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env={**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"},
                encoding="utf-8",
                errors="backslashreplace",
                process_group=0,  # who interrupts us and all about us would interrupt it twice, which means at once
                pass_fds=note.handles,
            ) as process,
        ):
            note.of(process.pid)
            streams = zip((process.stdout, process.stderr), said, strict=True)
            threads = [threading.Thread(target=_keep, args=each, daemon=True) for each in streams]
            for thread in threads:
                thread.start()
            self._interrupts.wait(process, *threads)
            note.is_needed = process.returncode < 0
        half_done = process.returncode < 0 and self._killed()
        result = CommandResult(stdout="\n".join(said[0]), stderr="\n".join(said[1]), code=process.returncode)
        for heard, lines in ((on_output, said[0]), (on_error, said[1])):
            if heard is not None:
                for line in lines:
                    heard(line)
        if not half_done and self._interrupts.count:  # also of one that says it is through: a return that was stopped says so too
            raise NeedsPerson("infra.interrupted")
        if process.returncode:
            raise create_command_error(result)
        return result


def _keep(stream: IO[str], lines: list[str]) -> None:
    lines.extend(line.rstrip() for line in stream)
