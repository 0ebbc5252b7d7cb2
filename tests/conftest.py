"""What every test stands on: a clean environment, the lab's needs, and two rules for CI. Never starts anything itself.

In CI (`CI=true`) a skip is a failure unless the test carries `allowed_skip`, so that a missing program cannot hide what the
project promises. A session that leaves a namespace of the lab behind fails, in CI and elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Generator, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from infra.engine.binary import find as find_engine
from tests.contract.ironic import programs as ironic_programs
from tests.contract.postgres import Postgres
from tests.contract.postgres import programs as postgres_programs
from tests.contract.postgres import running as postgres_running

NAMESPACES = Path("/run/netns")
LAB_PREFIX = "lajur-"
SHARED = (("tests/roles/",), ("tests/lab/test_cloud", "tests/lab/test_rented"))
"""Files that begin with one of these share what is made once for all of them, and takes minutes: one worker has them all."""

LONGEST = (
    "tests/roles/",
    "tests/playbooks/test_upgrade",
    "tests/lab/test_capacity",
    "tests/lab/test_cloud",
    "tests/lab/test_rented",
    "tests/architecture/test_conftest",  # short: whoever has a single long test is given the next file too
    "tests/infra/test_bad_days",
    "tests/infra/test_controller",
    "tests/infra/test_ironic",
    "tests/infra/test_killed",
    "tests/stories/test_serve",
    "tests/infra/",
    "tests/stories/",
    "tests/doors/real/",
    "tests/playbooks/",
    "tests/lab/",
    "tests/napalm/",
    "tests/contract/",
)
"""What takes longest begins first, so that no worker is left alone with it at the end. What is not named is short."""

LAB_PROGRAMS = ("ip", "tc", "nft", "ethtool", "sshd", "snmpd", "vtysh", "ping", "systemd-nspawn", "mmdebstrap")
ZONE_OF_NOBODY = "<+1245>-12:45"
"""A test that passes under this zone does not lean on the machine's. POSIX form: it needs no zone database."""

_at_start = pytest.StashKey[frozenset[str]]()
_left_behind = pytest.StashKey[frozenset[str]]()


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the person who runs the tests reaches them."""
    for name in os.environ:
        if name.startswith(("LAJUR_", "LC_")) or name in {"LANGUAGE", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", ZONE_OF_NOBODY)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@cache
def why_no_lab() -> str:
    """What this machine lacks to run the lab; empty when nothing."""
    if os.geteuid() != 0:
        return "the lab needs root"
    missing = [name for name in LAB_PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"programs of the lab are missing: {', '.join(missing)} (`make setup` as root installs them)"
    tried = subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, text=True, check=False)
    return f"no namespaces here: {tried.stderr.strip()}" if tried.returncode else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, name in enumerate(LONGEST) if item.nodeid.startswith(name)), len(LONGEST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """By file, and together what shares more than a file."""
    scheduler = import_module("xdist.scheduler").LoadFileScheduling(config, log)
    scheduler._split_scope = _scope
    return scheduler


def _scope(nodeid: str) -> str:
    return next((names[0] for names in SHARED if nodeid.startswith(names)), nodeid.split("::", 1)[0])


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("lab") is not None and (reason := why_no_lab()):
        pytest.skip(reason)
    if item.get_closest_marker("postgres") is not None and postgres_programs() is None:
        pytest.skip("no PostgreSQL server (`make setup` as root installs it)")
    if item.get_closest_marker("cloud") is not None and not _has_cloud():
        pytest.skip("no control plane for labs (`bash requirements/cloud.sh` prepares it)")
    if item.get_closest_marker("ironic") is not None and ironic_programs() is None:
        pytest.skip("no Ironic for tests (`bash requirements/ironic.sh` prepares it)")
    if item.get_closest_marker("engine") is not None and _engine() is None:
        pytest.skip("no Pulumi engine (`python -m infra.engine` says which ways bring it)")


@cache
def _has_cloud() -> bool:
    from network.errors import LabError
    from network.lab.cloud.standing import environment

    try:
        return environment().is_dir()
    except LabError:
        return False


@cache
def _engine() -> Path | None:
    found = find_engine()
    return found.path if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole session; a test asks it for a database of its own."""
    with postgres_running() as server:
        yield server


def _in_ci() -> bool:
    return os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    declared = hasattr(report, "wasxfail") or item.get_closest_marker("allowed_skip") is not None
    if _in_ci() and report.skipped and not declared:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing that is promised may be: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if _in_ci() and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"a whole file skipped in CI: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


def _is_worker(config: pytest.Config) -> bool:
    """Beside others of its session, which may have a lab up: the one that started them all looks for what is left."""
    return hasattr(config, "workerinput")


def _lab_namespaces() -> frozenset[str]:
    if not NAMESPACES.is_dir():
        return frozenset()
    return frozenset(each.name for each in NAMESPACES.iterdir() if each.name.startswith(LAB_PREFIX))


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[_at_start] = _lab_namespaces()


def pytest_sessionfinish(session: pytest.Session) -> None:
    before = session.config.stash[_at_start]
    left = frozenset() if _is_worker(session.config) else _lab_namespaces() - before
    session.config.stash[_left_behind] = left
    if left and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left = config.stash[_left_behind]
    if left:
        terminalreporter.section("namespaces left behind", red=True)
        terminalreporter.line(f"{len(left)} of the lab, not there when the tests began: {', '.join(sorted(left)[:8])} …")
        terminalreporter.line(
            "Unless you brought a lab up meanwhile, a test did not clean up. `lajur lab down --all` removes them."
        )
