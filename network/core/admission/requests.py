"""What is wrong with a request by itself, before anything else is looked at; and when it would act."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Final

import numpy as np

from inventory import recurrence
from inventory.calendars import usable
from inventory.days import OFFICE_HOURS, WORDS
from inventory.policy import Window
from inventory.regency import Regency
from inventory.units import Unfit
from network.core.admission.overlaps import Spans, joined, local, spans, ticks
from network.core.admission.times import Own, Times, halves
from network.core.admission.touching import Request, names_anything, uplinks_touched
from network.core.boosts import known
from network.core.calendar import occurrences
from network.core.intent import Boost
from network.errors import Refused

YEAR: Final = timedelta(days=365)
"""How far admission looks, and how far ahead a boost may begin."""

_FAR: Final = timedelta(days=9 * 366)
"""How far the next occurrence is sought: 29 February may be eight years away."""

_DAY: Final = timedelta(days=1)
_LOOKED: Final = timedelta(days=3 * 366)
_MOST_PAIRS: Final = 4000


def check(regency: Regency, request: Request, now: datetime) -> None:
    """Raise Refused for what no time or amount would make right, and say what would be accepted."""
    if isinstance(request, Window):
        _names(regency, request)
        _apart(regency, request)
    else:
        known(regency, request)
        _times(regency, request, now)
        _contracts(regency, request, now)


def own_spans(regency: Regency, request: Request, now: datetime, horizon: timedelta) -> Own:
    """When the request acts from `now` on: a boost in all its time, a window for `horizon` from `now`.

    A window that has no occurrence in that time is looked at for as long from its next one. Raises Refused
    `admission.never` when it has none.
    """
    if isinstance(request, Boost):
        return Own(spans([(max(now, request.starts), request.expires)]))
    found = Times(regency, now, now + horizon).of(request)
    if not found.whole.starts.size and not found.off.starts.size:
        first = next(occurrences(request, regency, now, now + _FAR), None)
        if first is None:
            raise Refused("admission.never", window=request.key, since=f"{now:%Y-%m-%d}", years=_FAR.days // 366)
        found = Times(regency, first.start, first.start + horizon).of(request)
    whole, off = (Spans(np.maximum(each.starts, ticks(now)), each.ends) for each in found)
    return Own(joined(whole, off), whole) if halves(regency, request) else Own(whole)


def _names(regency: Regency, window: Window) -> None:
    policy = window.policy
    uplinks = {each.key for each in regency.uplinks}
    for code, named, there in (
        ("admission.no_such_office", policy.offices.keys() | set(window.exempt), {each.key for each in regency.offices}),
        ("admission.no_such_class", policy.classes.keys(), regency.policy.classes.keys()),
        ("admission.no_such_application", {each.application for each in policy.reserves}, {e.key for e in regency.applications}),
        ("admission.no_such_uplink", {each.uplink for each in policy.reserves}, uplinks),
    ):
        unknown = ", ".join(sorted(named - there))
        if unknown:
            raise Refused(code, window=window.key, name=unknown, known=", ".join(sorted(there)) or "-")
    places = [(reserve.application, reserve.uplink) for reserve in policy.reserves]
    base = {(reserve.application, reserve.uplink) for reserve in regency.policy.reserves}
    for application, uplink in places:
        if (application, uplink) not in base:
            have = ", ".join(sorted("@".join(each) for each in base)) or "-"
            raise Refused("admission.no_base_reserve", window=window.key, application=application, uplink=uplink, known=have)
        if places.count((application, uplink)) > 1:
            raise Refused("admission.reserve_twice", window=window.key, application=application, uplink=uplink)
    if not regency.days.knows(window.calendar):
        calendars = ", ".join((*WORDS, *sorted({each.key for each in regency.calendar.calendars})))
        raise Refused("admission.no_such_calendar", window=window.key, name=window.calendar, known=calendars)
    if not usable(regency, window):
        raise Refused("admission.no_hours", window=window.key)
    if not names_anything(window):
        raise Refused("admission.window_nothing", window=window.key)


def _apart(regency: Regency, window: Window) -> None:
    """Its occurrences must not overlap, as in windows.yaml: nobody could say which of them ends."""
    if window.calendar == OFFICE_HOURS or (window.end - window.start <= _DAY and not window.rdates):
        return
    try:
        for one, other in pairwise(islice(recurrence.occurrences(window, regency.days, window.start + _LOOKED), _MOST_PAIRS)):
            if other.start < one.end:
                start = f"{other.start:%Y-%m-%d %H:%M}"
                raise Refused("admission.meets_itself", window=window.key, start=start, end=f"{one.end:%Y-%m-%d %H:%M}")
    except Unfit:
        return  # the calendar says what is wrong with the rule


def _times(regency: Regency, boost: Boost, now: datetime) -> None:
    longest = timedelta(hours=regency.policy.longest_boost)
    zone = regency.zone
    starts, expires = local(boost.starts, zone), local(boost.expires, zone)
    if not boost.amount.down and not boost.amount.up:
        raise Refused("admission.boost_nothing", boost=boost.id)
    if boost.expires <= boost.starts:
        raise Refused("admission.no_time", boost=boost.id, starts=starts, expires=expires)
    if boost.expires <= now:
        raise Refused("admission.past", boost=boost.id, expires=expires, now=local(now, zone))
    if boost.starts > now + YEAR:
        raise Refused("admission.too_far", boost=boost.id, starts=starts, latest=local(now + YEAR, zone))
    if boost.expires - boost.starts > longest:
        latest = local(boost.starts + longest, zone)
        raise Refused("admission.too_long", boost=boost.id, hours=regency.policy.longest_boost, latest=latest, expires=expires)


def _contracts(regency: Regency, boost: Boost, now: datetime) -> None:
    """A boost is short, so a contract that does not hold for all of it is told before all else."""
    first = max(boost.starts, now).astimezone(regency.zone).date()
    last = (boost.expires - timedelta(microseconds=1)).astimezone(regency.zone).date()
    for uplink in regency.uplinks:
        contract = uplink.contract
        if uplink.key in uplinks_touched(regency, boost) and not (contract.covers(first) and contract.covers(last)):
            raise Refused(
                "admission.boost_contract",
                boost=boost.id,
                uplink=uplink.key,
                number=contract.number,
                start=contract.start,
                end=contract.end,
            )
