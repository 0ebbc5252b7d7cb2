"""A run that is cut short: a service of the cloud that is away at any step and comes back, and an engine that is killed at any.
The next run does what was left; nothing is made twice, and nothing is left that nobody knows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from network.lab.lab import LabState
from tests.infra.site import Answer
from tests.lab.cloud_runs import ONE_OF_EACH, WHOLE, Operator, There, Thing, counts, failures, said
from tests.lab.cloud_way import Call, Lost, Way

pytestmark = [
    pytest.mark.lab,
    pytest.mark.cloud,
    pytest.mark.engine,
    pytest.mark.timeout(3000 if os.environ.get("LAJUR_FULL") else 600),
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK50Warning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK60Warning"),
]

FULL = bool(os.environ.get("LAJUR_FULL"))
"""Every step, instead of some that differ most."""
AWAY = (
    ("keystone", "neutron POST /v2.0/networks"),
    ("cinder", "cinder GET"),
    ("neutron", "neutron POST /v2.0/ports"),
    ("glance", "glance GET /v2/images"),
    ("nova", "nova POST /v2.1/servers"),
)
"""Who goes away, and before which request. The first run makes the least of it."""
KILLED = ("neutron POST /v2.0/routers", "nova POST /v2.1/servers", "/v2.0/floatingips")
"""After which request, that the cloud carried out and whose answer nobody heard."""


@pytest.fixture
def operator(
    with_fake_cloud: LabState, there: There, way: Way, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Operator]:
    """One who has nothing yet, and nothing in the end."""
    made = Operator(with_fake_cloud, tmp_path, there.clouds, regency=f"putus-{len(request.node.name)}")
    yield made
    way.bring_back()
    way.free()
    last = made.run([], "recover").last
    assert last["event"] == "done", last
    assert there.marked(made.regency) == {}


def stands(operator: Operator, there: There, verb: str = "up") -> None:
    """All of it, once."""
    assert operator.run(WHOLE, verb).last["event"] == "done"
    assert counts(there.marked(operator.regency)) == ONE_OF_EACH


def is_away(told: dict[str, dict[str, Any]], service: str) -> bool:
    """Something is told, and of each that the cloud does not answer. A service that cannot ask Keystone who it is talking to may
    say no more than that it failed; one that has asked already needs no Keystone."""
    codes = {each["code"] for each in told.values()}
    return bool(codes) and codes <= {"infra.cloud_away", *(["infra.cloud_failed"] if service == "keystone" else [])}


def without(service: str, words: str, operator: Operator, way: Way) -> Answer:
    """A run in which that service goes away before this request: from where the last one came to or, where that was further
    than this request already, from nothing."""
    gone: list[str] = []

    def before(call: Call) -> None:
        if words in call.words and not gone:
            gone.append(call.words)
            way.take_away(service)
            if call.service == service:
                raise Lost

    for _ in range(2):
        way.before = before
        told = operator.run(WHOLE)
        way.free()
        way.bring_back()
        if gone:
            return told
        assert operator.run([], "recover").last["event"] == "done"
    raise AssertionError(f"nobody asked for {words}")


def test_a_service_that_is_away_is_named_and_the_next_run_goes_on(operator: Operator, there: There, way: Way) -> None:
    for service, words in AWAY:
        told = failures(without(service, words, operator, way))
        assert is_away(told, service), (service, told)
        for each in told.values():
            assert "awan" in said(each)
        found = counts(there.marked(operator.regency))
        assert all(count == 1 for count in found.values()), (service, found)
    stands(operator, there)


@pytest.mark.skipif(not FULL, reason="every service at every step of its own takes long: LAJUR_FULL=1")
@pytest.mark.allowed_skip(reason="LAJUR_FULL=1 runs it")
@pytest.mark.parametrize("service", ["neutron", "nova", "cinder", "keystone"])
def test_a_service_may_be_away_at_every_step_of_its_own(service: str, operator: Operator, there: There, way: Way) -> None:
    """Each run comes one step further than the one before it."""
    done: set[str] = set()
    for _ in range(40):
        gone: list[str] = []

        def before(call: Call, gone: list[str] = gone) -> None:
            step = call.words if service != "keystone" else f"{call.words} {len(way.calls)}"
            mine = call.service == service and (call.changes or service == "keystone")
            if mine and step not in done and not gone:
                gone.append(step)
                way.take_away(service)
                raise Lost

        way.calls.clear()
        way.before = before
        told = operator.run(WHOLE)
        way.free()
        way.bring_back()
        if not gone:
            break
        done.update(gone)
        assert is_away(failures(told), service), (gone, told.last)
        if service == "keystone" and len(done) >= 8:
            break
    assert done
    stands(operator, there)


def killed(words: str, operator: Operator, way: Way, things: list[Thing], known: set[str] | None = None) -> Answer | None:
    """A run whose engine is killed after the first such request of those that change something; None when it was none. `known`:
    the requests that do not count."""
    hit: list[str] = []

    def after(call: Call) -> None:
        if call.changes and words in call.words and call.words not in (known or ()) and call.status < 300 and not hit:
            hit.append(call.words)
            run.kill()
        if hit:
            raise Lost

    way.after = after
    run = operator.start(things, "recover")
    told = run.ended()
    way.free()
    if known is not None:
        known.update(hit)
    return told if hit else None


def test_an_engine_that_is_killed_leaves_nothing_that_the_next_run_does_not_know(
    operator: Operator, there: There, way: Way
) -> None:
    for words in [""] * 60 if FULL else KILLED:
        if killed(words, operator, way, WHOLE) is None:
            assert FULL, f"nothing of {words} was asked for"
            break
        found = counts(there.marked(operator.regency))
        assert all(count == 1 for count in found.values()), (words, found)
    stands(operator, there, "recover")
    assert operator.up(WHOLE) == {}, "who looks again finds nothing to do"
    for words in [""] * 40 if FULL else ["nova DELETE /v2.1/servers"]:
        if killed(words, operator, way, []) is None:
            break
        found = counts(there.marked(operator.regency))
        assert all(count == 1 for count in found.values()), (words, found)
