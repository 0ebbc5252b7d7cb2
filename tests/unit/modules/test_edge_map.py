"""Which networks are let in at an edge: all of it in one step, and nothing that is no network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.modules.conftest import Loader

FILE = Path("/etc/haproxy/lajur/gateway.map")


def test_the_new_map_takes_the_place_of_the_old_in_one_step(module: Loader) -> None:
    said: list[str] = []

    def say(command: str) -> str:
        said.append(command)
        return "New version created: 3\n" if command.startswith("prepare") else "\n"

    module("lajur_edge_map").tell(say, FILE, [f"192.0.2.{number}/32 office" for number in range(250)])
    assert [line.split("\n")[0][:12] for line in said] == ["prepare map ", "add map @3 /", "add map @3 /", "commit map @"]


def test_what_haproxy_refuses_is_an_error(module: Loader) -> None:
    own = module("lajur_edge_map")
    with pytest.raises(own.Untold):
        own.tell(lambda _: "Unknown map identifier.\n", FILE, [])


def test_what_holds_is_read_and_an_edge_that_does_not_run_has_nothing(module: Loader) -> None:
    own = module("lajur_edge_map")
    assert own.holding(lambda _: "0x55d0 192.0.2.0/24 kominfo\n\n", FILE) == ["192.0.2.0/24 kominfo"]
    assert own.holding(lambda _: "Unknown map identifier. Please use #<id> or <file>.\n", FILE) is None

    def away(_command: str) -> str:
        raise ConnectionRefusedError

    assert own.holding(away, FILE) is None


@pytest.mark.parametrize("opened", [{"0.0.0.0/0; x": "a"}, {"192.0.2.1/24": "a"}, {"192.0.2.0/24": "a b"}, {"x": "a"}])
def test_what_is_no_network_or_key_is_refused(module: Loader, opened: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        module("lajur_edge_map").lines_of(opened)
