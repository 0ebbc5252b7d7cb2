"""What /metrics tells Prometheus: figures of each regency as they were last read, and the door's own requests.

A name ends in its unit; rates are in bit/s, as everywhere here. What is not known is absent, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from inventory.lease_views import LeaseState, LeaseTime
from network.core.link_states import Word
from network.core.systems import ANSWERED, BAD, Board, Extent
from network.services.figures import Snapshot
from network.services.link_rounds import LinkFigures

MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"
_LATE: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_LATENCY: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One regency. `runs` counts runs by result; `late` has seconds from each edge to the first command on a device.

    `heard`: what connected systems answered when they were asked last. `pulse` is the age of the keeper's last look at the
    clock in seconds, None before the first. `links` None: nobody watches them. `leases` as they stand today.
    """

    snapshot: Snapshot
    runs: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    late: tuple[float, ...] = ()
    pulse: float | None = None
    links: LinkFigures | None = None
    leases: tuple[LeaseState, ...] = ()
    heard: Board | None = None


class Requests:
    """The door's own counters, and the page that has them and the figures. One for each app; safe from any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        labels = ("method", "route", "status")
        self._count = Counter("lajur_http_requests_total", "Requests answered.", labels, registry=self._registry)
        self._latency = Histogram(
            "lajur_http_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ("method", "route"),
            buckets=_LATENCY,
            registry=self._registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        method = method if method in _METHODS else "other"
        self._count.labels(method, route, str(status)).inc()
        self._latency.labels(method, route).observe(seconds)

    def exposition(self, figures: Sequence[Figures]) -> bytes:
        """The page, in Prometheus' text format."""
        page = CollectorRegistry(auto_describe=False)
        page.register(_Page(figures))
        return generate_latest(page) + generate_latest(self._registry)


_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
"""A method is whatever a caller writes; a label must not be."""


