"""Whether clouds, what stands there and what comes for peaks agree. Pure; part of `inventory.rules`.

What has a price is reckoned for the years to come: from the contract's first day, or from `today` where it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from ipaddress import IPv4Network
from itertools import chain, groupby
from typing import Final

from inventory import calendars, cloud_views, server_rules
from inventory.cloud_costs import month_costs
from inventory.cloud_model import Capacity, Cloud, CloudServer
from inventory.cloud_views import Peak, Stay
from inventory.findings import Finding, Path, finding, nearest, warning
from inventory.policy import Times
from inventory.recurrence import rule_starts
from inventory.regency import Regency
from inventory.release_rules import ONE_SERVER
from inventory.server_model import HOME
from inventory.units import Unfit

_SOON: Final = timedelta(days=90)
_HORIZON: Final = timedelta(days=3 * 366)

_Reference = tuple[str, str, str, tuple[str | int, ...]]


def check(regency: Regency, today: date | None) -> Iterator[Finding]:
    """All findings of clouds.yaml. What is over counts only with `today`."""
    clouds = {cloud.key: cloud for cloud in regency.clouds}
    return chain(
        _contracts(regency, today),
        _networks(regency),
        _choices(regency, clouds),
        _workloads(regency),
        _names(regency),
        chain.from_iterable(server_rules.management(each.key, each, path) for each, path in rented(regency)),
        _when(regency, today),
        _ends(regency, clouds, today),
        _most(regency, today),
        _budgets(regency, today),
    )


def rented(regency: Regency) -> Iterator[tuple[CloudServer | Capacity, Path]]:
    """Every entry that brings servers, and where it stands."""
    yield from ((each, ("clouds", "cloud_servers", i)) for i, each in enumerate(regency.cloud_servers))
    yield from ((each, ("clouds", "capacity", i)) for i, each in enumerate(regency.capacity))


def references(regency: Regency) -> Iterator[_Reference]:
    """What clouds.yaml names of others: noun, kind, key, and where it stands."""
    for each, path in rented(regency):
        yield "cloud", "clouds", each.cloud, (*path, "cloud")
        yield "stage", "stages", each.stage, (*path, "stage")
        for position, key in enumerate(each.workloads):
            yield "workload", "workloads", key, (*path, "workloads", position)


def _contracts(regency: Regency, today: date | None) -> Iterator[Finding]:
    for i, cloud in enumerate(regency.clouds):
        here = ("clouds", i, "contract", "end")
        contract = cloud.contract
        facts = {"cloud": cloud.key, "number": contract.number, "start": contract.start, "end": contract.end}
        if contract.end < contract.start:
            yield finding("cloud.ends_first", *here, **facts)
        elif today is not None and contract.end < today:
            yield warning("cloud.ended", *here, **facts)
        elif today is not None and contract.end - today <= _SOON:
            yield warning("cloud.ends_soon", *here, days=(contract.end - today).days, **facts)


def _networks(regency: Regency) -> Iterator[Finding]:
    """What a rented server has on its own network it cannot reach elsewhere."""
    others = [
        *((office.lan, office.key) for office in regency.offices),
        *((link.network, link.key) for link in regency.links if link.network is not None),
        *((IPv4Network(device.address), device.key) for device in regency.devices),
        *((IPv4Network(server.address), server.key) for server in regency.servers),
        *([(regency.segment, "segment")] if regency.segment else []),
    ]
    for i, cloud in enumerate(regency.clouds):
        other = next((each for each in others if each[0].overlaps(cloud.network)), None)
        if other is not None:
            yield finding(
                "cloud.network_overlap", "clouds", i, "network",
                cloud=cloud.key, value=cloud.network, network=other[0], owner=other[1],
            )  # fmt: skip


def _choices(regency: Regency, clouds: dict[str, Cloud]) -> Iterator[Finding]:
    """What the cloud has of what is wanted of it, and where it stands."""
    for each, path in rented(regency):
        cloud = clouds.get(each.cloud)
        if cloud is None:
            continue
        facts = {"server": each.key, "cloud": cloud.key}
        if each.size not in cloud.sizes:
            yield finding("cloud.no_size", *path, "size", name=each.size, **nearest(each.size, cloud.sizes), **facts)
        if each.image not in cloud.images:
            yield finding("cloud.no_image", *path, "image", name=each.image, **nearest(each.image, cloud.images), **facts)
        if cloud.country != each.residency:
            yield finding("rented.abroad", *path, "cloud", country=cloud.country, residency=each.residency, **facts)
        elif each.residency != HOME:
            yield warning("rented.elsewhere", *path, "residency", server=each.key, residency=each.residency)


def _workloads(regency: Regency) -> Iterator[Finding]:
    workloads = {workload.key: workload for workload in regency.workloads}
    for each, path in rented(regency):
        for position, key in enumerate(each.workloads):
            workload, here = workloads.get(key), (*path, "workloads", position)
            if key in each.workloads[:position]:
                yield finding("rented.workload_twice", *here, server=each.key, workload=key)
            elif workload is not None and workload.kind == "connected":
                yield finding("rented.workload_connected", *here, server=each.key, workload=key)
            elif workload is not None and workload.runs in ONE_SERVER:
                yield finding("rented.workload_one", *here, server=each.key, workload=key, runs=workload.runs)


def _names(regency: Regency) -> Iterator[Finding]:
    """Keys are nodes of a lab, names of hosts and of machines in the cloud: each is one server's, whenever that comes."""
    keys = dict.fromkeys(server_rules.LAB_NODES, "lab")
    keys |= {device.key: "devices.yaml" for device in regency.devices}
    keys |= {server.key: "servers.yaml" for server in regency.servers}
    names = {name: server.key for server in regency.servers for name in server.names}
    for workload in regency.workloads:
        domains = () if workload.chat is None else (workload.chat.domain,)
        names |= dict.fromkeys((*(workload.entrance.names if workload.entrance else ()), *domains), workload.key)
    for owner, key, dns, path in _brought(regency):
        if key in keys:
            yield finding("rented.key_taken", *path, server=key, owner=keys[key])
        keys.setdefault(key, owner)
        for name in dns:
            if names.setdefault(name, key) != key:
                yield finding("rented.dns_twice", *path, server=key, name=name, first=names[name])


