"""What a request says something of: which uplinks, and what two windows both name."""

from __future__ import annotations

from inventory.policy import ServiceClassChange, Window
from inventory.regency import Regency
from network.core.intent import Boost

Request = Boost | Window


def uplinks_touched(regency: Regency, request: Request) -> frozenset[str]:
    """Shares and weights hold on every uplink, a reserve on its own."""
    everywhere = frozenset(uplink.key for uplink in regency.uplinks)
    if isinstance(request, Boost):
        return everywhere if request.uplink is None else frozenset((request.uplink,))
    changes = (*request.policy.classes.values(), *request.policy.offices.values())
    if any(_fields(change) for change in changes):
        return everywhere
    return frozenset(reserve.uplink for reserve in request.policy.reserves)


def both_name(regency: Regency, one: Window, other: Window) -> frozenset[str]:
    """What both windows replace, as a reader of windows.yaml would name it: also when one names a class and one its office."""
    found = (_named(one) - _idle(regency, one)) & (_named(other) - _idle(regency, other))
    for office in regency.offices:
        fields = [
            (set[str](), set[str]())
            if office.key in window.exempt
            else (_fields(window.policy.offices.get(office.key)), _fields(window.policy.classes.get(office.service_class)))
            for window in (one, other)
        ]
        (own, of_class), (others, of_others_class) = fields
        found |= {f"{office.key}.{field}" for field in (own & of_others_class) | (others & of_class)}
    return frozenset(found)


def names_anything(window: Window) -> bool:
    return bool(_named(window))


def _named(window: Window) -> set[str]:
    things = {f"{reserve.application}@{reserve.uplink}" for reserve in window.policy.reserves}
    for changes in (window.policy.classes, window.policy.offices):
        things |= {f"{key}.{field}" for key, change in changes.items() for field in _fields(change)}
    return things


def _idle(regency: Regency, window: Window) -> set[str]:
    """What it names for exempt offices alone."""
    members = {key: {office.key for office in regency.offices if office.service_class == key} for key in window.policy.classes}
    members = {key: keys for key, keys in members.items() if keys} | {key: {key} for key in window.policy.offices}
    changes = {**window.policy.classes, **window.policy.offices}
    return {f"{key}.{field}" for key, keys in members.items() if keys <= set(window.exempt) for field in _fields(changes[key])}


def _fields(change: ServiceClassChange | None) -> set[str]:
    return set() if change is None else {field for field, value in change if value is not None}
