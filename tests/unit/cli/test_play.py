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
        (2, Status.FAILED, False, 5),
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


@pytest.mark.parametrize(
    ("host", "end", "dry_run", "wanted"),
    [
        ("app-1", HostEnd(status=Status.UNREACHABLE), False, 4),
        ("app-1", HostEnd(status=Status.UNREACHABLE, changed=True), False, 5),
        ("app-1", HostEnd(status=Status.FAILED), True, 4),
        ("app-1", HostEnd(status=Status.FAILED, changed=True), True, 4),
        ("localhost", HostEnd(status=Status.FAILED), False, 4),
        ("localhost", HostEnd(status=Status.FAILED, exit=64), False, 64),
        ("app-1", HostEnd(status=Status.FAILED, exit=3), False, 3),
    ],
)
def test_who_may_be_left_half_done_needs_a_person(host: str, end: HostEnd, dry_run: bool, wanted: int) -> None:
    assert _ended(2, {host: end, "app-9": HostEnd(status=Status.OK)}, dry_run=dry_run) == wanted
