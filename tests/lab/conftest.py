"""Labs for the tests: an id of its own for each session, and everything down at the end, also after a failure."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from inventory.load import load_regency
from inventory.regency import Regency
from inventory.views import small_copy
from network.lab import lab
from network.lab.lab import LabState
from tests.lab.cloud_runs import There
from tests.lab.cloud_way import Way

_numbers = count()


@pytest.fixture(scope="session")
def manokwari() -> Regency:
    return load_regency(Path(__file__).parents[2] / "inventory" / "regencies" / "manokwari")


@pytest.fixture(scope="session")
def small(manokwari: Regency) -> Regency:
    """Three offices of two hubs, both uplinks."""
    return small_copy(manokwari, 3)


def new_lab_id() -> str:
    """One that nobody else uses; who takes it brings what stands under it down."""
    return f"p{os.getpid() % 10**7}x{next(_numbers)}"


@pytest.fixture
def new_id() -> Iterator[Callable[[], str]]:
    """Ids that nobody else uses; whatever stands under them is taken down after the test."""
    made: list[str] = []

    def make() -> str:
        made.append(new_lab_id())
        return made[-1]

    yield make
    for each in made:
        lab.down(each)


@pytest.fixture(scope="module")
def running(small: Regency) -> Iterator[LabState]:
    """A lab that the tests of one file share; they leave it as they found it."""
    lab_id = new_lab_id()
    try:
        yield lab.up(small, lab_id, timeout=240)
    finally:
        lab.down(lab_id)


@pytest.fixture(scope="session")
def with_fake_cloud(manokwari: Regency) -> Iterator[LabState]:
    """One office, and a cloud whose servers are on record only: a whole control plane, and no machine that begins."""
    lab_id = new_lab_id()
    try:
        yield lab.up(small_copy(manokwari, 1), lab_id, timeout=400, cloud=True, fake=True)
    finally:
        lab.down(lab_id)


@pytest.fixture(scope="session")
def there(with_fake_cloud: LabState) -> There:
    return There(with_fake_cloud)


@pytest.fixture(scope="session")
def _whole_way(with_fake_cloud: LabState) -> Iterator[Way]:
    with Way(with_fake_cloud) as made:
        yield made


@pytest.fixture
def way(_whole_way: Way) -> Iterator[Way]:
    """On which nothing happens but what the test wants."""
    yield _whole_way
    _whole_way.bring_back()
    _whole_way.free()


@pytest.fixture(scope="session")
def with_cloud(manokwari: Regency) -> Iterator[LabState]:
    """One office, and a cloud to rent servers from. All files that rent share it (`tests/conftest.py` keeps them together) and
    leave nothing in it; the last one takes it down."""
    lab_id = new_lab_id()
    try:
        yield lab.up(small_copy(manokwari, 1), lab_id, timeout=400, cloud=True)
    finally:
        lab.down(lab_id)
