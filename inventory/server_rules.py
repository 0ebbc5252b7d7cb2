"""Whether leased servers, their leases, what runs on them and the stages agree. Pure; part of `inventory.rules`.

That a lease has run out refuses no truth: who builds and who deploys refuses later, and says so here beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Address, IPv4Network
from itertools import chain
from typing import Final

from inventory import views
from inventory.cloud_model import Rented
from inventory.findings import Finding, Path, finding, nearest, note, warning
from inventory.lease_views import NARROWEST_PUBLIC, is_open_to_strangers, lease_state, report_lines, servers_of
from inventory.regency import Regency
from inventory.server_model import Lease, Server, Stage

LAB_NODES: Final = ("inet", "noc", "srv")
_LONGEST_SEGMENT: Final = 29
_MEBIBYTE: Final = 2**20
_EVERYWHERE: Final = 8


def check(regency: Regency, today: date | None) -> Iterator[Finding]:
    """All findings of the five files. What has a date counts only with `today`."""
    leases = {lease.key: lease for lease in regency.leases}
    return chain(
        _names(regency),
        _addresses(regency),
        _segment(regency),
        chain.from_iterable(management(server.key, server, ("servers", i)) for i, server in enumerate(regency.servers)),
        _promises(regency),
        _waivers(regency, leases, today),
        _terms(regency, leases, today),
        _workloads(regency, leases),
        _stages(regency, today),
    )


def references(regency: Regency) -> Iterator[tuple[str, str, str, tuple[str | int, ...]]]:
    """What these files, and offices of stages, name of others: noun, kind, key, and where it stands."""
    for i, server in enumerate(regency.servers):
        yield "lease", "leases", server.lease, ("servers", i, "lease")
    for i, stage in enumerate(regency.stages):
        for position, waiver in enumerate(stage.waivers):
            yield "office", "offices", waiver.office, ("stages", i, "waivers", position, "office")
    for i, office in enumerate(regency.offices if regency.stages else ()):
        if office.stage is not None:
            yield "stage", "stages", office.stage, ("offices", i, "stage")


def _names(regency: Regency) -> Iterator[Finding]:
    """A server stands beside the devices in a lab, so that its name is no other node's."""
    taken = {device.key for device in regency.devices} | set(LAB_NODES)
    for i, server in enumerate(regency.servers):
        if server.key in taken:
            yield finding("server.name_taken", "servers", i, "key", server=server.key)


def _addresses(regency: Regency) -> Iterator[Finding]:
    owners = {device.address: device.key for device in regency.devices}
    names: dict[str, str] = {}
    for i, server in enumerate(regency.servers):
        here = ("servers", i, "address")
        if server.address in owners:
            yield finding("server.address_twice", *here, server=server.key, address=server.address, first=owners[server.address])
        owners.setdefault(server.address, server.key)
        segment = regency.segment
        if segment is not None and server.address not in segment:
            yield finding("server.outside_segment", *here, server=server.key, address=server.address, segment=segment)
        elif segment is not None and server.address in _kept(segment):
            yield finding("server.address_kept", *here, server=server.key, address=server.address, segment=segment)
        for position, name in enumerate(server.names):
            if name in names:
                yield finding("server.dns_twice", "servers", i, "names", position, name=name, first=names[name])
            names.setdefault(name, server.key)


def _kept(segment: IPv4Network) -> tuple[IPv4Address, ...]:
    """The network's own two, and between them the core's and the package mirror's; none in a segment that is too small."""
    if segment.prefixlen > _LONGEST_SEGMENT:
        return ()
    return segment[0], segment[1], segment[2], segment[-1]


def _segment(regency: Regency) -> Iterator[Finding]:
    segment = regency.segment
    if segment is None:
        return
    here = ("servers", "segment", "network")
    if segment.prefixlen > _LONGEST_SEGMENT:
        yield finding("segment.size", *here, segment=segment, narrowest=_LONGEST_SEGMENT)
    networks = chain(
        ((office.lan, office.key) for office in regency.offices),
        ((link.network, link.key) for link in regency.links if link.network is not None),
        ((IPv4Network(device.address), device.key) for device in regency.devices),
    )
    other = next(((network, owner) for network, owner in networks if network.overlaps(segment)), None)
    if other is not None:
        yield finding("segment.overlap", *here, segment=segment, network=other[0], owner=other[1])


def management(key: str, server: Server | Rented, path: Path) -> Iterator[Finding]:
    """From where SSH is let in to a server, leased or rented, that stands at `path`."""
    if server.login is not None and not server.management:
        # Its firewall would let in nobody, not even the play that would put it right.
        yield finding("server.management_none", *path, "key", server=key)
    for position, prefix in enumerate(server.management):
        here = (*path, "management", position)
        if prefix.prefixlen < _EVERYWHERE:
            yield finding("server.management_everywhere", *here, server=key, prefix=prefix, narrowest=NARROWEST_PUBLIC)
        elif is_open_to_strangers(prefix):
            yield warning("server.management_wide", *here, server=key, prefix=prefix, narrowest=NARROWEST_PUBLIC)


