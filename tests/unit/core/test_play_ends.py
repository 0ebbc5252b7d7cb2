"""What a person is told of hosts on which a play ended badly: which one it is, what is to be done, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from network.core.play_ends import told
from network.core.plays import HostEnd, Status
from network.messages import text

KEY = f"SHA256:{'k' * 43}"


def said(
    status: Status, message: str = "", values: Mapping[str, Mapping[str, Any]] | None = None, *, dry_run: bool = False
) -> list[str]:
    ends = {
        "app-2": HostEnd(status=status, task="Install", message=message, values=values or {}),
        "app-1": HostEnd(status=Status.OK),
    }
    (reason,) = told(ends, dry_run=dry_run).values()
    return [text(reason.code, language, reason.fields) for language in ("id", "en")]


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (f"Host key verification failed. sent by the remote host is {KEY}.", (KEY, "lajur device trust app-2 --replace")),
        ("No ED25519 host key is known for app-2", ("?", "lajur device trust app-2 --replace")),
        ("Permission denied (publickey)", ("servers.yaml",)),
        ("Connection timed out", ("SSH",)),
        ("", ("SSH",)),
    ],
)
def test_who_was_not_entered(message: str, wanted: tuple[str, ...]) -> None:
    assert all(each in line for each in ("app-2", *wanted) for line in said(Status.UNREACHABLE, message))


def test_what_no_repository_gave_is_named_and_so_is_the_repository() -> None:
    answer = {"problem": "packages", "missing": ["chrony", {"x": 1}], "said": "E: Failed to fetch http://192.0.2.1/x\n{{ 6*7 }}"}
    for line in said(Status.FAILED, "apt could not …", {"Install": answer}):
        assert all(each in line for each in ("app-2", "chrony", "http://192.0.2.1/x", "{{ 6*7 }}"))


@pytest.mark.parametrize("answer", [{}, {"problem": ["packages"]}, {"problem": "packages", "missing": 5, "said": None}])
def test_whatever_else_failed_is_told_by_its_step(answer: Mapping[str, Any]) -> None:
    assert all("app-2" in line for line in said(Status.FAILED, "x", {"Install": answer}))
    assert all("Install" in line for line in said(Status.FAILED, "x", {"Other": {"problem": "packages"}}))


def test_of_hosts_that_are_well_nothing_is_said() -> None:
    assert told({"app-1": HostEnd(status=Status.CHANGED)}) == {}


def test_what_a_command_of_ours_said_for_itself_is_not_said_again() -> None:
    assert told({"localhost": HostEnd(status=Status.FAILED, task="Deploy", exit=3)}) == {}


STAYS = ("What was done", "What was installed", "Yang sudah")


@pytest.mark.parametrize(
    ("status", "message"),
    [(Status.FAILED, "x"), (Status.UNREACHABLE, "Connection timed out"), (Status.UNREACHABLE, "Permission denied")],
)
def test_who_only_looked_is_not_told_that_something_stays(status: Status, message: str) -> None:
    packages = {"Install": {"problem": "packages"}}
    for values in ({}, packages):
        indonesian, english = said(status, message, values, dry_run=True)
        assert ("Nothing was changed" in english, "Tidak ada yang diubah" in indonesian) == (True, True)
        assert not any(each in indonesian + english for each in STAYS)


def test_where_nothing_was_changed_nothing_is_said_to_stay() -> None:
    text_of_module = "records cannot be restored: its\nbackups reach from x. Nothing\nwas changed."
    indonesian, english = said(Status.FAILED, text_of_module)
    assert ("Nothing was changed on app-2" in english, "Di app-2 tidak ada yang diubah" in indonesian) == (True, True)
    assert not any(each in indonesian + english for each in STAYS)
    end = HostEnd(status=Status.FAILED, task="Install", message=text_of_module, changed=True)
    (reason,) = told({"app-2": end}).values()
    assert reason.code == "play.end.failed", "a task before that one changed something"


def test_why_a_play_was_refused_stands_at_its_end() -> None:
    values = {"Look": {"refused": "restore_never"}}
    end = HostEnd(status=Status.FAILED, task="Look", message="db-1 carries no database yet", values=values, exit=3)
    (reason,) = told({"app-3": end}).values()
    assert text(reason.code, "id", reason.fields) == "db-1 carries no database yet"
