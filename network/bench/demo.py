"""`lajur demo`: the story on a real kernel, one table, one chart, and the sentence that says whether promises were kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inventory.regency import Regency
from network.bench import demo_view
from network.bench.demo_report import DemoReport, OfficeFigures, Promise
from network.bench.scene import scene
from network.bench.story import FULL, KEPT, QUICK, Act, Cast, Story, play
from network.cli.output import Output
from network.core.allocate import Allocation
from network.settings import Settings

CHART: Final = Path(".bench/demo.svg")
BROKEN: Final = 1


def run(settings: Settings, regency: Regency, out: Output) -> int:
    """Play the demo in a lab of its own. 0 when every promise was kept, else 1."""
    with out.progress(always=True) as tell:
        tell(out.say("bench.demo.lab", offices=len(regency.offices), regency=regency.head.name))
        with scene(settings, regency, "demo") as stage, stage.hands() as hands:
            told = play(stage, hands, lambda code: tell(out.say(code)))
            tell(out.say("bench.demo.down"))
    report = _report(told, regency)
    _chart(told, regency, out)
    out.show(report, lambda: demo_view.draw(report, told, out))
    return 0 if report.kept else BROKEN


def _report(told: Story, regency: Regency) -> DemoReport:
    promises = tuple(_promises(told, regency))
    return DemoReport(
        uplink=str(told.cast.shaper),
        offices=tuple(
            OfficeFigures(
                office=office.key,
                service_class=office.service_class,
                guarantee={act.name: told.cast.sure(act.allocation, office) for act in told.acts},
                measured={act.name: sum(act.rates.get(node, 0) for node in told.cast.asked(office)) for act in told.acts},
            )
            for office in regency.offices
        ),
        lent={act.name: _lent(act, told.cast, regency) for act in told.acts},
        used={act.name: round(act.used, 4) for act in told.acts},
        rtt_p95={act.name: act.rtt for act in told.acts},
        loss={act.name: act.loss for act in told.acts},
        enforced={act.name: round(act.enforced, 3) for act in told.acts},
        promises=promises,
        kept=all(promise.kept for promise in promises),
        chart=str(CHART),
    )


def _lent(act: Act, who: Cast, regency: Regency) -> int:
    """What nobody asked for of all guarantees, bit/s."""
    return sum(act.allocation.guarantee(office.key) - who.sure(act.allocation, office) for office in regency.offices)


def _promises(told: Story, regency: Regency) -> Iterator[Promise]:
    who = told.cast
    before, during, after = told.acts
    for act in told.acts:
        rest = {office.key: act.attained(who.asked(office)[:1]) for office in regency.offices}
        worst = min(rest, key=lambda key: rest[key])
        fields: dict[str, object] = {"act": act.name, "office": worst, "percent": round(100 * rest[worst], 1)}
        yield Promise(code=f"bench.promise.floor_{act.name}", fields=fields, kept=rest[worst] >= KEPT)
    used = min(act.used for act in told.acts)
    yield Promise(code="bench.promise.used", fields={"percent": round(100 * used, 1)}, kept=used >= FULL)
    yield _licensing(told)
    node = who.asked(who.planning)[-1]
    more = during.allocation.queues[node].guarantee > before.allocation.queues[node].guarantee
    got = during.attained((node,))
    fields = {"office": who.planning.key, "application": who.application, "percent": round(100 * got, 1)}
    yield Promise(code="bench.promise.planning", fields=fields, kept=more and got >= KEPT)
    slow = max(act.rtt if act.rtt is not None else 10.0 for act in told.acts)
    fields = {"office": who.licensing.key, "ms": round(1000 * slow), "bar": round(1000 * QUICK)}
    yield Promise(code="bench.promise.rtt", fields=fields, kept=slow <= QUICK)
    remade = sum(act.remade for act in told.acts)
    yield Promise(code="bench.promise.hitless", fields={"queues": remade}, kept=remade == 0)
    yield Promise(code="bench.promise.back", fields={}, kept=_same(before.allocation, after.allocation))


def _licensing(told: Story) -> Promise:
    who = told.cast
    before, during, _ = (act.allocation.guarantee(who.licensing.key) for act in told.acts)
    got = told.acts[1].attained(who.asked(who.licensing))
    fields: dict[str, object] = {"office": who.licensing.key, "percent": round(100 * got, 1)}
    return Promise(code="bench.promise.licensing", fields=fields, kept=during >= before and got >= KEPT)


def _same(one: Allocation, other: Allocation) -> bool:
    return dict(one.queues) == dict(other.queues) and one.rules == other.rules


def _chart(told: Story, regency: Regency, out: Output) -> None:
    from network.bench.chart import write

    CHART.parent.mkdir(exist_ok=True)
    write(told, regency, CHART, out.say)
