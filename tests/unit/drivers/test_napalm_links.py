"""Commits of EOS, IOS and Junos, by NAPALM's own drivers over a box that answers as theirs do: kept, gone back from, or left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from napalm.eos import EOSDriver
from napalm.ios import IOSDriver
from napalm.junos import JunOSDriver

from network.core.link_ports import Commit
from network.core.links.capabilities import CAPABILITIES
from network.drivers import napalm_links
from network.drivers.link_sessions import LinkTarget
from network.drivers.napalm_links import NapalmLinkDevice
from network.errors import ArmExpired

RUN: Final = "run-link-20260818t000000-abcdef"
USER: Final = "lajur"


@dataclass
class Box:
    """What waits to be confirmed: its name where it has one, the user, and the second in which it ends."""

    uptime: int = 1000
    waits: tuple[str, str, int] | None = None
    done: list[str] = field(default_factory=list)

    def arm(self, name: str, user: str, seconds: int) -> None:
        self.waits = (name, user, self.uptime + seconds)

    def end(self, how: str) -> None:
        assert self.waits is not None, f"{how}: nothing waits"
        self.done.append(how)
        self.waits = None


class Eos(EOSDriver):  # type: ignore[misc]  # NAPALM ships no types
    box: Box

    def open(self) -> None: ...

    def close(self) -> None: ...

    def load_merge_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        self.config_session = "napalm_607123"

    def _run_commands(self, commands: Sequence[str], **_: Any) -> list[dict[str, Any]]:
        return [self._answer(each) for each in commands]

    def _answer(self, command: str) -> dict[str, Any]:
        words, waits = command.split(), self.box.waits
        if command == "show version":
            return {"uptime": self.box.uptime}
        if command.startswith("show configuration sessions"):
            waiting = {waits[0]: {"state": "pendingCommitTimer", "commitBy": waits[2]}} if waits else {}
            return {"sessions": {"cfg-1": {"state": "completed"}, **waiting}}
        if words[3:5] == ["commit", "timer"]:
            hours, minutes, seconds = map(int, words[5].split(":"))
            self.box.arm(words[2], USER, 3600 * hours + 60 * minutes + seconds)
        elif words[:2] == ["configure", "session"]:
            assert waits is not None
            assert waits[0] == words[2]
            self.box.end("kept" if words[3] == "commit" else "back")
        elif words[:2] == ["configure", "replace"]:
            self.box.done.append("too far")
        return {}


class Ios(IOSDriver):  # type: ignore[misc]  # NAPALM ships no types
    box: Box

    def open(self) -> None:
        self.device = SimpleNamespace(send_command=self._answer, save_config=lambda: "")

    def close(self) -> None: ...

    def is_alive(self) -> dict[str, bool]:
        return {"is_alive": True}

    def load_merge_candidate(self, filename: str | None = None, config: str | None = None) -> None: ...

    def commit_config(self, message: str = "", revert_in: int | None = None) -> None:
        assert not message
        assert revert_in
        self.box.arm("", self.username, revert_in)

    def _answer(self, command: str) -> str:
        if command == "configure confirm":
            self.box.end("kept")
        if command != "show archive config rollback timer" or self.box.waits is None:
            return "No Rollback Confirmed Change pending"
        began = "Time configured(UTC): 22:50:48 UTC Wed Nov 25 2026"
        return f"{began}\nTimer type: absolute timer\nTimer value: 2 min\nUser: {self.box.waits[1]}"

    def _commit_handler(self, command: str) -> str:
        assert command == "configure revert now"
        self.box.end("back")
        return ""

    def _check_file_exists(self, _: str) -> bool:
        self.box.done.append("too far")
        return False


class Junos(JunOSDriver):  # type: ignore[misc]  # NAPALM ships no types
    box: Box
    taken = False

    def open(self) -> None:
        told = SimpleNamespace(
            get_commit_revision_information=self._revision,
            get_system_uptime_information=lambda: ET.fromstring(
                f'<x><current-time><date-time seconds="{self.box.uptime}"/></current-time></x>'
            ),
        )
        self.device = SimpleNamespace(cu=SimpleNamespace(commit=self._commit, rollback=self._take), rpc=told)
        self.lock_disable = True

    def close(self) -> None: ...

    def is_alive(self) -> dict[str, bool]:
        return {"is_alive": True}

    def load_merge_candidate(self, filename: str | None = None, config: str | None = None) -> None: ...

    def _commit(self, confirm: int | None = None, comment: str = "", **_: Any) -> None:
        if confirm is not None:
            self.box.arm("", USER, 60 * confirm)
        elif self.taken and self.box.waits is None:
            self.box.done.append("too far")
        else:
            self.box.end("back" if self.taken else "kept")

    def _take(self, rb_id: int) -> None:
        self.taken = rb_id == 1

    def _revision(self, detail: bool) -> Any:
        waits = self.box.waits
        began = 0 if waits is None else waits[2] - 120
        comment = "" if waits is None else "<comment>commit confirmed, rollback in 2mins</comment>"
        return ET.fromstring(f'<x><revision>re0-1-2</revision><date-time seconds="{began}"/>{comment}</x>')


KINDS: Final = {"arista_eos": Eos, "cisco_ios": Ios, "juniper_junos": Junos}


@dataclass
class Ground:
    box: Box
    platform: str

    def device(self) -> NapalmLinkDevice:
        target = LinkTarget(device="r-a", host="192.0.2.1", port=22, username=USER, known_hosts="/dev/null")
        return NapalmLinkDevice(target, CAPABILITIES[self.platform], "", {})

    def committed(self) -> NapalmLinkDevice:
        device = self.device()
        device.commit(Commit(run=RUN, candidate="x", revert_in=120, message=f"{RUN} a-b"))
        assert self.box.waits
        return device


@pytest.fixture(params=KINDS)
def ground(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Ground:
    box = Box()
    kind = type("Driver", (KINDS[request.param],), {"box": box})
    monkeypatch.setattr(napalm_links, "get_network_driver", lambda _: partial(_made, kind))
    return Ground(box, request.param)


def _made(kind: Any, *given: Any) -> Any:
    """Junos's has its device before it is opened, so that it can be told to look at the host key."""
    driver = kind(*given)
    driver.device = driver.device or SimpleNamespace()
    return driver


