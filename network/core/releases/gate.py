"""Whether a batch is good, by what the edges saw of it: answers in a row, errors, and how long answers took. Pure.

Health decides always; the edge's log decides where it has enough requests to say something, of each server by itself and of all
together. The numbers are kept whatever the verdict is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from network.core.reason import Reason
from network.core.releases.values import Answer, Gate, Watch, Watched

_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of one server, or of all (`host` empty). `in_row`: good answers at the end of what was asked, the least of all edges;
    `requests` and `errors` as the edges saw them; `p95` in ms, None without a request that was answered."""

    host: str
    in_row: int
    requests: int
    errors: int
    p95: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`enough`: whether there were requests enough for a word on errors and times. `again`: nobody could be asked at some edge,
    so that nothing is known; who has the patience watches once more. `cut`: edges of whose logs the beginning alone was counted.
    """

    good: bool
    enough: bool
    again: bool
    hosts: tuple[Numbers, ...]
    total: Numbers
    unserved: int
    cut: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def detail(self) -> dict[str, Any]:
        """In JSON's types, for the record."""
        reasons = [{"code": each.code, **each.fields} for each in self.reasons]
        hosts = [asdict(each) for each in self.hosts]
        return {**asdict(self), "hosts": hosts, "cut": list(self.cut), "reasons": reasons}


def judge(gate: Gate, watch: Watch, hosts: Sequence[str]) -> Verdict:
    """The verdict on `hosts`, which are all that have the release by now."""
    seen = {host: watch.hosts.get(host, Watched()) for host in hosts}
    each = tuple(_numbers(host, watched) for host, watched in seen.items())
    total = _total(each, seen, watch.retried)
    reasons = (
        *(Reason(code="release.gate.silent", fields={"edge": edge}) for edge in watch.silent),
        *(reason for numbers in each for reason in _health(gate, numbers, seen[numbers.host])),
        *(reason for numbers in (*each, total) for reason in _traffic(gate, numbers)),
    )
    return Verdict(
        good=not reasons,
        enough=total.requests >= gate.requests,
        again=bool(watch.silent),
        hosts=each,
        total=total,
        unserved=watch.unserved,
        cut=watch.cut,
        reasons=_once(reasons) if len(each) == 1 and not watch.retried else reasons,
    )


def p95(times: Iterable[int]) -> int | None:
    """The nearest rank: the smallest time that 95 of a hundred do not pass."""
    ordered = sorted(times)
    return ordered[-(-95 * len(ordered) // 100) - 1] if ordered else None


def in_row(answers: Sequence[Answer]) -> int:
    """How many at the end are good, one after the other."""
    count = 0
    for answer in reversed(answers):
        if not answer.fits:
            break
        count += 1
    return count


def _numbers(host: str, watched: Watched) -> Numbers:
    return Numbers(
        host=host,
        in_row=min((in_row(answers) for answers in watched.answers.values()), default=0),
        requests=sum(watched.statuses.values()),
        errors=_errors(watched.statuses),
        p95=p95(watched.times),
    )


def _total(each: Sequence[Numbers], seen: Mapping[str, Watched], retried: int) -> Numbers:
    return Numbers(
        host="",
        in_row=min((numbers.in_row for numbers in each), default=0),
        requests=sum(numbers.requests for numbers in each),
        errors=sum(numbers.errors for numbers in each) + retried,
        p95=p95(time for watched in seen.values() for time in watched.times),
    )


def _errors(statuses: Mapping[int, int]) -> int:
    """What the servers owe an explanation for: 5xx, and no answer at all. A 404 may be what was asked for."""
    return sum(count for status, count in statuses.items() if status >= _SERVER_ERROR or status <= 0)


def _health(gate: Gate, numbers: Numbers, watched: Watched) -> Iterator[Reason]:
    if numbers.in_row >= gate.good:
        return
    last = next((answers[-1] for answers in watched.answers.values() if answers and not answers[-1].fits), None)
    fields = {"host": numbers.host, "in_row": numbers.in_row, "good": gate.good, "status": last.status if last else 0}
    # A page that says 200 and not what it should is told apart from an answer that is an error by itself.
    page = last is not None and 200 <= last.status < 300
    yield Reason(code="release.gate.page" if page else "release.gate.answers", fields=fields)


def _traffic(gate: Gate, numbers: Numbers) -> Iterator[Reason]:
    if numbers.requests < gate.requests:
        return
    if 100 * numbers.errors > gate.errors * numbers.requests:
        fields = {"errors": numbers.errors, "requests": numbers.requests, "most": gate.errors}
        yield Reason(code="release.gate.errors", fields={"host": numbers.host or "*", **fields})
    if numbers.p95 is not None and numbers.p95 > gate.slow:
        yield Reason(code="release.gate.slow", fields={"host": numbers.host or "*", "p95": numbers.p95, "most": gate.slow})


def _once(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Of one server alone, what is said of all is said already."""
    return tuple(reason for reason in reasons if reason.fields.get("host") != "*")
