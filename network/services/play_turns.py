"""A play that somebody gives has the servers that it may touch to itself: no other play, release or return works on them, and
none begins to meanwhile. Through ports only.

What a release or a return plays itself is not asked here: that has its servers already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from inventory.regency import Regency
from inventory.release_views import edges_of, staged
from network.core.plays import Playing
from network.core.ports import Clock, Runner
from network.core.releases.ports import Releases
from network.errors import DeviceBusy, Refused
from network.services.release_parts import RETURNS, lock_of, player, releaser, server_of
from network.services.stage_doors import TURN as STAGES

OWN_TURN: Final = frozenset({"lease_return", "links", "qos", "release", "rollback"})
"""Playbooks that call a service of ours, which holds what it changes itself: it would wait for its own play."""

_LOOKS: Final = ("--check", "--syntax-check", "--list-hosts", "--list-tasks", "--list-tags", "--version", "--help")
_ANYWHERE: Final = frozenset({"restore"})
"""Playbooks that work on servers beside those that they are limited to, whichever those are."""

_FLAGS: Final = "bCDhJkKv"
"""Short words of `ansible-playbook` that take nothing behind them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayParts:
    """`standing`: the servers that are there; `actor` who plays."""

    regency: Regency
    standing: Sequence[str]
    runner: Runner
    record: Releases
    clock: Clock
    actor: str


def only_looks(words: Sequence[str]) -> bool:
    """Whether with these words of `ansible-playbook` nothing is changed."""
    return any(word in _LOOKS or _is_short_check(word) for word in words)


def meant(playbook: str, words: Sequence[str], parts: PlayParts) -> tuple[str, ...]:
    """The servers that a play may touch: all that stand, but for one that is limited to some by their names. Whoever keeps a
    database is played together with the server of its backups."""
    limits = list(_limits(words))
    named = {name for limit in limits for name in limit.replace(":", ",").split(",") if name}
    if len(limits) != 1 or playbook in _ANYWHERE or not named <= set(parts.standing):
        return tuple(parts.standing)
    backups = {each.backup.to for each in parts.regency.workloads if each.backup and named & set(each.servers)}
    return tuple(server for server in parts.standing if server in named | backups)


@contextmanager
def play_turn(parts: PlayParts, playbook: str, servers: Collection[str]) -> Iterator[None]:
    """Have these servers, and the doors of those that are edges. Raises Refused naming who has one of them, and since when."""
    regency = parts.regency
    edges = {edge.key for workload in staged(regency) for edge in edges_of(regency, workload)}
    locks = [*map(lock_of, servers), *([STAGES] if edges & set(servers) else [])]
    name = Playing(playbook=playbook, actor=parts.actor, since=parts.clock.now()).name
    with ExitStack() as held:
        try:
            held.enter_context(parts.runner.hold(locks, name))
        except DeviceBusy as error:
            raise _busy(error, parts) from error
        yield


def _busy(error: DeviceBusy, parts: PlayParts) -> Refused:
    if (play := player(error, parts.regency.zone)) is not None:
        return Refused("play.busy_play", **play)
    run, pid, server = (str(error.fields.get(name, "?")) for name in ("run", "pid", "device"))
    if server == STAGES:
        return Refused("play.busy_stage", run=run, pid=pid)
    server = server_of(error)
    if run.startswith(RETURNS):
        return Refused("play.busy_return", server=server, run=run, pid=pid)
    known = releaser(error, parts.record, parts.regency.zone)
    return Refused("play.busy_release_since" if "actor" in known else "play.busy_release", server=server, **known)


def _is_short_check(word: str) -> bool:
    """`-C`, alone or among others that take nothing behind them, as in `-CD`."""
    flags = word[1:]
    return word.startswith("-") and "C" in flags and set(flags) <= set(_FLAGS)


def _limits(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        if word in ("-l", "--limit"):
            yield words[at + 1] if at + 1 < len(words) else ""
        elif word.startswith("--limit="):
            yield word.removeprefix("--limit=")
        elif word.startswith(("-l", "--l")) and not word.startswith("--list"):
            yield "?"  # written in another way: then it may be any
