"""The house itself: what stands at the top, how large things may grow, what must not be named how.

Who may import whom is held by the import contracts in `pyproject.toml`; here is what they cannot see.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, Module, none_of

ROOMS = ("infra", "inventory", "network", "playbooks", "qos-api", "tests")
IMPORT_ROOTS = {"infra", "inventory", "network", "qos_api"}
PAPERS = {"CHANGELOG.md", "LICENSE", "Makefile", "README.id.md", "README.md", "ansible.cfg", "pyproject.toml"}
DEPTHS = {"architecture", "contract", "doors", "golden", "infra", "lab", "napalm", "playbooks", "roles", "stories", "unit"}

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 50
METHODS_OF_A_PORT = 6
LINES_OF_A_CARD = 40


def test_the_top_level_holds_the_rooms_and_the_papers_only() -> None:
    seen = {each.name for each in ROOT.iterdir() if not each.name.startswith(".")}
    assert seen == {*ROOMS, *PAPERS, "requirements"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_card_of_one_screen(room: str) -> None:
    lines = (ROOT / room / "README.md").read_text("utf-8").splitlines()
    assert 5 <= len(lines) <= LINES_OF_A_CARD


def test_modules_stay_small(modules: list[Module]) -> None:
    none_of([f"{each.place}: {each.lines} lines" for each in modules if each.lines > LINES_OF_A_MODULE])


def test_functions_stay_small(modules: list[Module]) -> None:
    long = [
        f"{module.place}:{function.lineno} {function.name}: {size} lines"
        for module in modules
        for function in module.functions
        if (size := (function.end_lineno or 0) - function.lineno + 1) > LINES_OF_A_FUNCTION
    ]
    none_of(long)


def test_ports_stay_narrow(modules: list[Module]) -> None:
    wide = [
        f"{module.place}:{port.lineno} {port.name}: {methods} methods"
        for module in modules
        for port in module.classes
        if module.room != "tests"
        and any(isinstance(base, ast.Name) and base.id == "Protocol" for base in port.bases)
        and (methods := sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in port.body)) > METHODS_OF_A_PORT
    ]
    none_of(wide)


def test_every_module_says_what_it_is_for(modules: list[Module]) -> None:
    none_of([str(each.place) for each in modules if not ast.get_docstring(each.tree)])


def test_a_root_holds_a_docstring_only(modules: list[Module]) -> None:
    """Importing a child runs its root first: a convenience there would wake every driver."""
    roots = [each for each in modules if each.place.name == "__init__.py" and each.place.parent.name in IMPORT_ROOTS]
    assert {each.place.parent.name for each in roots} == IMPORT_ROOTS
    none_of([str(each.place) for each in roots if len(each.tree.body) != 1])


def test_no_file_of_the_builder_is_named_like_a_root() -> None:
    """Starting `infra` as a program puts its folder first on the path: `infra/network.py` would replace `network`."""
    none_of([each.name for each in (ROOT / "infra").iterdir() if each.stem in IMPORT_ROOTS])


def test_plugins_are_found_by_their_own_name() -> None:
    assert not (ROOT / "network" / "plugins" / "__init__.py").exists()


def test_tests_are_no_package_and_stand_in_their_depth() -> None:
    """With `--import-mode=importlib`; a package `tests/network` would shadow the real one."""
    tests = ROOT / "tests"
    none_of(tests.rglob("__init__.py"))
    assert {each.name for each in tests.iterdir() if each.is_dir() and not each.name.startswith("__")} <= DEPTHS
    assert {each.name for each in tests.iterdir() if each.is_file()} == {"README.md", "conftest.py"}


def test_playbook_plugins_import_what_plays_ask_for_and_nothing_behind_it(modules: list[Module]) -> None:
    def strange(module: Module) -> Iterator[str]:
        for name in module.imports:
            root = name.partition(".")[0]
            # psycopg2: what runs on a server talks to its PostgreSQL by Debian's own package.
            allowed = root in {"ansible", "psycopg2", *sys.stdlib_module_names} or name.startswith("network.playing.")
            if not allowed:
                yield f"{module.place}: {name}"

    none_of([each for module in modules if module.room == "playbooks" for each in strange(module)])


def test_the_wheel_has_every_import_root() -> None:
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    packages = settings.partition("\npackages = [")[2].partition("]")[0]
    named = {Path(each.strip().strip('"')).name for each in packages.split(",")}
    assert named >= IMPORT_ROOTS


def test_a_plugin_stands_at_the_top_of_the_wheel() -> None:
    assert 'sources = ["network/plugins"]' in (ROOT / "pyproject.toml").read_text("utf-8")
