"""What takes longer than one silence may last: the device says meanwhile that it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from shlex import quote
from time import monotonic
from typing import Any

import pytest

from tests.napalm.conftest import Ground, until

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("as_found")]

HOME = "/var/lib/napalm_frr"
Open = Callable[..., Any]

PATIENCE = 5
"""Seconds of silence, many times what any word of a device takes on a busy machine."""

SLOW = '#!/bin/sh\n[ "$1" != -f ] || sleep {seconds}\nexec /run/slow/fast "$@"\n'


@pytest.fixture
def slow(ground: Ground, node: str) -> Iterator[None]:
    """FRR takes longer over every file of lines than a silence may last, as it does over a long list."""
    program = SLOW.format(seconds=PATIENCE + 1)
    made = f"mkdir /run/slow && cd /run/slow && cp /usr/bin/vtysh fast && printf '%s' {quote(program)} >vtysh && chmod +x vtysh"
    ground.console(node, f"{made} && mount --bind vtysh /usr/bin/vtysh")
    try:
        yield
    finally:
        ground.console(node, "umount /usr/bin/vtysh; rm -r /run/slow")


@pytest.mark.usefixtures("slow")
def test_what_takes_longer_than_a_silence_may_goes_there_and_back(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver(read_timeout=PATIENCE)
    # What has a password in it is read from a file.
    device.load_merge_candidate(config="interface lan0\n ip ospf authentication-key SLOW\n")
    begun = monotonic()
    device.commit_config(revert_in=120)
    assert monotonic() - begun > PATIENCE
    assert "ip ospf authentication-key SLOW" in ground.running(node)
    begun = monotonic()
    device.rollback()
    assert monotonic() - begun > PATIENCE
    assert "SLOW" not in ground.running(node)


def test_another_commit_is_waited_for_longer_than_a_silence_may_last(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver(read_timeout=PATIENCE)
    device.load_merge_candidate(config="interface lan0\n description changed\n")
    begun = monotonic()
    ground.console(node, f"mkdir -p {HOME}; flock {HOME}/lock sleep {PATIENCE + 2} >/dev/null 2>&1 &")
    until(lambda: ground.console(node, f"flock -n {HOME}/lock true && echo free") == "", "it is held")
    device.commit_config(revert_in=60)
    assert monotonic() - begun > PATIENCE
    device.rollback()
    assert "description changed" not in ground.running(node)
