"""What if: more of an uplink, or one that fails. Only computes."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from network.core.access import Caller, Right
from network.core.intent import intend
from network.core.what_if import more, without
from qos_api.idempotency import OnlyOnce
from qos_api.routes.asked import moment, spoken
from qos_api.schemas.what_if import MoreSent, MoreTold, WhatIfSent, WhatIfTold, WithoutTold
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here

router = guarded("/v1/regencies/{regency}", tag="what-if")

Reader = Annotated[Caller, require(Right.READ)]


@router.post("/what-if", operation_id="askWhatIf")
def ask_what_if(request: Request, asked: WhatIfSent, here: Here, _: Reader, __: OnlyOnce) -> WhatIfTold:
    """What each office would be sure of with more of an uplink, or without it, and why. Nothing is kept or changed."""
    at = moment(here, asked.at)
    wish = here.wish("look", at)
    intent = intend(wish.regency, at, wish.boosts)
    question, language = asked.question, spoken(request)
    told = WhatIfTold(regency=here.key, at=at, windows=list(intent.windows), boosts=[boost.id for boost in intent.boosts])
    if isinstance(question, MoreSent):
        extra = question.rates()
        answer = more(wish.regency, intent, question.uplink, extra)
        return told.model_copy(update={"more": MoreTold.of(answer, extra, language)})
    return told.model_copy(update={"without": WithoutTold.of(without(wish.regency, intent, question.uplink), language)})
