"""What admission says, as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from network.core.admission.admit import Verdict
from network.messages import Language, text
from qos_api.schemas.bookings import OfferTold, ShortfallTold, VerdictTold
from qos_api.schemas.common import RatesTold, ReasonTold, unproven


def verdict_told(
    verdict: Verdict, language: Language, lacking: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> VerdictTold:
    """`lacking`: links that nobody has proven, by office."""
    return VerdictTold(
        fits=not verdict.shortfalls,
        shortfalls=[
            ShortfallTold(
                since=short.since,
                until=short.until,
                who=list(short.who),
                place=short.place,
                missing=int(short.missing),
                code=short.cause.code,
                detail=text(short.cause.code, language, short.cause.fields),
            )
            for short in verdict.shortfalls
        ],
        offers=[
            OfferTold(
                kind=offer.kind,
                starts=offer.starts,
                ends=offer.ends,
                amount=RatesTold.of(offer.amount) if offer.amount else None,
                part=offer.part,
            )
            for offer in verdict.offers
        ],
        needs=[ReasonTold.of(need, language) for need in verdict.needs],
        warnings=unproven(lacking, language),
    )


__all__ = ["VerdictTold", "verdict_told"]
