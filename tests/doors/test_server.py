"""How the service is reached: TLS and who may use it, a local socket, bounds on a request's head, settings, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from starlette.types import ASGIApp

from network.errors import Refused, UsageError
from network.settings import ApiSettings, Settings
from qos_api import protocol, server
from qos_api.app import create_app
from qos_api.desk import Options
from qos_api.server import Listening, listening_of, options_of, running, serve
from tests.doors.certificates import Authority
from tests.doors.conftest import Opened
from tests.doors.desk import Desk, service, things
from tests.doors.test_envelope import raw

LOOPBACK: Final = "127.0.0.1"


@pytest.fixture
def app(desk: Desk) -> ASGIApp:
    return create_app(desk, Options(), (things(), service()))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def trusting(authority: Authority, **versions: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.certificate))
    for name, version in versions.items():
        setattr(context, name, version)
    return context


# ---- TLS


def test_it_is_served_over_tls(app: ASGIApp, authority: Authority) -> None:
    pair = authority.sign("server")
    with running(app, Listening(certificate=pair.certificate, key=pair.key)) as address:
        assert address.startswith("https://127.0.0.1:")
        answer = httpx.get(f"{address}/healthz", verify=trusting(authority), trust_env=False)
        assert answer.status_code == 200
        assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_old_tls_is_refused(app: ASGIApp, authority: Authority) -> None:
    pair = authority.sign("server")
    old = trusting(authority)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with running(app, Listening(certificate=pair.certificate, key=pair.key)) as address, pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/healthz", verify=old, trust_env=False)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        fresh = trusting(authority, minimum_version=version, maximum_version=version)
        with running(app, Listening(certificate=pair.certificate, key=pair.key)) as address:
            assert httpx.get(f"{address}/healthz", verify=fresh, trust_env=False).status_code == 200


def test_callers_may_have_to_show_a_certificate(app: ASGIApp, authority: Authority) -> None:
    pair, own = authority.sign("server"), authority.sign("client")
    where = Listening(certificate=pair.certificate, key=pair.key, client_ca=authority.certificate)
    shown = trusting(authority)
    shown.load_cert_chain(own.certificate, own.key)
    with running(app, where) as address:
        assert httpx.get(f"{address}/healthz", verify=shown, trust_env=False).status_code == 200
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{address}/healthz", verify=trusting(authority), trust_env=False)


def test_tls_that_cannot_be_is_refused_before_anything_listens(app: ASGIApp, authority: Authority, tmp_path: Path) -> None:
    pair, other = authority.sign("server"), authority.sign("other")
    open_key = tmp_path / "open.key"
    open_key.write_bytes(pair.key.read_bytes())
    open_key.chmod(0o644)
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("no certificate")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"certificate": pair.certificate}, "server.tls_pair"),
        ({"key": pair.key}, "server.tls_pair"),
        ({"certificate": pair.certificate, "key": open_key}, "server.tls_open"),
        ({"certificate": pair.certificate, "key": other.key}, "server.tls_file"),
        ({"certificate": nonsense, "key": pair.key}, "server.tls_file"),
        ({"certificate": tmp_path / "absent.pem", "key": pair.key}, "server.tls_file"),
        ({"certificate": pair.certificate, "key": tmp_path / "absent.key"}, "server.tls_file"),
        ({"certificate": pair.certificate, "key": pair.key, "client_ca": nonsense}, "server.tls_file"),
    ]
    for options, code in cases:
        with pytest.raises((Refused, UsageError)) as refusal:
            serve(app, Listening(**options))
        assert refusal.value.code == code, options


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "lajur.example"])
def test_others_are_not_served_without_tls_unless_that_is_meant(app: ASGIApp, host: str) -> None:
    with pytest.raises(Refused) as refusal:
        serve(app, Listening(host=host))
    assert refusal.value.code == "server.plain"
    assert server.tls(Listening(host=host, plain=True)) is None


# ---- where it listens


def test_it_is_served_on_ipv6(app: ASGIApp) -> None:
    with running(app, Listening(host="::1")) as address:
        assert address.startswith("http://[::1]:")
        assert httpx.get(f"{address}/healthz", trust_env=False).status_code == 200


def test_an_address_that_is_taken_is_told(app: ASGIApp) -> None:
    with closing(socket.create_server((LOOPBACK, 0))) as taken:
        with pytest.raises(Refused) as refusal:
            serve(app, Listening(port=taken.getsockname()[1]))
        assert refusal.value.code == "server.address"


def test_a_local_socket_is_for_its_user_and_group_and_goes_with_the_service(app: ASGIApp, tmp_path: Path) -> None:
    path = tmp_path / "api.sock"
    with running(app, Listening(socket=path)) as address:
        assert address == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://lajur") as client:
            assert client.get("/healthz").status_code == 200
            assert client.get("/v1/regencies").status_code == 401
        with pytest.raises(Refused) as refusal:
            serve(app, Listening(socket=path))
        assert refusal.value.code == "server.address", "one that answers is left alone"
    assert not path.exists()


def test_what_a_crash_left_of_a_socket_is_taken_away(app: ASGIApp, tmp_path: Path) -> None:
    path = tmp_path / "api.sock"
    with closing(socket.socket(socket.AF_UNIX)) as crashed:
        crashed.bind(str(path))
    with running(app, Listening(socket=path)):
        assert stat.S_ISSOCK(path.stat().st_mode)


def test_a_file_in_the_place_of_a_socket_is_left_alone(app: ASGIApp, tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("data")
    with pytest.raises(Refused):
        serve(app, Listening(socket=path))
    assert path.read_text() == "data"


# ---- the head of a request


@pytest.mark.parametrize(
    "written",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ],
)
def test_what_is_no_http_gets_a_problem_and_the_end(api: Opened, written: bytes) -> None:
    told = raw(api, written)
    assert told.startswith("HTTP/1.1 400 ")
    assert "application/problem+json" in told
    assert "x-content-type-options: nosniff" in told.lower()
    assert "api.malformed" in told


@pytest.mark.parametrize(
    "written",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 100_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
        b"GET /" + b"x" * 100_000,
    ],
)
def test_a_head_that_is_too_large_is_refused(api: Opened, written: bytes) -> None:
    assert raw(api, written).startswith("HTTP/1.1 431 ")


@pytest.mark.parametrize("written", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_never_ends_ends(api: Opened, monkeypatch: pytest.MonkeyPatch, written: bytes) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.2)
    assert raw(api, written).startswith("HTTP/1.1 408 ")


def test_more_connections_than_there_may_be_are_told_so(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    with running(app, Listening()) as address, ExitStack() as stack:
        host, port = address.removeprefix("http://").split(":")
        for _ in range(3):
            stack.enter_context(closing(socket.create_connection((host, int(port)))))
        answers = [httpx.get(f"{address}/healthz", trust_env=False) for _ in range(2)]
        assert {(each.status_code, each.json()["code"]) for each in answers} == {(503, "api.busy")}
        assert all(int(each.headers["retry-after"]) > 0 for each in answers)


def test_one_connection_carries_many_requests(api: Opened) -> None:
    line = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
    told = raw(api, (line + b"\r\n") * 5 + line + b"Connection: close\r\n\r\n")
    assert told.count("HTTP/1.1 200 OK") == 6


# ---- how it ends

SERVED = """
import sys, threading
from qos_api.app import create_app
from qos_api.desk import Options
from qos_api.server import Listening, serve
from tests.doors.desk import Desk, service, things

