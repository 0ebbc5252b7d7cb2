"""How a health URL is asked: what is a good answer, and that no answer holds up the one who asks."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.doors.certificates import Authority
from tests.unit.modules.conftest import Loader

OK = b'{"status": "ok", "version": "1.2.3"}'


LAST = 8192
"""Bytes in which it has to stand: HAProxy's check has 16384, with the head of the answer in them."""


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = {
            "/page": (200, b"<h1>Galat</h1>"),
            "/500": (500, OK),
            "/big": (200, b"x" * 10**6 + OK),
            "/late": (200, (OK + b"x" * 10**6).rjust(LAST + 10**6, b" ")),
            "/later": (200, (OK + b"x" * 10**6).rjust(LAST + 10**6 + len(OK), b" ")),
        }.get(self.path, (200, OK))
        self.send_response(status)
        self.end_headers()
        if self.path == "/slow":
            leave: threading.Event = self.server.leave  # type: ignore[attr-defined]
            for _ in range(100):
                self.wfile.write(b" ")
                if leave.wait(0.05):
                    return
        self.wfile.write(body)

    def log_request(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with serving() as found:
        yield found


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[int]:
    """Over TLS, with a certificate that nobody vouches for."""
    pair = Authority(tmp_path).sign("strange.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with serving(context) as found:
        yield found


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.leave = threading.Event()  # type: ignore[attr-defined]
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_address[1]
    server.leave.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


def ask(shared: dict[str, Any], port: int, path: str, seconds: float = 2.0, scheme: str = "http") -> Any:
    return shared["lajur_hands"].ask("127.0.0.1", port, path, '"status": "ok"', seconds, scheme=scheme)


def test_a_good_answer_says_its_version(shared: dict[str, Any], port: int) -> None:
    found = ask(shared, port, "/")
    assert (found.status, found.fits, found.said) == (200, True, "1.2.3")


@pytest.mark.parametrize(("path", "status"), [("/page", 200), ("/500", 500), ("/big", 200), ("/later", 200)])
def test_200_alone_is_not_good_nor_is_anything_beyond_the_bound(
    shared: dict[str, Any], port: int, path: str, status: int
) -> None:
    found = ask(shared, port, path)
    assert (found.status, found.fits, found.said) == (status, False, "")


def test_what_is_expected_may_stand_late_and_no_later_than_the_edge_sees_it(shared: dict[str, Any], port: int) -> None:
    assert ask(shared, port, "/late").fits
    template = Path(__file__).parents[3] / "playbooks/roles/edge/templates/haproxy.cfg.j2"
    assert "bufsize" not in template.read_text(), "what HAProxy looks through has another size now"


def test_an_answer_that_trickles_in_is_none(shared: dict[str, Any], port: int) -> None:
    begun = monotonic()
    found = ask(shared, port, "/slow", 0.3)
    assert (found.status, found.fits) == (0, False)
    assert monotonic() - begun < 3


def test_over_tls_no_certificate_is_looked_at_and_no_answer_waited_for_longer(shared: dict[str, Any], secure: int) -> None:
    found = ask(shared, secure, "/", scheme="https")
    assert (found.status, found.fits, found.said) == (200, True, "1.2.3")
    begun = monotonic()
    assert ask(shared, secure, "/slow", 0.3, scheme="https").status == 0
    assert monotonic() - begun < 3


def test_who_is_asked_the_wrong_way_gives_no_answer(shared: dict[str, Any], port: int, secure: int) -> None:
    assert ask(shared, port, "/", scheme="https").status == 0
    assert ask(shared, secure, "/").status == 0


def test_nobody_there_is_no_answer(shared: dict[str, Any]) -> None:
    assert ask(shared, 1, "/").status == 0


def told(**more: Any) -> dict[str, Any]:
    return {"scheme": "http", "path": "/", "expect": '"ok"', "timeout": 2, "host": "", "asks": 4, "good": 0, "seconds": 0, **more}


def test_each_is_asked_as_often_as_told_in_order(module: Loader, port: int) -> None:
    own = module("lajur_health")
    found = own.watch("127.0.0.1", port, told())
    assert own.document(found)["good"] == 4
    assert own.document(found)["said"] == "1.2.3"


def test_asking_ends_with_enough_good_ones(module: Loader, port: int) -> None:
    assert len(module("lajur_health").watch("127.0.0.1", port, told(asks=50, good=3))) == 3


def test_good_ones_in_a_row_are_those_at_the_end(module: Loader, shared: dict[str, Any]) -> None:
    answer = shared["lajur_hands"].Answer
    row = [answer(200, 1, each) for each in (True, False, True, True)]
    assert module("lajur_health").in_a_row(row) == 2
    assert module("lajur_health").in_a_row([*row, answer(0, 1, False)]) == 0
