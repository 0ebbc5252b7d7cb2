"""What an edge's log says of the servers behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.conftest import Loader


def line(server: str = "app-1", status: int = 200, connect: int = 1, answer: int = 20, state: str = "--", **said: str) -> str:
    backend = said.get("backend", "gateway")
    return f'lajur1 lajur_https~ {backend} {server} {status} {connect} {answer} +1 {state} 30 192.0.2.1 GET "/{{{{ 6*7 }}}}"'


@pytest.fixture
def count(module: Loader) -> Any:
    return module("lajur_edge_log").Count("gateway", 10)


def test_answers_are_counted_by_server_and_status(count: Any) -> None:
    for each in (line(), line(status=500), line("app-2"), line(status=500), line(backend="other")):
        count.take(each)
    assert count.servers["app-1"] == {"statuses": {"200": 1, "500": 2}, "times": [21, 21, 21]}
    assert count.servers["app-2"]["statuses"] == {"200": 1}
    assert (count.lines, count.unserved) == (4, 0)


def test_what_a_client_broke_off_does_not_count(count: Any) -> None:
    count.take(line(status=-1, state="CD"))
    count.take(line(status=400, state="CR"))
    assert count.servers == {}


def test_no_answer_is_status_nought_and_has_no_time(count: Any) -> None:
    count.take(line(status=-1, answer=-1, state="SH"))
    assert count.servers["app-1"] == {"statuses": {"0": 1}, "times": []}


def test_requests_without_a_server_are_unserved_unless_the_edge_answers_itself(count: Any) -> None:
    count.take(line("<NOSRV>", 503, -1, -1, "SC"))
    count.take(line("<NOSRV>", 403, -1, -1, "PR"))
    count.take(line("<NOSRV>", 308, -1, -1, "LR"))
    assert (count.unserved, count.servers) == (1, {})


def test_times_are_a_fair_choice_of_bounded_size(count: Any) -> None:
    for number in range(5000):
        count.take(line(answer=number))
    kept = count.servers["app-1"]["times"]
    assert len(kept) == 10
    assert max(kept) > 100


@pytest.mark.parametrize(
    "strange", ["", "lajur1", "lajur2 a b c 1 2 3 4 5", line(status=0).replace(" 0 ", " x "), "\x00" * 5000, line() * 100]
)
def test_lines_of_another_form_say_nothing(count: Any, strange: str) -> None:
    count.take(strange)
    assert set(count.servers) <= {"app-1"}
    assert count.unserved == 0


def test_servers_are_bounded(count: Any) -> None:
    for number in range(3000):
        count.take(line(f"s{number}"))
    assert len(count.servers) == 1000


def test_the_entry_of_the_cursor_itself_is_left_out_and_bytes_are_text(shared: dict[str, Any]) -> None:
    lines = [
        '{"__CURSOR": "a", "MESSAGE": "before"}',
        '{"__CURSOR": "b", "MESSAGE": [255, 104, 105]}',
        "no json",
        '["no entry"]',
        '{"__CURSOR": "c", "MESSAGE": null}',
    ]
    assert list(shared["lajur_hands"].messages(lines, "a")) == ["\ufffdhi"]


@pytest.mark.parametrize("seconds", [0, -(10**9), 10**9])
def test_lines_count_whatever_time_they_say_it_was(
    shared: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """A clock that was set while the edge was watched, or one that was never right."""
    entries = [
        {"__CURSOR": each, "__REALTIME_TIMESTAMP": str(10**15 + seconds * at), "MESSAGE": each} for at, each in enumerate("abc")
    ]
    program = tmp_path / "journalctl"
    said = "\n".join(json.dumps(each) for each in entries)
    program.write_text(f"#!/bin/sh\necho \"$@\" >> {tmp_path}/asked\ncat <<'X'\n{said}\nX\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert list(shared["lajur_hands"].journal_since("a", ["--identifier=x"])) == ["b", "c"]
    asked = (tmp_path / "asked").read_text()
    assert "--cursor=a" in asked
    assert not any(word in asked for word in ("--since", "--until"))


def test_no_more_lines_are_read_than_told(module: Loader, count: Any) -> None:
    read = module("lajur_edge_log").read
    assert read(count, [line()] * 5, 3)
    assert count.lines == 3


def rows(**servers: str) -> dict[str, dict[str, str]]:
    """Of each server `scur wretr wredis`."""
    return {
        name.replace("_", "-"): dict(zip(("scur", "wretr", "wredis"), said.split(), strict=True))
        for name, said in servers.items()
    }


def test_tries_that_were_made_again_elsewhere_are_errors_of_who_failed(count: Any) -> None:
    count.take(line("app-2"))
    count.take(line("app-1"))
    count.unlogged(rows(app_1="3 12 15", app_2="9 1 2", BACKEND="0 13 17"), {"app-1": 5, "app-2": 2})
    assert count.servers["app-1"]["statuses"] == {"200": 1, "0": 10}
    assert count.servers["app-2"]["statuses"] == {"200": 1}
    assert (count.retried, set(count.servers)) == (0, {"app-1", "app-2"})


def test_counters_that_began_anew_are_counted_from_nought(count: Any) -> None:
    count.take(line())
    count.unlogged(rows(app_1="0 0 4"), {"app-1": 100})
    assert count.servers["app-1"]["statuses"] == {"200": 1, "0": 4}


def test_requests_that_hang_on_a_server_that_answers_none_are_errors(count: Any) -> None:
    count.take(line("app-2"))
    count.unlogged(rows(app_1="30 0 0", app_2="30 0 0"), {})
    assert count.servers["app-1"]["statuses"] == {"0": 30}
    assert count.servers["app-2"]["statuses"] == {"200": 1}


def test_without_counters_lines_say_how_many_were_tried_again(count: Any) -> None:
    count.take(line())
    count.take(line().replace(" +1 ", " 0 "))
    count.take(line().replace(" +1 ", " 2 "))
    assert count.retried == 2


def test_a_cursor_carries_what_was_counted_by_then(shared: dict[str, Any]) -> None:
    hands = shared["lajur_hands"]
    for tried in (None, {}, {"app-1": 5, "app-2": 0}):
        assert hands.marked(hands.mark("s=1;i=2", tried)) == ("s=1;i=2", tried)
    many = {f"server-{number}": 10**9 for number in range(5000)}
    assert hands.mark("s=1", many) == "s=1"
    text = "# pxname,svname,scur,wretr,wredis\ngateway,app-1,1,2,3\ngateway,BACKEND,1,9,9\nother,app-1,1,8,8\n"
    assert hands.tries(hands.backend_rows(text, "gateway")) == {"app-1": 3}
