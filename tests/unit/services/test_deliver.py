"""Rounds of the postman: what is tried, when it is tried again, and that nobody waits for somebody else's receiver."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from network.clock import StepClock
from network.core.booking import Delivery, Subscription
from network.core.webhook import AGAIN, Outcome
from network.errors import LedgerError
from network.runners.threads import ThreadRunner
from network.services.deliver import BATCH, HOLD, Postman, Receipt
from network.telemetry.webhooks import WebhookCourier, allowed_networks
from tests.contract.receiver import receiver

NOW = datetime(2026, 8, 18, 8, 0, tzinfo=UTC)
KEY = b"k" * 32


@dataclass
class Box:
    """An outbox in memory, as the port says: what is taken is held, the oldest first."""

    due: dict[str, datetime] = field(default_factory=dict)
    held: dict[str, datetime] = field(default_factory=dict)
    kept: dict[str, Delivery] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    failures: list[tuple[str, datetime | None, str]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    error: LedgerError | None = None

    def put(self, id: str, receiver_: str = "sub-1", url: str = "https://hook.example.org/") -> None:
        subscription = Subscription(id=receiver_, regency="manokwari", url=url, kinds=(), actor="sari", created=NOW)
        self.kept[id] = Delivery(id=id, subscription=subscription, payload=json.dumps({"id": id}), attempts=0, created=NOW)
        self.due[id] = NOW

    def subscribe(self, subscription: Subscription) -> None:
        raise NotImplementedError

    def subscriptions(self, regency: str) -> tuple[Subscription, ...]:
        raise NotImplementedError

    def unsubscribe(self, id: str, at: datetime) -> bool:
        self.ended.append(id)
        for each in [name for name, one in self.kept.items() if one.subscription.id == id]:
            self.due.pop(each, None)
        return True

    def take(self, now: datetime, hold: timedelta, limit: int) -> tuple[Delivery, ...]:
        if self.error:
            raise self.error
        free = [id for id, due in self.due.items() if due <= now and self.held.get(id, now) <= now][:limit]
        self.held.update(dict.fromkeys(free, now + hold))
        return tuple(self.kept[id] for id in free)

    def delivered(self, id: str, at: datetime) -> None:
        self.done.append(id)
        del self.due[id]

    def failed(self, id: str, at: datetime, again: datetime | None, why: str) -> None:
        self.failures.append((id, again, why))
        self.kept[id] = replace(self.kept[id], attempts=self.kept[id].attempts + 1)
        self.held.pop(id, None)
        if again is None:
            self.due.pop(id, None)
        else:
            self.due[id] = again


class Says:
    """A courier that answers by address, and notes what it was asked."""

    def __init__(self, answers: Mapping[str, list[Receipt]]) -> None:
        self.answers = {url: list(each) for url, each in answers.items()}
        self.sent: list[tuple[str, dict[str, str], bytes]] = []

    def check(self, url: str) -> None:
        """Everything may be sent to."""

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Receipt:
        self.sent.append((url, dict(headers), body))
        left = self.answers[url]
        return left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def clock() -> StepClock:
    return StepClock(NOW)


@pytest.fixture
def box() -> Box:
    return Box()


def postman(box: Box, courier: Says | WebhookCourier, clock: StepClock, folder: Path) -> Postman:
    return Postman(box, courier, ThreadRunner(folder / "locks"), clock, KEY)


URL = "https://hook.example.org/"


def test_a_failure_is_tried_again_by_the_schedule_with_the_same_id(box: Box, clock: StepClock, tmp_path: Path) -> None:
    courier = Says({URL: [Receipt(500), Receipt(204)]})
    post = postman(box, courier, clock, tmp_path)
    box.put("dlv-1")
    assert post.tick() == 1
    assert box.failures == [("dlv-1", NOW + timedelta(seconds=5), "http 500")]
    assert post.tick() == 0
    clock.sleep(5)
    assert post.tick() == 1
    assert box.done == ["dlv-1"]
    assert [sent[1]["webhook-id"] for sent in courier.sent] == ["dlv-1", "dlv-1"]
    assert int(courier.sent[1][1]["webhook-timestamp"]) - int(courier.sent[0][1]["webhook-timestamp"]) == 5
    assert post.deliveries().counts == {Outcome.FAILED: 1, Outcome.DELIVERED: 1}


def test_after_the_last_attempt_it_is_given_up(box: Box, clock: StepClock, tmp_path: Path) -> None:
    post = postman(box, Says({URL: [Receipt(302)]}), clock, tmp_path)
    box.put("dlv-1")
    for wait in AGAIN:
        post.tick()
        clock.sleep(wait.total_seconds())
    post.tick()
    assert len(box.failures) == len(AGAIN) + 1
    assert box.failures[-1] == ("dlv-1", None, "http 302")
    assert post.deliveries().given_up == 1
    clock.sleep(10**6)
    assert post.tick() == 0


def test_a_simulated_clock_says_what_is_due_and_the_real_one_what_is_signed(box: Box, clock: StepClock, tmp_path: Path) -> None:
    courier, real = Says({URL: [Receipt(204)]}), StepClock(NOW - timedelta(days=400))
    post = Postman(box, courier, ThreadRunner(tmp_path / "locks"), clock, KEY, stamp=real)
    box.put("dlv-1")
    assert post.tick() == 1
    assert int(courier.sent[0][1]["webhook-timestamp"]) == int(real.moment.timestamp())
    assert box.done == ["dlv-1"]


def test_410_ends_the_subscription_and_nothing_more_is_sent(box: Box, clock: StepClock, tmp_path: Path) -> None:
    courier = Says({URL: [Receipt(410)]})
    post = postman(box, courier, clock, tmp_path)
    box.put("dlv-1")
    box.put("dlv-2")
    post.tick()
    assert (box.ended, len(courier.sent)) == (["sub-1"], 1)
    clock.sleep(10**6)
    assert post.tick() == 0


def test_what_waits_for_a_receiver_that_is_down_is_put_off_with_the_first(box: Box, clock: StepClock, tmp_path: Path) -> None:
    courier = Says({URL: [Receipt(None, "webhook.timeout")], "https://well.example.org/": [Receipt(200)]})
    post = postman(box, courier, clock, tmp_path)
    for number in range(10):
        box.put(f"dlv-{number}")
    box.put("dlv-well", "sub-2", "https://well.example.org/")
    post.tick()
    assert [sent[0] for sent in courier.sent].count(URL) == 1
    assert {why for _, _, why in box.failures} == {"webhook.timeout"}
    assert len(box.failures) == 10
    assert box.done == ["dlv-well"]


def test_an_answer_about_one_message_says_nothing_about_the_next(box: Box, clock: StepClock, tmp_path: Path) -> None:
    post = postman(box, Says({URL: [Receipt(400), Receipt(200)]}), clock, tmp_path)
    box.put("dlv-1")
    box.put("dlv-2")
    post.tick()
    assert ([each[0] for each in box.failures], box.done) == (["dlv-1"], ["dlv-2"])


def test_a_slow_receiver_gives_the_rest_of_its_round_back(box: Box, clock: StepClock, tmp_path: Path) -> None:
    class Slow(Says):
        def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Receipt:
            clock.sleep(4)
            return super().send(url, headers, body)

    post = postman(box, Slow({URL: [Receipt(200)]}), clock, tmp_path)
    for number in range(6):
        box.put(f"dlv-{number}")
    post.tick()
    assert box.done == ["dlv-0", "dlv-1"]
    assert post.tick() == 0
    clock.sleep(HOLD.total_seconds())
    assert post.tick() == 4
    assert box.done == ["dlv-0", "dlv-1", "dlv-2", "dlv-3"]


def test_receivers_are_served_side_by_side_and_each_one_at_a_time(box: Box, clock: StepClock, tmp_path: Path) -> None:
    slow, well = threading.Event(), Receipt(200)

    class OneHangs(Says):
        def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Receipt:
            if url == URL:
                assert slow.wait(5), "the other receiver was never served"
            else:
                slow.set()
            return super().send(url, headers, body)

    post = postman(box, OneHangs({URL: [well], "https://well.example.org/": [well]}), clock, tmp_path)
    box.put("dlv-1")
    box.put("dlv-2", "sub-2", "https://well.example.org/")
    post.tick()
    assert sorted(box.done) == ["dlv-1", "dlv-2"]


def test_a_round_is_bounded_and_the_next_goes_on(box: Box, clock: StepClock, tmp_path: Path) -> None:
    post = postman(box, Says({URL: [Receipt(200)]}), clock, tmp_path)
    for number in range(BATCH + 3):
        box.put(f"dlv-{number:03}")
    rounds = iter([False, False, True, True, True])
    post.run(lambda: next(rounds))
    assert box.done == [f"dlv-{number:03}" for number in range(BATCH + 3)]


def test_a_record_that_cannot_be_read_is_said_and_rested_from(
    box: Box, clock: StepClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = postman(box, Says({URL: [Receipt(200)]}), clock, tmp_path)
    box.put("dlv-1")
    box.error = LedgerError("ledger.full", ledger="x")
    began = clock.monotonic()
    rounds: list[float] = []
    tick = post.tick

    def counted() -> int:
        rounds.append(clock.monotonic() - began)
        return tick()

    monkeypatch.setattr(post, "tick", counted)
    post.run(lambda: clock.monotonic() - began >= 25)
    assert rounds == pytest.approx([0, 10, 20])
    assert post.deliveries().error is box.error
    box.error = None
    post.tick()
    assert (box.done, post.deliveries().error) == (["dlv-1"], None)


def test_a_rest_ends_when_the_service_does(box: Box, clock: StepClock, tmp_path: Path) -> None:
    post = postman(box, Says({}), clock, tmp_path)
    box.error = LedgerError("ledger.full", ledger="x")
    began = clock.monotonic()
    post.run(lambda: clock.monotonic() - began >= 3)
    assert clock.monotonic() - began == pytest.approx(3, abs=0.2)


def test_a_real_receiver_gets_it_once_it_is_well_and_never_two_at_once(box: Box, clock: StepClock, tmp_path: Path) -> None:
    clock.moment = datetime.fromtimestamp(time.time(), UTC)  # noqa: TID251  # the library compares with the real time
    with receiver() as here:
        here.answers = [500, 204]
        courier = WebhookCourier(allowed=allowed_networks("127.0.0.1"), connect=1.0, total=2.0)
        post = postman(box, courier, clock, tmp_path)
        for number in range(5):
            box.put(f"dlv-{number}", url=f"http://127.0.0.1:{here.port}/")
        post.tick()
        clock.sleep(5)
        post.tick()
        assert sorted(box.done) == [f"dlv-{number}" for number in range(5)]
        assert here.most_at_once == 1
        assert [each.headers["content-type"] for each in here.requests] == ["application/cloudevents+json; charset=utf-8"] * 6
