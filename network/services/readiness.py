"""How ready a regency is for its launch: what the truth says, what is proven of its links, and what the base policy grants."""

from __future__ import annotations

from datetime import datetime

from inventory.regency import Regency
from network.core.allocate import Allocation, allocate
from network.core.intent import intend
from network.core.proofs import Proofs
from network.core.readiness import Facts, assess
from network.core.readiness_values import Readiness
from network.core.tree import ShaperId
from network.errors import Refused


def readiness(regency: Regency, proofs: Proofs | None, now: datetime) -> Readiness:
    """As of the regency's own day of `now`. Changes nothing and reaches no device; raises LedgerError when the record cannot
    be read."""
    known = None if proofs is None else proofs.proofs(regency.head.key)
    return assess(regency, Facts(proofs=known, granted=_granted(regency, now)), now.astimezone(regency.zone).date())


def _granted(regency: Regency, now: datetime) -> dict[ShaperId, Allocation] | Refused:
    """What every office is sure of when no window and no boost acts."""
    try:
        return allocate(regency, intend(regency, now, windows=frozenset()))
    except Refused as error:
        return error
