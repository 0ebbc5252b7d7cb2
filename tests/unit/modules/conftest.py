"""The modules of playbooks as Python, with what they share on a server in the place where Ansible puts it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PLAYBOOKS = Path(__file__).parents[3] / "playbooks"
SHARED = (
    *("lajur_hands", "lajur_folders", "lajur_archive"),
    *("lajur_laying", "lajur_apt", "lajur_nft", "lajur_units"),
)
Loader = Callable[[str], Any]


def load(name: str, folder: str, called: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(called, PLAYBOOKS / folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[called] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def shared() -> dict[str, Any]:
    return {name: load(name, "module_utils", f"ansible.module_utils.{name}") for name in SHARED}


@pytest.fixture(scope="session")
def module() -> Loader:
    """A module of `playbooks/library` by its name."""
    return lambda name: load(name, "library", f"tested_{name}")
