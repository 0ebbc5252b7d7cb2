"""Whether the files of a regency agree: names, references, policy. Pure; values in, findings out, every one at once.

A finding here has the path to its item; the loader knows the line. Rules look things up leniently, so that one wrong
reference is told once and does not hide what else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Network
from itertools import chain
from typing import Final

from inventory import address_rules, cloud_rules, link_rules, release_rules, server_rules, sums, timing, views, wiring
from inventory.findings import Finding, finding, nearest, warning
from inventory.model import Application
from inventory.policy import Division, Reserve
from inventory.regency import Regency
from inventory.sums import LEAST_RATE
from inventory.units import Bandwidth

MOST_RESERVED_ID: Final = 13
"""A shaper names a reserve's leaves by the application's id in four bits, of which it needs three values itself."""

_WITH_ID: Final = ("uplinks", "hubs", "offices", "applications")
_WITH_NAME: Final = (*_WITH_ID, "windows", "workloads", "stages", "clouds", "capacity")
_WITH_KEY: Final = (*_WITH_NAME, "links", "devices", "servers", "leases", "people")
_BELOW: Final = {"capacity": ("clouds", "capacity")}
"""Where the list of a kind stands that has no file of its own."""


def check(regency: Regency, *, today: date | None = None) -> tuple[Finding, ...]:
    """All findings; errors first means nothing here, the loader sorts. Contract dates count only with `today`."""
    return tuple(
        chain(
            _identity(regency),
            _references(regency),
            wiring.check(regency),
            link_rules.check(regency),
            address_rules.check(regency),
            server_rules.check(regency, today),
            release_rules.check(regency),
            cloud_rules.check(regency, today),
            _floors(regency),
            _reserves(regency),
            _routes(regency),
            sums.check(regency),
            timing.check(regency, today),
        )
    )


def _identity(regency: Regency) -> Iterator[Finding]:
    for kinds, field, code in (
        (_WITH_ID, "id", "identity.id_twice"),
        (_WITH_KEY, "key", "identity.key_twice"),
        (_WITH_NAME, "name", "identity.name_twice"),
    ):
        for kind in kinds:
            first: dict[object, str] = {}
            for position, item in enumerate(getattr(regency, kind)):
                value = getattr(item, field)
                if value in first:
                    yield finding(code, *_BELOW.get(kind, (kind,)), position, field, kind=kind, value=value, first=first[value])
                first.setdefault(value, item.key)


def _references(regency: Regency) -> Iterator[Finding]:
    known = {kind: {item.key for item in getattr(regency, kind)} for kind in _WITH_KEY}
    known["classes"] = set(regency.policy.classes)
    named = (_named_by_places, _named_by_policy, server_rules.references, release_rules.references, cloud_rules.references)
    for noun, kind, key, path in chain.from_iterable(each(regency) for each in named):
        if key not in known[kind]:
            yield finding("reference.unknown", *path, kind=noun, key=key, **nearest(key, known[kind]))


_Reference = tuple[str, str, str, tuple[str | int, ...]]
"""The noun as written, the kind that it names one of, the key, and where it stands."""


def _named_by_places(regency: Regency) -> Iterator[_Reference]:
    for i, uplink in enumerate(regency.uplinks):
        yield "link", "links", uplink.link, ("uplinks", i, "link")
    for i, hub in enumerate(regency.hubs):
        yield "device", "devices", hub.device, ("hubs", i, "device")
    for i, link in enumerate(regency.links):
        for side, end in enumerate(link.ends):
            yield "device", "devices", end.device, ("links", i, "ends", side, "device")
        for key in link.shares or ():
            yield "uplink", "uplinks", key, ("links", i, "shares", key)
    for i, office in enumerate(regency.offices):
        yield "service_class", "classes", office.service_class, ("offices", i, "service_class")
        yield "hub", "hubs", office.hub, ("offices", i, "hub")
        yield "device", "devices", office.device, ("offices", i, "device")
        for position, key in enumerate(office.applications):
            yield "application", "applications", key, ("offices", i, "applications", position)


def _named_by_policy(regency: Regency) -> Iterator[_Reference]:
    for key in regency.policy.floors:
        yield "uplink", "uplinks", key, ("policy", "floors", key)
    for position, key in enumerate(regency.calendar.exempt):
        yield "office", "offices", key, ("calendar", "exempt", position)
    for i, window in enumerate(regency.windows):
        for position, key in enumerate(window.exempt):
            yield "office", "offices", key, ("windows", i, "exempt", position)
        for key in window.policy.classes:
            yield "service_class", "classes", key, ("windows", i, "policy", "classes", key)
        for key in window.policy.offices:
            yield "office", "offices", key, ("windows", i, "policy", "offices", key)
    for reserve, path in _all_reserves(regency):
        yield "application", "applications", reserve.application, (*path, "application")
        yield "uplink", "uplinks", reserve.uplink, (*path, "uplink")


def _all_reserves(regency: Regency) -> Iterator[tuple[Reserve, tuple[str | int, ...]]]:
    for i, reserve in enumerate(regency.policy.reserves):
        yield reserve, ("policy", "reserves", i)
    for w, window in enumerate(regency.windows):
        for i, reserve in enumerate(window.policy.reserves):
            yield reserve, ("windows", w, "policy", "reserves", i)


def _floors(regency: Regency) -> Iterator[Finding]:
    for i, uplink in enumerate(regency.uplinks):
        if uplink.key not in regency.policy.floors:
            yield finding("policy.floor_missing", "policy", "floors", uplink=uplink.key)
        if min(uplink.rate.down, uplink.rate.up) < LEAST_RATE:
            yield finding(
                "policy.rate_small", "uplinks", i, "rate", value=min(uplink.rate.down, uplink.rate.up), least=LEAST_RATE
            )
        if uplink.default_class is not None and uplink.default_class < LEAST_RATE:
            yield finding("policy.rate_small", "uplinks", i, "default_class", value=uplink.default_class, least=LEAST_RATE)
    for key, rates in regency.policy.floors.items():
        smallest = min(rates.down, rates.up)
        if smallest < LEAST_RATE:
            yield finding("policy.rate_small", "policy", "floors", key, value=smallest, least=LEAST_RATE)


def _reserves(regency: Regency) -> Iterator[Finding]:
    applications = {application.key: application for application in regency.applications}
    base = {(reserve.application, reserve.uplink) for reserve in regency.policy.reserves}
    seen: set[tuple[object, ...]] = set()
    for reserve, path in _all_reserves(regency):
        pair = (reserve.application, reserve.uplink)
        scope = (*path[:2], *pair)
        if scope in seen:
            yield finding("reserve.twice", *path, application=pair[0], uplink=pair[1])
        seen.add(scope)
        if pair not in base:
            yield finding("reserve.no_base", *path, application=pair[0], uplink=pair[1])
        application = applications.get(reserve.application)
        if application is not None and application.id > MOST_RESERVED_ID:
            yield finding("reserve.id", *path, application=application.key, id=application.id, most=MOST_RESERVED_ID)
        each = min(reserve.rate.down, reserve.rate.up) // len(regency.offices)
        if reserve.divide is Division.EQUALLY and each < LEAST_RATE:
            yield finding(
                "reserve.thin", *path, application=pair[0], rate=Bandwidth(each), count=len(regency.offices), least=LEAST_RATE
            )


def _routes(regency: Regency) -> Iterator[Finding]:
    """Which uplink a destination leaves by: the one whose list has it, most specific first, else the default."""
    yield from _default_uplink(regency)
    owners: dict[IPv4Network, str] = {}
    for i, uplink in enumerate(regency.uplinks):
        if uplink.destinations is not None and uplink.key not in regency.prefixes:
            yield finding("prefixes.missing", "uplinks", i, "destinations", name=uplink.destinations)
        for prefix in regency.prefixes.get(uplink.key, ()):
            if prefix in owners:
                yield finding("prefixes.two_uplinks", "uplinks", i, "destinations", prefix=prefix, first=owners[prefix])
            owners.setdefault(prefix, uplink.key)
    yield from _destinations(regency)


def _default_uplink(regency: Regency) -> Iterator[Finding]:
    defaults = [i for i, uplink in enumerate(regency.uplinks) if uplink.destinations is None]
    if not defaults:
        yield finding("uplink.no_default", "uplinks", 0, "destinations", uplink=regency.uplinks[0].key)
    for i in defaults[1:]:
        yield finding("uplink.two_defaults", "uplinks", i, uplink=regency.uplinks[i].key, first=regency.uplinks[defaults[0]].key)


def _destinations(regency: Regency) -> Iterator[Finding]:
    applications = {application.key: application for application in regency.applications}
    first: dict[IPv4Network, str] = {}
    for i, application in enumerate(regency.applications):
        for position, prefix in enumerate(application.destinations):
            if prefix in first:
                yield finding(
                    "application.destination_twice", "applications", i, "destinations", position,
                    prefix=prefix, first=first[prefix],
                )  # fmt: skip
            first.setdefault(prefix, application.key)
    for i, reserve in enumerate(regency.policy.reserves):
        for prefix in _of(applications.get(reserve.application)):
            leaves_by = views.leaves_by(regency, prefix)
            if leaves_by is not None and leaves_by != reserve.uplink:
                yield warning(
                    "reserve.elsewhere", "policy", "reserves", i,
                    application=reserve.application, prefix=prefix, uplink=reserve.uplink, other=leaves_by,
                )  # fmt: skip


def _of(application: Application | None) -> tuple[IPv4Network, ...]:
    return application.destinations if application is not None else ()