def _brought(regency: Regency) -> Iterator[tuple[str, str, tuple[str, ...], Path]]:
    """Whose, the key and the DNS names of every server that comes at some time, and where that stands."""
    for i, server in enumerate(regency.cloud_servers):
        yield server.key, server.key, server.names, ("clouds", "cloud_servers", i, "key")
    for i, entry in enumerate(regency.capacity):
        where = ("clouds", "capacity", i, "prefix" if entry.prefix else "key")
        for key in cloud_views.keys_of(entry):
            yield entry.key, key, cloud_views.names_of(entry, key), where


def _when(regency: Regency, today: date | None) -> Iterator[Finding]:
    """Whether what each entry of `capacity` follows can be reckoned and ever takes place. A window that is no longer there only
    warns: windows come and go with the year, and the rest of the truth must go on."""
    for i, entry in enumerate(regency.capacity):
        path: Path = ("clouds", "capacity", i)
        times = cloud_views.times_of(regency, entry)
        if times is None:
            known = {window.key for window in regency.windows}
            yield warning(
                "capacity.window_unknown", *path, "window",
                capacity=entry.key, key=entry.window, **nearest(str(entry.window), known),
            )  # fmt: skip
            continue
        if entry.own is not None:
            found = list(_own(regency, entry, entry.own, (*path, "own")))
            yield from found
            if found:
                continue
        here = (*path, "window" if entry.own is None else "own")
        if entry.occurrence == "last" and not cloud_views.ends_by_itself(times):
            yield finding("capacity.no_last", *path, "occurrence", capacity=entry.key)
        elif not times.confirmed:
            yield warning("capacity.unconfirmed", *here, capacity=entry.key)
        elif _peaks(regency, entry, today) == ():
            yield finding("capacity.never", *here, capacity=entry.key)


def _own(regency: Regency, entry: Capacity, own: Times, path: Path) -> Iterator[Finding]:
    """As of windows: what has no first occurrence is told where it stands."""
    if not regency.days.knows(own.calendar):
        known = calendars.known(regency)
        yield finding(
            "reference.unknown", *path, "calendar", kind="calendar", key=own.calendar, **nearest(own.calendar, known)
        )  # fmt: skip
    elif not calendars.usable(regency, own):
        yield finding("window.no_hours", *path, "calendar", window=entry.key)
    try:
        first = next(rule_starts(own), None)
    except Unfit as error:
        yield finding(error.code, *path, error.at or "recurrence", **error.fields)
        return
    if first is not None and first != own.start:
        yield finding("window.start_not_in_rule", *path, "start", value=own.start, rule=own.recurrence)


def _peaks(regency: Regency, entry: Capacity, today: date | None) -> tuple[Peak, ...] | None:
    """Those of the years to come, as far as matters to the contract. None where the rule of a window cannot be used, which is
    told of the window."""
    times = cloud_views.times_of(regency, entry)
    assert times is not None, "asked of what follows something"
    since = times.start.replace(tzinfo=regency.zone)
    until = since + _HORIZON
    cloud = next((each for each in regency.clouds if each.key == entry.cloud), None)
    if cloud is not None:
        since = max(since, _from(regency, cloud, today))
        until = max(until, min(cloud_views.term(regency, cloud).end, since + _HORIZON) + _HORIZON)
    try:
        return cloud_views.peaks(regency, entry, until)
    except Unfit:
        return None


