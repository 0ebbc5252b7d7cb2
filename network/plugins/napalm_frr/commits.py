"""Changes on one device: read, commit, confirm, go back. One exec each; the timer that goes back by itself is the device's.

Raises `napalm.base.exceptions` only. Remembers nothing of the device but which commit was its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from napalm.base.exceptions import CommandErrorException, CommitConfirmException, CommitError, NapalmException

from napalm_frr import kit, orders
from napalm_frr.answers import Pending, Running, Section, ethernet, mark, pending_of, refusal_of, running_of, sections
from napalm_frr.candidate import Candidate
from napalm_frr.changeset import Change, Maker
from napalm_frr.failures import NotSavedError
from napalm_frr.masks import masked
from napalm_frr.shell import RUNNING, Answer
from napalm_frr.words import shown

SAFETY: Final = 120
"""Seconds after which the device goes back by itself from a change that could not be read back."""

LONGEST: Final = 7 * 24 * 3600
_TRIES: Final = 8
READ: Final = (RUNNING, "ip -o link show")
"""Commands whose answers `running` reads."""


class Device(Protocol):
    """What runs scripts and commands; `napalm_frr.transport.Session` says how."""

    def run(self, script: str) -> str: ...

    def converse(self, script: str, mark: str, reply: Callable[[str], str | None]) -> str: ...

    def commands(self, commands: Sequence[str]) -> list[Answer]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a change is to be made. `revert_in` is seconds; None keeps it at once. `undo` goes back from the last change."""

    who: str
    message: str = ""
    revert_in: int | None = None
    undo: bool = False


class Commits:
    """Everything that changes one device."""

    def __init__(self, device: Callable[[], Device], name: str) -> None:
        self._device = device
        self._name = name
        self._token = ""
        self._nonce = secrets.token_hex(8)

    def read(self) -> Running:
        """The running configuration, fresh."""
        return self.running(*self._device().commands(READ))

    def running(self, text: Answer, links: Answer) -> Running:
        return _running(self._name, [Section("running", "", text.text), Section("links", "", links.text)])

    def commit(self, candidate: Candidate, order: Order) -> None:
        """Carry out a candidate. Raises what the candidate raises for a bad line, and CommitError."""
        if order.revert_in is not None and (type(order.revert_in) is not int or not 1 <= order.revert_in <= LONGEST):
            raise CommitConfirmException(
                f"{self._name}: revert_in is {order.revert_in!r}; it must be a whole number of seconds, 1 to {LONGEST}; "
                "nothing was changed"
            )
        nonce = secrets.token_hex(8)
        talk = _Talk(self._name, nonce, Maker(candidate), order)
        said = self._device().converse(kit.script(orders.BEGIN, nonce, install=True), mark(nonce, orders.LISTENS), talk.reply)
        talk.end(said)
        self._token = talk.token if order.revert_in is not None else ""

    def confirm(self) -> None:
        """Keep what waits, and write it to the start-up configuration. When this object made a commit, only that one."""
        first = self._ask(orders.CONFIRM, token=self._token)[0]
        match first.word:
            case "done":
                self._token = ""
            case "nothing":
                raise CommitConfirmException(f"{self._name}: no commit waits to be confirmed")
            case "reverted":
                self._token = ""
                raise CommitConfirmException(f"{self._name}: too late: the device has gone back to what it ran before")
            case "unsaved":
                self._token = ""
                raise _failure(self._name, first)
            case "held":
                raise CommitConfirmException(f"{self._name}: {_held(first)}; yours is no longer there")
            case _:
                raise _failure(self._name, first)

    @property
    def asking(self) -> str:
        """A command whose answer `pending` reads; always the same of one object."""
        return kit.script(orders.PENDING, self._nonce)

    def pending(self, said: Answer) -> Pending | None:
        """The commit that waits to be confirmed. A device that is just going back has one with no seconds left."""
        first = (sections(said.text, self._nonce) or [Section("", "", said.text)])[0]
        if first.word == "held":
            return pending_of(first)
        if first.word != "nothing":
            raise _failure(self._name, first)
        return None

    def rollback(self, order: Order) -> None:
        """Go back at once from what waits, or from the last change that was kept."""
        first, *more = self._ask(orders.REVERT)
        match first.word:
            case "last" if len(more) > 1:
                self.commit(Candidate.before(first.text, more[0].text, ethernet(more[1])), order)
            case "nothing":
                raise CommitError(f"{self._name}: no change to go back from")
            case _:
                self._reverted(first)

    def revert(self) -> None:
        """Go back at once from what waits; when this object made a commit, only from that one. Nothing where none waits."""
        first = self._ask(orders.REVERT, pending="yes", token=self._token)[0]
        if first.word != "nothing":
            self._reverted(first)

    def _reverted(self, first: Section) -> None:
        match first.word:
            case "done" if first.rest == "differs":
                raise CommitError(
                    f"{self._name}: gone back, but not all of it; {kit.HOME}/reverted/log on it says what was refused"
                )
            case "done":
                self._token = ""
            case _:
                raise _failure(self._name, first)

    def _ask(self, body: str, **variables: str) -> list[Section]:
        """The parts of the answer, at least one."""
        nonce = secrets.token_hex(8)
        said = self._device().run(kit.script(kit.given(variables) + body, nonce))
        return sections(said, nonce) or [Section("", "", said)]


