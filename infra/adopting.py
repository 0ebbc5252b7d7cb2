"""The life of a leased server: taken over, looked at, mended, given back. Knows neither Pulumi nor SSH.

What is kept of a server is one mapping in JSON's types: its inputs, and beside them

    facts       what the machine was at acceptance          acceptance  the report, line by line
    baseline    how it stood then, as canonical JSON        drift       what differs from that now
    adopted   when it was taken over, in UTC

Every step may be done again: one that died half-way is finished by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, Final, Protocol, Self

from infra import contract, record, repair
from infra.comparing import compare
from infra.errors import HostKeyRefused, OutputError, ReachError, Refused, ShortOfContract, UnknownServer
from infra.facts import Difference, Facts, Snapshot

State = dict[str, Any]
Tell = Callable[[str, Mapping[str, Any]], None]

_KEPT: Final = ("facts", "acceptance", "baseline", "drift", "adopted")
_ROUNDS: Final = 3
"""How often a machine is mended and looked at again before what is left is told."""


class Machine(Protocol):
    """One server, reached. Every call may raise ReachError."""

    def look(self) -> tuple[Facts, Snapshot]: ...

    def run(self, text: str) -> str:
        """Carry out a shell text as root; what it printed. Raises ReachError when it ends badly."""
        ...

    def own_key(self) -> str | None:
        """The fingerprint of the key that we come with; None when it is a password."""
        ...

    def is_let_in(self) -> bool:
        """Whether a new login with what we have would be let in."""
        ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Task:
    """One server's work: what is wanted, what it is reached with, who is told. The machine is reached when first asked."""

    inputs: Mapping[str, Any]
    access: Mapping[str, Any]
    reach: Callable[[Mapping[str, Any], Mapping[str, Any]], Machine]
    tell: Tell
    _machine: Machine | None = field(default=None, init=False)

    @property
    def server(self) -> str:
        return str(self.inputs["server"])

    @property
    def today(self) -> date:
        return date.fromisoformat(self.access["today"])

    @property
    def machine(self) -> Machine:
        """Raises UnknownServer before anything is opened."""
        if self._machine is None:
            must_be_known(self.server, self.access)
            self._machine = self.reach(self.inputs, self.access)
        return self._machine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._machine is not None:
            self._machine.close()


def must_be_known(server: str, access: Mapping[str, Any]) -> None:
    """Raises UnknownServer for one that is in the state only: it left the truth before it was given back."""
    if "code" in access:
        raise UnknownServer(str(access["code"]), server=server)


def misfits(inputs: Mapping[str, Any]) -> dict[str, str]:
    """By input: what is wrong with it. The truth was checked before; this is for who speaks to the provider by himself."""
    needed = ("regency", "server", "address", "lease")  # one that is None is not known yet
    lacking = [name for name in needed if name not in inputs or inputs[name] in ("", {})]
    return dict.fromkeys(lacking, "it is required")


def adopt(task: Task, *, preview: bool = False) -> State:
    """Take the machine over: compare it with its contract, leave a record on it, keep how it stands as the baseline.

    Raises ShortOfContract with the lines that fall short and are not waived; then nothing was changed on the machine.
    With `preview` it is looked at and never changed.
    """
    facts, snapshot = task.machine.look()
    must_be_ours(task)
    report = _accept(task, facts)
    # A file of keys that nobody could read is accepted only by a person who says so.
    baseline = snapshot.model_copy(update={"unread": ()})
    drift = [each.model_dump(mode="json") for each in compare(baseline, snapshot)]
    if not preview:
        task.machine.run(record.written(record_of(task)))
        task.tell("infra.taken", {"server": task.server})
        for each in drift:
            task.tell("infra.unrepaired", {"server": task.server, **each, "reason": "not_plain"})
    return {
        **task.inputs,
        "facts": facts.model_dump(mode="json"),
        "acceptance": report,
        "baseline": baseline.to_json(),
        "drift": drift,
        "adopted": task.access["now"],
    }


def look(task: Task, state: Mapping[str, Any]) -> State:
    """The state with `drift` as it is now. A machine that cannot be reached is a difference, and no failure."""
    differences = list(_lease_differences(task))
    renewed: dict[str, Any] = {}
    try:
        facts, snapshot = task.machine.look()
        held = list(_record_differences(task, state, facts))
        differences += held
        if any(each.mend == "person" for each in held):
            pass  # another machine: what it has beside the other's baseline says nothing
        elif task.access.get("baseline"):
            renewed = {"baseline": snapshot.to_json()}
            _tell_accepted(task, state, snapshot)
            differences += _contract_differences(task, facts)
        else:
            differences += _contract_differences(task, facts)
            baseline = Snapshot.from_json(str(state["baseline"]))
            differences += _compared(task, baseline, snapshot)
            if baseline.doors is None and snapshot.doors is not None:
                task.tell("infra.not_compared", {"server": task.server})
    except HostKeyRefused as error:
        pinned, offered = (str(error.fields.get(name, ""))[:200] for name in ("pinned", "offered"))
        differences.append(Difference(kind="host_key", name=task.server, wanted=pinned, found=offered, reason="host_key"))
    except (ReachError, OutputError) as error:
        why = "left_truth" if isinstance(error, UnknownServer) else "unreachable"
        differences.append(Difference(kind="unreachable", name=task.server, found=error.code, reason=why))
    for each in differences:
        task.tell("infra.difference", {"server": task.server, **each.model_dump(mode="json")})
    return {**state, **renewed, "drift": [each.model_dump(mode="json") for each in differences]}


