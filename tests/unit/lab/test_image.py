"""The image of servers: one builder, and those who waited for it do not wait for the labs that use it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from threading import Thread

import pytest

from network.lab import image
from network.lab.progress import Progress


def test_who_waited_for_the_builder_takes_the_image_though_labs_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tmp_path / "image-0"
    monkeypatch.setattr(image, "folder", lambda: whole)
    builder = os.open(whole.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(builder, fcntl.LOCK_EX)
    found: list[Path] = []

    def built(_: Progress) -> None:
        """The other one has built it by now, and a lab uses it."""
        whole.mkdir(exist_ok=True)
        fcntl.flock(builder, fcntl.LOCK_SH)

    waiting = Thread(target=lambda: found.append(image.prepare_image(built)), daemon=True)
    waiting.start()
    waiting.join(timeout=20)
    os.close(builder)
    assert found == [whole]
