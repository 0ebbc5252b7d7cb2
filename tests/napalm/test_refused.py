"""What is refused before anything is changed, or named and put back, though FRR itself would not say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from napalm.base.exceptions import MergeConfigException

from tests.napalm.conftest import Ground

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("as_found")]

Open = Callable[..., Any]


@pytest.mark.parametrize("said", ["mtu 10", "mtu abc", "mtu 1400 1", "mtu 65536", "mtu -1", "mtu"])
def test_an_mtu_that_is_none_is_refused_beforehand(said: str, ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=f"interface lan0\n description never\n {said}\n")
    with pytest.raises(MergeConfigException, match=rf"line 3 \(interface lan0 > {said}\): an MTU is .*; nothing was changed"):
        device.commit_config()
    assert "never" not in ground.running(node)


def test_an_mtu_that_this_interface_refuses_is_named_and_put_back(ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    ground.console(node, "ip link add vxs0 type vxlan id 7 dev lan0 dstport 4789")
    try:
        device.load_merge_candidate(config="interface lan0\n description never\ninterface vxs0\n mtu 65000\n")
        with pytest.raises(MergeConfigException, match=r"line 4 \(interface vxs0 > mtu 65000\): .*; put back at once"):
            device.commit_config()
        assert "never" not in ground.running(node)
    finally:
        ground.console(node, "ip link del vxs0")


@pytest.mark.parametrize("text", ["int lan0\n description changed\n", "interface lan0\n desc changed\n"])
def test_words_that_are_not_whole_are_refused(text: str, ground: Ground, node: str, open_driver: Open) -> None:
    device = open_driver()
    device.load_merge_candidate(config=text)
    with pytest.raises(MergeConfigException, match=r"(int lan0\): write the whole word|no desc changed).*nothing was changed"):
        device.commit_config(revert_in=10)
    assert "description changed" not in ground.running(node)
