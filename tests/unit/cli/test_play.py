"""`lajur play`: what Ansible ends with, in the exit codes that all commands share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from network.cli.app import run
from network.cli.play import _ended
from network.core.plays import HostEnd, Shown, Status
from network.messages import Language
from network.runners.plays import ChildPlays
from network.server_wiring import PlayGround


def ends(status: Status) -> dict[str, HostEnd]:
    return {"app-1": HostEnd(status=Status.OK), "app-2": HostEnd(status=status)}


@pytest.mark.parametrize(
    ("code", "status", "dry_run", "wanted"),
    [
        (0, Status.OK, False, 0),
        (0, Status.CHANGED, False, 0),
        (0, Status.OK, True, 0),
        (0, Status.CHANGED, True, 2),
        (2, Status.FAILED, False, 5),
        (4, Status.UNREACHABLE, False, 4),
        (2, Status.FAILED, True, 4),
        (1, Status.OK, False, 4),
        (5, Status.OK, False, 64),
        (99, Status.OK, False, 130),
        (-2, Status.OK, False, 130),
        (-15, Status.CHANGED, False, 130),
        (-9, Status.OK, False, 4),
    ],
)
def test_what_ansible_ends_with(code: int, status: Status, dry_run: bool, wanted: int) -> None:
    assert _ended(code, ends(status), dry_run=dry_run) == wanted


@pytest.mark.parametrize(
    ("host", "end", "dry_run", "wanted"),
    [
        ("app-1", HostEnd(status=Status.UNREACHABLE), False, 4),
        ("app-1", HostEnd(status=Status.UNREACHABLE, changed=True), False, 5),
        ("app-1", HostEnd(status=Status.FAILED), True, 4),
        ("app-1", HostEnd(status=Status.FAILED, changed=True), True, 4),
        ("localhost", HostEnd(status=Status.FAILED), False, 4),
        ("localhost", HostEnd(status=Status.FAILED, exit=64), False, 64),
        ("app-1", HostEnd(status=Status.FAILED, exit=3), False, 3),
        ("app-1", HostEnd(status=Status.FAILED, message="No backup. Nothing was changed."), False, 4),
        ("app-1", HostEnd(status=Status.FAILED, message="No backup. Nothing was changed.", changed=True), False, 5),
    ],
)
def test_who_may_be_left_half_done_needs_a_person(host: str, end: HostEnd, dry_run: bool, wanted: int) -> None:
    assert _ended(2, {host: end, "app-9": HostEnd(status=Status.OK)}, dry_run=dry_run) == wanted


@pytest.mark.parametrize(
    ("playbook", "task", "dry_run", "words"),
    [
        ("site", "Load the firewall", False, ("“Load the firewall”", "site", "What was done stays", "may be half done")),
        ("release", "Carry it out", False, ("“Carry it out”", "puts in order by itself", "play release again")),
        ("site", "", False, ("before its first step", "Nothing was changed")),
        ("site", "Load the firewall", True, ("only looked", "Nothing was changed")),
    ],
)
def test_who_interrupts_is_told_where_and_what_stays(
    playbook: str, task: str, dry_run: bool, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever stands there: a play that ends as Ansible does when somebody stops it."""
    stopped = Shown(code=99, hosts={"app-1": HostEnd(status=Status.CHANGED)}, task=task)
    said = [given(playbook, stopped, language, monkeypatch, tmp_path, dry_run=dry_run) for language in LANGUAGES]
    assert [code for code, _ in said] == [130, 130]
    assert all(word in said[0][1] for word in words), said[0][1]
    assert all(playbook in text for _, text in said)
    assert not any("No device was being changed" in text or "perangkat yang sedang diubah" in text for _, text in said)


LANGUAGES: tuple[Language, ...] = ("en", "id")


def given(
    playbook: str,
    shown: Shown | None,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    *,
    dry_run: bool = False,
) -> tuple[int, str]:
    """`lajur play` where a play would end so, None for whatever it does already: its exit code, and what it told of that."""
    server = next(each for each in load_regency(SHIPPED / "manokwari").servers)

    @contextmanager
    def ground(settings: Any, regency: Any, **_: object) -> Iterator[PlayGround]:
        own = PlayGround(
            regency=regency,
            servers=(server,),
            lab=None,
            way="memory",
            folder=settings.playbooks,
            plays=ChildPlays(settings.playbooks, folder, {}, program=folder),
            environment={},
        )
        yield own

    monkeypatch.setattr("network.server_wiring.play_ground", ground)
    if shown is not None:
        monkeypatch.setattr(PlayGround, "at_terminal", lambda *_, **__: shown)
    told = StringIO()
    monkeypatch.setattr("sys.stderr", told)
    words = ["play", playbook, "--lang", language, "--via", "memory", "--regency", "manokwari"]
    environment = {"LAJUR_STATE": str(folder / "state"), "HOME": str(folder), "PATH": os.environ["PATH"]}
    return run([*words, *(["--dry-run"] if dry_run else [])], environment), told.getvalue()


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("site", ("site",), 3),
        ("site", ("servers", "--server", "app-1"), 3),
        ("site", ("site", "--dry-run"), 0),
        ("qos", ("site",), 0),
    ],
)
def test_a_second_play_on_the_same_servers_is_refused(
    first: str, second: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    well, codes = Shown(code=0, hosts={}), []
    environment = {"LAJUR_STATE": str(tmp_path / "state"), "HOME": str(tmp_path), "PATH": os.environ["PATH"]}

    def meanwhile(*_: object, **__: object) -> Shown:
        monkeypatch.setattr(PlayGround, "at_terminal", lambda *_, **__: well)
        codes.append(run(["play", *second, "--via", "memory", "--regency", "manokwari"], environment))
        return well

    monkeypatch.setattr(PlayGround, "at_terminal", meanwhile)
    given(first, None, "en", monkeypatch, tmp_path)
    assert codes == [code]
