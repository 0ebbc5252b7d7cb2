"""`lajur chat`: who has an account of the task force's chat, and the first password of each, which nothing keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from network.cli.grammar import Verb, noun
from network.cli.session import Session, session
from network.core.accounts import first_password
from network.core.near import perhaps
from network.errors import NotFound, Refused

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventory.release_model import Workload
    from inventory.release_views import Account
    from network.cli.draw import Column

app = noun("cli.help.chat")

_LARGEST: Final = 4096
_COLUMNS: Final[tuple[Column, ...]] = (
    ("cli.column.account", "left"),
    ("cli.column.chat_role", "left"),
    ("cli.column.chat_place", "left"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """`place`: the team, or the office of its IT staff."""

    account: str
    role: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAccounts:
    domain: str
    accounts: tuple[AccountLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPassword:
    """It holds until its owner changes it."""

    account: str
    password: str


@app.command("list", cls=Verb, help="cli.help.chat_list")
def list_accounts(ctx: typer.Context) -> int:
    from inventory.release_views import accounts

    own = session(ctx)
    chat = _chat(own)
    assert chat.chat is not None
    lines = tuple(_line(each, chat.chat.domain) for each in accounts(own.regency))
    document = ChatAccounts(domain=chat.chat.domain, accounts=lines)
    own.out.show(document, lambda: _draw(own, document))
    return 0


@app.command("password", cls=Verb, help="cli.help.chat_password")
def password(ctx: typer.Context, account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="cli.flag.chat_account")]) -> int:
    from inventory.release_views import accounts

    own = session(ctx)
    chat = _chat(own)
    assert chat.chat is not None
    name, _, _ = account.partition("@")
    known = [each.name for each in accounts(own.regency)]
    if name not in known:
        raise NotFound("cli.chat.no_account", account=name, nearest=perhaps(name, known))
    told = FirstPassword(
        account=f"{name}@{chat.chat.domain}", password=first_password(_master(own, chat), name, chat.chat.domain)
    )
    # The bare word, so that a program may read it.
    if own.out.as_json:
        own.out.show(told, str)
    else:
        own.out.plain(f"{told.password}\n")
    return 0


def _chat(own: Session) -> Workload:
    """Raises NotFound."""
    from inventory.release_model import Runs
    from inventory.release_views import workloads_of

    for each in workloads_of(own.regency, Runs.CHAT):
        if each.chat is not None:
            return each
    raise NotFound("cli.chat.none", regency=own.regency.head.key)


def _master(own: Session, chat: Workload) -> str:
    """What the playbook made the accounts from. Raises Refused: there is none yet, or others can read it."""
    from network import wiring
    from network.server_wiring import state_folder

    _, lab, _ = wiring.reached(own.regency, own.flags.via, own.settings.lab, strict=False)
    file = state_folder(own.settings, own.regency, lab) / "secrets" / "chat" / chat.key
    try:
        if file.stat().st_mode & 0o077:
            raise Refused("cli.chat.open", file=str(file))
        with file.open(encoding="utf-8") as kept:
            return kept.read(_LARGEST).strip()
    except OSError as error:
        raise Refused("cli.chat.unmade", file=str(file), reason=error.strerror) from error


def _line(account: Account, domain: str) -> AccountLine:
    place = account.team.value if account.team is not None else account.office or ""
    return AccountLine(account=f"{account.name}@{domain}", role=account.role, place=place)


def _draw(own: Session, document: ChatAccounts) -> RenderableType:
    from network.cli.draw import cell, table

    rows = [(cell(each.account), cell(each.role), cell(each.place)) for each in document.accounts]
    return table(own.out.say, _COLUMNS, rows)
