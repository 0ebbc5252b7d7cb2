"""Rows `cloud.*` of servers that are rented through the engine: one after the other, many at once, changed by others behind our
back, and a peak that comes and goes under load."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Final

from inventory.load import load_regency
from inventory.regency import Regency
from network import labs
from network.bench.release.operator import Done, Operator, operator
from network.bench.renting import hands, story
from network.bench.rows import Row, median_row
from network.clock import SystemClock
from network.errors import LabError
from network.settings import Settings

LAB: Final = "benchrent"
KEY: Final = "ukur"
PAIR: Final = 2
MANY: Final = 24
THREE: Final = 3
LOOKS: Final = 20
AGAIN: Final = 5
_DAYS: Final = timedelta(days=1)
_ENTRY: Final = """\
capacity:
  - key: {key}
    name: Server untuk pengukuran
    servers: {servers}
    own: {{confirmed: true, start: {start:%Y-%m-%dT%H:00}, end: {end:%Y-%m-%dT%H:00}}}
    cloud: awan
    size: small
    image: debian-12
    role: application
    login: {{user: root, key: 'env:LAJUR_SSH_KEY'}}
    management: [100.65.0.0/16, 100.66.0.0/16]
    stage: pilot
"""
_VOLUME: Final = "    volume: 20 GB\n"
_MOST: Final = "most_servers: 6"

Report = Callable[[Row], None]


def measure_renting(settings: Settings, regency: Regency, report: Report) -> None:
    """Network, router, group, key, and two servers with a volume and an address each; then several times with nothing to do."""
    with _standing(settings, regency, PAIR) as who:
        first, *again = [_up(who, PAIR) for _ in range(1 + AGAIN)]
    share = float(first.document["engine"])
    what = f"`infra up`: network, router, group, key, 2 servers with volume and address (Pulumi itself {share:.1f} s)"
    report(median_row("cloud.up", what, [first.seconds], "s", "<=", 40))
    what = f"once more, nothing to do (Pulumi itself {median(float(each.document['engine']) for each in again):.1f} s)"
    report(median_row("cloud.again", what, [each.seconds for each in again], "s", "<=", 8))
    worked = float(sum(each.document["worked"] for each in again))
    report(median_row("cloud.worked", "things that were worked at with nothing to do", [worked], "things", "<=", 0))


def measure_many(settings: Settings, regency: Regency, report: Report) -> None:
    """Servers that are asked for at once: how long until each has been entered and taken over, and what the cloud has of them."""
    with _standing(settings, regency, MANY, volume="") as who:
        _by_hand(who, hands.WIDEN)
        done = _up(who, MANY)
        there = _by_hand(who, hands.LIST)
        worked = _up(who, MANY).document["worked"]
    wanted = _keys(MANY)
    lost = MANY - sum(each["result"] == "done" for each in done.document["servers"] if each["server"] in wanted)
    more = sum(abs(len(there.get(kind, ())) - MANY) for kind in ("server", "address", "port"))
    what = f"`infra up` of {MANY} servers at once, until each is taken over"
    report(median_row("cloud.many", what, [done.seconds], "s", "<=", 90))
    report(median_row("cloud.many_lost", f"of {MANY}, not there", [float(lost)], "servers", "<=", 0))
    what = "servers, addresses and ports too many or too few; things that a second run worked at"
    report(median_row("cloud.many_twice", what, [float(more + worked)], "things", "<=", 0))


def measure_drift(settings: Settings, regency: Regency, report: Report) -> None:
    """What a look finds of what nobody changed, and of each thing that somebody did."""
    with _standing(settings, regency, THREE) as who:
        _up(who, THREE)
        looks = [who.lajur("infra", "drift", codes=(0, 2)) for _ in range(LOOKS)]
        stopped, deleted, other = _keys(THREE)
        deeds = ("open", f"stop:{stopped}", f"delete:{deleted}", f"detach:{other}", f"move:{other}", "unmark")
        _by_hand(who, *deeds)
        findings = who.lajur("infra", "drift", codes=(2,)).document["findings"]
    false = float(sum(len(each.document["findings"]) for each in looks))
    report(median_row("cloud.drift", "one look at three rented servers", [each.seconds for each in looks], "s"))
    report(median_row("cloud.drift_false", f"found in {LOOKS} looks that nobody had done", [false], "findings", "<=", 0))
    wanted = {
        (KEY, "group.rules"),
        (stopped, "machine.power"),
        (deleted, "machine"),
        (other, "attachment"),
        (other, "address.port"),
        ("awan", "network.owner"),
    }
    found = wanted & {(each["server"], each["name"]) for each in findings}
    what = "found of: rule opened, server stopped, server deleted, volume detached, address moved, tag removed"
    report(median_row("cloud.drift_found", what, [float(len(found))], f"of {len(wanted)}", ">=", len(wanted)))


def measure_window(settings: Settings, regency: Regency, report: Report) -> None:
    """Requests that fail while servers come for a peak, and while they go."""
    with operator(settings, regency, LAB, servers=story.SERVERS, cloud=True) as who:
        told = story.play(who, lambda code, fields: None)
    failed = float(told.opened_load.failed + told.closed_load.failed)
    sent = told.opened_load.sent + told.closed_load.sent
    what = f"requests that failed of {sent} while a peak's servers came and went"
    report(median_row("cloud.window", what, [failed], "requests", "<=", 0))
    report(median_row("cloud.window_in", "from the beginning of a peak until its servers are let in", [told.opened.seconds], "s"))
    report(median_row("cloud.window_out", "from its end until nothing is left of them", [told.closed.seconds], "s"))
    report(median_row("cloud.window_left", "of ours in the cloud when all is over", [float(len(told.left))], "things", "<=", 0))


def _up(who: Operator, servers: int) -> Done:
    names = [word for key in _keys(servers) for word in ("--server", key)]
    return who.lajur("infra", "up", *names, "--yes")


def _keys(servers: int) -> list[str]:
    return [f"{KEY}-{number}" for number in range(1, servers + 1)]


def _by_hand(who: Operator, *deeds: str) -> dict[str, list[str]]:
    """What there is of ours afterwards. Raises LabError."""
    program = [sys.executable, "-m", hands.__name__, str(who.lab.clouds), f"lajur-{who.regency.head.key}_", *deeds]
    done = subprocess.run([*labs.words_inside(who.lab), *program], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError("lab.command_refused", command=" ".join(deeds), cause=done.stderr.strip()[-500:])
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@contextmanager
def _standing(settings: Settings, regency: Regency, servers: int, volume: str = _VOLUME) -> Iterator[Operator]:
    """A lab with a cloud, for the same truth with one entry of so many servers that stands now, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="lajur-bench-") as folder:
        own = Path(folder) / regency.head.key
        shutil.copytree(settings.regencies / regency.head.key, own)
        now = SystemClock().now().astimezone(regency.zone)
        entry = _ENTRY.format(key=KEY, servers=servers, start=now - _DAYS, end=now + _DAYS) + volume
        clouds = (own / "clouds.yaml").read_text("utf-8").replace(_MOST, f"most_servers: {servers}")
        (own / "clouds.yaml").write_text(clouds.partition("cloud_servers:")[0] + entry, "utf-8")
        with operator(replace(settings, regencies=Path(folder)), load_regency(own), LAB, servers=1, cloud=True) as who:
            yield who