class _Page(Collector):
    """The figures, once."""

    def __init__(self, figures: Sequence[Figures]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        snapshots = [each.snapshot for each in self._figures]
        yield from _offices(snapshots)
        yield from _uplinks(snapshots)
        yield from _devices(snapshots)
        yield from _keepers(self._figures)
        yield from _links({each.snapshot.regency: each.links for each in self._figures if each.links is not None})
        yield from _leases(self._figures)
        yield from _systems({each.snapshot.regency: each.heard for each in self._figures if each.heard is not None})


def _offices(snapshots: Sequence[Snapshot]) -> Iterator[Metric]:
    names = ("regency", "uplink", "direction", "office")
    rows = [((each.regency, one.uplink, one.direction.value, one.office), one) for each in snapshots for one in each.offices]
    yield _gauge(
        "lajur_office_guarantee_bps", "What the intent of now promises.", names, ((at, one.guarantee) for at, one in rows)
    )
    yield _gauge("lajur_office_applied_bps", "What the device holds of it.", names, ((at, one.applied) for at, one in rows))
    yield _gauge(
        "lajur_office_ceiling_bps", "What the device lets through at most.", names, ((at, one.ceiling) for at, one in rows)
    )
    yield _gauge("lajur_office_measured_bps", "By the class meter.", names, ((at, one.measured) for at, one in rows))


def _uplinks(snapshots: Sequence[Snapshot]) -> Iterator[Metric]:
    names = ("regency", "uplink", "direction")
    rows = [((each.regency, one.uplink, one.direction.value), one) for each in snapshots for one in each.uplinks]
    yield _gauge("lajur_uplink_contracted_bps", "What the contract says.", names, ((at, one.contracted) for at, one in rows))
    yield _gauge("lajur_uplink_shaped_bps", "What the shaper lets through.", names, ((at, one.shaped) for at, one in rows))
    yield _gauge("lajur_uplink_guaranteed_bps", "The sum of all promises.", names, ((at, one.guaranteed) for at, one in rows))
    yield _gauge("lajur_uplink_measured_bps", "By the class meter.", names, ((at, one.measured) for at, one in rows))
    yield _gauge("lajur_uplink_headroom_bps", "What nobody used.", names, ((at, one.headroom) for at, one in rows))
    yield _gauge("lajur_uplink_backlog_bytes", "What waits in the queues.", names, ((at, one.backlog) for at, one in rows))
    crossed = [((each.regency, one.uplink, one.direction.value), one.ratio) for each in snapshots for one in each.cross_check]
    yield _gauge("lajur_uplink_meters_ratio", "The SNMP meter's figure by the class meter's.", names, crossed)


def _devices(snapshots: Sequence[Snapshot]) -> Iterator[Metric]:
    ages = (((each.regency, device), age) for each in snapshots for device, age in each.age.items())
    yield _gauge("lajur_telemetry_age_seconds", "Since a device was last read.", ("regency", "device"), ages)
    unread = (((each.regency, device), float(age is None)) for each in snapshots for device, age in each.age.items())
    yield _gauge("lajur_telemetry_never_read", "1 for a device that was not read yet.", ("regency", "device"), unread)
    failing = (((each.regency, what, error.code), 1.0) for each in snapshots for what, error in each.errors.items())
    yield _gauge("lajur_failing", "1 for each thing that fails now, and why.", ("regency", "what", "code"), failing)
    drift = (((each.regency,), each.drift) for each in snapshots)
    yield _gauge("lajur_drift_steps", "Steps between what devices hold and what is intended.", ("regency",), drift)
    active = (
        ((each.regency, kind, key), 1.0)
        for each in snapshots
        for kind, keys in (("window", each.windows), ("boost", each.boosts))
        for key in keys
    )
    yield _gauge("lajur_active", "1 for each window and boost that holds now.", ("regency", "purpose", "key"), active)


def _keepers(figures: Sequence[Figures]) -> Iterator[Metric]:
    runs = CounterMetricFamily("lajur_runs", "Runs that ended, by result.", labels=("regency", "result"))
    late = HistogramMetricFamily("lajur_slot_late_seconds", "From an edge to the first command.", labels=("regency",))
    for each in figures:
        regency = each.snapshot.regency
        for result, count in sorted(dict(each.runs).items()):
            runs.add_metric((regency, result), count)
        late.add_metric((regency,), _buckets(each.late), sum(each.late))
    yield runs
    yield late
    pulse = (((each.snapshot.regency,), each.pulse) for each in figures)
    yield _gauge("lajur_keeper_tick_age_seconds", "Since the keeper last looked at the clock.", ("regency",), pulse)


def _links(watched: Mapping[str, LinkFigures]) -> Iterator[Metric]:
    """So many lines as there are links in the truth, four times: each state has its own, 1 for the one that holds."""
    found = [((regency,), each.coverage) for regency, each in watched.items() if each.coverage is not None]
    names = ("regency",)
    yield _gauge("lajur_coverage_offices", "Offices of the truth.", names, ((at, one.offices) for at, one in found))
    yield _gauge(
        "lajur_coverage_covered_offices",
        "Those that are on working fibre: every link from the core is fibre and up.",
        names,
        ((at, one.covered) for at, one in found),
    )
    yield _gauge(
        "lajur_coverage_reached_offices",
        "Those whose links are all up, whatever they are made of.",
        names,
        ((at, one.reached) for at, one in found),
    )
    states = (
        ((regency, link, word.value), float(state is word))
        for regency, each in watched.items()
        for link, state in each.states.items()
        for word in Word
    )
    yield _gauge("lajur_link_state", "1 for the state that a link is in.", ("regency", "link", "state"), states)
    ages = (((regency,), each.age) for regency, each in watched.items())
    yield _gauge("lajur_link_poll_age_seconds", "Since a device last told the state of its links.", names, ages)
    silent = (((regency,), each.silent) for regency, each in watched.items())
    yield _gauge("lajur_link_silent_devices", "Devices that did not answer their last poll.", names, silent)


def _leases(figures: Sequence[Figures]) -> Iterator[Metric]:
    found = [((each.snapshot.regency, one.lease.key), one) for each in figures for one in each.leases]
    names = ("regency", "lease")
    yield _gauge(
        "lajur_lease_days_left",
        "Days to the last day of a lease of servers; below 0 it has ended.",
        names,
        ((at, one.days_left) for at, one in found),
    )
    yield _gauge(
        "lajur_lease_monthly_cost_rupiah",
        "What a lease that runs costs a month, for all its machines.",
        names,
        ((at, one.lease.monthly_cost) for at, one in found if one.state is LeaseTime.RUNNING),
    )


def _systems(heard: Mapping[str, Board]) -> Iterator[Metric]:
    """What could not be asked, or gave no clear answer, is absent: it is no failure of the system."""
    cells = [
        ((regency, office, system), cell)
        for regency, board in heard.items()
        for (office, system), cell in sorted(board.cells.items())
        if cell.word in ANSWERED | BAD
    ]
    names = ("regency", "office", "system")
    yield _gauge(
        "lajur_system_reachable",
        "1 where a connected system gave an office a good answer when it was asked last, else 0.",
        names,
        ((at, float(cell.word in ANSWERED)) for at, cell in cells),
    )
    yield _gauge(
        "lajur_system_answer_seconds",
        "How long that answer took.",
        names,
        ((at, cell.answer.milliseconds / 1000) for at, cell in cells if cell.answer and cell.answer.milliseconds is not None),
    )
    yield _gauge(
        "lajur_system_age_seconds",
        "Since a system was asked last, by whichever office.",
        ("regency", "system"),
        (
            ((regency, system.key), (board.at - max(asked)).total_seconds())
            for regency, board in heard.items()
            for system in board.systems
            if (asked := [cell.at for (_, key), cell in board.cells.items() if key == system.key and cell.at is not None])
        ),
    )
    yield _gauge(
        "lajur_system_down",
        "1 for a connected system that answered no office: the system itself is down.",
        ("regency", "system"),
        (
            ((regency, system.key), float(board.extent(system.key) is Extent.NOWHERE))
            for regency, board in heard.items()
            for system in board.systems
            if board.extent(system.key) is not Extent.UNSURE
        ),
    )


def _buckets(values: Sequence[float]) -> list[tuple[str, float]]:
    counts = [(str(bound), float(sum(value <= bound for value in values))) for bound in _LATE]
    return [*counts, ("+Inf", float(len(values)))]


def _gauge(
    name: str, said: str, labels: Sequence[str], rows: Iterable[tuple[Sequence[str], float | int | None]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, said, labels=labels)
    for at, value in rows:
        if value is not None:
            family.add_metric(at, float(value))
    return family
