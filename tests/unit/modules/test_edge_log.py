"""What an edge's log says of the servers behind it."""

from __future__ import annotations

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


def test_no_more_lines_are_read_than_told(module: Loader, count: Any) -> None:
    read = module("lajur_edge_log").read
    assert read(count, [line()] * 5, 3)
    assert count.lines == 3
