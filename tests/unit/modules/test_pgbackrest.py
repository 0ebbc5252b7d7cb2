"""The place of a database's backups: proven again until there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader, load

CREATE, CHECK = "stanza-create", "check"


@pytest.fixture
def ready(module: Loader, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the state `ready` answers and runs, by the code that the repository gives."""
    load("lajur_database", "module_utils", "ansible.module_utils.lajur_database")
    found = module("lajur_pgbackrest")
    ran: list[str] = []

    def reach(code: int, *, taking: bool = False, check: bool = False) -> tuple[bool, list[str]]:
        @contextmanager
        def connected(database: str, *, port: int) -> Iterator[tuple[str, int]]:
            yield database, port

        monkeypatch.setattr(found, "known", lambda _: {"status": {"code": code}})
        monkeypatch.setattr(found, "connected", connected)
        monkeypatch.setattr(found, "rows", lambda _, text: [(1,)] if taking and "pgBackRest [backup]" in text else [])
        monkeypatch.setattr(found, "pgbackrest", lambda words: ran.append(words[-1]))
        answer = found._ready(SimpleNamespace(params={"stanza": "records", "port": 5433}, check_mode=check))
        return answer["changed"], ran

    return reach


@pytest.mark.parametrize("code", [1, 3])
def test_a_place_is_made_and_proven(ready: Any, code: int) -> None:
    assert ready(code) == (True, [CREATE, CHECK])


def test_one_without_a_backup_is_proven_again_so_that_the_first_is_taken(ready: Any) -> None:
    assert ready(2) == (True, [CHECK])


def test_while_the_first_is_being_taken_nothing_is_to_be_done(ready: Any) -> None:
    assert ready(2, taking=True) == (False, [])


def test_one_with_a_backup_is_left_alone(ready: Any) -> None:
    assert ready(0) == (False, [])


@pytest.mark.parametrize("code", [1, 2])
def test_a_look_changes_nothing(ready: Any, code: int) -> None:
    assert ready(code, check=True) == (True, [])
