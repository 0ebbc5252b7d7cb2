"""The service against requests that nobody would think of, made from its own document: schemathesis, all checks, all phases.

By default the same requests each time; at the full size new ones, by a seed that is told.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import strategies
from schemathesis import hooks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree
from schemathesis.specs.openapi import formats

from network.core.access import Role
from network.serving import Serving
from qos_api.desk import Issuer
from qos_api.server import Listening, running
from tests.doors.issuer import AUDIENCE, issuing
from tests.doors.real.fuzzing import Counted, Standing, named, standing
from tests.doors.real.service import OPTIONS, Real, served, settings_of

FULL: Final = os.environ.get("LAJUR_FULL") == "1"
LEAST: Final = 20_000 if FULL else 2_000
EXAMPLES: Final = 480 if FULL else 12
SEED: Final = secrets.randbelow(2**32) if FULL else 20260818
MOMENT: Final = datetime(2026, 8, 17, 22, tzinfo=UTC)
"""Before the moments of the document's examples."""
SEMANTIC: Final = {
    "api.cursor": "opaque: no schema tells a cursor of this list from other text of its alphabet",
    "api.match_stale": "which revision there is, the record knows",
    "booking.changed": "the same",
    "api.too_far": "moments are judged by the clock",
    "booking.not_admitted": "capacity is no matter of shape",
}
"""Refusals of requests that are as the schema has them, and why the schema cannot say it; beside every 422 that names what is
not in this regency."""

MOMENTS: Final = strategies.builds(
    lambda since, zone: (datetime(2000, 1, 1, tzinfo=zone) + since).isoformat(),
    strategies.timedeltas(timedelta(0), timedelta(days=73_000)),
    strategies.sampled_from([UTC, timezone(timedelta(hours=9))]),
)
"""Moments of the two centuries that the door takes: of any year, the pattern beside the format would drop 49 in 50."""


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[tuple[Counted, str, Serving]]:
    """The service, and a token with every role that cannot be revoked: a fuzzer that finds its own would end itself."""
    with issuing() as issuer:
        options = replace(OPTIONS, issuer=Issuer(url=issuer.url, audience=AUDIENCE))
        with served(settings_of(tmp_path / "state"), MOMENT, options) as (opened, app):
            now = opened.clock.now()
            until = int((now + timedelta(days=1)).timestamp())
            yield Counted(app), issuer.token(now, roles=[f"*:{role}" for role in Role], exp=until), opened


def config(token: str) -> SchemathesisConfig:
    generation = {"deterministic": not FULL, "max-examples": EXAMPLES, "database": "none"}
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "headers": {"Authorization": f"Bearer {token}"},
            # They are about the luck and the speed of the generator; that enough was tried is asserted at the end.
            "suppress-health-check": ["all"],
            "generation": generation,
            "phases": {"stateful": {"generation": generation}},
            "checks": {
                # RFC 6585, section 3: 428 is the status for a request that lacks If-Match.
                "missing_required_header": {"expected-statuses": [400, 401, 403, 406, 415, 422, 428]},
            },
        }
    )


@contextmanager
def ours(schema: Any, there: Standing) -> Iterator[None]:
    """What the checks cannot know of this service, each with its reason."""
    numbers = count()

    def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
        """What is well-formed gets further: a key that was used stands for another request (422), and the generator has one for
        most; and of names that nothing has, every other one becomes one that something has."""
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return
        number = next(numbers)
        name = next((each for each in case.headers or () if each.lower() == "idempotency-key"), None)
        if name is not None:
            case.headers[name] = f"{case.headers[name][:100]}-{number}"
        if number % 2:
            there.place(case.operation.path, case.path_parameters or {}, number)
            if isinstance(case.body, dict):
                case.body = named(case.body, number)
            if "If-Match" in (case.headers or {}) and number % 4 == 1:
                case.headers["If-Match"] = "*"

    def filter_failure(_context: Any, failure: Failure, _case: Any, response: Any) -> bool:
        if isinstance(failure, RejectedPositiveData):
            return not explained(response)
        # What was cancelled stays in the record and is read for ever; only what it does ends.
        return not (isinstance(failure, UseAfterFree) and response.json().get("phase") == "cancelled")

    schemathesis.hook(before_call)
    schema.hook(filter_failure)
    schemathesis.openapi.format("date-time", MOMENTS)
    try:
        yield
    finally:
        formats.unregister_string_format("date-time")
        hooks.unregister(before_call)


def explained(response: Any) -> bool:
    """Whether it is a problem that no schema could have told before."""
    told = response.json()
    if told["status"] == 400 and told["code"] == "api.invalid":
        # Times that do not fit each other, rules that give no day, days that no month has.
        return all(each["code"].startswith("window.") or each["code"] == "api.field.moment" for each in told["errors"])
    return told["status"] == 422 or told["code"] in SEMANTIC


def _told(event: events.NonFatalError | events.FatalError) -> str:
    error = event.value if isinstance(event, events.NonFatalError) else event.exception
    return f"{event.label if isinstance(event, events.NonFatalError) else ''}: {error!r}"


@pytest.mark.timeout(1700 if FULL else 600)
def test_no_request_is_more_than_it_can_take(counted: tuple[Counted, str, Serving]) -> None:
    app, token, opened = counted
    print(f"seed {SEED}")  # noqa: T201 - who reads a failure needs it
    failures: dict[tuple[str, str], str] = {}
    phases: dict[str, int] = {}
    settings = settings_of(Path("nowhere"))
    with running(app, Listening()) as address:
        schema = schemathesis.openapi.from_url(f"{address}/v1/openapi.json", config=config(token))
        with httpx.Client(base_url=address, trust_env=False, timeout=240) as client:
            there = standing(Real(client, opened, settings))
        app.answers.clear()
        with ours(schema, there):
            for event in from_schema(schema).execute():
                if isinstance(event, events.PhaseFinished):
                    phases[event.phase.name.value] = app.answers.total()
                elif isinstance(event, (events.NonFatalError, events.FatalError)):
                    failures["error", type(event).__name__] = _told(event)
                elif isinstance(event, events.ScenarioFinished):
                    failures.update(found(event))
    told = "\n\n".join(f"{where}: {said}" for where, said in failures.items())
    assert not failures, f"seed {SEED}\n{told}"
    assert {status: many for status, many in app.answers.items() if status >= 500} == {}
    assert app.answers.total() >= LEAST, phases
    assert {"examples", "coverage", "fuzzing", "stateful"} <= {each.lower() for each in phases}
    # A fuzzer that is refused everywhere tries nothing.
    assert app.answers[200] > LEAST / 20, app.answers
    assert min(app.answers[status] for status in (201, 204, 409)) > 0, app.answers


def found(event: events.ScenarioFinished) -> Iterator[tuple[tuple[str, str], str]]:
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.status is not Status.SUCCESS:
                told = check.failure_info
                said = f"{told.failure.message}\n{told.code_sample}" if told else "?"
                yield (event.recorder.label, check.name), said[:3000]
