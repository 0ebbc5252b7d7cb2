"""Headless Chromium as a printer: one process for a page, in a folder of its own, without the network, for a bounded time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from network.errors import PrintFailed, Refused

PROGRAM: Final = "chromium"
_PATIENCE: Final = 60.0
"""Seconds; a page takes two to five on a small machine."""

_LARGEST: Final = 32 * 2**20
_FLAGS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
"""The last one: no name resolves, whatever the page would ask for."""


class Chromium:
    """`network.core.printing.Printer`. `program`: what is started, by name or path; `patience` in seconds."""

    def __init__(self, program: str = PROGRAM, patience: float = _PATIENCE) -> None:
        self._program = program
        self._patience = patience

    def pdf(self, page: str) -> bytes:
        found = shutil.which(self._program)
        if found is None:
            raise Refused("print.no_chromium", program=self._program)
        with TemporaryDirectory(prefix="lajur-print-", ignore_cleanup_errors=True) as folder:
            source, target, own = Path(folder, "page.html"), Path(folder, "page.pdf"), Path(folder, "home")
            own.mkdir()
            source.write_text(page, encoding="utf-8", errors="backslashreplace")
            # Root has no user namespace to fall back to; the page is ours and asks for nothing.
            alone = ("--no-sandbox",) if os.geteuid() == 0 else ()
            words = (found, *_FLAGS, *alone, f"--user-data-dir={own}", f"--print-to-pdf={target}", source.as_uri())
            self._run(words, own, Path(folder, "said"))
            return self._read(target, Path(folder, "said"))

    def _run(self, words: tuple[str, ...], home: Path, said: Path) -> None:
        """What it says goes to a file: a pipe would be held open by whoever it leaves behind."""
        environment = {"HOME": str(home), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
        with said.open("wb") as log:
            try:
                process = subprocess.Popen(
                    words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
                )
            except OSError as error:
                raise PrintFailed("print.failed", program=words[0], cause=error.strerror or type(error).__name__) from error
            try:
                process.wait(self._patience)
            except subprocess.TimeoutExpired as error:
                raise PrintFailed("print.timeout", program=words[0], seconds=self._patience) from error
            finally:
                _end(process)

    def _read(self, target: Path, said: Path) -> bytes:
        try:
            made = target.read_bytes() if target.stat().st_size <= _LARGEST else b""
        except OSError:
            made = b""
        if not made.startswith(b"%PDF-"):
            raise PrintFailed("print.failed", program=self._program, cause=_last(said))
        return made


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and whatever it started: they are in a group of their own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last(said: Path) -> str:
    """The last line that it said, bounded; a person's terminal is made safe by who prints it."""
    with said.open("rb") as log:
        log.seek(max(0, said.stat().st_size - 4096))
        lines = [line for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "-"
