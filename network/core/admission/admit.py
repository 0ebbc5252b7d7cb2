"""Admission: whether a boost or a window fits beside all else, over all its time; who, when and how much is missing if not.

Every occurrence is looked at, and each distinct overlap of windows, boosts and contract dates is solved once. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from inventory.policy import Window
from inventory.regency import Regency
from network.core.admission.approvals import approvals
from network.core.admission.judging import Beside, Judged, Shortfall
from network.core.admission.offers import Offer, offers
from network.core.admission.requests import YEAR, check, own_spans
from network.core.intent import Boost
from network.core.reason import Reason
from network.errors import LajurError, Refused

_MOST_SAID: Final = 5
"""So many shortfalls are said in words; the verdict has more of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What admission says. `shortfalls`, the earliest first, are empty when the request fits; then `needs` are the reasons
    why policy wants a second person for it. `offers`: the nearest that would fit instead.
    """

    shortfalls: tuple[Shortfall, ...] = ()
    offers: tuple[Offer, ...] = ()
    needs: tuple[Reason, ...] = ()

    @property
    def fits(self) -> bool:
        return not self.shortfalls

    def told(self, zone: tzinfo) -> tuple[LajurError, ...]:
        """Shortfalls and offers, ready to be rendered one after the other."""
        short = [each.told(zone) for each in self.shortfalls[:_MOST_SAID]]
        more = len(self.shortfalls) - len(short)
        rest = [Refused("admission.more", count=more)] if more else []
        none = [] if self.offers or self.fits else [Refused("admission.no_offer")]
        return (*short, *rest, *(each.told(zone) for each in self.offers), *none)


def admit(
    regency: Regency, request: Boost | Window, boosts: Sequence[Boost], now: datetime, horizon: timedelta = YEAR
) -> Verdict:
    """Judge `request` beside the confirmed windows of `regency` and `boosts`; one of its own key or id there gives way to it.

    A boost is looked at in all its time, a window for `horizon`. Raises Refused for a request that is wrong by itself
    (`admission.*`, `boost.no_such_*`, `calendar.*`), for a base policy that cannot be, and for too many edges
    (`overlaps.too_many`).
    """
    check(regency, request, now)
    beside = Beside(regency, request, boosts)
    judged = Judged(beside, request, own_spans(regency, request, now, horizon))
    if not judged.fits:
        return Verdict(shortfalls=judged.shortfalls, offers=offers(beside, request, judged, now, horizon))
    return Verdict(needs=approvals(judged.together))
