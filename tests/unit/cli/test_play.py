"""`lajur play`: what Ansible ends with, in the exit codes that all commands share."""

from __future__ import annotations

import pytest

from network.cli.play import _ended
from network.core.plays import HostEnd, Status


def ends(status: Status) -> dict[str, HostEnd]:
    return {"app-1": HostEnd(status=Status.OK), "app-2": HostEnd(status=status)}


@pytest.mark.parametrize(
    ("code", "status", "dry_run", "wanted"),
    [
        (0, Status.OK, False, 0),
        (0, Status.CHANGED, False, 0),
        (0, Status.OK, True, 0),
        (0, Status.CHANGED, True, 2),
        (2, Status.FAILED, False, 4),
        (4, Status.UNREACHABLE, False, 4),
        (2, Status.FAILED, True, 4),
        (1, Status.OK, False, 4),
        (5, Status.OK, False, 64),
        (99, Status.OK, False, 130),
        (-2, Status.OK, False, 130),
        (-9, Status.OK, False, 4),
    ],
)
def test_what_ansible_ends_with(code: int, status: Status, dry_run: bool, wanted: int) -> None:
    assert _ended(code, ends(status), dry_run=dry_run) == wanted
