"""Rows `cloud.up`, `cloud.again`, `cloud.window`: servers rented through the engine, a peak that comes and goes under load."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from inventory.load import load_regency
from inventory.regency import Regency
from network.bench.release.operator import Operator, operator
from network.bench.renting import story
from network.bench.rows import Row, median_row
from network.settings import Settings

LAB: Final = "benchrent"
KEYS: Final = ("pair-1", "pair-2")
_ENTRY: Final = """\
capacity:
  - key: pair
    name: Dua server untuk pengukuran
    servers: 2
    own: {confirmed: true, start: 2026-01-02T00:00, end: 2028-12-30T00:00}
    cloud: awan
    size: small
    image: debian-12
    role: application
    login: {user: root, key: 'env:LAJUR_SSH_KEY'}
    management: [100.65.0.0/16, 100.66.0.0/16]
    volume: 20 GB
    stage: pilot
"""

Report = Callable[[Row], None]


def measure_renting(settings: Settings, regency: Regency, report: Report) -> None:
    """Network, router, group, key, and two servers with a volume and an address each; then once more with nothing to do."""
    with _with_pair(settings, regency) as own:
        truth = load_regency(own.regencies / regency.head.key)
        with operator(own, truth, LAB, servers=1, cloud=True) as who:
            names = [word for key in KEYS for word in ("--server", key)]
            _rented(who, ("infra", "up", *names, "--yes"), report)


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


def _rented(who: Operator, words: tuple[str, ...], report: Report) -> None:
    first, again = who.lajur(*words), who.lajur(*words)
    shares = [float(each.document["engine"]) for each in (first, again)]
    what = f"`infra up`: network, router, group, key, 2 servers with volume and address (Pulumi itself {shares[0]:.1f} s)"
    report(median_row("cloud.up", what, [first.seconds], "s", "<=", 40))
    what = f"once more, nothing to do (Pulumi itself {shares[1]:.1f} s)"
    report(median_row("cloud.again", what, [again.seconds], "s", "<=", 8))
    worked = float(again.document["worked"])
    report(median_row("cloud.worked", "things that were worked at the second time", [worked], "things", "<=", 0))


@contextmanager
def _with_pair(settings: Settings, regency: Regency) -> Iterator[Settings]:
    """The same truth with one entry that stands now, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="lajur-bench-") as folder:
        own = Path(folder) / regency.head.key
        shutil.copytree(settings.regencies / regency.head.key, own)
        clouds = (own / "clouds.yaml").read_text("utf-8")
        (own / "clouds.yaml").write_text(clouds.partition("cloud_servers:")[0] + _ENTRY, "utf-8")
        yield replace(settings, regencies=Path(folder))
