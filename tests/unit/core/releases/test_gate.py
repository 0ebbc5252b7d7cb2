"""The verdict on a batch: health always, errors and times where there is enough to say something; the numbers in any case."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.core.releases.gate import Verdict, in_row, judge, p95
from network.core.releases.values import Answer, Gate, Watch, Watched

GATE = Gate(good=3, requests=20, errors=1, slow=500)
GOOD, PAGE, ERROR, NONE = (
    Answer(status=200, ms=5, fits=True),
    Answer(status=200, ms=5, fits=False),
    Answer(status=503, ms=5, fits=False),
    Answer(status=0, ms=2000, fits=False),
)


def seen(answers: Iterable[Answer] = (GOOD,) * 6, requests: int = 100, errors: int = 0, ms: int = 20) -> Watched:
    statuses = {200: requests - errors, 502: errors}
    return Watched(answers={"edge-1": tuple(answers)}, statuses=statuses, times=(ms,) * requests)


def verdict(**hosts: Watched) -> Verdict:
    named = {host.replace("_", "-"): each for host, each in hosts.items()}
    return judge(GATE, Watch(hosts=named), tuple(named))


def codes(found: Verdict) -> list[str]:
    return [each.code.rpartition(".")[2] for each in found.reasons]


def test_a_log_that_was_cut_is_part_of_the_verdict() -> None:
    found = judge(GATE, Watch(hosts={"app-1": seen()}, cut=("edge-1",)), ("app-1",))
    assert (found.good, found.cut, found.detail()["cut"]) == (True, ("edge-1",), ["edge-1"])


def test_all_well() -> None:
    found = verdict(app_1=seen())
    assert (found.good, found.enough, codes(found)) == (True, True, [])
    assert (found.total.in_row, found.total.requests, found.total.errors, found.total.p95) == (6, 100, 0, 20)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([GOOD] * 5 + [ERROR], "answers"),
        ([GOOD, GOOD], "answers"),
        ([], "answers"),
        ([NONE] * 6, "answers"),
        ([PAGE] * 6, "page"),
        ([GOOD, ERROR, GOOD, GOOD], "answers"),
    ],
    ids=["the last is bad", "too few", "nobody asked", "no answer", "200 with an error page", "not in a row"],
)
def test_health_decides_without_any_request(answers: list[Answer], code: str) -> None:
    found = verdict(app_1=seen(answers, requests=0))
    assert (found.good, codes(found)) == (False, [code])


def test_bad_answers_at_the_start_are_those_of_a_start() -> None:
    assert verdict(app_1=seen([NONE, ERROR, ERROR, GOOD, GOOD, GOOD])).good


def test_each_edge_must_see_it_well() -> None:
    watched = Watched(answers={"edge-1": (GOOD,) * 6, "edge-2": (NONE,) * 6}, statuses={200: 50}, times=(5,) * 50)
    found = verdict(app_1=watched)
    assert (found.good, found.total.in_row, codes(found)) == (False, 0, ["answers"])


@pytest.mark.parametrize(("requests", "errors", "good"), [(19, 19, True), (20, 20, False), (100, 1, True), (100, 2, False)])
def test_errors_count_from_enough_requests_on(requests: int, errors: int, good: bool) -> None:
    found = verdict(app_1=seen(requests=requests, errors=errors))
    assert (found.good, found.total.errors) == (good, errors)
    assert found.enough is (requests >= 20)


def test_no_answer_is_an_error_and_what_was_not_found_is_not() -> None:
    def one(statuses: dict[int, int]) -> Verdict:
        return verdict(app_1=Watched(answers={"edge-1": (GOOD,) * 6}, statuses=statuses, times=(5,)))

    assert one({200: 50, 404: 50}).good
    assert not one({200: 95, 0: 5}).good


def test_a_slow_version_is_bad() -> None:
    found = verdict(app_1=seen(ms=501))
    assert (found.good, codes(found), found.total.p95) == (False, ["slow"], 501)
    assert verdict(app_1=seen(ms=500)).good


def test_one_bad_server_does_not_hide_among_many_good_ones() -> None:
    hosts = {f"app_{number}": seen(requests=1000) for number in range(1, 20)}
    found = verdict(**hosts, app_20=seen(requests=100, errors=50))
    assert found.total.errors * 100 < found.total.requests * GATE.errors
    assert [(each.code, each.fields["host"]) for each in found.reasons] == [("release.gate.errors", "app-20")]


def test_many_servers_with_few_requests_each_are_judged_together() -> None:
    hosts = {f"app_{number}": seen(requests=5, errors=1) for number in range(1, 11)}
    found = verdict(**hosts)
    assert [(each.code, each.fields["host"]) for each in found.reasons] == [("release.gate.errors", "*")]


def test_an_edge_that_cannot_be_asked_says_nothing_for_sure() -> None:
    found = judge(GATE, Watch(hosts={"app-1": seen()}, silent=("edge-2",)), ("app-1",))
    assert (found.good, found.again, codes(found)) == (False, True, ["silent"])


def test_a_server_that_nothing_is_said_of_is_not_good() -> None:
    assert not judge(GATE, Watch(hosts={}), ("app-1",)).good


def test_the_numbers_can_be_kept() -> None:
    detail = verdict(app_1=seen(errors=3), app_2=seen()).detail()
    assert json.loads(json.dumps(detail))["total"] == {"host": "", "in_row": 6, "requests": 200, "errors": 3, "p95": 20}
    assert detail["good"] is False


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=300))
def test_p95_is_the_smallest_that_95_of_a_hundred_do_not_pass(times: list[int]) -> None:
    found = p95(times)
    assert found in times
    assert found is not None
    assert sum(each <= found for each in times) * 100 >= 95 * len(times)
    assert sum(each < found for each in times) * 100 < 95 * len(times)


@given(st.lists(st.booleans()))
def test_in_row_counts_from_the_end(fits: list[bool]) -> None:
    answers = [Answer(status=200, ms=1, fits=each) for each in fits]
    assert in_row(answers) == len("".join("+" if each else "-" for each in fits).rpartition("-")[2])


def test_what_was_tried_again_and_nobody_knows_where_counts_for_all_together() -> None:
    found = judge(GATE, Watch(hosts={"app-1": seen()}, retried=5), ("app-1",))
    assert (found.good, codes(found), found.total.errors) == (False, ["errors"], 5)
    assert found.reasons[0].fields["host"] == "*"
    assert judge(GATE, Watch(hosts={"app-1": seen()}, retried=1), ("app-1",)).good
