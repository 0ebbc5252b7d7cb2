"""The program that routers are sent, run as they run it, against systems as the lab plays them: real TCP, TLS and HTTP."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from selectors import DefaultSelector
from threading import Thread
from typing import Any

import pytest

from network.core.systems import By, Why, Word
from network.drivers import system_agent
from network.lab.layout import Played
from network.lab.outside import Manner
from network.lab.systems import Authority, System

HERE = "127.0.0.1"
EXPECTED = "siap melayani"


class World:
    """Systems on loopback, each as it is told to be, and an authority that signs for them."""

    def __init__(self) -> None:
        self._selector = DefaultSelector()
        self._loop = asyncio.SelectorEventLoop(self._selector)
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._authority = Authority("test")
        self._good, self._ended = (self._authority.context([HERE], good=which) for which in (True, False))
        self._playing: list[System] = []

    @property
    def issuers(self) -> str:
        return self._authority.pem

    def play(self, kind: str = "https", manner: Manner = Manner.UP, expect: str | None = None, slow: int = 100) -> int:
        """The port."""
        with socket.socket() as free:
            free.bind((HERE, 0))
            port: int = free.getsockname()[1]
        system = System(Played(key="oss", kind=kind, address=HERE, port=port, expect=expect, slow=slow), self._good, self._ended)
        self._run(system, manner)
        self._playing.append(system)
        return port

    def close(self) -> None:
        for system in self._playing:
            self._run(system, Manner.DOWN)
        asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, system: System, manner: Manner) -> None:
        asyncio.run_coroutine_threadsafe(system.be(manner), self._loop).result(10)

    async def _settle(self) -> None:
        """Until every connection is gone: one just taken has no task yet, the other end may be slow to hang up, and what is
        closed says so to itself in later turns."""
        for turn in range(2000):
            if turn >= 10:
                for task in asyncio.all_tasks() - {asyncio.current_task()}:
                    task.cancel()
            if turn >= 100 and len(self._selector.get_map()) <= 1:  # the loop's own
                return
            await asyncio.sleep(0 if turn < 100 else 0.005)


@pytest.fixture
def world() -> Iterator[World]:
    found = World()
    yield found
    found.close()


def asked(port: int, issuers: str | None, *, seconds: float = 5.0, lan: str = "127.0.0.0/8", **probe: Any) -> dict[str, Any]:
    target = {"key": "oss", "kind": "https", "host": HERE, "port": port, "path": "/", "expect": None, "slow": 3000, **probe}
    spec = json.dumps({"lan": lan, "seconds": seconds, "issuers": issuers, "targets": [target]})
    program = f"{Path(system_agent.__file__).read_text()}\nmain({json.dumps(spec)})\n"
    done = subprocess.run([sys.executable, "-I", "-"], input=program, capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr == ""
    told: dict[str, Any] = json.loads(done.stdout)["oss"]
    assert {Word(told["word"]), Why(told.get("why", ""))}, "words of the brain's"
    assert told["by"] is None or By(told["by"])
    return told


def test_a_good_answer_from_an_address_of_the_lan(world: World) -> None:
    told = asked(world.play(), world.issuers)
    assert (told["word"], told["by"], told["status"], told["source"]) == ("answers", "https", 200, HERE)
    assert told["milliseconds"] < 5000


@pytest.mark.parametrize("kind", ["tcp", "http"])
def test_what_is_less_than_https_is_asked_as_the_truth_says(world: World, kind: str) -> None:
    told = asked(world.play(kind), None, kind=kind)
    assert (told["word"], told["by"]) == ("answers", kind)


def test_a_router_without_an_address_in_the_lan_says_so(world: World) -> None:
    told = asked(world.play(), world.issuers, lan="203.0.113.0/24")
    assert (told["word"], told["source"]) == ("answers", "")


def test_nothing_listens(world: World) -> None:
    told = asked(world.play(manner=Manner.DOWN), world.issuers)
    assert (told["word"], told["why"], told.get("milliseconds")) == ("silent", "refused", None)


def test_one_that_takes_connections_and_says_nothing_is_waited_for_so_long_and_no_longer(world: World) -> None:
    told = asked(world.play(manner=Manner.HANG), world.issuers, seconds=0.5)
    assert (told["word"], told["why"]) == ("silent", "timeout")
    told = asked(world.play("http", Manner.HANG), None, seconds=0.5, kind="http")
    assert (told["word"], told["why"]) == ("silent", "timeout")


def test_a_slow_answer_is_one_and_says_how_slow(world: World) -> None:
    told = asked(world.play(manner=Manner.SLOW), world.issuers, slow=100)
    assert told["word"] == "slow"
    assert told["milliseconds"] > 100


def test_an_error_page_with_200_is_seen_where_the_truth_says_what_a_good_one_holds(world: World) -> None:
    assert asked(world.play(expect=EXPECTED), world.issuers, expect=EXPECTED)["word"] == "answers"
    bad = world.play(manner=Manner.ERROR, expect=EXPECTED)
    told = asked(bad, world.issuers, expect=EXPECTED)
    assert (told["word"], told["why"], told["status"]) == ("page", "expect", 200)
    assert asked(bad, world.issuers)["word"] == "answers", "who expects nothing cannot tell"


def test_an_error_of_the_server_is_none_of_the_network(world: World) -> None:
    told = asked(world.play(manner=Manner.ERROR), world.issuers)
    assert (told["word"], told["why"], told["status"]) == ("page", "status", 503)


@pytest.mark.parametrize(
    ("manner", "host", "own", "why"),
    [
        (Manner.CERTIFICATE, HERE, True, "expired"),
        (Manner.UP, "localhost", True, "other_name"),
        (Manner.UP, HERE, False, "issuer"),
    ],
)
def test_a_certificate_that_does_not_hold(world: World, manner: Manner, host: str, own: bool, why: str) -> None:
    issuers = world.issuers if own else Authority("another").pem
    told = asked(world.play(manner=manner), issuers, host=host)
    assert (told["word"], told["why"], told["by"]) == ("certificate", why, "https")


def test_a_name_that_nobody_knows() -> None:
    told = asked(9, None, host="no.such.name.invalid")
    assert (told["word"], told["why"]) == ("silent", "name")


class Once:
    """Says so many bytes to whoever connects, and hangs up."""

    def __init__(self, said: bytes) -> None:
        self._said = said
        self._server = socket.create_server((HERE, 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._server.accept()
        with connection, self._server:
            connection.recv(4096)
            try:
                connection.sendall(self._said)
            except OSError:
                return  # heard enough

    def join(self) -> None:
        self._thread.join(10)


@pytest.mark.parametrize(
    ("said", "word", "why"),
    [
        (b"", "silent", "closed"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "page", "not_understood"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10**7, "page", "expect"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.invalid/\r\n\r\n" + EXPECTED.encode(), "page", "status"),
        (b"HTTP/1.1 200 OK\r\nX-Note: siap melayani\r\n\r\n{{ nothing }}", "page", "expect"),
    ],
)
def test_nonsense_and_floods_are_no_good_page(said: bytes, word: str, why: str) -> None:
    server = Once(said)
    told = asked(server.port, None, kind="http", expect=EXPECTED)
    server.join()
    assert (told["word"], told["why"]) == (word, why)


def test_what_speaks_no_tls() -> None:
    server = Once(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    told = asked(server.port, None)
    server.join()
    assert (told["word"], told["why"]) == ("silent", "tls")


def test_the_program_is_read_by_old_pythons() -> None:
    """3.7 is what the oldest Debian has that still runs anywhere."""
    import ast

    tree = ast.parse(Path(system_agent.__file__).read_text(), feature_version=(3, 7))
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in ast.walk(tree)
             if isinstance(node, (ast.Import, ast.ImportFrom))}  # fmt: skip
    assert {str(name).partition(".")[0] for name in names} <= {*sys.stdlib_module_names}
