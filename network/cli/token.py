"""`lajur token`: secrets by which programs reach the HTTP service. Made once, shown once, kept as a digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

import typer

from network.cli.grammar import Verb, noun
from network.cli.session import Session, session
from network.cli.words import moment
from network.core.near import perhaps
from network.errors import LajurError, NotFound, UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from network.cli.draw import Column
    from network.core.booking import Token

app = noun("cli.help.token")

_DAYS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """`grants`: roles by regency (`*`: all). `state`: valid, expired or revoked."""

    id: str
    name: str
    grants: Mapping[str, tuple[str, ...]]
    state: str
    actor: str
    created: datetime
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """`secret` is what its bearer shows; nobody can show it again."""

    token: TokenLine
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenList:
    """Newest first, ended ones too."""

    now: datetime
    tokens: tuple[TokenLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked:
    id: str


@app.command("create", cls=Verb, help="cli.help.token_create")
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="cli.flag.token_name")],
    grant: Annotated[list[str], typer.Option("--grant", metavar="REGENCY:ROLE", help="cli.flag.grant")],
    days: Annotated[int, typer.Option("--days", metavar="1…366", min=1, max=366, help="cli.flag.days")] = _DAYS,
) -> int:
    from network import wiring
    from network.services.tokens import mint

    own = session(ctx)
    now = own.now()
    grants = _grants(grant, (*wiring.regencies(own.settings), "*"))
    actor = f"os:{wiring.user()}"
    token, secret = mint(name, grants, actor=actor, now=now, expires=now + timedelta(days=days))
    with wiring.open_ledger(own.settings) as ledger:
        ledger.tokens.add(token)
    own.out.note("cli.token.made", id=token.id, expires=_local(own, token.expires))
    # The bare secret, so that `TOKEN=$(lajur token create ...)` holds it and nothing else.
    if own.out.as_json:
        own.out.show(NewToken(token=_line(token, now), secret=secret), str)
    else:
        own.out.plain(f"{secret}\n")
    return 0


@app.command("list", cls=Verb, help="cli.help.token_list")
def list_tokens(ctx: typer.Context) -> int:
    from network import wiring

    own = session(ctx)
    now = own.now()
    with wiring.open_ledger(own.settings) as ledger:
        document = TokenList(now=now, tokens=tuple(_line(token, now) for token in ledger.tokens.tokens()))
    own.out.show(document, lambda: _draw(own, document))
    return 0


@app.command("revoke", cls=Verb, help="cli.help.token_revoke")
def revoke(ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID", help="cli.flag.token_id")]) -> int:
    from network import wiring

    own = session(ctx)
    with wiring.open_ledger(own.settings) as ledger:
        revoked = ledger.tokens.revoke(id, own.now())
    if not revoked:
        raise NotFound("cli.token.not_found", id=id)
    own.out.show(TokenRevoked(id=id), lambda: own.out.say("cli.token.ended", id=id))
    return 0


def _grants(written: Iterable[str], known: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Roles by regency. Raises UsageError for one that is written otherwise, or names no regency."""
    grants: dict[str, tuple[str, ...]] = {}
    for each in written:
        regency, colon, role = each.partition(":")
        if not (regency and colon and role):
            raise UsageError("cli.usage.grant", value=each)
        if regency not in known:
            raise UsageError("cli.usage.no_regency", key=regency, nearest=perhaps(regency, known))
        grants[regency] = (*grants.get(regency, ()), role)
    return grants


def _local(own: Session, value: datetime) -> str:
    """In the regency's own time; a token is of no regency, so where its truth cannot be read UTC will do."""
    try:
        return own.local(value)
    except LajurError:
        return moment(value, UTC, own.language)


def _line(token: Token, now: datetime) -> TokenLine:
    return TokenLine(
        id=token.id,
        name=token.name,
        grants=token.grants,
        state="revoked" if token.revoked else "valid" if now < token.expires else "expired",
        actor=token.actor,
        created=token.created,
        expires=token.expires,
    )


_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.id", "left"),
    ("cli.column.name", "left"),
    ("cli.column.grants", "left"),
    ("cli.column.state", "left"),
    ("cli.column.until", "left"),
    ("cli.column.actor", "left"),
)


def _draw(own: Session, document: TokenList) -> RenderableType:
    from network.cli.draw import cell, table

    say = own.out.say
    if not document.tokens:
        return cell(say("cli.token.none"))
    rows = [
        (
            each.id,
            each.name,
            " ".join(f"{regency}:{role}" for regency, roles in each.grants.items() for role in roles),
            say(f"cli.token.{each.state}"),
            _local(own, each.expires),
            each.actor,
        )
        for each in document.tokens
    ]
    return table(say, _COLUMNS, rows)
