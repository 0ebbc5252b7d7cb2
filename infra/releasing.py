"""A leased server given back: wiped of what logs in and what is secret, with a proof, and locked behind us.

In two halves. The first wipes everything but our own way in and the right to become root, and its proof is kept before the
second takes these away: whoever dies between them, or never hears how the second ended, finishes with what was kept. That it is
begun is kept before the first: nothing is carried back on a machine of which nobody heard how far its wiping came.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from infra import record
from infra.adopting import Task, must_be_known
from infra.errors import InfraError, ReachError
from infra.wipe import Wiping, is_account, proof_of, wipe_script
from infra.wipe_places import SEARCHED


def release(task: Task, state: Mapping[str, Any]) -> None:
    """Raises InfraError when it cannot be proved; a machine that is lost is let go of with what was said of it, and its proof
    says that nothing was wiped."""
    lost = str(task.access.get("lost") or "")
    if lost:
        _tell(task, state, {"whole": False, "ended": False, "wiped": [], "lost": lost})
        return
    must_be_known(task.server, task.access)
    if not task.inputs["entered"]:
        _tell(task, state, {"whole": True, "ended": True, "wiped": [], "lost": ""})
        return
    own = task.machine.own_key()
    first = _begun(task, state, own)
    before = first.get("wiped", [])
    user = str(task.access["user"])
    wiping = Wiping(
        nonce=secrets.token_hex(16),
        keep=tuple(_lease(task)["lessorKeys"]),
        own=own,
        login=user if is_account(user) else None,
        last=False,
    )
    try:
        _begin(task, state, own, first)
        first = _wiped(task, wiping)
        first |= {"own": own, "adopted": state.get("adopted"), "wiped": [*before, *first["wiped"]]}
        task.tell("infra.wiped", {"server": task.server, "proof": first})
        second = _wiped(task, replace(wiping, nonce=secrets.token_hex(16), last=True))
    except ReachError as error:
        # Half of it was done before, and now nobody lets us in: that is how the other half ends.
        if error.code != "infra.login_refused" or not first.get("whole"):
            raise
        second = {"wiped": []}
    task.machine.close()
    if task.machine.is_let_in():
        raise InfraError("infra.still_let_in", server=task.server)
    items = {(item["kind"], item["path"]): item for item in (*first["wiped"], *second["wiped"])}
    _tell(task, state, {"whole": True, "ended": True, "wiped": [_shut(item) for item in items.values()], "lost": ""})


def _begin(task: Task, state: Mapping[str, Any], own: str | None, before: Mapping[str, Any]) -> None:
    """Have it kept that the return is begun, once we are let in. What an earlier run kept of its first half stays."""
    task.machine.run(record.READ)
    note = {"whole": False, "ended": False, "wiped": [], "own": own, "adopted": state.get("adopted"), **before}
    task.tell("infra.wiping", {"server": task.server, "proof": note})


def _lease(task: Task) -> Mapping[str, Any]:
    """The contract as the truth has it today: whose keys stay, and on which conditions, may have been written down since the
    machine was taken over. Under another contract it was never taken over."""
    held: Mapping[str, Any] = task.inputs["lease"]
    today: Mapping[str, Any] = task.access.get("lease") or held
    return today if today["key"] == held["key"] else held


def _begun(task: Task, state: Mapping[str, Any], own: str | None) -> dict[str, Any]:
    """What an earlier run kept, if it is of this very taking over and of the key that we come with now: of another one a refused
    login proves nothing. `whole` when its first half was."""
    kept = dict(task.access.get("wiped") or {})
    return kept if (kept.get("own"), kept.get("adopted")) == (own, state.get("adopted")) else {}


def _shut(item: Mapping[str, Any]) -> dict[str, Any]:
    """Of a file of keys in which ours alone were when it was last seen, and of which we cannot see whether it is still there:
    that nobody is let in with them."""
    return {**item, "after": "shut"} if item["after"] == "own" else dict(item)


def _wiped(task: Task, wiping: Wiping) -> dict[str, Any]:
    """One half's proof. Raises InfraError when something remains, or when it broke off."""
    proof = proof_of(task.machine.run(wipe_script(wiping)).encode(), wiping.nonce)
    if not proof.whole:
        remains = ", ".join(item.path for item in proof.remains[:10]) or "–"
        raise InfraError("infra.wipe_incomplete", server=task.server, remains=remains, count=len(proof.remains))
    return proof.plain()


def _tell(task: Task, state: Mapping[str, Any], proof: Mapping[str, Any]) -> None:
    entered = bool(task.inputs["entered"])
    searched = {kind: list(places) for kind, places in SEARCHED.items()} if entered and not proof["lost"] else {}
    head = {"server": task.server, "lease": _lease(task), "day": task.access["today"], "machine": state.get("facts", {})}
    told = {**head, "entered": entered, "searched": searched, **proof}
    task.tell("infra.released", {"server": task.server, "proof": told})
