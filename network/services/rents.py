"""What is rented since when, and no longer, on record: it is paid for by the hour, whether it could be taken over or not.

On record from the moment at which a cloud is asked for it, so that nobody's death leaves what is paid for uncounted; what the
cloud refuses after all is struck out at the end of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Final

from inventory.cloud_costs import Price, gigabytes_of
from inventory.cloud_views import Stay
from network.core.building import SUBJECT, BuildEvent, Observation, Observations, Verb
from network.core.costs import RENT, RENTED, RETURNED, STRUCK, VOLUME
from network.core.ports import Clock
from network.errors import LajurError
from network.services.build_report import BuildReport

_WHOLE: Final = "machine"
_PAID: Final = (_WHOLE, VOLUME)
Note = Callable[[str, str, Mapping[str, str | int]], None]
"""Writes an action on a server into the audit log, with its details."""


def standing(observations: Observations, regency: str, rented: Collection[str]) -> dict[str, str]:
    """By server: which part of it is paid for, `machine` or `volume` alone. One that was taken over is, as a whole."""
    begun = {
        subject.removeprefix(RENT): str(each.value.get("part")) for subject, each in observations.latest(regency, RENT).items()
    }
    taken = (subject.removeprefix(SUBJECT) for subject in observations.latest(regency, SUBJECT))
    return {**begun, **{server: _WHOLE for server in taken if server in rented}}


class Rents:
    """Of one run. `rented`: the stay of every server that may be rented, `prices` what each costs. Not for two threads."""

    def __init__(
        self,
        observations: Observations,
        regency: str,
        rented: Mapping[str, Stay],
        clock: Clock,
        note: Note,
        *,
        prices: Mapping[str, Price],
    ) -> None:
        self._observations, self._regency, self._clock, self._note = observations, regency, clock, note
        self._rented, self._prices = rented, prices
        self._before = standing(observations, regency, rented)
        self._taken = {subject.removeprefix(SUBJECT) for subject in observations.latest(regency, SUBJECT)}
        self._asked: set[str] = set()

    def hear(self, event: BuildEvent) -> None:
        """A server that is begun is rented from here on. Where the record cannot be written, it is at the end."""
        server, status = event.text("server"), (event.text("operation"), event.text("status"))
        if event.code != "infra.resource" or event.text("kind") not in _PAID or status != ("create", "begun"):
            return
        if server in self._rented and server not in self._asked | self._taken:
            self._asked.add(server)
            if self._before.get(server) != _WHOLE:
                with suppress(LajurError):
                    self._begin(server, _WHOLE)

    def end(self, report: BuildReport, verb: Verb, servers: Collection[str]) -> None:
        """As it stands when the run has ended, which named these servers (none: all). A server in whose place the cloud made
        another one stays rented."""
        taken = dict.fromkeys(report.outputs, _WHOLE)  # also one that a run made which died before it could say so
        found = {server: part for server, part in {**report.begun, **taken}.items() if server in self._rented}
        for server in sorted(self._asked):
            if found.get(server) != _WHOLE:  # none stands, whoever thought so
                self._note(RETURNED, server, {STRUCK: 1})
                self._forget(server)
                if self._before.get(server) == VOLUME:
                    found.setdefault(server, VOLUME)
        now = standing(self._observations, self._regency, ())
        for server, part in sorted(found.items()):
            if now.get(server, "" if server in self._asked else self._before.get(server)) not in (part, _WHOLE):
                self._begin(server, part)
        whole = report.error is None and not report.interrupted
        for server in self._gone(report, set(servers or self._before) if whole and verb is Verb.DESTROY else set()):
            stay = self._rented.get(server)
            self._note(RETURNED, server, {"cloud": stay.entry.cloud} if stay else {})
            self._forget(server)
            if not whole and stay and stay.entry.volume and server not in report.freed:
                self._begin(server, VOLUME)

    def _gone(self, report: BuildReport, named: Collection[str]) -> list[str]:
        """What a cloud let go of for good: machines, what was `named` of what stood, and volumes that stood alone."""
        alone = {server for server in report.freed if self._before.get(server) == VOLUME}
        return sorted((report.gone - report.made) | alone | (self._before.keys() & named))

    def _begin(self, server: str, part: str) -> None:
        entry, stay = self._rented[server].entry, self._rented[server]
        price = self._prices.get(server)
        self._note(
            RENTED,
            server,
            {
                "cloud": entry.cloud,
                "size": entry.size,
                "entry": entry.key,
                "window": getattr(entry, "window", None) or "",
                "start": stay.start.isoformat(),
                "end": stay.end.isoformat(),
                "stage": entry.stage,
                "gigabytes": gigabytes_of(entry.volume),
                **({"part": part} if part == VOLUME else {}),
                **({"hourly": price.hourly, "volume_monthly": price.volume_monthly} if price else {}),
            },
        )
        put = Observation(subject=f"{RENT}{server}", at=self._clock.now(), value={"part": part})
        self._observations.put(self._regency, [put])

    def _forget(self, server: str) -> None:
        self._observations.drop(self._regency, [f"{subject}{server}" for subject in (SUBJECT, RENT)])
