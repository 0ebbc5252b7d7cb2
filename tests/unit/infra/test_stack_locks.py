"""What is taken away of a dead run in a database, which shows its locks only to who takes one, and where all go at once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from pulumi import automation
from pulumi.automation import CommandResult
from pulumi.automation.errors import create_command_error

from infra.errors import Refused
from infra.events import Teller
from infra.page import Head
from infra.reports import Reports
from infra.request import Request
from infra.stack import Stack
from infra.state_place import notes
from infra.unfinished import Unfinished
from infra.untaken import Untaken
from infra.verbs import Verbs
from infra.watch import Watch
from tests.unit.infra.test_holders import HERE, NOBODY, SPOILT, engines_words, lock_of, note, request_

__all__ = ["request_"]


@dataclass
class Engine:
    """`locks`: what it says of those that stand; `pending`: what the state has as begun."""

    locks: str = ""
    pending: list[Any] = field(default_factory=list)
    did: list[str] = field(default_factory=list)

    def _locked(self, what: str) -> None:
        if self.locks:
            raise create_command_error(CommandResult(stdout="", stderr=self.locks, code=255))
        self.did.append(what)

    def export_stack(self) -> automation.Deployment:
        return automation.Deployment(3, {"resources": [], "pending_operations": list(self.pending)})

    def import_stack(self, state: automation.Deployment) -> None:
        self._locked("import")
        self.pending = list((state.deployment or {}).get("pending_operations", []))

    def refresh(self, target: list[str] | None, **how: Any) -> None:
        nobody = ["urn:pulumi:manokwari::lajur::lajur:infra:LeasedServer**::-"]
        self._locked("probe" if target == nobody else "refresh")
        self.pending = [each for each in self.pending if each["type"] == "creating"]  # as the engine does

    def cancel(self) -> None:
        self.did.append("cancel")
        self.locks = ""


class Shared:
    """A stack whose state is in a database."""

    def __init__(self, request: Request, said: Any) -> None:
        self.request = request.model_copy(update={"state": "postgres://db/state"})
        self.engine = Engine()
        teller = Teller(said)
        watch = Watch(self.request, teller, Reports(request.reports, Head(regency="X", illustrative=True)))
        unfinished = Unfinished(self.request)
        self.stack = Stack(cast(automation.Stack, self.engine), self.request, watch, unfinished)
        self.verbs = Verbs(self.request, self.stack, watch, teller, {}, Untaken(self.request, {}))


@pytest.fixture
def shared(request_: Request, tmp_path: Path) -> Any:
    (tmp_path / "home" / "work" / "manokwari").mkdir(parents=True)
    with (tmp_path / "said").open("w") as said:
        yield Shared(request_, said)


def said(tmp_path: Path) -> str:
    return (tmp_path / "said").read_text()


def test_what_is_written_by_half_is_no_dead_mans_lock(shared: Shared, tmp_path: Path) -> None:
    shared.engine.locks = SPOILT.partition("stderr: ")[2]
    with pytest.raises(Refused) as half:
        shared.verbs.carry_out()
    assert half.value.code == "infra.state_half"
    assert "locks/organization/lajur/manokwari" in str(half.value.fields["place"])
    assert (shared.engine.did, said(tmp_path)) == ([], "")


def test_all_locks_go_only_where_every_holder_is_dead(shared: Shared, tmp_path: Path) -> None:
    dead = lock_of(tmp_path, NOBODY)
    note(notes(shared.request))
    shared.engine.locks = engines_words(dead, replace(dead, host="elsewhere", holder="siti@elsewhere"))
    for do in (shared.verbs.carry_out, shared.stack.let_go):
        with pytest.raises(Refused, match="state_locked_elsewhere"):
            do()
    assert (shared.engine.did, said(tmp_path)) == ([], "")
    shared.engine.locks = engines_words(dead)
    shared.verbs.carry_out()
    assert shared.engine.did[0] == "cancel"
    assert f'"holder": "root@{HERE.host}"' in said(tmp_path)


def test_a_lock_that_went_by_itself_is_not_said_to_be_removed(shared: Shared) -> None:
    assert shared.stack.let_go() is False
    assert shared.engine.did == ["probe"]


def test_a_state_in_which_nothing_was_begun_is_not_written_over(shared: Shared) -> None:
    assert shared.stack.forget_begun() is False
    assert shared.engine.did == ["probe"]


@pytest.mark.parametrize(("kind", "did"), [("creating", ["probe", "import"]), ("updating", ["probe"])])
def test_what_was_begun_is_struck_out_and_told(shared: Shared, kind: str, did: list[str]) -> None:
    shared.engine.pending = [{"type": kind}]
    assert shared.stack.forget_begun() is True
    assert (shared.engine.did, shared.engine.pending) == (did, [])
