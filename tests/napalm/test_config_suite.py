"""NAPALM's own suite of changes, as its wheel has it, on a real router."""

from __future__ import annotations

import unittest
from pathlib import Path
from typing import Any, ClassVar

import pytest
from napalm.base.test import base

from tests.napalm.conftest import Ground

HERE = Path(__file__).parent / "frr"

MERGE = "interface lan0\n description merged\n bandwidth 1000\nexit\nroute-map MERGED permit 10\n description one\nexit\n"
GOOD = """\
interface lan0
 description people of the office
 ip ospf cost 77
exit
interface wan0.7
 description a port that is not there yet
exit
router ospf
 distance 109
exit
ip prefix-list OFFICE seq 5 permit 100.64.0.0/10 le 24
route-map OFFICE permit 10
 match ip address prefix-list OFFICE
 set metric 20
exit
"""
GONE = " timers lsa min-arrival 0\n"


@pytest.fixture(scope="class")
def _files(request: pytest.FixtureRequest, _ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The suite's files, made of what the router runs: `vendor` is the folder."""
    folder = tmp_path_factory.mktemp("frr")
    node = next(each.key for each in _ground.lab.plan.nodes if each.office)
    device = _ground.driver(node)
    _ground.opened.remove(device)  # the suite closes it
    initial = device.get_config(retrieve="running")["running"]
    assert GONE in initial
    (folder / "initial.conf").write_text(initial)
    (folder / "new_good.conf").write_text(initial.replace(GONE, "").removesuffix("end\n") + GOOD)
    (folder / "new_typo.conf").write_text(initial.removesuffix("end\n") + "interface lan0\n ip ospf cosst 5\n")
    (folder / "merge_good.conf").write_text(MERGE)
    (folder / "merge_typo.conf").write_text(MERGE + "router ospf\n distanze 5\n")
    for name in ("new_good.diff", "merge_good.diff"):
        (folder / name).write_text((HERE / name).read_text())
    request.cls.vendor = str(folder)
    request.cls.device = device


@pytest.mark.lab
@pytest.mark.usefixtures("_files")
class TestConfig(unittest.TestCase, base.TestConfigNetworkDriver):  # type: ignore[misc]  # NAPALM ships no types
    """Seven tests of NAPALM; none of ours."""

    vendor: ClassVar[str]
    device: ClassVar[Any]

    @classmethod
    def setUpClass(cls) -> None:
        """The fixture does it."""
