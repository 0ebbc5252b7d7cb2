"""A machine's controller over Redfish: what it tells, what it does, and who is not believed."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from infra.errors import BmcError
from infra.reach.controller import BmcLimits, BmcLogin, is_same_image
from infra.reach.redfish import Redfish
from tests.contract.bmc import ADDRESS, CPUS, DISKS, MEMORY_GIB, PASSWORD, SYSTEM, USER, Bmc, fingerprint
from tests.contract.images import served
from tests.doors.certificates import Authority

LIMITS = BmcLimits(connect=5, answer=10, effect=30, between=0.2, settle=3)
OTHER = "8f6c5a3e-1111-4222-8333-944445555666"

Opener = Callable[..., Redfish]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def bmc(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bmc]:
    pair = authority.sign("bmc")
    with closing(Bmc(tmp_path_factory.mktemp("bmc"), pair.certificate, pair.key)) as running:
        yield running


@pytest.fixture
def opened(bmc: Bmc) -> Iterator[Opener]:
    made: list[Redfish] = []

    def opener(**words: str | None) -> Redfish:
        login = {"url": bmc.url, "user": USER, "password": PASSWORD, "certificate": bmc.certificate, **words}
        made.append(Redfish(BmcLogin(server="app-1", **login), LIMITS))  # type: ignore[arg-type]
        return made[-1]

    yield opener
    for one in made:
        one.close()


def test_it_tells_the_hardware(opened: Opener) -> None:
    facts = opened().facts()
    assert (facts.cpus, facts.memory) == (CPUS, MEMORY_GIB * 2**30)
    assert facts.disks is not None
    assert [(disk.size, disk.kind) for disk in facts.disks] == [(size, "ssd") for size in DISKS]
    assert facts.vendor == "Sushy Emulator"


def test_power_is_waited_for(opened: Opener) -> None:
    machine = opened()
    machine.power("force_off")
    assert machine.state().power == "off"
    machine.power("force_off")
    machine.power("on")
    assert machine.state().power == "on"
    machine.power("restart")
    assert opened().state().power == "on"


def test_an_order_without_effect_is_an_error(authority: Authority, tmp_path: Path) -> None:
    pair = authority.sign("slow")
    with closing(Bmc(tmp_path, pair.certificate, pair.key, seconds=3600)) as slow:
        login = BmcLogin(server="app-1", url=slow.url, user=USER, password=PASSWORD, certificate=slow.certificate)
        limits = BmcLimits(effect=0.5, between=0.1)
        with closing(Redfish(login, limits)) as machine, pytest.raises(BmcError) as met:
            machine.power("off")
    assert met.value.code == "infra.bmc_no_effect"


def test_it_boots_from_what_is_asked(opened: Opener) -> None:
    machine = opened()
    for device in ("pxe", "cd", "disk"):
        machine.boot(device)
        assert machine.state().boot == device
    machine.boot("pxe", once=True)
    assert opened().state().boot == "pxe"


@pytest.fixture
def image(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path) as url:
        yield url


def test_media_go_in_and_out(opened: Opener, image: str) -> None:
    machine = opened()
    assert machine.state().media is None
    machine.media(image)
    first = machine.state().media
    machine.media(image)
    assert is_same_image(image, first or "")
    assert machine.state().media == first
    machine.media(None)
    machine.media(None)
    assert opened().state().media is None


def test_an_image_that_is_not_there_is_told(opened: Opener, image: str) -> None:
    with pytest.raises(BmcError) as met:
        opened().media(f"{image}.gone")
    assert met.value.code == "infra.bmc_refused"


def test_a_wrong_password_is_told_and_not_shown(opened: Opener) -> None:
    machine = opened(password="eight-herons")
    with pytest.raises(BmcError) as met:
        machine.facts()
    assert met.value.code == "infra.bmc_login_refused"
    assert met.value.fields["user"] == USER
    assert "herons" not in f"{met.value} {met.value.fields} {met.value.__cause__} {machine.__dict__}"


def test_another_certificate_is_refused_with_both(bmc: Bmc, opened: Opener) -> None:
    pinned = "SHA256:" + 64 * "0"
    with pytest.raises(BmcError) as met:
        opened(certificate=pinned).facts()
    assert met.value.code == "infra.bmc_certificate"
    assert (met.value.fields["pinned"], met.value.fields["offered"]) == (pinned, bmc.certificate)


def test_a_self_signed_one_is_not_trusted_without_a_pin(bmc: Bmc, opened: Opener) -> None:
    with pytest.raises(BmcError) as met:
        opened(certificate=None).facts()
    assert met.value.code == "infra.bmc_certificate"
    assert met.value.fields["offered"] == bmc.certificate


def test_nobody_there_is_told(opened: Opener) -> None:
    with pytest.raises(BmcError) as met:
        opened(url=f"https://{ADDRESS}:1").facts()
    assert met.value.code == "infra.bmc_unreachable"


ROOT = {
    "@odata.id": "/redfish/v1/",
    "Id": "RootService",
    "Name": "Root",
    "RedfishVersion": "1.5.0",
    "UUID": OTHER,
    "Links": {"Sessions": {"@odata.id": "/redfish/v1/SessionService/Sessions"}},
}


@pytest.fixture
def liar(authority: Authority) -> Iterator[tuple[str, str, list[bytes], list[str]]]:
    """A controller that answers what it likes: its address, its certificate, its answers in turn, and what it was asked with."""
    answers: list[bytes] = []
    asked: list[str] = []

    class Says(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(str(self.headers))
            self.wfile.write(answers.pop(0) if answers else b"HTTP/1.1 500 Oops\r\n\r\n")

        def log_message(self, *rest: object) -> None:
            pass

    pair = authority.sign("liar")
    server = http.server.ThreadingHTTPServer((ADDRESS, 0), Says)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://{ADDRESS}:{server.server_port}", fingerprint(pair.certificate), answers, asked
    server.shutdown()
    thread.join(10)
    server.server_close()


def answer(body: bytes, kind: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {kind}\r\nContent-Type: application/json\r\n{more}\r\n".encode() + body


Liar = tuple[str, str, list[bytes], list[str]]


def test_a_controller_leads_nowhere_else(opened: Opener, liar: Liar) -> None:
    url, certificate, answers, asked = liar
    elsewhere = f"https://{ADDRESS}:1/redfish/v1/Systems"
    for first in (
        [answer(b"", "302 Found", f"Location: {elsewhere}\r\n")],
        [answer(json.dumps({**ROOT, "Systems": {"@odata.id": elsewhere}}).encode())],
    ):
        answers[:] = first
        with pytest.raises(BmcError) as met:
            opened(url=url, certificate=certificate).facts()
        assert met.value.code == "infra.bmc_elsewhere"
        assert met.value.fields["where"] == f"{ADDRESS}:1"
    assert asked


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\x1b[2J", b'{"Systems": 7}', b"[" * 100_000, b"9" * (9 * 2**20)], ids=range(7)
)
def test_nonsense_is_told_as_such(opened: Opener, liar: Liar, body: bytes) -> None:
    url, certificate, answers, _ = liar
    answers.append(answer(body))
    with pytest.raises(BmcError) as met:
        opened(url=url, certificate=certificate).facts()
    assert met.value.code in {"infra.bmc_not_understood", "infra.bmc_unreachable", "infra.bmc_refused"}
    assert "\x1b" not in str(met.value)


def test_an_answer_that_breaks_off_is_told(opened: Opener, liar: Liar) -> None:
    url, certificate, answers, _ = liar
    answers.append(answer(b"{", more="Content-Length: 900\r\n"))
    with pytest.raises(BmcError) as met:
        opened(url=url, certificate=certificate).facts()
    assert met.value.code == "infra.bmc_unreachable"


def test_of_several_machines_one_must_be_named(authority: Authority, tmp_path: Path) -> None:
    pair = authority.sign("two")
    with closing(Bmc(tmp_path, pair.certificate, pair.key, [SYSTEM, OTHER])) as two:
        login = {"server": "app-1", "url": two.url, "user": USER, "password": PASSWORD, "certificate": two.certificate}
        with closing(Redfish(BmcLogin(**login))) as machine, pytest.raises(BmcError) as met:
            machine.state()
        assert met.value.code == "infra.bmc_which_system"
        with closing(Redfish(BmcLogin(**login, system=OTHER))) as machine:
            assert machine.state().power == "on"