def _tell_accepted(task: Task, state: Mapping[str, Any], live: Snapshot) -> None:
    """What a person accepts with a new baseline. Of one that cannot be read any more nobody knows."""
    try:
        accepted = _compared(task, Snapshot.from_json(str(state["baseline"])), live)
    except OutputError:
        accepted = ()
    for each in accepted:
        task.tell("infra.accepted_difference", {"server": task.server, **each.model_dump(mode="json")})
    task.tell("infra.rebased", {"server": task.server})


def mend(task: Task, state: Mapping[str, Any], *, preview: bool = False) -> State:
    """Carry the machine back to its baseline as far as commands can, and compare it anew when its contract changed.

    What they cannot mend stays in `drift` and is told. With `preview` nothing is changed, and the machine is asked only where
    something would be in the way. Raises ShortOfContract when it is less than its contract is now: then it stays taken over as it
    was, and nothing was changed on it.
    """
    kept = {name: state[name] for name in _KEPT}
    moved = any(task.inputs.get(name) != state.get(name) for name in ("address", "port"))
    promised_anew = _terms(task.inputs) != _terms(state)
    if task.access.get("wiped"):
        raise Refused("infra.return_begun", server=task.server)
    if preview and not (moved or promised_anew or _is_in_the_way(task, state)):
        return {**task.inputs, **kept}
    facts, snapshot = task.machine.look()
    found = must_be_ours(task)
    must_be_the_same(task, state, facts)
    if record.is_begun(found):
        raise Refused("infra.return_begun", server=task.server)
    if promised_anew:
        kept["acceptance"] = _accept(task, facts, state)
        kept["facts"] = facts.model_dump(mode="json")
    if preview:
        return {**task.inputs, **kept}
    baseline = Snapshot.from_json(str(state["baseline"]))
    before = _compared(task, baseline, snapshot)
    reasons, facts, snapshot = _carried_back(task, baseline, facts, snapshot)
    task.machine.run(record.written(record_of(task, state)))
    left = _compared(task, baseline, snapshot)
    names = {(each.kind, each.name) for each in left}
    for each in before:
        if (each.kind, each.name) not in names:
            task.tell("infra.repaired", {"server": task.server, "kind": each.kind, "name": each.name})
    everything = [*_lease_differences(task), *_contract_differences(task, facts), *left]
    for each in everything:
        reason = reasons.get((each.kind, each.name)) or each.reason
        task.tell("infra.unrepaired", {"server": task.server, **each.model_dump(mode="json"), "reason": reason})
    return {**task.inputs, **kept, "drift": [each.model_dump(mode="json") for each in everything]}


def _is_in_the_way(task: Task, state: Mapping[str, Any]) -> bool:
    """Whether something was seen that would keep us from mending anything: who previews is to hear of it as who carries out."""
    names = {"unreachable": (task.server,), "host_key": (task.server,), "record_missing": (record.PATH, "machine_id", "serial")}
    return any(each["mend"] == "person" and each["name"] in names.get(each["kind"], ()) for each in state["drift"])


def must_be_ours(task: Task) -> dict[str, str] | None:
    """The record on the machine; None when there is none. Raises Refused when another regency, or another server's entry of this
    one, holds the machine."""
    found = record.read(task.machine.run(record.READ))
    if found and (found["regency"], found["server"]) != (task.inputs["regency"], task.server):
        raise Refused("infra.adopted_elsewhere", server=task.server, regency=found["regency"], other=found["server"])
    return found


def must_be_the_same(task: Task, state: Mapping[str, Any], facts: Facts) -> None:
    """Raises Refused when the machine that answers is not the one that was taken over: an address was mistyped, or given to
    another one. Nothing of it is compared with the other's baseline, let alone mended."""
    kept = state["facts"]
    for name in ("machine_id", "serial"):
        was, now = str(kept.get(name) or ""), str(getattr(facts, name))
        if was and now and was != now:
            raise Refused("infra.other_machine", server=task.server, what=name, was=was, found=now)


