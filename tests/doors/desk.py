"""Services for the door alone: tokens in memory, a clock that can be moved, and a few routes that do what real ones do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from network.clock import SystemClock
from network.core.access import Caller, Right
from network.core.booking import Answer, AnswerKey, Token
from network.errors import Conflict, LajurError
from network.messages import Language
from network.services import tokens
from qos_api.desk import Part
from qos_api.etags import IfMatch, tag, unchanged
from qos_api.idempotency import OnlyOnce, answer_of, replay
from qos_api.metrics import Figures
from qos_api.paging import Paging, links
from qos_api.security import door, known, require, router

HERE = "manokwari"
ELSEWHERE = "bontang"
"""Both are served."""

NOWHERE = "atlantis"


class MovedClock(SystemClock):
    """The machine's clock and a bit: time can be let pass."""

    def __init__(self) -> None:
        self._more = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._more)

    def monotonic(self) -> float:
        return super().monotonic() + self._more

    def advance(self, seconds: float) -> None:
        self._more += seconds


class MemoryTokens:
    """`network.core.ports.Tokens`; `error` is what every question ends in while it is set."""

    def __init__(self) -> None:
        self._kept: dict[str, Token] = {}
        self.error: LajurError | None = None
        self.asked = 0

    def add(self, token: Token) -> None:
        self._kept[token.id] = token

    def token(self, id: str) -> Token | None:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self._kept.get(id)

    def tokens(self) -> tuple[Token, ...]:
        return tuple(self._kept.values())

    def revoke(self, id: str, at: datetime) -> bool:
        found = self._kept.get(id)
        if found is None or found.revoked is not None:
            return False
        self._kept[id] = replace(found, revoked=at)
        return True


@dataclass
class Desk:
    """`qos_api.desk.Services`."""

    clock: MovedClock = field(default_factory=MovedClock)
    tokens: MemoryTokens = field(default_factory=MemoryTokens)
    parts: dict[str, Part] = field(default_factory=lambda: {"ledger": Part(age=0.5)})
    shown: list[Figures] = field(default_factory=list)
    answers: dict[AnswerKey, Answer] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    fails: Exception | None = None
    lock: Lock = field(default_factory=Lock)

    def regencies(self) -> Collection[str]:
        return (HERE, ELSEWHERE)

    def ready(self) -> Mapping[str, Part]:
        return self.parts

    def figures(self) -> Sequence[Figures]:
        return self.shown

    def details(self, error: LajurError, language: Language) -> Mapping[str, Any]:
        return {}

    def token(self, *roles: str, regency: str = HERE, seconds: float = 3600) -> str:
        """The text of a new token with these roles."""
        return self.minted(*roles, regency=regency, seconds=seconds)[1]

    def minted(self, *roles: str, regency: str = HERE, seconds: float = 3600) -> tuple[Token, str]:
        now = self.clock.now()
        token, text = tokens.mint("test", {regency: roles}, actor="os:test", now=now, expires=now + timedelta(seconds=seconds))
        self.tokens.add(token)
        return token, text


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    office: str = Field(min_length=1, max_length=32, pattern=r"^[a-z0-9-]+$")
    amount: int = Field(ge=1, le=1000)
    starts: AwareDatetime | None = None
    nested: Inner | None = None


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    flags: list[bool] = Field(default_factory=list, max_length=3)


class Thing(BaseModel):
    id: str
    office: str


class Things(BaseModel):
    items: list[int]
    next: str | None


def desk_of(request: Request) -> Desk:
    found = door(request).services
    assert isinstance(found, Desk)
    return found


def things() -> APIRouter:
    """Routes as the real ones are."""
    made = router("/v1/regencies/{regency}/things", tag="things")
    reading, approving = [require(Right.READ)], [require(Right.APPROVE)]

    @made.get("", dependencies=reading)
    def listed(page: Paging) -> Response:
        first = 0 if page.number is None else page.number + 1
        items = list(range(first, min(first + page.limit, 120)))
        following = page.next(items[-1]) if items and items[-1] < 119 else None
        body = Things(items=items, next=following).model_dump_json()
        return Response(body, media_type="application/json", headers=dict(links(following)))

    @made.post("", status_code=201)
    def make(wish: Wish, once: OnlyOnce, request: Request, caller: Annotated[Caller, require(Right.REQUEST)]) -> Response:
        desk = desk_of(request)
        with desk.lock:
            earlier = desk.answers.get(once.key)
            if earlier is not None:
                return replay(once, earlier)
            id = f"thing-{len(desk.made)}"
            desk.made.append(f"{caller.name}: {wish.office}")
            headers = {"ETag": tag(id, 1), "Location": f"{request.url.path}/{id}"}
            answer = answer_of(once, 201, Thing(id=id, office=wish.office), headers)
            desk.answers[once.key] = answer
        return replay(once, answer, is_new=True)

    @made.get("/{id}", dependencies=reading)
    def one(id: str, request: Request) -> Response:
        body = Thing(id=id, office="rsud").model_dump_json()
        return unchanged(request, tag(id, 3)) or Response(body, media_type="application/json", headers={"ETag": tag(id, 3)})

    @made.delete("/{id}", status_code=204, dependencies=approving)
    def drop(id: str, match: IfMatch) -> Response:
        if match.revision(id) not in (None, 3):
            raise Conflict("booking.changed", id=id, revision=3)
        return Response(status_code=204)

    @made.get("/{id}/trouble", dependencies=reading)
    def trouble(id: str, request: Request) -> Thing:
        raise desk_of(request).fails or AssertionError(id)

    return made


def service() -> APIRouter:
    """Routes of no single regency."""
    made = router("/v1", tag="service")

    @made.get("/regencies")
    def mine(request: Request, caller: Annotated[Caller, known()]) -> list[str]:
        return [each for each in desk_of(request).regencies() if caller.knows(each)]

    @made.get("/tokens", dependencies=[require(Right.ADMINISTER, everywhere=True)])
    def kept(request: Request) -> list[str]:
        return [each.id for each in desk_of(request).tokens.tokens()]

    return made


MOMENT = datetime(2027, 3, 1, 8, tzinfo=UTC)
Wish.model_rebuild()
