"""How servers are let in at an edge and kept out of it, whatever the edge does meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

HEAD = "# pxname,svname,qcur,scur,status"


class Proxy:
    """A HAProxy with servers `app-1` and `app-2` of `gateway`. `sessions` are counted down by each look; `forgets` times it
    begins anew without what it was told."""

    def __init__(self) -> None:
        self.bits = {"app-1": 0, "app-2": 0}
        self.sessions = {"app-1": 0, "app-2": 0}
        self.old: dict[str, int] = {}
        self.rises = 0
        self.forgets = 0
        self.down = 0
        self.told: list[str] = []

    def say(self, path: str, command: str) -> str:
        if self.down:
            self.down -= 1
            raise ConnectionRefusedError(111, "Connection refused")
        if command == "show proc":
            return "#<PID>\n1 master\n# workers\n7 worker\n# old workers\n5 worker\n# programs\n"
        if command.startswith("@!5"):
            return "\n".join([HEAD, *(f"gateway,{name},0,{many},UP" for name, many in self.old.items())])
        if command == "show stat":
            return self.stat()
        if command == "show servers state":
            return "".join(f"4 gateway 1 {name} 192.0.2.1 2 {bits}\n" for name, bits in self.bits.items())
        words = command.split()
        name = words[2].partition("/")[2]
        if name not in self.bits:
            return "No such server.\n"
        self.told.append(command)
        self.bits[name] = {"drain": 8, "maint": 1, "ready": 0}[words[4]]
        return "\n"

    def stat(self) -> str:
        if self.forgets and any(self.bits.values()):
            self.forgets -= 1
            self.bits = dict.fromkeys(self.bits, 0)
        lines = [HEAD, "gateway,BACKEND,0,9,UP", "other,app-1,0,5,DOWN"]
        for name, bits in self.bits.items():
            up = "UP" if self.rises <= 0 else "DOWN"
            lines.append(f"gateway,{name},0,{self.sessions[name]},{'DRAIN' if bits else up}")
            self.sessions[name] = max(0, self.sessions[name] - 1)
        self.rises -= 1
        return "\n".join(lines)


@pytest.fixture
def proxy() -> Proxy:
    return Proxy()


@pytest.fixture
def edge(module: Loader, proxy: Proxy, tmp_path: Path) -> Any:
    master = tmp_path / "master.sock"
    master.touch()
    told = {"backend": "gateway", "servers": ["app-1"], "socket": "s", "master": str(master), "kept": str(tmp_path / "kept")}
    own = module("lajur_haproxy")
    made = own.Edge(told, proxy.say, pause=0.001)
    made.work = lambda state, wait=5.0, only_look=False: own.work(made, state, wait, only_look=only_look)
    made.own, made.parameters = own, told
    return made


def test_a_drain_waits_for_the_last_session_and_is_written_down(edge: Any, proxy: Proxy) -> None:
    proxy.sessions["app-1"] = 4
    changed, found = edge.work("drain")
    assert changed
    assert found["app-1"] == {
        "known": True, "state": "DRAIN", "drained": True, "sessions": 0, "told": True, "problem": "",
    }  # fmt: skip
    assert "app-1 192.0.2.1 2 8" in Path(edge.parameters["kept"]).read_text()
    assert proxy.bits["app-2"] == 0


def test_sessions_that_do_not_end_are_told_of(edge: Any, proxy: Proxy) -> None:
    proxy.sessions["app-1"] = 10**6
    _, found = edge.work("drain", wait=0.02)
    assert found["app-1"]["drained"] is True
    assert found["app-1"]["sessions"] > 0


def test_sessions_of_a_process_that_a_reload_left_count(edge: Any, proxy: Proxy) -> None:
    proxy.old = {"app-1": 2}
    _, found = edge.work("drain", wait=0.02)
    assert found["app-1"]["sessions"] == 2


def test_an_edge_that_forgets_is_told_again(edge: Any, proxy: Proxy) -> None:
    proxy.forgets = 2
    _, found = edge.work("drain")
    assert (found["app-1"]["drained"], found["app-1"]["problem"]) == (True, "")
    assert len(proxy.told) == 3


def test_an_edge_that_forgets_again_and_again_is_a_problem(edge: Any, proxy: Proxy) -> None:
    proxy.forgets = 10**6
    _, found = edge.work("drain")
    assert found["app-1"]["problem"] == "forgotten"


def test_ready_waits_until_the_edges_own_checks_find_it_well(edge: Any, proxy: Proxy) -> None:
    proxy.bits["app-1"] = 8
    proxy.rises = 5
    changed, found = edge.work("ready")
    assert changed
    assert found["app-1"]["state"] == "UP"
    proxy.rises = 10**6
    _, found = edge.work("ready", wait=0.02)
    assert (found["app-1"]["drained"], found["app-1"]["problem"]) == (False, "edge")


def test_who_looks_tells_nothing(edge: Any, proxy: Proxy) -> None:
    assert edge.work("look")[0] is False
    assert edge.work("drain", only_look=True)[0] is True
    assert proxy.told == []
    assert not Path(edge.parameters["kept"]).exists()


def test_what_is_drained_already_is_no_change(edge: Any, proxy: Proxy) -> None:
    proxy.bits["app-1"] = 8
    changed, found = edge.work("drain")
    assert (changed, found["app-1"]["told"], found["app-1"]["problem"]) == (False, False, "")


def test_a_server_that_the_edge_does_not_know_is_a_problem_of_its_own(edge: Any) -> None:
    edge.parameters["servers"] = ["app-1", "app-9"]
    _, found = edge.work("drain")
    assert (found["app-9"]["known"], found["app-9"]["drained"], found["app-9"]["problem"]) == (False, None, "edge")
    assert found["app-1"]["problem"] == ""


def test_an_edge_that_is_just_beginning_again_is_waited_for(edge: Any, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy.down = 3
    assert edge.work("drain")[1]["app-1"]["drained"] is True
    monkeypatch.setattr(edge.own, "_PATIENCE", 0.01)
    proxy.down = 10**6
    with pytest.raises(edge.own.Untold):
        edge.work("drain")
