"""What each verb does, in which order. Every one ends with what stands now, or with the error that says what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from infra import complaints
from infra.components import MACHINE
from infra.contents import data_on
from infra.errors import InfraError, NeedsPerson, Refused
from infra.events import Teller
from infra.orphaned import tell_begun, tell_orphans
from infra.policies.rules import Broken
from infra.request import Request, Verb
from infra.stack import Stack
from infra.unfinished import Left
from infra.untaken import Untaken
from infra.watch import Watch

Result = dict[str, Any]
"""What `done` tells, in JSON's types."""

_NO_CHANGE: Final = ("same", "refresh", "read")


class Verbs:
    """One request, to be carried out on its stack. Every verb may raise InfraError."""

    def __init__(
        self,
        request: Request,
        stack: Stack,
        watch: Watch,
        teller: Teller,
        rules: Mapping[str, Sequence[Broken]],
        untaken: Untaken,
    ) -> None:
        """`rules`: by server of the program, those that it breaks."""
        self._request = request
        self._stack = stack
        self._watch = watch
        self._teller = teller
        self._rules = rules
        self._untaken = untaken

    def carry_out(self) -> Result:
        verbs: Mapping[Verb, Callable[[], Result]] = {
            Verb.PREVIEW: self._preview,
            Verb.UP: lambda: self._up(self._request.only),
            Verb.REFRESH: lambda: self._refresh(self._request.only),
            Verb.DRIFT: self._drift,
            Verb.OUTPUTS: self._outputs,
            Verb.DESTROY: self._destroy,
            Verb.CONTENTS: self._contents,
            Verb.RECOVER: self._recover,
        }
        try:
            result = verbs[self._request.verb]()
        except InfraError as error:
            self._stack.unfinished.end(error.code)
            raise
        self._stack.unfinished.end()
        return result

    def _preview(self) -> Result:
        """A server that left the truth before it was given back is among the differences: the others' changes are to be seen."""
        try:
            self._with_allowed(self._request.only, self._stack.preview)
        except Refused as error:
            if error.code != "infra.protected" or self._watch.heard.protected & self._request.access.keys():
                raise
        self._whole()
        operations = self._watch.heard.operations.items()
        changes = {server: operation for server, operation in operations if operation not in _NO_CHANGE}
        return {"changes": changes, "differences": _listed(self._watch.heard.differences)}

    def _up(self, only: Sequence[str]) -> Result:
        """Adopt what is new, mend what drifted. A part that fails, or that a rule forbids, leaves the others done."""
        try:
            self._with_allowed(only, self._stack.up)
            self._whole()
        except InfraError:
            heard = self._watch.heard
            if heard.failures or heard.protected or heard.refused:  # of some servers: the others stand
                self._tell_standing()
            raise
        heard = self._watch.heard
        return {
            "operations": dict(heard.operations),
            "outputs": self._stack.outputs(),
            "busy": round(heard.busy, 3),
            "unrepaired": _listed(heard.unrepaired),
        }

    def _with_allowed(self, only: Sequence[str], do: Callable[[Sequence[str]], None]) -> None:
        """Of these servers (none named: all of the program) those that no rule forbids. The others are kept as refused."""
        meant = only or tuple(self._rules)
        refused = [broken for server in meant for broken in self._rules.get(server, ())]
        self._watch.heard.refused = refused
        forbidden = {each.server for each in refused} | self._unmade(meant)
        if forbidden and not only:  # asked for the others alone, the engine does not speak of who left the truth
            there = self._stack.servers()
            self._watch.heard.protected.update(server for server, held in there.items() if held and server not in self._rules)
        allowed = [server for server in meant if server not in forbidden]
        if allowed or not forbidden:
            do(allowed if forbidden else only)

    def _unmade(self, meant: Sequence[str]) -> set[str]:
        """Of these, those that cannot be rented, which are told as failed: nothing is begun for them. What a preview asks of the
        clouds it asks while it looks."""
        new = set(meant) & set(self._request.new)
        if self._request.verb is Verb.PREVIEW or not new:
            return set()
        found = self._untaken.lacking(new - self._stack.machines())
        for server, error in found.items():
            label = error.fields.get("what", server)
            told = {"server": label, "code": error.code, "fields": error.fields, "status": error.exit_code, "kind": MACHINE}
            self._watch.answer("tell", {"event": "infra.failed", "fields": told})
            self._teller.tell("infra.resource", server=server, kind="server", operation="create", status="failed", seconds=0.0)
        return set(found)

    def _refresh(self, only: Sequence[str]) -> Result:
        """Keep in the state what is seen; for the servers of `baseline`, as what is compared with from now on."""
        self._adopted(self._request.baseline)
        self._adopted(only)
        try:
            self._stack.refresh(only)
            self._whole()
            left = [server for server in self._request.baseline if server not in self._watch.heard.rebased]
            if left:
                raise NeedsPerson("infra.baseline_left", servers=", ".join(left))
        except InfraError:
            if self._watch.heard.rebased:  # of some servers: their new baselines stand
                self._tell_standing()
            raise
        differences = _listed(self._watch.heard.differences)
        return {"differences": differences, "baseline": list(self._request.baseline), "outputs": self._stack.outputs()}

    def _tell_standing(self) -> None:
        """What the state says of every server, before an error is told: which it never takes the place of."""
        with suppress(InfraError):
            self._teller.tell("infra.outputs", outputs=self._stack.outputs())

    def _drift(self) -> Result:
        self._adopted(self._request.only)
        self._stack.look()
        self._whole()
        heard = self._watch.heard
        tell_begun(self._request, self._stack.begun(), self._stack.wanted(), self._leaving(), self._watch.answer)
        if not self._request.only:
            tell_orphans(self._request, self._stack.rented(), self._stack.wanted(), self._watch.answer)
        return {"looked": sorted(heard.operations), "differences": _listed(heard.differences), "busy": round(heard.busy, 3)}

    def _leaving(self) -> frozenset[str]:
        """The names of what a run that died was giving back: servers, and what they stand on."""
        left = self._stack.unfinished.left()
        if left is None or left.verb is not Verb.DESTROY:
            return frozenset()
        return self._stack.with_ground(left.servers or self._stack.servers())

    def _outputs(self) -> Result:
        return {"outputs": self._stack.outputs()}

    def _destroy(self) -> Result:
        """Give back the servers that were named, all when none was. Nothing is begun while one of them cannot be entered, as the
        truth does not have it and it is not lost, or is protected."""
        there = self._stack.servers()
        wanted = list(self._request.only) or list(there)
        self._adopted(each for each in wanted if each not in self._request.begun and not self._stack.has_ground(each))
        unknown = [server for server in wanted if server not in self._request.access and server not in self._request.lost]
        if unknown:
            raise Refused("infra.unknown_server", server=", ".join(unknown))
        held = [server for server in wanted if there.get(server) and server not in self._request.release]
        if held:
            raise Refused("infra.protected", servers=", ".join(held))
        begun = set(wanted) & set(self._request.new) - self._stack.machines() - self._request.lost.keys()
        if begun:
            self._stack.must_be_free()
            self._untaken.give_back(begun, self._stack.rented())
        if any(server in there or self._stack.has_ground(server) for server in wanted):
            self._untaken.enter(set(wanted) - self._request.lost.keys())
            self._stack.destroy(wanted)
        self._whole()
        for server in wanted:
            self._watch.reports.end(server)
        return {"released": wanted, "left": [server for server in there if server not in wanted]}

    def _contents(self) -> Result:
        """What roles of ours have on the servers: what a return would wipe as data. One that cannot be looked at is told of."""
        there = self._stack.outputs()
        wanted = list(self._request.only) or list(there)
        self._adopted(wanted)
        looked, unseen = data_on({server: str(there[server]["address"]) for server in wanted}, self._watch.access)
        return {"contents": looked, "unseen": unseen}

    def _recover(self) -> Result:
        """Take away the lock of a run that died and what it had begun, then carry on with what it was at and nothing else. One
        that lives is left alone, and so is every machine where nobody can tell what was being done."""
        found = self._cleared()
        left = self._stack.unfinished.left()
        self._is_for_a_person(left)
        if left is not None:
            self._stack.unfinished.begin()
        match left.verb if left else None:
            case Verb.UP:
                return self._up(left.servers if left else ())
            case Verb.REFRESH:
                return self._refresh(left.servers if left else ())
            case None if found:
                return self._seen()
        self._teller.tell("infra.nothing_half_done")
        return {"operations": {}, "outputs": self._stack.outputs()}

    def _cleared(self) -> bool:
        """Whether a dead run had left anything in the engine's state, which is gone now. Raises Refused for a living one."""
        try:
            return self._stack.forget_begun()
        except Refused as error:
            if error.code != "infra.state_locked_dead":
                raise
            if self._stack.let_go():
                self._teller.tell("infra.lock_removed", **error.fields)
            self._stack.forget_begun()
            return True

    def _is_for_a_person(self, left: Left | None) -> None:
        """Raises NeedsPerson for what is not carried on with unasked: what was being wiped, or accepted as it stood."""
        there = self._stack.servers()
        asked = left.servers or tuple(there) if left and left.verb is Verb.DESTROY else ()
        begun = [server for server in there if server in asked or self._watch.reports.begun(server)]
        begun += [server for server in asked if server not in there and self._stack.has_ground(server)]
        if begun:
            raise NeedsPerson("infra.returns_begun", servers=", ".join(begun))
        if left and left.baseline:
            raise NeedsPerson("infra.baseline_begun", servers=", ".join(left.baseline))

    def _seen(self) -> Result:
        """What really is, kept in the state, with no machine touched."""
        result = self._refresh(())
        self._teller.tell("infra.cleared")
        return result

    def _adopted(self, servers: Iterable[str]) -> None:
        """Raises Refused for a server that the state does not have."""
        wanted = list(servers)
        there = self._stack.servers() if wanted else {}
        for server in wanted:
            if server not in there:
                raise Refused("infra.not_adopted", server=server, adopted=", ".join(sorted(there)) or "–")

    def _whole(self) -> None:
        """Raises InfraError when a server's part failed or was refused, though the engine went on with the others."""
        if self._watch.heard.failures or self._watch.heard.refused:
            raise complaints.failed(self._watch.heard)


def _listed(by_server: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """By server, then as they were told; a look that was repeated tells the same twice."""
    unique: dict[tuple[str, object, object], dict[str, Any]] = {}
    for server in sorted(by_server):
        for each in by_server[server]:
            unique.setdefault((server, each.get("kind"), each.get("name")), each)
    return list(unique.values())
