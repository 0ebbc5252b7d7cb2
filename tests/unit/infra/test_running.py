"""How an engine ended, and what is kept of that: it is a program of the test."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.errors import CommandError

from infra.complaints import understood
from infra.engine.binary import Engine
from infra.errors import NeedsPerson
from infra.holders import Here, Life, forget, judge
from infra.interrupts import Interrupts
from infra.request import Request
from infra.running import EngineCommand
from infra.watch import Failure, Heard
from tests.unit.infra.test_holders import lock_of, request_

__all__ = ["request_"]


@dataclass
class Ran:
    """`ends`: what the program does; `changes`: whether it may have changed anything; `killed`: how often it was said that it
    was killed."""

    folder: Path
    changes: bool = True
    killed: list[bool] = field(default_factory=list)
    interrupts: Interrupts = field(default_factory=Interrupts)

    def __call__(self, ends: str, meanwhile: Callable[[], Any] = lambda: None) -> None:
        program = self.folder / "program"
        program.write_text(f"#!/bin/sh\necho $$ >{self.folder}/pid\n{ends}\n")
        program.chmod(0o700)
        engine = Engine(path=program, version="3.0.0", source="path")
        command = EngineCommand(engine, self.interrupts, self.folder / "notes", self._was_killed)
        self.interrupts.wait = meanwhile_and(self.interrupts, meanwhile)  # type: ignore[method-assign]
        command.run([], str(self.folder), {})

    def _was_killed(self) -> bool:
        self.killed.append(True)
        return self.changes

    @property
    def notes(self) -> list[Path]:
        return list((self.folder / "notes").glob("*"))


def meanwhile_and(interrupts: Interrupts, do: Callable[[], Any]) -> Callable[..., None]:
    wait = interrupts.wait

    def both(*what: Any) -> None:
        wait(*what)
        do()

    return both


def test_an_engine_that_was_killed_leaves_its_note_until_its_lock_is_gone(tmp_path: Path) -> None:
    ran = Ran(tmp_path)
    with pytest.raises(CommandError):
        ran("kill -KILL $$")
    assert (ran.killed, len(ran.notes)) == ([True], 1)
    lock = lock_of(tmp_path, int((tmp_path / "pid").read_text()))
    assert judge(lock, tmp_path / "notes", replace(Here.found(), whole=False)) is Life.DEAD
    forget(tmp_path / "notes")
    assert ran.notes == []


@pytest.mark.parametrize("ends", ["exit 0", "exit 255"])
def test_one_that_ended_by_itself_leaves_none(tmp_path: Path, ends: str) -> None:
    ran = Ran(tmp_path)
    try:
        ran(ends)
    except CommandError:
        assert ends == "exit 255"
    assert (ran.killed, ran.notes) == ([], [])


@pytest.mark.parametrize(
    ("ends", "changes", "kind"),
    [
        ("exit 255", True, NeedsPerson),
        ("exit 0", True, NeedsPerson),
        ("kill -KILL $$", False, NeedsPerson),
        ("kill -KILL $$", True, CommandError),
    ],
)
def test_a_change_that_is_killed_by_an_interrupt_did_not_end_in_order(
    tmp_path: Path, ends: str, changes: bool, kind: type[Exception]
) -> None:
    ran = Ran(tmp_path, changes)

    def interrupted() -> None:
        ran.interrupts.count = 3

    with pytest.raises(kind):
        ran(ends, interrupted)


def test_what_stands_in_the_way_of_named_servers_is_named(request_: Request) -> None:
    said = "Resource 'urn:pulumi:x::lajur::lajur:cloud:Server::app-9' will be destroyed but was not specified in --target list."
    for heard, text in ((Heard(complaints=[said]), ""), (Heard(), f"code: 255\nstdout: \nstderr: error: {said}\n")):
        told = understood(text or "code: 255\nstdout: \nstderr: \n", heard, request_)
        assert (told.code, told.fields) == ("infra.left_behind", {"servers": "app-9"})


def test_a_death_of_the_engine_counts_more_than_what_failed_before(request_: Request) -> None:
    heard = Heard(failures={"app-1": Failure("app-1", "infra.login_refused", {}, 4)})
    told = understood(f"code: -{int(signal.SIGKILL)}\nstdout: \nstderr: \n", heard, request_)
    assert (told.code, told.exit_code) == ("infra.engine_died", 5)
