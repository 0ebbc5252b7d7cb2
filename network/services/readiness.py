"""How ready a regency is for its launch: what the truth says, what is proven of its links, and what the base policy grants."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from inventory.regency import Regency
from network.core.allocate import Allocation, allocate
from network.core.building import Observations
from network.core.intent import intend
from network.core.proofs import Proofs
from network.core.readiness import Facts, assess
from network.core.readiness_values import Readiness
from network.core.tree import ShaperId
from network.errors import Refused
from network.services.systems import fresh, last_heard

HEARD: Final = timedelta(days=7)
"""What a system answered longer ago says nothing of today."""


def readiness(regency: Regency, proofs: Proofs | None, now: datetime, observations: Observations | None = None) -> Readiness:
    """As of the regency's own day of `now`. Changes nothing and reaches no device; raises LedgerError when the record cannot
    be read."""
    known = None if proofs is None else proofs.proofs(regency.head.key)
    heard = None if observations is None else fresh(last_heard(regency, observations, now), HEARD)
    facts = Facts(proofs=known, granted=_granted(regency, now), heard=heard)
    return assess(regency, facts, now.astimezone(regency.zone).date())


def _granted(regency: Regency, now: datetime) -> dict[ShaperId, Allocation] | Refused:
    """What every office is sure of when no window and no boost acts."""
    try:
        return allocate(regency, intend(regency, now, windows=frozenset()))
    except Refused as error:
        return error
