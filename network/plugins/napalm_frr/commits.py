"""Changes on one device: read, commit, confirm, go back. One exec each; the timer that goes back by itself is the device's.

Raises `napalm.base.exceptions` only. Remembers the running configuration that it last read, and commits against that: when
the device has moved on meanwhile nothing is changed, and the change is computed anew.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from napalm.base.exceptions import (
    CommandErrorException,
    CommitConfirmException,
    CommitError,
    NapalmException,
)

from napalm_frr import kit
from napalm_frr.answers import Pending, Refusal, Running, Section, pending_of, refusal_of, running_of, sections
from napalm_frr.candidate import Candidate
from napalm_frr.changes import Command, Delta, Script, delta, script
from napalm_frr.failures import shown
from napalm_frr.grammar import daemon_of, shorter
from napalm_frr.shell import Answer, vtysh, word
from napalm_frr.text import Tree

SAFETY: Final = 120
"""Seconds after which the device goes back by itself when a commit without `revert_in` is cut short."""

LONGEST: Final = 7 * 24 * 3600
_TRIES: Final = 8
_INTERFACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@:+-]{0,31}")


RUNNING: Final = (vtysh("show daemons", "show running-config"), "ip -o link show")


class Device(Protocol):
    """What runs a script and gives back what it printed, and runs commands."""

    def run(self, script: str) -> str: ...

    def commands(self, commands: Sequence[str]) -> list[Answer]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a change is to be made. `revert_in` is seconds; None keeps it at once."""

    who: str
    message: str = ""
    revert_in: int | None = None
    undo: bool = False


class Commits:
    """Everything that changes one device."""

    def __init__(self, device: Callable[[], Device], name: str) -> None:
        self._device = device
        self._name = name
        self._seen: Running | None = None
        self._token = ""

    def read(self) -> Running:
        """The running configuration, fresh."""
        text, links = self._device().commands(RUNNING)
        return self._see([Section("done", "", text.text), Section("links", "", links.text)])

    def commit(self, candidate: Candidate, order: Order) -> None:
        """Carry out a candidate. Raises what the candidate raises for a bad line, and CommitError."""
        if order.revert_in is not None and not 1 <= order.revert_in <= LONGEST:
            raise CommitConfirmException(f"{self._name}: revert_in is {order.revert_in!r}; it must be 1 to {LONGEST} seconds")
        running = self._seen or self.read()
        shortened: dict[Command, Command] = {}
        for _ in range(_TRIES):
            change = _change(running, candidate, shortened)
            self._need_daemons(change.forward, running, candidate)
            token = secrets.token_hex(8)
            body, variables = _commit_script(change, running, order, token)
            parts = self._ask(body, variables=variables)
            first = parts[0] if parts else Section("", "", "")
            match first.word:
                case "done":
                    self._token = "" if order.revert_in is None else token
                    self._committed(change, self._see(parts), order)
                    return
                case "moved":
                    running = self._see(parts)
                case "bad" if _shorten(shortened, change, refusal_of(first.text)):
                    continue
                case _:
                    raise self._failure(first, change, candidate)
        raise CommitError(f"{self._name}: its running configuration keeps changing; nothing was changed")

    def confirm(self) -> None:
        """Keep what waits, and write it to the start-up configuration. When this object made a commit, only that one."""
        parts = self._ask(kit.CONFIRM, variables={"token": self._token})
        first = parts[0] if parts else Section("", "", "")
        match first.word:
            case "done":
                self._token = ""
            case "nothing":
                raise CommitConfirmException(f"{self._name}: no commit waits to be confirmed")
            case "reverted":
                self._token, self._seen = "", None
                raise CommitConfirmException(f"{self._name}: too late: the device has gone back to what it ran before")
            case "held":
                raise CommitConfirmException(f"{self._name}: {_held(pending_of(first))}; yours is no longer there")
            case _:
                raise self._failure(first, None, None)

    def pending(self) -> Pending | None:
        """The commit that waits to be confirmed. A device that is just going back has one with no seconds left."""
        parts = self._ask(kit.PENDING)
        first = parts[0] if parts else Section("", "", "")
        if first.word == "held":
            return pending_of(first)
        if first.word != "nothing":
            raise self._failure(first, None, None)
        return None

    def rollback(self, order: Order) -> None:
        """Go back at once from what waits, or from the last change that was kept."""
        parts = self._ask(kit.REVERT)
        first = parts[0] if parts else Section("", "", "")
        match first.word:
            case "done":
                self._see(parts)
                if first.rest == "differs":
                    raise CommitError(f"{self._name}: gone back, but not all of it: {self._difference()}")
            case "last":
                self.commit(Candidate.before(first.text, parts[1].text, parts[2].text), order)
            case "nothing":
                raise CommitError(f"{self._name}: no change to go back from")
            case _:
                raise self._failure(first, None, None)
        self._token = ""

    def forget(self) -> None:
        self._seen = None

    def _committed(self, change: _Change, now: Running, order: Order) -> None:
        """What FRR made of it may be more than was foreseen; then the device is told the way back from there."""
        if order.revert_in is None:
            return
        inverse = delta(now.tree, change.before)
        if set(inverse.commands) == set(change.inverse.commands):
            return
        text = script(inverse.commands).text

        def body(nonce: str) -> str:
            return kit.CORRECT + kit.document("armed/inverse.new", text, nonce) + kit.CORRECTED

        if [each.word for each in self._ask(body, variables={"token": self._token})] != ["done"]:
            raise CommitError(f"{self._name}: committed, but the way back could not be completed; has it gone back already?")

    def _need_daemons(self, change: Delta, running: Running, candidate: Candidate) -> None:
        for command in change.commands:
            for line in (*command.path[:1], command.line):
                daemon = daemon_of(line)
                if daemon and daemon not in running.daemons:
                    where = candidate.where(command)
                    raise candidate.error(
                        f"{self._name}: {where}: {daemon}, which would keep it, does not run; nothing was changed"
                    )
        for name in change.interfaces:
            if not _INTERFACE.fullmatch(name):
                raise candidate.error(f"{self._name}: {name!r} is no interface; nothing was changed")

    def _failure(self, first: Section, change: _Change | None, candidate: Candidate | None) -> NapalmException:
        match first.word:
            case "held":
                return CommitError(f"{self._name}: {_held(pending_of(first))}; nothing was changed")
            case "bad" if change and candidate:
                return candidate.error(
                    f"{self._name}: {_line(change.checked, candidate, refusal_of(first.text))}; nothing was changed"
                )
            case "refused" if change and candidate:
                self._seen = None
                end = "put back at once" if first.rest != "differs" else "put back, but the running configuration still differs"
                return candidate.error(f"{self._name}: {_line(change.script.places, candidate, refusal_of(first.text))}; {end}")
            case "unsaved":
                return CommitError(f"{self._name}: kept, but not written to the start-up configuration: {shown(first.text)}")
            case "lacks":
                return CommandErrorException(f"{self._name}: the device lacks {first.rest}")
            case "failed":
                return CommandErrorException(f"{self._name}: {shown(first.text)}")
        return CommandErrorException(
            f"{self._name}: an answer that cannot be read: {shown(first.word + first.text) or 'nothing'}"
        )

    def _see(self, parts: Sequence[Section]) -> Running:
        try:
            self._seen = running_of(parts[0], next(each for each in parts if each.word == "links"))
        except (IndexError, StopIteration, ValueError) as error:
            self._seen = None
            raise CommandErrorException(f"{self._name}: the running configuration cannot be read: {shown(str(error))}") from error
        return self._seen

    def _difference(self) -> str:
        return "see /var/lib/napalm_frr/reverted/log on it"

    def _ask(self, body: str | _Body, *, variables: Mapping[str, str] | None = None) -> list[Section]:
        nonce = secrets.token_hex(8)
        given = "".join(f"{name}={word(value)}\n" for name, value in (variables or {}).items())
        text = body if isinstance(body, str) else body(nonce)
        return sections(self._device().run(kit.script(given + text, nonce)), nonce)


