"""Rows `site.*` and `release.*`: bare servers until they are configured, and releases under load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from inventory.regency import Regency
from network.bench.release.operator import Done, Operator, operator
from network.bench.release.story import deploy, released_under_load
from network.bench.rows import Row, median_row
from network.bench.sample.build import Sample
from network.settings import Settings

LAB: Final = "benchrel"
FIVE: Final = 5

Report = Callable[[Row], None]


def measure_site(settings: Settings, regency: Regency, report: Report) -> None:
    """Rows `site.*`."""
    with operator(settings, regency, LAB, servers=FIVE) as who:
        _site(who, report)


def measure_releases(settings: Settings, regency: Regency, report: Report) -> None:
    """Rows `release.*`."""
    with operator(settings, regency, LAB, servers=FIVE) as who:
        who.play("site")
        _releases(who, report)


def _site(who: Operator, report: Report) -> None:
    first, again = who.play("site"), who.play("site")
    report(median_row("site.first", f"`site.yml` on {FIVE} bare servers", [first.seconds], "s", "<=", 360))
    report(median_row("site.again", "once more, nothing to do", [again.seconds], "s"))
    changed = float(sum(again.changed.values()))
    report(median_row("site.changed", "tasks that changed something the second time", [changed], "tasks", "<=", 0))
    share = 100 * again.seconds / first.seconds
    report(median_row("site.share", "of the first run's time, the second's", [share], "%", "<=", 35))
    each = again.seconds / again.tasks
    report(median_row("site.task", f"second run, each of {again.tasks} tasks on a server", [each], "s", "<=", 0.4))


def _releases(who: Operator, report: Report) -> None:
    deploy(who, Sample.ONE)
    swap, load, lost = released_under_load(who, Sample.TWO)
    report(median_row("release.swap", "a release to two servers, 50 requests/s meanwhile", [swap.seconds], "s"))
    what = f"requests that failed of {load.sent} meanwhile"
    report(median_row("release.failed", what, [float(load.failed)], "requests", "<=", 0))
    broken, meanwhile, lost_too = released_under_load(who, Sample.BROKEN, code=4)
    report(median_row("release.back", "from the gate's no to the version before", [_back(who, broken)], "s", "<=", 30))
    dropped = float(sum(meanwhile.problems.values()))
    what = f"requests cut or refused of {meanwhile.sent} while a broken version came and went"
    report(median_row("release.dropped", what, [dropped], "requests", "<=", 0))
    report(median_row("release.lost", "applications stored otherwise than answered", [float(lost + lost_too)], "rows", "<=", 0))


def _back(who: Operator, broken: Done) -> float:
    """Seconds between the mark that the way back began and the end of the run, as they are on record."""
    runs: list[Mapping[str, Any]] = who.lajur("release", "history", who.workload.key).document["runs"]
    run = next(each for each in runs if each["run"] == broken.document["run"])
    return (datetime.fromisoformat(str(run["finished"])) - datetime.fromisoformat(str(run["back"]))).total_seconds()
