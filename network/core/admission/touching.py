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
    """What both windows replace, as a reader of windows.yaml would name it: also when one names a class and one its office.

    What they replace for different offices, because each exempts the others, is not the same thing.
    """
    found = _reserved(one) & _reserved(other)
    for office in regency.offices:
        if office.key in one.exempt or office.key in other.exempt:
            continue
        (own, of_class), (others, of_others_class) = (
            (_fields(window.policy.offices.get(office.key)), _fields(window.policy.classes.get(office.service_class)))
            for window in (one, other)
        )
        found |= {f"{office.service_class}.{field}" for field in of_class & of_others_class}
        found |= {f"{office.key}.{field}" for field in (own & (others | of_others_class)) | (others & of_class)}
    members = {office.service_class for office in regency.offices}
    for key in (one.policy.classes.keys() & other.policy.classes.keys()) - members:
        found |= {f"{key}.{field}" for field in _fields(one.policy.classes[key]) & _fields(other.policy.classes[key])}
    return frozenset(found)


def names_anything(window: Window) -> bool:
    changes = (*window.policy.classes.values(), *window.policy.offices.values())
    return bool(window.policy.reserves) or any(_fields(change) for change in changes)


def _reserved(window: Window) -> set[str]:
    return {f"{reserve.application}@{reserve.uplink}" for reserve in window.policy.reserves}


def _fields(change: ServiceClassChange | None) -> set[str]:
    return set() if change is None else {field for field, value in change if value is not None}
