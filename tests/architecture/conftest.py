"""Reads the checkout once for all architecture tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.checkout import Module, read_modules, read_texts


@pytest.fixture(scope="session")
def texts() -> dict[Path, str]:
    return read_texts()


@pytest.fixture(scope="session")
def modules(texts: dict[Path, str]) -> list[Module]:
    return read_modules(texts)
