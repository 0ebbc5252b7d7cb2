"""NAPALM's own suite of getters, as its wheel has it, on answers of real routers that were kept (and made richer)."""

from __future__ import annotations

from typing import Any

import pytest
from napalm.base.base import NetworkDriver
from napalm.base.test import conftest as suite
from napalm.base.test import getters

from napalm_frr import FRRDriver
from tests.napalm.double import PatchedFRRDriver

NO_ANSWER = {"get_firewall_policies", "get_probes_config", "get_probes_results"}
"""FRR has neither; all else that NAPALM asks for is answered."""


@pytest.fixture(scope="class")
def _device(request: pytest.FixtureRequest) -> None:
    request.cls.driver = FRRDriver
    request.cls.patched_driver = PatchedFRRDriver
    suite.set_device_parameters(request)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    suite.pytest_generate_tests(metafunc, __file__)


@pytest.mark.usefixtures("_device")
class TestGetters(getters.BaseTestGetters):  # type: ignore[misc]  # NAPALM ships no types
    """NAPALM's tests; none of ours."""


def test_every_getter_is_implemented() -> None:
    asked = {name for name in dir(NetworkDriver) if name.startswith("get_") or name in ("ping", "traceroute", "cli", "is_alive")}
    assert {name for name in asked if getattr(FRRDriver, name) is getattr(NetworkDriver, name)} == NO_ANSWER


def test_changes_are_implemented() -> None:
    changes = ("load_merge_candidate", "load_replace_candidate", "compare_config", "commit_config", "confirm_commit")
    more = ("has_pending_commit", "discard_config", "rollback", "open", "close")
    assert all(getattr(FRRDriver, name) is not getattr(NetworkDriver, name) for name in (*changes, *more))


def test_napalm_finds_it_by_its_name() -> None:
    found: Any = __import__("napalm").get_network_driver("frr")
    assert found is FRRDriver