def _promises(regency: Regency) -> Iterator[Finding]:
    for i, lease in enumerate(regency.leases):
        memory = lease.promise.memory
        if memory % _MEBIBYTE:
            gibibytes = f"{memory / 2**30:.1f} GiB"
            yield warning("lease.memory_unit", "leases", i, "promise", "memory", lease=lease.key, memory=memory, binary=gibibytes)


def _waivers(regency: Regency, leases: dict[str, Lease], today: date | None) -> Iterator[Finding]:
    for i, server in enumerate(regency.servers):
        lease = leases.get(server.lease)
        lines = report_lines(lease.promise) if lease is not None else ()
        seen: set[str] = set()
        for position, waiver in enumerate(server.waivers):
            here = ("servers", i, "waivers", position)
            if lines and waiver.line not in lines:
                yield finding(
                    "waiver.line", *here, "line", server=server.key, line=waiver.line, **nearest(waiver.line, lines)
                )  # fmt: skip
            if waiver.line in seen:
                yield finding("waiver.twice", *here, "line", server=server.key, line=waiver.line)
            seen.add(waiver.line)
            if today is not None and waiver.until is not None and waiver.until < today:
                yield warning("waiver.ended", *here, "until", server=server.key, line=waiver.line, until=waiver.until)


def _terms(regency: Regency, leases: dict[str, Lease], today: date | None) -> Iterator[Finding]:
    contracts: dict[tuple[str, str], str] = {}
    for i, lease in enumerate(regency.leases):
        facts = {"lease": lease.key, "number": lease.number, "start": lease.start, "end": lease.end}
        if lease.end < lease.start:
            yield finding("lease.ends_first", "leases", i, "end", **facts)
            continue
        contract = (_plain(lease.lessor), _plain(lease.number))
        first = contracts.setdefault(contract, lease.key)
        if first != lease.key:
            yield warning("lease.contract_twice", "leases", i, "number", first=first, lessor=lease.lessor, **facts)
        held = servers_of(regency, lease)
        if not held:
            yield warning("lease.unused", "leases", i, lease=lease.key)
        if today is None:
            continue
        state = lease_state(lease, today)
        if state.warning is not None:
            code = "lease.ends_soon" if state.days_left else "lease.ends_today"
            yield warning(code, "leases", i, "end", days=state.days_left, count=len(held), **facts)
    for i, server in enumerate(regency.servers):
        lease_of = leases.get(server.lease)
        if today is None or lease_of is None or lease_of.end < lease_of.start or lease_of.covers(today):
            continue
        code = "server.lease_ended" if lease_of.end < today else "server.lease_not_begun"
        yield warning(
            code, "servers", i, "lease", server=server.key, lease=lease_of.key, start=lease_of.start, end=lease_of.end
        )  # fmt: skip


def _plain(text: str) -> str:
    """As one compares what is written by hand."""
    return " ".join(text.split()).casefold()


def _workloads(regency: Regency, leases: dict[str, Lease]) -> Iterator[Finding]:
    servers = {server.key: server for server in regency.servers}
    for i, workload in enumerate(regency.workloads):
        if workload.kind == "deployed" and not workload.servers:
            yield finding("workload.nowhere", "workloads", i, "servers", workload=workload.key)
        held = [(server, leases.get(server.lease)) for key in workload.servers if (server := servers.get(key)) is not None]
        ends = [(lease.end, server.key, lease.key) for server, lease in held if lease is not None]
        if ends and (soonest := min(ends))[0] < workload.until:
            yield finding(
                "workload.outlives", "workloads", i, "until",
                workload=workload.key, until=workload.until, server=soonest[1], lease=soonest[2], end=soonest[0],
            )  # fmt: skip


def _stages(regency: Regency, today: date | None) -> Iterator[Finding]:
    for i, stage in enumerate(regency.stages):
        for position, waiver in enumerate(stage.waivers):
            if today is not None and waiver.until is not None and waiver.until < today:
                yield warning(
                    "stage.waiver_ended", "stages", i, "waivers", position, "until",
                    stage=stage.key, office=waiver.office, until=waiver.until,
                )  # fmt: skip
        yield from _untrained(regency, stage)


def _untrained(regency: Regency, stage: Stage) -> Iterator[Finding]:
    """One note for each stage, at the first of its offices that is not ready: a note for each would hide the rest."""
    waived = {waiver.office for waiver in stage.waivers}
    members = [(i, office) for i, office in enumerate(regency.offices) if office.stage == stage.key]
    short = [
        (i, office) for i, office in members if views.trained_staff(office) < views.TRAINED_STAFF and office.key not in waived
    ]
    if short:
        yield note(
            "stage.untrained", "offices", short[0][0], "it_staff",
            stage=stage.key, count=len(short), total=len(members), least=views.TRAINED_STAFF,
            offices=", ".join(office.key for _, office in short),
        )  # fmt: skip
