"""The hand for links without candidates, against a terminal on loopback with all the manners that such a one may have."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from network.core.link_ports import Commit
from network.core.links.capabilities import CAPABILITIES
from network.core.links.sight import Looks
from network.drivers.host_keys import pin
from network.drivers.link_sessions import LinkTarget
from network.drivers.netmiko_links import NetmikoLinkDevice, NetmikoLogin
from network.errors import DeviceUnreachable, HostKeyChanged, HostKeyUnknown, LoginRefused, NotSaved, SessionCut, StepRefused
from tests.contract.ssh_peer import ADDRESS, Peer, ecdsa, key_of

PORT = "GigabitEthernet0/0/1"
PRINTABLE = "".join(map(chr, range(33, 127))) + " é"
"""Every printable character of ASCII, and one beyond."""

ODD = "Selamat datang! <Pengumuman> [PENTING] harga > $1 # jangan masuk: Password: login: ]\n--More--\n\x1b[1;31mawas\x1b[0m"
KEY = "r4h4s14-0spf"
LINES = f"interface {PORT}\n description lajur krb-rsud: hub o9 (Krb) [a] <b> #c\n ospf cost 9\nquit\n"
INVERSE = f"interface {PORT}\n undo description\n undo ospf cost\nquit\n"

GO_ON = "Warning: The current configuration will be written to the device. Continue? [Y/N]:"
FILE = "Info: Please input the file name ( *.cfg, *.zip ) [vrpcfg.zip]:"

INTERFACE = f"""\
{PORT} current state : UP
Line protocol current state : UP
Description:lajur [a] <b> #c
Route Port,The Maximum Transmit Unit is 1500
"""


@dataclass
class Vrp:
    """A router that types back what it is told. `bad` is a line that it does not know, `falls` one at which the session ends.

    `saving`: what it asks when it is told to save, each question with the answers that let it go on; `saved`: what it says then.
    """

    name: str = "R-Dinas_1.papua#2"
    bad: str = "-"
    falls: str = "-"
    told: list[str] = field(default_factory=list)
    saving: list[tuple[str, str]] = field(default_factory=lambda: [(GO_ON, "y")])
    saved: str = "Configuration file had been saved successfully"
    saves: int = 0
    _view: str = ""
    _asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def prompt(self) -> str:
        return f"[{self.name}{self._view.removeprefix('system')}]" if self._view else f"<{self.name}>"

    def talk(self, command: str) -> tuple[str, str] | None:
        if command == self.falls:
            return None
        said = self._said(command)
        return said, self._asked[0][0] if self._asked else self.prompt

    def hang_up(self) -> None:
        """Whoever asks next does so over a new session."""
        self._asked = []

    def _save(self) -> str:
        self.saves += 1
        return self.saved

    def _said(self, command: str) -> str:
        if self._asked:
            _, wanted = self._asked.pop(0)
            if command != wanted:
                self._asked = []
                return "Info: not saved"
            return "" if self._asked else self._save()
        if command == "save":
            self._asked = list(self.saving)
            return "" if self._asked else self._save()
        if command == "system-view":
            self._view = "system"
            return "Enter system view, return user view with Ctrl+Z."
        if command in ("return", "quit"):
            self._view = "" if command == "return" or self._view == "system" else "system"
            return ""
        if self._view:
            self.told.append(command)
            self._view = f"system-{command.removeprefix('interface ')}" if command.startswith("interface ") else self._view
            return f"      ^\nError: Unrecognized command found at '^' position. {KEY}" if command == self.bad else ""
        known = {"display current-configuration": "#\n" + "\n".join(self.told), f"display interface {PORT}": INTERFACE}
        return known.get(command, "")


Start = Callable[..., NetmikoLinkDevice]


@pytest.fixture
def vrp() -> Vrp:
    return Vrp()


@pytest.fixture
def start(vrp: Vrp, tmp_path: Path) -> Iterator[Start]:
    """A login to it, with a password of every printable character."""
    with ExitStack() as stack:

        def made(*, password: str = PRINTABLE, pinned: int | None = 0, gone: bool = False, **manners: str) -> NetmikoLinkDevice:
            own = Peer(keys=[ecdsa(0)], talk=vrp.talk, prompt=vrp.prompt, password=PRINTABLE, **manners)  # type: ignore[arg-type]
            if gone:
                own.close()
            else:
                stack.enter_context(closing(own))
            known_hosts = tmp_path / "known_hosts"
            known_hosts.touch()
            if pinned is not None:
                pin(known_hosts, ADDRESS, own.port, key_of(ecdsa(pinned)))
            target = LinkTarget(
                device="r-dinas", host=ADDRESS, port=own.port, username="lajur", known_hosts=str(known_hosts), seconds=5
            )
            device = NetmikoLinkDevice(target, CAPABILITIES["huawei_vrp"], NetmikoLogin(password=password))
            stack.callback(device.close)
            return device

        yield made


def _commit(run: str = "run-link-one") -> Commit:
    return Commit(run=run, candidate=LINES, inverse=INVERSE, revert_in=None, message=run)


@pytest.mark.parametrize("manners", [{}, {"banner": f"{ODD}\n"}, {"welcome": f"\n{ODD}\n"}, {"banner": ODD, "welcome": ODD}])
def test_banners_and_prompts_are_not_taken_for_answers(vrp: Vrp, start: Start, manners: dict[str, str]) -> None:
    device = start(**manners)
    device.commit(_commit())
    assert vrp.told == [line.strip() for line in LINES.splitlines() if line != "quit"]
    shown = device.read().text.splitlines()
    assert [line for line in shown if line and not line.startswith("#")] == vrp.told
    (sight,) = device.look([Looks(interface=PORT, peer=None, source=None, small=84, large=1500, count=1, pings=False)])
    assert (sight.carrier, sight.mtu) == (True, 1500)
    device.confirm("run-link-one")
    device.revert()
    assert "undo ospf cost" not in vrp.told, "what was confirmed stays"


def test_a_bad_line_is_named_and_what_came_before_it_is_typed_back(vrp: Vrp, start: Start) -> None:
    vrp.bad = "description lajur krb-rsud: hub o9 (Krb) [a] <b> #c"
    device = start()
    with pytest.raises(StepRefused) as refused:
        device.commit(_commit())
    assert refused.value.fields["line"] == vrp.bad
    assert vrp.told[-2:] == ["undo description", "undo ospf cost"]


def test_it_is_typed_back_when_asked_and_only_once(vrp: Vrp, start: Start) -> None:
    device = start(welcome=ODD)
    device.commit(_commit())
    device.revert()
    device.revert()
    assert vrp.told[-3:] == [f"interface {PORT}", "undo description", "undo ospf cost"]
    assert vrp.told.count("undo ospf cost") == 1


def test_a_session_that_ends_within_a_change_is_said_to_be_cut(vrp: Vrp, start: Start) -> None:
    vrp.falls = "ospf cost 9"
    device = start()
    with pytest.raises(SessionCut) as cut:
        device.commit(_commit())
    assert cut.value.device == "r-dinas"
    device.revert()
    assert vrp.told[-1] == "undo ospf cost"


def test_a_save_is_followed_through_whatever_it_asks(vrp: Vrp, start: Start) -> None:
    device = start()
    for saving, saved in (
        ([(GO_ON, "y")], "Now saving the current configuration to the slot 1 .\nInfo: Save the configuration successfully."),
        ([("The configuration will be written.\nAre you sure to continue?[Y/N]", "y"), (FILE, "")], "Saved successfully."),
        ([("Are you sure to continue? (y/n)[n]:", "y"), ("vrpcfg.zip exists, overwrite? (y/n)[n]:", "y")], "Done successfully."),
        ([], "Info: Save the configuration successfully."),
    ):
        vrp.saving, vrp.saved, saves = saving, saved, vrp.saves
        device.confirm("run-link-one")
        assert vrp.saves == saves + 1, saving


def test_a_save_that_fails_is_told_and_the_change_is_kept(vrp: Vrp, start: Start) -> None:
    device = start()
    device.commit(_commit())
    for saving, saved, said in (
        ([(GO_ON, "y")], "Error: No space in flash:/.\nThe slot 2 was saved successfully.", "Error: No space in flash:/."),
        ([], "Error: You do not have permission to run the command.", "Error: You do not have permission to run the command."),
        ([(GO_ON, "y")], "Info: The system is busy, try again later.", "Info: The system is busy, try again later."),
        ([(GO_ON, "y")] * 9, "never reached", GO_ON),
    ):
        vrp.saving, vrp.saved = saving, saved
        with pytest.raises(NotSaved) as unsaved:
            device.confirm("run-link-one")
        assert (unsaved.value.device, unsaved.value.fields["said"]) == ("r-dinas", said)
        vrp.hang_up()
    device.revert()
    assert "undo ospf cost" not in vrp.told
    vrp.saving, vrp.saved = [], "Save the configuration successfully."
    device.confirm("run-link-one")


@pytest.mark.parametrize(("pinned", "error"), [(None, HostKeyUnknown), (1, HostKeyChanged)])
def test_a_host_key_that_is_not_the_pinned_one_ends_it(start: Start, pinned: int | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        start(pinned=pinned).read()


def test_a_wrong_password_is_told_and_never_shown(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    device = start(password="nearly" + PRINTABLE)
    with pytest.raises(LoginRefused) as refused:
        device.read()
    assert PRINTABLE not in str(refused.value) + repr(device.__dict__) + caplog.text


def test_nobody_there(start: Start) -> None:
    device = start(gone=True)
    with pytest.raises(DeviceUnreachable):
        device.read()
