"""What a fuzzer of the real door needs to get further than its first refusal: things that stand, and their names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from network.core.access import Role
from network.core.booking import ReportLine
from tests.doors.real.service import HERE, Real, boost, emergency, rates, window, written

OFFICES: Final = ("dpmptsp", "disdukcapil", "rsud", "bappeda", "bpkad", "setda")
SMALL: Final = rates("8 kbit/s", "8 kbit/s")
EACH: Final = 8


@dataclass
class Counted:
    """An app whose answers are counted by status."""

    app: ASGIApp
    answers: Counter[int] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers[message["status"]] += 1
            await send(message)

        await self.app(scope, receive, counted)


@dataclass
class Standing:
    """What was made before: by the parameter of an address and the word before it, the names of things that are there."""

    names: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def place(self, path: str, parameters: dict[str, Any], number: int) -> None:
        """Put names of things that are there into the parameters of an address."""
        parts = path.strip("/").split("/")
        for at, part in enumerate(parts):
            name = part.strip("{}")
            known = self.names.get((parts[at - 1], name))
            if known and name in parameters:
                parameters[name] = known[number // 2 % len(known)]


def standing(real: Real) -> Standing:
    """Boosts, requests that wait, windows, plans, a run and a report, of somebody whom the fuzzer may approve."""
    now, token = real.clock.now(), real.token(*Role, regency="*")
    later = written(now + timedelta(hours=3))
    boosts = [real.post("boosts", token, boost(now, amount=SMALL, starts=later, expires=written(now + timedelta(hours=9 + n))))
              for n in range(EACH)]  # fmt: skip
    waiting = [real.post("boosts", token, emergency(now, amount=SMALL, reason=f"queue {n}")) for n in range(EACH)]
    windows = [real.post("windows", token, window(key=f"market-{n}", precedence=200 + n)) for n in range(EACH)]
    runs = [real.post("shifts", token)]
    real.post("boosts", token, boost(now, amount=SMALL))  # so that plans have steps
    plans = [real.post("plans", token, {"reason": f"plan {n}"}) for n in range(EACH)]
    made = [*boosts, *waiting, *windows, *runs, *plans]
    assert {each.status_code for each in made} <= {200, 201, 202}, [each.text for each in made if each.status_code > 202]
    start = now - timedelta(hours=4)
    real.serving.ledger.reports.add([line(start, office) for office in OFFICES])
    there = {
        ("regencies", "regency"): [HERE],
        ("offices", "office"): list(OFFICES),
        ("boosts", "id"): [each.json()["id"] for each in boosts],
        ("windows", "key"): [each.json()["key"] for each in windows],
        ("requests", "id"): [each.json()["id"] for each in waiting],
        ("plans", "id"): [each.json()["id"] for each in plans],
        ("runs", "run"): [each.json()["run"] for each in runs],
        ("reports", "purpose"): ["window"],
        ("{purpose}", "window"): ["market"],
        ("{window}", "start"): [written(start)],
    }
    return Standing(there)


def line(start: Any, office: str) -> ReportLine:
    """A quiet hour of an office."""
    return ReportLine(
        regency=HERE,
        purpose="window",
        window="market",
        start=start,
        office=office,
        uplink="satellite",
        direction="down",
        minutes=60,
        wanting=10,
        below=1,
        promised=1_000_000,
        applied=1_000_000,
        measured=900_000,
        least=800_000,
        updated=start + timedelta(hours=1),
    )


def named(value: Any, number: int) -> Any:
    """A body with offices, classes, uplinks and applications that there are, in the place of those that it names."""
    if isinstance(value, list):
        return [named(each, number) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: named(each, number) for key, each in value.items()}
    if isinstance(made.get("offices"), list):
        made["offices"] = [OFFICES[(number + at) % len(OFFICES)] for at in range(len(made["offices"]))]
    for key, known in {"offices": OFFICES, "classes": ("office",)}.items():
        if isinstance(made.get(key), dict):
            made[key] = dict(zip(known[: len(made[key])], made[key].values(), strict=False))
    names = {"uplink": "satellite", "application": "oss", "calendar": "working_days"}
    return {key: names[key] if key in names and each else each for key, each in made.items()}
