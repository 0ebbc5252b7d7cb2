"""A leased server given back: wiped of what logs in and what is secret, with a proof, and locked behind us.

What roles of ours brought is stopped and its data wiped before all else, turn by turn, as it may take hours (`infra.wipe_data`).

Then in two halves. The first wipes everything but our own way in and the right to become root, and its proof is kept before the
second takes these away: whoever dies between them, or never hears how the second ended, finishes with what was kept. That it is
begun is kept before the first: nothing is carried back on a machine of which nobody heard how far its wiping came.

Before each half the machine is asked who it is: an address may have been given to another one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from infra import record
from infra.adopting import Machine, Task, must_be_known, must_be_ours, must_be_the_same, record_of
from infra.errors import InfraError, ReachError, Refused
from infra.wipe import Wiping, is_account, proof_of, wipe_script
from infra.wipe_data import DataWiping, Turn, data_script, merged, turn_of
from infra.wipe_places import BACKUPS, BROUGHT, DATABASES, SEARCHED

_NOTHING: Final[Mapping[str, Any]] = {
    "whole": False, "ended": False, "wiped": [], "last_begun": False, "data": [], "stopped": [],
}  # fmt: skip
_FEWER: Final = 5
"""Turns in a row in which nothing was wiped, after which no more comes of it."""
_NEVER_SENT: Final = ("infra.login_refused", "infra.unreachable", "infra.host_key_changed", "infra.host_key_unknown")
"""How a half ends that was given to a connection which had to be opened anew, and could not be."""


def release(task: Task, state: Mapping[str, Any]) -> None:
    """Raises InfraError when it cannot be proved, and Refused when it is not the machine that was taken over; a machine that is
    lost is let go of with what was said of it, and its proof says that nothing was wiped."""
    lost = str(task.access.get("lost") or "")
    if lost:
        _tell(task, state, {"whole": False, "ended": False, "wiped": [], "lost": lost})
        return
    must_be_known(task.server, task.access)
    if not task.inputs["entered"]:
        _tell(task, state, {"whole": True, "ended": True, "wiped": [], "lost": ""})
        return
    way = _way(task)
    kept = _begun(task, state, way)
    note = {**_NOTHING, **kept, **way, "adopted": state.get("adopted")}
    second: list[Mapping[str, Any]] = []
    try:
        _must_be_it(task, state, begun=_is_of(task.access.get("wiped"), state))
        if not note["whole"]:
            _must_know_of_databases(task)
        _keep(task, "infra.wiping", note)
        wiping = _wiping(task, state, way)
        if not note["whole"]:  # else the first half came after it
            _data(task, wiping, note)
        first = _wiped(task, wiping)
        note |= first | {"wiped": [*note["wiped"], *first["wiped"]]}
        _keep(task, "infra.wiped", note)
        _must_be_it(task, state, begun=True)
        second = _last(task, replace(wiping, nonce=secrets.token_hex(16), last=True), note)
    except ReachError as error:
        # All of it was sent before, and now nobody lets us in: that is how the second half ends.
        if error.code != "infra.login_refused" or not _is_over(kept):
            raise
    task.machine.close()
    if task.machine.is_let_in():
        raise InfraError("infra.still_let_in", server=task.server)
    items = {(item["kind"], item["path"]): item for item in (*note["wiped"], *second)}
    told = {"wiped": [_shut(item) for item in items.values()], "data": note["data"], "stopped": note["stopped"]}
    if any(tree["path"] in (DATABASES, BACKUPS) and tree["files"] for tree in note["data"]):
        told["allowed"] = str(task.access.get("databases") or "")
    _tell(task, state, {"whole": True, "ended": True, "lost": "", **told})


def contents(machine: Machine, server: str, roles: tuple[str, ...]) -> Turn:
    """What roles of ours have on it; nothing is changed. Raises InfraError."""
    nonce = secrets.token_hex(16)
    found = turn_of(machine.run(data_script(DataWiping(nonce=nonce, roles=roles, look=True))).encode(), nonce)
    if not found.ended:
        raise InfraError("infra.wipe_broke_off", server=server)
    return found


def _roles(task: Task) -> tuple[str, ...]:
    """Those of ours that the truth has on it."""
    return tuple(task.access.get("roles") or ())


def _must_know_of_databases(task: Task) -> None:
    """Raises Refused where a database, or backups of one, would go of which nobody said that they may: also of one of which the
    truth says nothing."""
    there = contents(task.machine, task.server, _roles(task))
    if there.database and not task.access.get("databases"):
        raise Refused("infra.only_copy", server=task.server, bytes=there.database)


def _data(task: Task, wiping: Wiping, note: dict[str, Any]) -> None:
    """Stop what is ours and wipe its data, to the end. Raises InfraError when something remains."""
    idle, before = 0, (-1, -1)
    while True:
        nonce = secrets.token_hex(16)
        script = data_script(DataWiping(nonce=nonce, roles=_roles(task), returning=wiping.returning))
        turn = turn_of(task.machine.run(script).encode(), nonce)
        if turn.trees or turn.stopped:
            note["data"] = merged(note["data"], turn.trees)
            note["stopped"] = list(dict.fromkeys([*note["stopped"], *turn.stopped]))
            _keep(task, "infra.wiping", note)
        if not turn.ended:
            raise InfraError("infra.wipe_broke_off", server=task.server)
        if turn.remains:
            raise _incomplete(task, turn.remains)
        if turn.whole:
            return
        task.tell("infra.wiping_data", {"server": task.server, "files": turn.files, "bytes": turn.bytes})
        left = (turn.files, turn.bytes)
        idle, before = (idle + 1 if left == before else 0), left
        if idle >= _FEWER:
            raise _incomplete(task, [tree.path for tree in turn.trees if tree.after != "gone"])


def _incomplete(task: Task, paths: Sequence[str]) -> InfraError:
    remains = ", ".join(paths[:10]) or "–"
    return InfraError("infra.wipe_incomplete", server=task.server, remains=remains, count=len(paths))


def _must_be_it(task: Task, state: Mapping[str, Any], *, begun: bool) -> None:
    """Raises Refused when the machine that answers is not the one that was taken over. Once its return is `begun` our record may
    be gone from it."""
    facts, _ = task.machine.look()
    found = must_be_ours(task)
    must_be_the_same(task, state, facts)
    if found is None and not begun:
        raise Refused("infra.no_record", server=task.server, path=record.PATH)


def _way(task: Task) -> dict[str, Any]:
    """By which way we come. A refused login proves nothing of another way."""
    host = task.access.get("host") or task.inputs["address"]
    return {"own": task.machine.own_key(), "user": task.access["user"], "host": str(host), "port": task.access["port"]}


def _wiping(task: Task, state: Mapping[str, Any], way: Mapping[str, Any]) -> Wiping:
    """The first half."""
    return Wiping(
        nonce=secrets.token_hex(16),
        keep=tuple(_lease(task)["lessorKeys"]),
        own=way["own"],
        login=way["user"] if is_account(way["user"]) else None,
        last=False,
        returning=record.returning(record_of(task, state)),
    )


def _last(task: Task, wiping: Wiping, note: dict[str, Any]) -> list[Mapping[str, Any]]:
    """The second half, and what it took. That it is sent is kept just before, and taken back when it never was, or when it left
    our way in where it is."""
    was = note["last_begun"]
    note["last_begun"] = True
    _keep(task, "infra.wiping", note)
    try:
        taken: list[Mapping[str, Any]] = _wiped(task, wiping)["wiped"]
    except InfraError as error:
        if not was and (error.code in _NEVER_SENT or error.fields.get("count")):
            note["last_begun"] = False
            _keep(task, "infra.wiping", note)
        raise
    return taken


def _keep(task: Task, event: str, note: Mapping[str, Any]) -> None:
    """Have it kept how far the return came."""
    task.tell(event, {"server": task.server, "proof": dict(note)})


def _lease(task: Task) -> Mapping[str, Any]:
    """The contract as the truth has it today: whose keys stay, and on which conditions, may have been written down since the
    machine was taken over. Under another contract it was never taken over."""
    held: Mapping[str, Any] = task.inputs["lease"]
    today: Mapping[str, Any] = task.access.get("lease") or held
    return today if today["key"] == held["key"] else held


def _is_of(kept: Mapping[str, Any] | None, state: Mapping[str, Any]) -> bool:
    """Whether this is the note of a return, and of this very taking over."""
    return kept is not None and kept.get("adopted", "") == state.get("adopted")


def _begun(task: Task, state: Mapping[str, Any], way: Mapping[str, Any]) -> dict[str, Any]:
    """What an earlier run kept, if it is of this very taking over and came by the same way: of another one a refused login proves
    nothing."""
    kept = dict(task.access.get("wiped") or {})
    return kept if _is_of(kept, state) and all(kept.get(name) == way[name] for name in way) else {}


def _is_over(kept: Mapping[str, Any]) -> bool:
    """Whether a refused login proves the second half: the first was whole, the second was sent, and the key is the last thing
    that it takes. A password that is refused may as well be a wrong one."""
    return bool(kept.get("whole") and kept.get("last_begun") and kept.get("own"))


def _shut(item: Mapping[str, Any]) -> dict[str, Any]:
    """Of a file of keys in which ours alone were when it was last seen, and of which we cannot see whether it is still there:
    that nobody is let in with them."""
    return {**item, "after": "shut"} if item["after"] == "own" else dict(item)


def _wiped(task: Task, wiping: Wiping) -> dict[str, Any]:
    """One half's proof. Raises InfraError when something remains, or when it broke off."""
    proof = proof_of(task.machine.run(wipe_script(wiping)).encode(), wiping.nonce)
    if not proof.whole:
        raise _incomplete(task, [item.path for item in proof.remains])
    return proof.plain()


def _tell(task: Task, state: Mapping[str, Any], proof: Mapping[str, Any]) -> None:
    entered = bool(task.inputs["entered"])
    searched: dict[str, list[str]] = {}
    if entered and not proof["lost"]:
        searched = {kind: list(places) for kind, places in SEARCHED.items()}
        searched["data"] = [tree for each in BROUGHT.values() for tree in each.trees]
    head = {"server": task.server, "lease": _lease(task), "day": task.access["today"], "machine": state.get("facts", {})}
    told = {**head, "entered": entered, "searched": searched, **proof}
    task.tell("infra.released", {"server": task.server, "proof": told})
