"""The hand that asks on routers: which words go to which platform, from which address, and what a cut means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.model import Platform
from inventory.regency import Regency
from network.core.systems import By, Word, systems
from network.drivers import systems_ssh
from network.drivers.ssh_door import Secrets, Target
from network.drivers.systems_ssh import Router, SshSystemProber
from network.errors import SessionCut

SAID: Mapping[Platform, str] = {
    Platform.CISCO_IOS: "Interface  IP-Address  OK? Method Status Protocol\n"
    "Gi0/0  192.0.2.1  YES NVRAM up up\nGi0/1  {lan}  YES NVRAM up up\n",
    Platform.HUAWEI_VRP: "Interface IP Address/Mask Physical Protocol\nGE0/0/0 192.0.2.1/30 up up\nGE0/0/1 {lan}/24 up up\n",
    Platform.JUNIPER_JUNOS: "ge-0/0/0.0  up  up  inet  192.0.2.1/30\nge-0/0/1.0  up  up  inet  {lan}/24\n",
    Platform.MIKROTIK_ROUTEROS: " 0   address=192.0.2.1/30 network=192.0.2.0 interface=ether1\n"
    " 1   address={lan}/24 network=x interface=ether2\n",
}
"""How each shows its addresses."""


@dataclass
class Talk:
    """A dialogue with a router of another make."""

    answer: Callable[[str], str]
    heard: list[str] = field(default_factory=list)
    closed: bool = False

    def say(self, command: str) -> str:
        self.heard.append(command)
        return self.answer(command)

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "manokwari")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, regency: Regency) -> Callable[..., tuple[Mapping[str, Any], Talk]]:
    """Ask two systems on a router of that platform, which answers so."""
    office = regency.office("dpmptsp")

    def ask(platform: Platform, answer: Callable[[str], str]) -> tuple[Mapping[str, Any], Talk]:
        talk = Talk(answer)

        class Door:
            def __init__(self, *_: object) -> None: ...

            def dialogue(self, doing: str, wanted: str) -> Talk:
                assert (doing, wanted) == ("systems", platform.value)
                return talk

        monkeypatch.setattr(systems_ssh, "Door", Door)
        router = Router(target=Target(device=office.device, host="192.0.2.9"), platform=platform, login=Secrets)
        prober = SshSystemProber({office.device: router}, lambda *_: pytest.fail("dialled"), Path("/nonexistent"))
        try:
            return prober.probe(office, systems(regency)[:2]), talk
        finally:
            assert talk.closed

    return ask


@pytest.mark.parametrize("platform", list(SAID))
def test_a_router_of_another_make_asks_from_its_address_in_the_lan(
    platform: Platform, regency: Regency, asked: Callable[..., tuple[Mapping[str, Any], Talk]]
) -> None:
    source = str(regency.office("dpmptsp").lan[1])

    def answer(command: str) -> str:
        return (
            SAID[platform].format(lan=source) if "address" in command or "brief" in command or "terse" in command else "nonsense"
        )

    found, talk = asked(platform, answer)
    assert set(found) == {"oss", "sicantik"}
    assert len(talk.heard) == 3
    assert all(source in command for command in talk.heard[1:]), talk.heard
    assert {each.word for each in found.values()} == {Word.UNASKED}, "nonsense is no answer"
    assert all("192.0.2.1" not in command for command in talk.heard[1:])


def test_what_routeros_fetched_counts_as_unchecked(asked: Callable[..., tuple[Mapping[str, Any], Talk]]) -> None:
    found, _ = asked(Platform.MIKROTIK_ROUTEROS, lambda command: "data=SiCantik;downloaded=1;duration=00:00:00;status=finished")
    assert {(each.word, each.by, each.source) for each in found.values()} == {(Word.ANSWERS, By.HTTPS_UNCHECKED, "")}


def test_a_session_that_is_cut_is_told_with_its_device(asked: Callable[..., tuple[Mapping[str, Any], Talk]]) -> None:
    def cut(command: str) -> str:
        raise EOFError(command)

    with pytest.raises(SessionCut) as error:
        asked(Platform.CISCO_IOS, cut)
    assert error.value.fields["device"] == "r-dpmptsp"