def _record_differences(task: Task, state: Mapping[str, Any], facts: Facts) -> Iterator[Difference]:
    """A record that is gone can be written again; one that names somebody else, or another machine, is for a person."""
    if not task.inputs["entered"]:
        return
    found = record.read(task.machine.run(record.READ))
    try:
        must_be_the_same(task, state, facts)
    except Refused as error:
        was, now = (str(error.fields[name])[:200] for name in ("was", "found"))
        yield Difference(kind="record_missing", name=str(error.fields["what"]), wanted=was, found=now, reason="other_machine")
        return
    if found and (found["regency"], found["server"]) != (task.inputs["regency"], task.server):
        holder = f"{found['regency']} {found['server']}"[:200]
        yield Difference(kind="record_missing", name=record.PATH, wanted=task.server, found=holder, reason="other_machine")
    elif found != record_of(task, state):
        yield Difference(kind="record_missing", name=record.PATH, mend="repair")


def _compared(task: Task, baseline: Snapshot, live: Snapshot) -> tuple[Difference, ...]:
    """The key that we come with and those of the lessor are nobody's intrusion: whoever took our own away would be locked out.
    Nor is the port of a release, where the truth has it: whoever closed that would shut out the people that it serves."""
    own = {task.machine.own_key(), *task.inputs["lease"]["lessorKeys"]}
    released: Mapping[str, int] = task.access.get("released") or {}
    known = {port.name for port in live.ports if port.proto == "tcp" and released.get(port.unit) == port.number}

    def ours(each: Difference) -> bool:
        if each.kind == "key_added":
            return each.name.rpartition(" ")[2] in own
        return each.kind == "port_opened" and each.name in known

    return tuple(each for each in compare(baseline, live) if not ours(each))


def _accept(task: Task, facts: Facts, state: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The report, which is told. Raises ShortOfContract: of one that was accepted before, in `state`, by a code of its own."""
    report = contract.accept(_terms(task.inputs), facts, task.today)
    document: dict[str, Any] = report.model_dump(mode="json")
    if report.accepted:
        task.tell("infra.accepted", {"server": task.server, "report": document})
        return document
    code, since = ("infra.now_short", str(state["acceptance"].get("day", ""))) if state else ("infra.short", "")
    task.tell(code, {"server": task.server, "report": document, "since": since})
    lines = [{"name": line.name, "promised": line.promised, "found": line.found} for line in report.short]
    raise ShortOfContract(code, server=task.server, number=report.number, lines=lines)


def _terms(inputs: Mapping[str, Any]) -> contract.Terms:
    """The terms that these inputs state. What is empty or zero on the wire was not promised."""
    lease, promise = inputs["lease"], inputs["lease"]["promise"]
    optional = {name: promise[name] or None for name in ("network", "model", "os")}
    return contract.Terms(
        server=inputs["server"],
        lease=lease["key"],
        lessor=lease["lessor"],
        number=lease["number"],
        place=lease["place"],
        serial=inputs["serial"] or None,
        promise=contract.Promise(cpus=promise["cpus"], memory=promise["memory"], disks=promise["disks"], **optional),
        waivers=tuple(contract.Waiver(**{**waiver, "until": waiver["until"] or None}) for waiver in inputs["waivers"]),
    )


def record_of(task: Task, state: Mapping[str, Any] | None = None) -> dict[str, str]:
    at = (state or {}).get("adopted") or task.access["now"]
    return {"regency": str(task.inputs["regency"]), "server": task.server, "at": str(at)}


def _lease_differences(task: Task) -> list[Difference]:
    lease = task.access.get("lease") or task.inputs["lease"]  # as the truth has it today
    end = date.fromisoformat(lease["end"])
    left = (end - task.today).days
    if left < 0:
        today = task.today.isoformat()
        return [Difference(kind="lease_expired", name=lease["number"], wanted=today, found=lease["end"], reason="contract")]
    return []


def _contract_differences(task: Task, facts: Facts) -> Iterator[Difference]:
    """What the machine lacks of its contract today, whatever stands in the baseline: accepting how it stands waives nothing."""
    for line in contract.accept(_terms(task.inputs), facts, task.today).short:
        yield Difference(
            kind="short_of_contract", name=line.name, wanted=line.promised, found=line.found, reason="contract_short"
        )


def _carried_back(
    task: Task, baseline: Snapshot, facts: Facts, live: Snapshot
) -> tuple[dict[tuple[str, str], str], Facts, Snapshot]:
    """Mend what commands can mend, each difference by itself, so that one that fails leaves the others mended; looked at again
    and repeated, because a package that is back brings a service that has to be started.

    Why a difference could not be mended, by kind and name, and what the machine is and how it stands afterwards.
    """
    failed: dict[tuple[str, str], str] = {}
    for _ in range(_ROUNDS):
        steps = [(each, repair.mending(each, baseline, live).script) for each in _compared(task, baseline, live)]
        wanted = [(each, script) for each, script in steps if script is not None and (each.kind, each.name) not in failed]
        if not wanted:
            break
        for each, script in wanted:
            try:
                task.machine.run(script)
            except ReachError as error:
                if error.code != "infra.command_failed":
                    raise
                failed[each.kind, each.name] = str(error.fields.get("reason", ""))
        facts, live = task.machine.look()
    return failed, facts, live