app = create_app(Desk(), Options(), (things(), service()))
def ready(address):
    sys.stdout.write(address + "\\n"); sys.stdout.flush()
serve(app, Listening(), ready=ready)
sys.stdout.write("ended by itself\\n")
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'qos-api'}"}
    started = subprocess.Popen([sys.executable, "-c", SERVED], stdout=subprocess.PIPE, text=True, env=environment, cwd=root)
    with started:
        yield started
        started.kill()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_what_is_under_way_end_and_gives_the_process_back(
    process: subprocess.Popen[str], how: signal.Signals
) -> None:
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    host, port = address.removeprefix("http://").split(":")
    assert httpx.get(f"{address}/healthz", trust_env=False).status_code == 200
    with closing(socket.create_connection((host, int(port)), timeout=20)) as under_way:
        under_way.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        process.send_signal(how)
        rest, _ = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "ended by itself\n")


# ---- settings


def read(**given: str) -> ApiSettings:
    return ApiSettings.read({f"LAJUR_API_{name.upper()}": value for name, value in given.items()})


def test_without_settings_it_is_for_this_machine_only() -> None:
    own = read()
    assert own == ApiSettings()
    assert (own.host, own.port, own.metrics_open) == (LOOPBACK, 8080, False)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"port": "x"}, "LAJUR_API_PORT"),
        ({"port": "65536"}, "LAJUR_API_PORT"),
        ({"port": "-1"}, "LAJUR_API_PORT"),
        ({"port": "²"}, "LAJUR_API_PORT"),
        ({"caller_rate": "0"}, "LAJUR_API_CALLER_RATE"),
        ({"body_bytes": "9" * 400}, "LAJUR_API_BODY_BYTES"),
        ({"metrics_open": "maybe"}, "LAJUR_API_METRICS_OPEN"),
        ({"plain": "1"}, "LAJUR_API_PLAIN"),
    ],
)
def test_a_setting_that_cannot_be_is_named(given: dict[str, str], name: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read(**given)
    assert (refusal.value.code, refusal.value.fields["name"]) == ("settings.api", name)


def test_settings_become_options(tmp_path: Path) -> None:
    environment = {
        "LAJUR_LANG": "id",
        "LAJUR_API_ISSUER": "https://login.example",
        "LAJUR_API_AUDIENCE": "lajur",
        "LAJUR_API_CALLER_RATE": "77",
        "LAJUR_API_CERTIFICATE": str(tmp_path / "c.pem"),
        "LAJUR_API_KEY": str(tmp_path / "c.key"),
        "LAJUR_API_METRICS_OPEN": "yes",
    }
    settings = Settings.read(environment, tmp_path)
    options, where = options_of(settings), listening_of(settings.api)
    assert (options.language, options.caller_rate, options.tls, options.metrics_open) == ("id", 77, True, True)
    assert options.issuer is not None
    assert (options.issuer.url, options.issuer.audience, options.issuer.claim) == ("https://login.example", "lajur", "lajur")
    assert (where.certificate, where.has_tls) == (tmp_path / "c.pem", True)


def test_an_issuer_needs_an_audience(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        options_of(Settings.read({"LAJUR_API_ISSUER": "https://login.example"}, tmp_path))
    assert refusal.value.code == "server.audience"


def test_two_services_of_one_process_stand_apart(app: ASGIApp, desk: Desk) -> None:
    other = create_app(Desk(), Options())
    with running(app, Listening()) as one, running(other, Listening()) as two:
        token = desk.token("viewer")
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{one}/v1/regencies", headers=headers, trust_env=False).status_code == 200
        assert httpx.get(f"{two}/v1/regencies", headers=headers, trust_env=False).status_code == 404


def test_what_cannot_start_says_so_to_whoever_waits(app: ASGIApp) -> None:
    before = set(threading.enumerate())
    with pytest.raises(Refused) as refusal, running(app, Listening(host="192.0.2.1", plain=True)):
        raise AssertionError("it must not come up")
    assert refusal.value.code == "server.address"
    assert set(threading.enumerate()) <= before