def test_what_was_committed_is_kept(ground: Ground) -> None:
    ground.committed().confirm(RUN)
    assert ground.box.done == ["kept"]


def test_what_a_dead_controller_committed_is_kept_by_the_next(ground: Ground) -> None:
    ground.committed()
    ground.device().confirm(RUN)
    assert ground.box.done == ["kept"]


def test_what_was_committed_goes_back(ground: Ground) -> None:
    ground.committed().revert()
    assert ground.box.done == ["back"]


def test_what_a_dead_controller_committed_is_gone_back_from_by_the_next(ground: Ground) -> None:
    ground.committed()
    ground.device().revert()
    assert ground.box.done == ["back"]


def test_what_has_gone_back_by_itself_is_neither_kept_nor_gone_back_from_further(ground: Ground) -> None:
    device = ground.committed()
    ground.box.end("by itself")
    device.revert()
    with pytest.raises(ArmExpired):
        device.confirm(RUN)
    assert ground.box.done == ["by itself"]


def test_a_timer_about_to_end_is_left_to_itself(ground: Ground) -> None:
    device = ground.committed()
    ground.box.uptime += 110
    device.revert()
    assert ground.box.done == (["back"] if ground.platform == "cisco_ios" else [])  # IOS does not tell how long it has left


@pytest.mark.parametrize("ground", ["arista_eos", "cisco_ios"], indirect=True)
def test_somebody_elses_is_not_ours(ground: Ground) -> None:
    device = ground.committed()
    ground.box.arm("sess-budi", "budi", 300)
    with pytest.raises(ArmExpired):
        device.confirm(RUN)
    assert ground.box.done == []
