"""Load on the sample, and what came of it: answers by code, problems, latency, gaps. Every application carries a key of its
own, so that the rows in the database can be held against the answers.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from pathlib import Path
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Final, Self

from network.bench.sample.sender import Asked, Order

_BEGIN_SECONDS: Final = 30.0
_GRACE: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to ask, how often, from where.

    `rate`: requests per second. `seconds`: the longest that it lasts; it is usually stopped before. `posts`: percentage of the
    requests that store an application. `namespace`: the network namespace to ask from (an office's in a lab). `patience`: seconds
    for one request, from its moment on. `name`, `authority`, `source`, `fresh`: see `sender.Order`.
    """

    host: str
    port: int
    rate: float = 50.0
    seconds: float = 600.0
    posts: int = 50
    tls: bool = False
    name: str = ""
    authority: Path | None = None
    namespace: str | None = None
    source: str | None = None
    patience: float = 5.0
    fresh: bool = True

    def order(self, prefix: str) -> Order:
        return Order(
            host=self.host,
            port=self.port,
            name=self.name or self.host,
            tls=self.tls,
            authority=str(self.authority) if self.authority else None,
            source=self.source,
            rate=self.rate,
            seconds=self.seconds,
            posts=self.posts,
            patience=self.patience,
            fresh=self.fresh,
            prefix=prefix,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`codes` counts answers by status, `problems` what brought none (`sender.Asked`), `versions` who answered.

    Milliseconds from the moment set to the whole answer: `p50`, `p95`, `p99`, `longest`, of answers 200 only. `gap`: the longest
    time without an answer 200, in seconds. `stored`: the keys of applications that were answered 200, in order.
    """

    sent: int
    codes: dict[int, int]
    problems: dict[str, int]
    versions: dict[str, int]
    p50: float
    p95: float
    p99: float
    longest: float
    gap: float
    stored: tuple[str, ...]

    @property
    def failed(self) -> int:
        """Requests that did not end with 200."""
        return self.sent - self.codes.get(200, 0)


class Load:
    """A load under way. Leaving the context ends it at once."""

    def __init__(self, wish: Wish) -> None:
        """Returns when the first request is about to leave. Raises OSError where it cannot start."""
        self.prefix = secrets.token_hex(6)
        """What all keys of this load begin with."""
        self._wish = wish
        self._asked: list[Asked] = []
        self._changed = Condition()
        self._began = self._ended = False
        inside = ["nsenter", f"--net=/run/netns/{wish.namespace}", "--"] if wish.namespace else []
        self._process = subprocess.Popen(
            [*inside, sys.executable, "-m", "network.bench.sample.sender"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wish.order(self.prefix)).encode() + b"\n")
        self._process.stdin.flush()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._until(lambda: self._began or self._ended, _BEGIN_SECONDS) or self._ended:
            self.close()
            raise OSError(f"the load on {wish.host}:{wish.port} did not begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def asked(self) -> list[Asked]:
        """What has ended so far."""
        with self._changed:
            return list(self._asked)

    def wait_for(self, requests: int, seconds: float = 60.0) -> None:
        """Until so many more requests have ended. Raises TimeoutError."""
        wanted = len(self.asked) + requests
        if not self._until(lambda: len(self._asked) >= wanted or self._ended, seconds) or len(self.asked) < wanted:
            raise TimeoutError(f"{requests} requests did not end in {seconds} s")

    def stop(self) -> Report:
        """Send nothing more, wait for what is under way, and say what came of it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._finish(self._wish.patience + _GRACE)

    def wait(self) -> Report:
        """Until its seconds are up."""
        return self._finish(self._wish.seconds + self._wish.patience + _GRACE)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _finish(self, seconds: float) -> Report:
        try:
            if not self._until(lambda: self._ended, seconds):
                raise TimeoutError(f"the load did not end in {seconds} s")
        finally:
            self.close()
        return report(self._asked)

    def _until(self, holds: Any, seconds: float) -> bool:
        with self._changed:
            return bool(self._changed.wait_for(holds, seconds))

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                if self._began:
                    self._asked.append(json.loads(line))
                self._began = True
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()


def report(asked: Sequence[Asked]) -> Report:
    """What a load's requests come to. Without one answer 200 every time is 0."""
    good = sorted(each["seconds"] * 1000 for each in asked if each["status"] == 200)
    moments = sorted(each["at"] + each["seconds"] for each in asked if each["status"] == 200)
    ends = [0.0, *moments, *sorted(each["at"] for each in asked)[-1:]] if moments else []
    return Report(
        sent=len(asked),
        codes=dict(Counter(each["status"] for each in asked if each["status"])),
        problems=dict(Counter(each["problem"] for each in asked if each["problem"])),
        versions=dict(Counter(each["version"] for each in asked if each["version"])),
        p50=_percentile(good, 50),
        p95=_percentile(good, 95),
        p99=_percentile(good, 99),
        longest=_percentile(good, 100),
        gap=max((later - earlier for earlier, later in pairwise(ends)), default=0.0),
        stored=tuple(each["key"] for each in asked if each["status"] == 200 and each["key"]),
    )


def joined(reports: Sequence[Report]) -> Report:
    """Counts of several loads; times are those of the worst."""
    return replace(
        reports[0],
        sent=sum(each.sent for each in reports),
        codes=dict(sum((Counter(each.codes) for each in reports), Counter())),
        problems=dict(sum((Counter(each.problems) for each in reports), Counter())),
        versions=dict(sum((Counter(each.versions) for each in reports), Counter())),
        stored=tuple(key for each in reports for key in each.stored),
        **{name: max(getattr(each, name) for each in reports) for name in ("p50", "p95", "p99", "longest", "gap")},
    )


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """Nearest rank."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0
