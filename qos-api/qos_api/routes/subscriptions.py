"""Subscriptions: addresses that are told what happens, by signed webhooks."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Annotated

from fastapi import Response
from pydantic import ConfigDict, Field
from starlette.requests import Request

from network.core.access import Caller, Right
from network.core.booking import Subscription
from network.core.events import KINDS
from network.core.webhook import secret, shown
from network.errors import Conflict, NotFound
from network.serving import Service
from qos_api.answers import headed
from qos_api.idempotency import OnlyOnce, answer_of, replay
from qos_api.routes.asked import Id, earlier, kept
from qos_api.schemas.common import At, Sent, Told
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import Here, served

router = guarded("/v1/regencies/{regency}", tag="subscriptions")

Owner = Annotated[Caller, require(Right.ADMINISTER)]

Kind = Annotated[
    str, Field(pattern=rf"^({'|'.join(map(re.escape, KINDS))})$", examples=["boost.granted", "window.opened"], max_length=40)
]


class SubscriptionSent(Sent):
    """`kinds` empty: everything."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": "https://example.org/hook", "kinds": ["boost.granted"]}]})

    url: Annotated[str, Field(min_length=10, max_length=500, pattern=r"^https?://[!-~]+$", examples=["https://example.org/hook"])]
    kinds: Annotated[list[Kind], Field(default_factory=list, max_length=40)]


class SubscriptionTold(Told):
    """`secret` checks the signatures (Standard Webhooks). It is shown once, in the answer that made the subscription."""

    id: str
    url: str
    kinds: list[str]
    created: At
    made_by: str
    active: bool
    secret: str | None = None


class SubscriptionList(Told):
    items: list[SubscriptionTold]


@router.get("/subscriptions", operation_id="listSubscriptions")
def list_subscriptions(here: Here, _: Owner) -> SubscriptionList:
    return SubscriptionList(items=[_told(each) for each in here.ledger.outbox.subscriptions(here.key)])


@router.post(
    "/subscriptions",
    operation_id="subscribe",
    status_code=201,
    response_model=SubscriptionTold,
    responses={201: headed("Location", "Idempotency-Replayed")},
)
def subscribe(request: Request, wanted: SubscriptionSent, here: Here, caller: Owner, once: OnlyOnce) -> Response:
    """The address must be public, unless this installation allows its network."""
    if before := earlier(once, here):
        return before
    serving = served(request).serving
    serving.courier.check(wanted.url)
    made = Subscription(
        id=f"sub-{sha256(f'{caller.name} {once.key.key} {here.key}'.encode()).hexdigest()[:16]}",
        regency=here.key,
        url=wanted.url,
        kinds=tuple(dict.fromkeys(wanted.kinds)),
        actor=caller.name,
        created=here.desk.clock.now(),
    )
    _add(here, made)
    headers = {"Location": f"/v1/regencies/{here.key}/subscriptions/{made.id}"}
    kept(here, caller, once, answer_of(once, 201, _told(made), headers))  # without the secret: nobody keeps that
    told = _told(made).model_copy(update={"secret": shown(secret(serving.signing_key, made.id))})
    return replay(once, answer_of(once, 201, told, headers), is_new=True)


@router.delete("/subscriptions/{id}", operation_id="unsubscribe", status_code=204)
def unsubscribe(id: Id, here: Here, caller: Owner) -> Response:
    """What is on its way to it is dropped."""
    outbox = here.ledger.acting(caller.name).outbox
    own = {each.id for each in outbox.subscriptions(here.key)}
    if id not in own or not outbox.unsubscribe(id, here.desk.clock.now()):
        raise NotFound("booking.not_found", id=id, regency=here.key)
    return Response(status_code=204)


def _add(here: Service, made: Subscription) -> None:
    """The same key makes the same subscription, so one that stands already is this very request's."""
    try:
        here.ledger.outbox.subscribe(made)
    except Conflict:
        if all(each.id != made.id or each.url != made.url for each in here.ledger.outbox.subscriptions(here.key)):
            raise


def _told(subscription: Subscription) -> SubscriptionTold:
    return SubscriptionTold(
        id=subscription.id,
        url=subscription.url,
        kinds=list(subscription.kinds),
        created=subscription.created,
        made_by=subscription.actor,
        active=subscription.active,
    )
