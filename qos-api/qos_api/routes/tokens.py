"""API tokens: for programs that have no issuer of their own. A secret is shown once and kept nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import Path, Response
from pydantic import ConfigDict, Field
from starlette.requests import Request

from network.core.access import Caller, Right, Role
from network.core.booking import Token
from network.errors import NotFound
from network.services.tokens import mint
from qos_api.answers import headed
from qos_api.idempotency import OnlyOnce, answer_of, replay
from qos_api.schemas.common import At, Sent, Told, Whole
from qos_api.security import require
from qos_api.security import router as guarded
from qos_api.served import served

router = guarded("/v1/tokens", tag="tokens")

Owner = Annotated[Caller, require(Right.ADMINISTER, everywhere=True)]

_HERE: Final = "*"


class TokenSent(Sent):
    """`grants`: roles by regency; `*` stands for every regency."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "counter", "grants": {"manokwari": ["engineer"]}}]})

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[ -~]*[!-~][ -~]*$")]
    grants: Annotated[
        dict[
            Annotated[str, Field(pattern=r"^(\*|[a-z][a-z0-9-]{0,31})$")],
            Annotated[list[Role], Field(min_length=1, max_length=5)],
        ],
        Field(min_length=1, max_length=50),
    ]
    days: Annotated[int, Field(ge=1, le=366), Whole] = 90


class TokenTold(Told):
    """`secret` is the whole token, in the answer that made it and nowhere else."""

    id: str
    name: str
    grants: dict[str, list[str]]
    made_by: str
    created: At
    expires: At
    revoked: At | None
    secret: str | None = None


class TokenList(Told):
    items: list[TokenTold]


@router.get("", operation_id="listTokens")
def list_tokens(request: Request, _: Owner) -> TokenList:
    """Newest first, ended ones too."""
    return TokenList(items=[_told(each) for each in served(request).tokens.tokens()])


@router.post(
    "",
    operation_id="makeToken",
    status_code=201,
    response_model=TokenTold,
    responses={201: headed("Idempotency-Replayed")},
)
def make_token(request: Request, wanted: TokenSent, caller: Owner, once: OnlyOnce) -> Response:
    ledger = served(request).serving.ledger
    now = served(request).clock.now()
    if before := ledger.bookings.recalled(once.key):
        return replay(once, before)
    grants = {regency: tuple(role.value for role in roles) for regency, roles in wanted.grants.items()}
    token, text = mint(wanted.name, grants, actor=caller.name, now=now, expires=now + timedelta(days=wanted.days))
    told = _told(token)
    ledger.tokens.add(token)  # first, so that no answer is kept for a token that could not be
    with ledger.bookings.book(_HERE, caller.name, now) as book:
        before = book.recall(once.key)
        if before is None:
            book.remember(once.key, answer_of(once, 201, told))  # without the secret: nobody keeps that
    if before is not None:  # this very request, sent twice at once
        ledger.acting(caller.name).tokens.revoke(token.id, now)
        return replay(once, before)
    return replay(once, answer_of(once, 201, told.model_copy(update={"secret": text})), is_new=True)


@router.delete("/{id}", operation_id="revokeToken", status_code=204)
def revoke_token(request: Request, id: Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")], caller: Owner) -> Response:
    """Holds within a second."""
    tokens = served(request).serving.ledger.acting(caller.name).tokens
    if not tokens.revoke(id, served(request).clock.now()):
        raise NotFound("api.no_token_id", id=id)
    return Response(status_code=204)


def _told(token: Token) -> TokenTold:
    return TokenTold(
        id=token.id,
        name=token.name,
        grants={regency: list(roles) for regency, roles in token.grants.items()},
        made_by=token.actor,
        created=token.created,
        expires=token.expires,
        revoked=token.revoked,
    )