_Body = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Change:
    before: Tree
    forward: Delta
    inverse: Delta
    script: Script
    back: Script
    given: Script

    @property
    def checked(self) -> list[Command | None]:
        """For each line of what is checked, which command it is: what was given, the way there, the way back."""
        return [*self.given.places, *self.script.places, *self.back.places]


def _change(running: Running, candidate: Candidate, shortened: dict[Command, Command]) -> _Change:
    wanted = candidate.wanted(running.tree)
    forward, inverse = (_with(shortened, each) for each in (delta(running.tree, wanted), delta(wanted, running.tree)))
    kernel = (*forward.kernel, *(("up", each) for each in candidate.raised if each in running.down))
    scripts = (script(forward.commands), script(inverse.commands), script(candidate.commands))
    return _Change(running.tree, Delta(forward.commands, kernel), inverse, *scripts)


def _with(shortened: dict[Command, Command], change: Delta) -> Delta:
    return Delta(tuple(shortened.get(each, each) for each in change.commands), change.kernel)


def _commit_script(change: _Change, running: Running, order: Order, token: str) -> tuple[_Body, dict[str, str]]:
    seconds = SAFETY if order.revert_in is None else order.revert_in
    interfaces = [each for each in change.forward.interfaces if _INTERFACE.fullmatch(each)]
    variables = {
        "expected": running.digest,
        "who": _one_line(order.who),
        "message": _one_line(order.message),
        "token": token,
        "seconds": str(seconds),
        "keep": "yes" if order.revert_in is None else "no",
        "undo": "last" if order.undo else "",
        "interfaces": " ".join(interfaces),
    }

    words = "".join(f"{' '.join(each)}\n" for each in change.forward.kernel)
    files = (
        ("making/forward", change.script.text),
        ("making/inverse", change.back.text),
        ("making/given", change.given.text),
        ("making/words", words),
    )

    def body(nonce: str) -> str:
        return kit.COMMIT + "".join(kit.document(*each, nonce) for each in files) + kit.CHECK + kit.FINISH

    return body, variables


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)[:200]


def _held(pending: Pending) -> str:
    why = f" ({shown(pending.message)})" if pending.message else ""
    left = f"goes back in {pending.seconds} s" if pending.seconds else "is just going back"
    return f"a commit of {shown(pending.who) or 'somebody'}{why} waits to be confirmed and {left}"


def _line(places: Sequence[Command | None], candidate: Candidate, refusal: Refusal) -> str:
    """A refused line, as the candidate has it."""
    command = _command(places, refusal)
    where = candidate.where(command) if command else "a line"
    return f"{where}: {shown(refusal.said)}"


def _command(places: Sequence[Command | None], refusal: Refusal) -> Command | None:
    """What was refused; where a block could not be entered, the first command in it."""
    if refusal.number is None or not 1 <= refusal.number <= len(places):
        return None
    return next((each for each in places[refusal.number - 1 :] if each), None)


def _shorten(shortened: dict[Command, Command], change: _Change, refusal: Refusal) -> bool:
    """Find another way to take away what could not be taken away so; False when there is none."""
    command = _command(change.checked, refusal)
    if command is None or command in change.given.places or (words := shorter(command.line)) is None:
        return False
    original = next((first for first, now in shortened.items() if now == command), command)
    shortened[original] = Command(command.path, words)
    return True