def _ends(regency: Regency, clouds: dict[str, Cloud], today: date | None) -> Iterator[Finding]:
    """Nothing is rented outside the contract. Of a rule without end, what comes wholly after it is left out."""
    for i, server in enumerate(regency.cloud_servers):
        cloud = clouds.get(server.cloud)
        if cloud is None:
            continue
        facts = {"server": server.key, "cloud": cloud.key, "begins": cloud.contract.start, "ends": cloud.contract.end}
        if server.until > cloud.contract.end:
            yield finding("rented.outlives", *("clouds", "cloud_servers", i, "until"), until=server.until, **facts)
        if server.start is not None and server.start < cloud.contract.start:
            yield finding("rented.too_early", *("clouds", "cloud_servers", i, "start"), start=server.start, **facts)
    for i, entry in enumerate(regency.capacity):
        cloud, times = clouds.get(entry.cloud), cloud_views.times_of(regency, entry)
        if cloud is None or times is None or not times.confirmed:
            continue
        term, finite = cloud_views.term(regency, cloud), cloud_views.ends_by_itself(times)
        for peak in _peaks(regency, entry, today) or ():
            across = peak.end > term.start and peak.start < term.end and not cloud_views.within(term, peak.start, peak.end)
            if across or (finite and peak.start >= term.end):
                yield finding(
                    "capacity.outlives", "clouds", "capacity", i, "window" if entry.own is None else "own",
                    capacity=entry.key, cloud=cloud.key, begins=cloud.contract.start, ends=cloud.contract.end,
                    start=_shown(regency, peak.start), end=_shown(regency, peak.end),
                )  # fmt: skip
                break


def _most(regency: Regency, today: date | None) -> Iterator[Finding]:
    """The first moment at which a cloud has more servers than its contract allows."""
    for i, cloud in enumerate(regency.clouds):
        term = cloud_views.term(regency, cloud)
        since = _from(regency, cloud, today)
        held = [stay for stay in _stays(regency, since, min(term.end, since + _HORIZON)) if stay.entry.cloud == cloud.key]
        crowd = _crowded(held, cloud.contract.most_servers)
        if crowd:
            yield finding(
                "cloud.too_many", "clouds", i, "contract", "most_servers",
                cloud=cloud.key, most=cloud.contract.most_servers, count=len(crowd),
                start=_shown(regency, max(stay.start for stay in crowd)),
                servers=", ".join(sorted(stay.key for stay in crowd)),
            )  # fmt: skip


def _crowded(held: list[Stay], most: int) -> list[Stay]:
    """Those that stand at the first moment at which there are more than `most`; `held` is by start."""
    there: list[Stay] = []
    for start, coming in groupby(held, key=lambda stay: stay.start):
        there = [*(stay for stay in there if stay.end > start), *coming]
        if len(there) > most:
            return there
    return []


def _budgets(regency: Regency, today: date | None) -> Iterator[Finding]:
    budgets = {stage.key: (i, stage.budget) for i, stage in enumerate(regency.stages)}
    for each, path in rented(regency):
        if each.stage in budgets and budgets[each.stage][1] is None:
            yield finding("rented.no_budget", *path, "stage", server=each.key, stage=each.stage)
    if not regency.clouds:
        return
    since = min(_from(regency, cloud, today) for cloud in regency.clouds).astimezone(regency.zone).date()
    until = min(max(cloud.contract.end for cloud in regency.clouds), since + _HORIZON)
    told: set[str] = set()
    try:
        costs = month_costs(regency, since, until) if since <= until else ()
    except Unfit:
        return
    for cost in costs:
        i, budget = budgets.get(cost.stage, (0, None))
        if budget is not None and cost.rupiah > budget and cost.stage not in told:
            told.add(cost.stage)
            # The rules of what is rented refuse it in its month; till then what stands can be looked at, and given back.
            yield warning(
                "stage.over_budget", "stages", i, "budget",
                stage=cost.stage, month=f"{cost.month:%Y-%m}", cost=cost.rupiah, budget=budget, excess=cost.rupiah - budget,
            )  # fmt: skip


def _from(regency: Regency, cloud: Cloud, today: date | None) -> datetime:
    """From the first of today's month on: what it cost till now belongs to its cost."""
    start = cloud_views.term(regency, cloud).start
    if today is None:
        return start
    return max(start, datetime(today.year, today.month, 1, tzinfo=regency.zone))


def _stays(regency: Regency, since: datetime, until: datetime) -> tuple[Stay, ...]:
    try:
        return cloud_views.stays(regency, since, until)
    except Unfit:
        return ()


def _shown(regency: Regency, moment: datetime) -> str:
    return f"{moment.astimezone(regency.zone):%Y-%m-%d %H:%M}"