class _Talk:
    """One commit as a conversation: the device tells what runs, is told what to do, tells what it made of it, and is told to
    keep it, to wait, or to go back."""

    def __init__(self, name: str, nonce: str, maker: Maker, order: Order) -> None:
        self.token = secrets.token_hex(8)
        self._name = name
        self._nonce = nonce
        self._maker = maker
        self._order = order
        self._running: Running | None = None
        self._change: Change | None = None
        self._left = ""
        self._stands = False
        self._tries = 0

    def reply(self, said: str) -> str | None:
        """What the device is told next."""
        # The last part is the word that it listens; `running`, `carried` have `links` beside them.
        parts = [each for each in sections(said, self._nonce) if each.word != orders.LISTENS]
        if len(parts) < 2:
            return None
        last = parts[-1] if parts[-1].word == "bad" else parts[-2]
        match last.word:
            case "running":
                self._running = _running(self._name, parts[-2:])
                return self._carry()
            case "bad" if self._otherwise(last):
                return self._carry()
            case "carried":
                return self._carried(_running(self._name, parts[-2:]))
        return None

    def end(self, said: str) -> None:
        """Raises unless the change stands as it was ordered."""
        last = next((each for each in reversed(sections(said, self._nonce)) if each.word not in (orders.LISTENS, "links")), None)
        last = last or Section("", "", said)
        candidate, change = self._maker.candidate, self._change
        refusal = partial(refusal_of, last.text)
        match last.word:
            case "done":
                return
            case "bad" if change:
                why = change.said_of(change.checked(refusal()), refusal())
                raise candidate.error(f"{self._name}: {why}; nothing was changed")
            case "refused" if change:
                how, _, outcome = last.rest.partition(" ")
                found = refusal(typed=how == "typed")
                at = change.worded(found) if how == "words" else change.applied(found) if how in ("typed", "file") else None
                why = self._left or change.said_of(at, found)
                end = "put back, but the running configuration still differs" if outcome == "differs" else "put back at once"
                raise candidate.error(f"{self._name}: {why}; {end}")
            case "held":
                raise CommitError(f"{self._name}: {_held(last)}; nothing was changed")
            case "reverted":
                raise CommitError(f"{self._name}: too late: the device has gone back to what it ran before")
            case "carried" if self._stands:
                return
            case "carried":
                raise CommitError(f"{self._name}: the session ended too early; the device goes back by itself")
            case _:
                raise _failure(self._name, last)

    def _carry(self) -> str:
        assert self._running is not None
        change = self._change = self._maker.change(self._running)
        if lacks := change.lacking(self._running):
            raise self._maker.candidate.error(f"{self._name}: {lacks}; nothing was changed")
        order = self._order
        variables = {
            "given": change.given.text,
            "forward": change.there.text,
            "inverse": change.return_.text,
            "words": change.words,
            "interfaces": change.interfaces,
            "file": "yes" if change.is_file else "",
            "direct": "" if change.is_file else change.direct,
            "who": _one_line(order.who),
            "message": _one_line(order.message),
            "token": self.token,
            "left": str(SAFETY if order.revert_in is None else order.revert_in),
            "safety": str(SAFETY) if order.revert_in is None else "",
            "undo": "last" if order.undo else "",
        }
        return kit.heard(kit.given(variables) + orders.CARRY)

    def _otherwise(self, bad: Section) -> bool:
        self._tries += 1
        assert self._change is not None
        return self._tries < _TRIES and self._maker.say_otherwise(self._change.checked(refusal_of(bad.text)))

    def _carried(self, now: Running) -> str | None:
        """What FRR made of it may not be what was foreseen: what is left over goes too, and the way back is mended."""
        change = self._change
        assert change is not None
        if left := change.left(now):
            self._tries += 1
            if self._tries < _TRIES // 2:
                more = self._change = self._maker.change(now, start=change.before)
                variables = {
                    "forward": more.there.text,
                    "inverse": more.return_.text,
                    "file": "yes" if more.is_file else "",
                    "direct": "",
                    "undo": "",
                }
                return kit.heard(kit.given(variables) + orders.MORE)
            self._left = f"`{' > '.join(left[0])}` does not become what the candidate has"
            return kit.heard(orders.BACK)
        if self._order.revert_in is None:
            return kit.heard(orders.KEEP)
        if better := self._maker.back(now, change):
            return kit.heard(kit.given({"inverse": better}) + orders.WAIT)
        self._stands = True
        return None


def _running(name: str, parts: Sequence[Section]) -> Running:
    try:
        return running_of(parts[0], parts[1])
    except (IndexError, ValueError) as error:
        raise CommandErrorException(f"{name}: the running configuration cannot be read: {shown(str(error))}") from error


def _failure(name: str, said: Section) -> NapalmException:
    match said.word:
        case "unsaved":
            return NotSavedError(name, shown(said.text) or "no reason given")
        case "lacks":
            return CommandErrorException(f"{name}: the device lacks {shown(said.rest)}")
        case "failed":
            return CommandErrorException(f"{name}: {shown(said.text)}")
    return CommandErrorException(
        f"{name}: an answer that cannot be read: {shown(masked(f'{said.word} {said.text}')[-300:]) or 'nothing'}"
    )


def _held(held: Section) -> str:
    pending = pending_of(held)
    why = f" ({shown(pending.message)})" if pending.message else ""
    left = f"goes back in {pending.seconds} s" if pending.seconds else "is just going back"
    return f"a commit of {shown(pending.who) or 'somebody'}{why} waits to be confirmed and {left}"


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)[:200]
