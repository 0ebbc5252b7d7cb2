"""Keys on their way into a router: nobody else on it sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.napalm.conftest import Ground

pytestmark = [pytest.mark.lab, pytest.mark.usefixtures("as_found")]

Open = Callable[..., Any]
LISTENING = """\
mkdir -p /run/own && cp "$(command -v vtysh)" /run/own/vtysh && cp "$(command -v perl)" /run/own/perl
for each in vtysh perl; do
  printf '#!/bin/sh\\nprintf "%%s\\\\n" "$*" >>/run/own/said\\nexec /run/own/%s "$@"\\n' $each >/run/own/$each.sh
  chmod 755 /run/own/$each.sh
  mount --bind /run/own/$each.sh "$(command -v $each)"
done
"""


def test_no_key_is_an_argument_of_a_program(ground: Ground, node: str, open_driver: Open) -> None:
    """Every user of the device may read those. Also when the change is more of one, kept, and gone back from."""
    ground.console(node, LISTENING)
    try:
        device = open_driver()
        for line in ("ip ospf message-digest-key 9 md5 Fieldw0rk", "ip ospf message-digest-key 9 md5 0therK3y"):
            device.load_merge_candidate(config=f"interface lan0\n {line}\n ip ospf authentication message-digest\n")
            device.commit_config(revert_in=60)
            assert line in ground.running(node)
            open_driver().confirm_commit()
        open_driver().rollback()
        assert "Fieldw0rk" in ground.running(node)
        device.load_merge_candidate(config="interface lan0\n no ip ospf message-digest-key 9\n no ip ospf authentication\n")
        device.commit_config()
        said = ground.console(node, "cat /run/own/said")
    finally:
        ground.console(node, 'umount "$(command -v vtysh)"; umount "$(command -v perl)"; rm -r /run/own')
    assert "-f armed/forward" in said
    assert "configure terminal" in said
    assert "Fieldw0rk" not in said
    assert "0therK3y" not in said
