"""Webhooks over real sockets: a receiver verifies them with the standard's own library, and a hostile one gets nowhere."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address
from pathlib import Path

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from network.clock import SystemClock
from network.core import webhook
from network.errors import Refused
from network.services.deliver import Receipt
from network.telemetry.webhooks import Address, WebhookCourier, allowed_networks
from tests.contract.receiver import Receiver, certificate, receiver
from tests.contract.router import PATIENCE

LOOPBACK = allowed_networks("127.0.0.0/8, ::1")
WORD = "word"
BODY = '{"specversion":"1.0","type":"boost.granted","data":{"nama":"Distrik Ransiki ✓"}}'.encode()


@pytest.fixture
def here() -> Iterator[Receiver]:
    with receiver() as seen:
        yield seen


@pytest.fixture
def courier() -> WebhookCourier:
    return WebhookCourier(allowed=LOOPBACK, connect=PATIENCE, total=PATIENCE)


@pytest.fixture
def hasty() -> WebhookCourier:
    return WebhookCourier(allowed=LOOPBACK, connect=1.0, total=1.0)


def send(courier: WebhookCourier, url: str) -> Receipt:
    own = webhook.secret(b"m" * 32, "sub-1")
    return courier.send(url, webhook.headers(own, "dlv-1", SystemClock().now(), BODY), BODY)


def test_a_receiver_verifies_it_with_the_library_of_the_standard(here: Receiver, courier: WebhookCourier) -> None:
    assert send(courier, f"http://127.0.0.1:{here.port}/hook?a=b") == Receipt(204)
    got = here.requests[0]
    assert (got.path, got.body, got.headers["host"]) == ("/hook?a=b", BODY, f"127.0.0.1:{here.port}")
    Webhook(webhook.shown(webhook.secret(b"m" * 32, "sub-1"))).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook.shown(webhook.secret(b"m" * 32, "sub-2"))).verify(got.body, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook.shown(webhook.secret(b"m" * 32, "sub-1"))).verify(got.body + b" ", got.headers)


def test_tls_goes_to_the_judged_address_and_is_checked_against_the_name(tmp_path: Path) -> None:
    own = certificate(tmp_path, "hook.example.go.id")
    asked = []

    def look_up(host: str, port: int) -> tuple[Address, ...]:
        asked.append((host, port))
        return (ip_address("127.0.0.1"),)

    trust = ssl.create_default_context(cafile=str(own))
    with receiver(own) as here:
        courier = WebhookCourier(allowed=LOOPBACK, look_up=look_up, trust=trust, connect=PATIENCE, total=PATIENCE)
        assert send(courier, f"https://hook.example.go.id:{here.port}/x") == Receipt(204)
        assert asked == [("hook.example.go.id", here.port)]
        assert here.requests[0].headers["host"] == f"hook.example.go.id:{here.port}"
        # The same machine under a name that its certificate does not hold, and one that nobody trusts.
        assert send(courier, f"https://other.example.go.id:{here.port}/x") == Receipt(None, "webhook.certificate")
        strict = WebhookCourier(allowed=LOOPBACK, look_up=look_up, connect=PATIENCE, total=PATIENCE)
        assert send(strict, f"https://hook.example.go.id:{here.port}/x") == Receipt(None, "webhook.certificate")
        assert len(here.requests) == 1


def test_a_second_look_up_would_lead_elsewhere_and_is_never_made(here: Receiver) -> None:
    answers = [(ip_address("127.0.0.1"),), (ip_address("169.254.169.254"),)]
    courier = WebhookCourier(allowed=LOOPBACK, look_up=lambda host, port: answers.pop(0), connect=PATIENCE, total=PATIENCE)
    assert send(courier, f"http://rebind.example.org:{here.port}/") == Receipt(204)
    assert len(answers) == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "198.18.0.1",
        "192.0.0.8",
        "192.88.99.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::",
        "2001:0:7f00:1::1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::8.8.8.8",
    ],
)
def test_an_address_that_is_not_public_is_refused_however_it_is_written(address: str) -> None:
    courier = WebhookCourier(look_up=lambda host, port: (ip_address("8.8.8.8"), ip_address(address)))
    with pytest.raises(Refused) as refused:
        courier.check("https://hook.example.org/")
    assert refused.value.code == "webhook.private_address"
    assert ip_address(str(refused.value.fields["address"])) == ip_address(address)
    assert courier.send("https://hook.example.org/", {}, b"") == Receipt(None, "webhook.private_address")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"])
def test_a_public_address_is_not(address: str) -> None:
    WebhookCourier(look_up=lambda host, port: (ip_address(address),)).check("https://hook.example.org:8443/x")


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0"])
def test_a_name_that_leads_home_is_refused_by_the_real_resolver(host: str) -> None:
    with pytest.raises(Refused) as refused:
        WebhookCourier().check(f"https://{host}/")
    assert refused.value.code in ("webhook.private_address", "webhook.no_address")
    if host != "0":
        assert refused.value.code == "webhook.private_address"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://8.8.8.8/", "webhook.not_https"),
        ("ftp://8.8.8.8/", "webhook.not_https"),
        ("file:///etc/passwd", "webhook.not_https"),
        ("//8.8.8.8/", "webhook.not_https"),
        ("", "webhook.not_https"),
        ("https://", "webhook.bad_url"),
        ("https:///x", "webhook.bad_url"),
        ("https://8.8.8.8:99999/", "webhook.bad_url"),
        ("https://8.8.8.8:0/", "webhook.bad_url"),
        ("https://8.8.8.8/#part", "webhook.bad_url"),
        ("https://8.8.8.8\\@127.0.0.1/", "webhook.credentials"),
        ("https://8.8.8.8\\x/", "webhook.bad_url"),
        ("https://8.8.8.8/a b", "webhook.bad_url"),
        ("https://8.8.8.8/\r\nX-Evil: 1", "webhook.bad_url"),
        ("https://[fe80::1%25eth0]/", "webhook.bad_url"),
        ("https://[::1", "webhook.bad_url"),
        ("https://ho\uff4fk.example/", "webhook.bad_url"),
        ("https://8.8.8.8/" + "a" * 2000, "webhook.bad_url"),
        ("https://user@8.8.8.8/", "webhook.credentials"),
        (f"https://user:{WORD}@8.8.8.8/", "webhook.credentials"),
        (f"https://user:{WORD}@8.8.8.8/#part", "webhook.credentials"),
        (f"https://user:{WORD}@8.8.8.8:x/", "webhook.bad_url"),
        (f"ftp://user:{WORD}@8.8.8.8/", "webhook.not_https"),
        ("https://:@8.8.8.8/", "webhook.credentials"),
    ],
)
def test_an_address_that_says_something_else_than_it_seems_is_refused(url: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        WebhookCourier(look_up=lambda host, port: (ip_address("8.8.8.8"),)).check(url)
    assert refused.value.code == code
    assert WORD not in str(refused.value)


def test_without_tls_every_address_must_be_allowed() -> None:
    mixed = (ip_address("127.0.0.1"), ip_address("8.8.8.8"))
    with pytest.raises(Refused, match=r"webhook\.not_https"):
        WebhookCourier(allowed=LOOPBACK, look_up=lambda host, port: mixed).check("http://hook.example.org/")
    WebhookCourier(allowed=LOOPBACK, look_up=lambda host, port: mixed).check("https://hook.example.org/")


def test_a_name_without_address_or_a_resolver_that_hangs_is_given_up() -> None:
    over = threading.Event()

    def hang(_host: str, _port: int) -> tuple[Address, ...]:
        over.wait(PATIENCE)
        return (IPv6Address("2606:4700::1111"),)

    began = time.monotonic()
    with pytest.raises(Refused, match=r"webhook\.no_address"):
        WebhookCourier(look_up=hang, connect=0.2).check("https://hook.example.org/")
    assert time.monotonic() - began < 10.0
    over.set()
    with pytest.raises(Refused, match=r"webhook\.no_address"):
        WebhookCourier(look_up=lambda host, port: ()).check("https://hook.example.org/")


def test_a_redirect_is_an_answer_and_is_not_followed(here: Receiver, courier: WebhookCourier) -> None:
    with receiver() as other:
        here.answers, here.headers = [307], {"Location": f"http://127.0.0.1:{other.port}/latest/meta-data/"}
        assert send(courier, f"http://127.0.0.1:{here.port}/") == Receipt(307)
        assert (len(here.requests), other.requests) == (1, [])


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_slow_receiver_is_left_in_time(here: Receiver, hasty: WebhookCourier, how: str) -> None:
    here.answers = [how]
    began = time.monotonic()
    assert send(hasty, f"http://127.0.0.1:{here.port}/") == Receipt(None, "webhook.timeout")
    assert time.monotonic() - began < 10.0


def test_a_receiver_that_never_speaks_tls_is_left_in_time(hasty: WebhookCourier) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began = time.monotonic()
        receipt = send(hasty, f"https://127.0.0.1:{deaf.getsockname()[1]}/")
    assert receipt == Receipt(None, "webhook.timeout")
    assert time.monotonic() - began < 10.0


def test_a_receiver_that_cuts_the_line_or_is_not_there_is_said_so(here: Receiver, courier: WebhookCourier) -> None:
    here.answers = ["cut"]
    assert send(courier, f"http://127.0.0.1:{here.port}/") == Receipt(None, "webhook.no_answer")
    assert send(courier, "http://127.0.0.1:1/") == Receipt(None, "webhook.no_connection")


def test_of_several_addresses_the_first_that_answers_is_taken(here: Receiver) -> None:
    both = (ip_address("::1"), ip_address("127.0.0.1"))
    courier = WebhookCourier(allowed=LOOPBACK, look_up=lambda host, port: both, connect=PATIENCE, total=PATIENCE)
    assert send(courier, f"http://hook.example.org:{here.port}/") == Receipt(204)
