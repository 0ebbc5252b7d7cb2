"""What the door opens onto when the real service stands behind it: `qos_api.desk.Services` over `network.serving`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Annotated, Any, Final

from fastapi import Depends, Path
from starlette.requests import Request

from inventory.lease_views import LeaseState, lease_states
from inventory.regency import Regency
from network.core.admission.admit import Verdict
from network.core.ports import Clock, Tokens
from network.core.systems import Board
from network.errors import LajurError, LedgerError, NotAdmitted, Refused
from network.messages import Language
from network.services.figures import Snapshot
from network.services.systems import last_heard
from network.serving import Service, Serving
from qos_api.desk import Part
from qos_api.metrics import Figures
from qos_api.schemas.verdicts import verdict_told
from qos_api.security import door

ASKED: Final = 2.0
"""Seconds for which an answer of the record about itself holds: asking it is a write."""

STILL: Final = 120.0
"""Seconds without a look at the clock after which a keeper is dead rather than busy."""


class Served:
    """Safe from any thread."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._lock = Lock()
        self._record: tuple[float, LajurError | None] | None = None

    @property
    def tokens(self) -> Tokens:
        return self._serving.ledger.tokens

    @property
    def clock(self) -> Clock:
        return self._serving.clock

    @property
    def serving(self) -> Serving:
        return self._serving

    def regencies(self) -> Collection[str]:
        return self._serving.services.keys()

    def service(self, key: str) -> Service:
        return self._serving.services[key]

    def ready(self) -> Mapping[str, Part]:
        """A silent device ends nothing here: its age shows, and requests are still taken."""
        parts = {"ledger": self._ledger()}
        now = self.clock.monotonic()
        for key, service in self._serving.services.items():
            ages = list(service.watch.snapshot().age.values())
            known = [age for age in ages if age is not None]
            parts[f"devices {key}"] = Part(age=max(known) if known and len(known) == len(ages) else None)
            parts[f"truth {key}"] = Part(problem=service.truth.problem)
            parts[f"keeper {key}"] = self._keeper(service, now)
        return parts

    def figures(self) -> Sequence[Figures]:
        now = self.clock.monotonic()
        return [
            Figures(
                snapshot=_seen(service),
                runs=service.keeper.pulse.runs,
                late=tuple(service.keeper.pulse.late),
                pulse=None if service.keeper.pulse.ticked is None else now - service.keeper.pulse.ticked,
                links=service.links.figures() if service.links is not None else None,
                leases=self._leases(service.truth()),
                heard=_heard(service, self.clock),
            )
            for service in self._serving.services.values()
        ]

    def _leases(self, regency: Regency) -> tuple[LeaseState, ...]:
        return lease_states(regency, self.clock.now().astimezone(regency.zone).date())

    def details(self, error: LajurError, language: Language) -> Mapping[str, Any]:
        verdict = error.fields.get("verdict") if isinstance(error, NotAdmitted) else None
        if not isinstance(verdict, Verdict):
            return {}
        told = verdict_told(verdict, language).model_dump(mode="json")
        return {name: told[name] for name in ("shortfalls", "offers")}

    def _ledger(self) -> Part:
        with self._lock:
            now = self.clock.monotonic()
            if self._record is None or now - self._record[0] >= ASKED:
                self._record = (now, _problem(self._serving.ledger.ready))
            at, problem = self._record
            return Part(problem=problem, age=now - at)

    @staticmethod
    def _keeper(service: Service, now: float) -> Part:
        ticked = service.keeper.pulse.ticked
        if ticked is None:
            return Part()
        dead = Refused("api.keeper_still", regency=service.key, seconds=round(now - ticked)) if now - ticked > STILL else None
        return Part(problem=dead, age=now - ticked)


def _seen(service: Service) -> Snapshot:
    """What the watch saw, and beside it what the keeper and the watch over links could not do."""
    seen = service.watch.snapshot()
    links = service.links.figures().error if service.links is not None else None
    beside = {name: error for name, error in (("keeper", service.keeper.pulse.error), ("links", links)) if error is not None}
    return replace(seen, errors={**seen.errors, **beside}) if beside else seen


def _heard(service: Service, clock: Clock) -> Board | None:
    """None where no system was ever asked, or the record cannot say."""
    try:
        found = last_heard(service.truth(), service.ledger.observations(service.hands.place), clock.now())
    except LedgerError:
        return None
    return found if found.cells else None


def _problem(ask: Callable[[], None]) -> LajurError | None:
    try:
        ask()
    except LedgerError as error:
        return error
    return None


def served(request: Request) -> Served:
    found = door(request).services
    assert isinstance(found, Served), "these routes are made for the real service"
    return found


async def _service(
    request: Request, regency: Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,31}$", examples=["manokwari"])]
) -> Service:
    return served(request).service(regency)


Here = Annotated[Service, Depends(_service)]
"""A parameter of every route below a regency: that regency, served."""
