"""What the child hears while the engine works: from the provider over the broker, and from the engine by its events. It gives
out what the provider logs in with, keeps what it says, and hands on to the teller what a person wants to see."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from pulumi.automation import EngineEvent

from infra.changes import is_text
from infra.components import ADOPTED, CONTROLLER, MACHINE, RENTED
from infra.errors import NeedsPerson, Refused
from infra.events import Teller
from infra.policies.rules import Broken
from infra.reports import Reports
from infra.request import CHANGING, Request, Verb

_KINDS: Final = {ADOPTED: "server", CONTROLLER: "controller"}
_MACHINE: Final = "machine"
_SERVER: Final = "Server"
_LOOKS: Final = ("refresh", "read")
_REPLACING: Final = ("create-replacement", "delete-replaced")
_DEEDS: Final = ("create", "update", "record", "replace")
_UNSEEN: Final = ("unreachable", "controller_unreachable")
_WAYS: Final = ("machine", "machine.power", "machine.groups", "group", "group.rules", "address", "address.port")
"""Of what is rented, what a server is reached by."""
_OF_CONTROLLER: Final = ("controller_unreachable", "power_changed", "boot_changed", "media_changed", "node_changed")
_OWN_WARNINGS: Final = ("from $PATH",)
"""Warnings of the engine's that say nothing to anybody: it found our provider where it was told to look."""
_INTERRUPTED: Final = "^C"
"""What the engine says first when it begins nothing any more."""
_PROTECTED: Final = re.compile(r'resource "?\S+::(?P<server>[^\s":]+)"? cannot be deleted\s+because it is protected')
_UNREPLACED: Final = re.compile(r'unable to replace resource "?\S+::(?P<server>[^\s":]+)"?')
"""What it says of one that is protected and would have to be made anew."""


@dataclass(slots=True)
class Failure:
    """Why a server's part failed, as the provider told it."""

    server: str
    code: str
    fields: dict[str, Any]
    status: int


@dataclass(slots=True)
class Heard:
    """What happened. `failed`: the resources whose work failed, by kind and server; `refused`: what our own program would not
    have done, `refusals` what the engine's policies would not; `protected`: what the engine would not delete though the truth no
    longer has it; `busy` is for how many seconds at least one server was worked at."""

    failures: dict[str, Failure] = field(default_factory=dict)
    failed: set[tuple[str, str]] = field(default_factory=set)
    protected: set[str] = field(default_factory=set)
    refused: list[Broken] = field(default_factory=list)
    refusals: list[Broken] = field(default_factory=list)
    differences: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unrepaired: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    operations: dict[str, str] = field(default_factory=dict)
    rebased: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    busy: float = 0.0


class Watch:
    """One operation's ears. Safe to call from the broker's threads and the engine's."""

    def __init__(
        self,
        request: Request,
        teller: Teller,
        reports: Reports,
        leases: Mapping[str, Mapping[str, Any]] | None = None,
        roles: Mapping[str, Sequence[str]] | None = None,
        released: Mapping[str, Mapping[str, int]] | None = None,
        *,
        stood_on: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """By server: `leases`, the inputs of its contract as the truth has it; `roles` of ours that the truth has on it;
        `released`, the ports of units that its releases bring; `stood_on`, of one that is rented its cloud and its entry."""
        self.request = request
        self._stood_on = stood_on or {}
        self._roles, self._released = roles or {}, released or {}
        self._leases = leases or {}
        self._teller = teller
        self.reports = reports
        self._lock = threading.Lock()
        self._working = 0
        self._since = 0.0
        self._begun: dict[tuple[str, str], float] = {}
        self._looking: set[tuple[str, str]] = set()
        self._left: set[str] = set()
        self.heard = Heard()

    # ---- the provider

    def answer(self, word: str, fields: dict[str, Any]) -> dict[str, Any]:
        """One request over the broker. Raises NeedsPerson when a paper cannot be kept."""
        if word == "access":
            with kept_in(self.request.reports, str(fields["server"])):
                return self.access(str(fields["server"]))
        if word == "cloud":
            return self.cloud(str(fields.get("cloud") or ""))
        if word == "tell":
            self._told(str(fields["event"]), dict(fields["fields"]))
        return {}

    def access(self, server: str) -> dict[str, Any]:
        """What is asked of the server, and how it is entered; of one that the truth does not have, why not: looking at it is no
        failure, and letting go of it when it is lost needs no way in."""
        asked = {
            "today": self.request.today.isoformat(),
            "now": self.request.now.isoformat(),
            "baseline": server in self.request.baseline,
            "lost": self.request.lost.get(server, ""),
            "wiped": self.reports.begun(server),
            "lease": self._leases.get(server),
            "roles": list(self._roles.get(server, ())),
            "released": dict(self._released.get(server, {})),
            "databases": self.request.databases.get(server, ""),
        }
        own = self.request.access.get(server)
        if own is None:
            return {**asked, "code": "infra.unknown_server"}
        secrets = {name: getattr(own, name) for name in ("private_key", "password", "bmc_password")}
        return {
            **asked,
            "user": own.user,
            "host": own.host,
            "port": own.port,
            "sudo": own.sudo,
            "bmc_user": own.bmc_user,
            **{name: secret.get_secret_value() if secret else None for name, secret in secrets.items()},
            "known_hosts": str(self.request.known_hosts),
        }

    def cloud(self, key: str) -> dict[str, Any]:
        """How a cloud is entered; where none is named, the only one there is. Of one that nobody knows, why not."""
        there = self.request.clouds
        key = key or (next(iter(there)) if len(there) == 1 else "")
        if key not in there:
            return {"code": "infra.cloud_unknown", "key": key or "–", "reason": ", ".join(sorted(there)) or "–"}
        return there[key].document(key)

    def _told(self, event: str, fields: dict[str, Any]) -> None:
        label = str(fields.get("server", ""))
        server = label.rpartition(" ")[2]  # of what is rented the kind stands before the name
        fields |= {"server": server} if "server" in fields else {}
        with self._lock:
            match event:
                case "infra.working":
                    self._count(int(fields["change"]))
                    return
                case "infra.failed":
                    self.heard.failed.add((_kind(fields["kind"]) or fields["kind"], server))
                    # Where nothing is changed nothing is left half done.
                    status = int(fields["status"]) if self.request.verb in CHANGING else min(int(fields["status"]), 4)
                    failure = Failure(server, str(fields["code"]), dict(fields["fields"]), status)
                    self.heard.failures.setdefault(label, failure)
                    return
                case "infra.difference":
                    fields |= self._follows(server, fields)
                    self.heard.differences.setdefault(server, []).append(fields)
                case "infra.unrepaired":
                    self.heard.unrepaired.setdefault(server, []).append(fields)
                case "infra.accepted" | "infra.short" | "infra.now_short" | "infra.released" | "infra.gone":
                    self._papered(event, server, fields)
                case "infra.rebased":
                    self.heard.rebased.add(server)
                case "infra.taken" | "infra.wiping" | "infra.wiped":
                    self._papered(event, server, fields)
                    return
        self._teller.tell(event, **fields)

    def _follows(self, server: str, fields: Mapping[str, Any]) -> Mapping[str, str]:
        """What is to be said otherwise of one that does not answer because of what is mended in its cloud, or whose time is over
        there."""
        if fields["kind"] == "lease_expired" and server in self._stood_on:
            return {"reason": "rented_over"}
        ways = [each for name in (server, *self._stood_on.get(server, ())) for each in self.heard.differences.get(name, ())]
        wrong = any(each["name"] in _WAYS and each["mend"] == "repair" for each in ways)
        return {"mend": "repair", "reason": ""} if wrong and fields["kind"] == "unreachable" else {}

    def _papered(self, event: str, server: str, fields: dict[str, Any]) -> None:
        """Keep what has to be kept of it. Raises NeedsPerson where that cannot be written."""
        with kept_in(self.request.reports, server):
            match event:
                case "infra.taken" | "infra.gone":
                    self.reports.end(server)  # what was begun of an earlier return is over
                case "infra.wiping" | "infra.wiped":
                    self.reports.keep_begun(server, fields["proof"])
                case "infra.released":
                    fields["files"] = self.reports.released(server, fields["proof"])
                case _:
                    fields["files"] = self._paper(event, server, fields)

    def _paper(self, event: str, server: str, fields: Mapping[str, Any]) -> list[str]:
        """Nothing is signed of a machine that was looked at, would be accepted, and was not taken over."""
        if event == "infra.accepted" and self.request.verb is Verb.PREVIEW:
            return []
        return self.reports.acceptance(server, fields["report"], str(fields.get("since") or ""))

    def _count(self, change: int) -> None:
        if self._working == 0:
            self._since = monotonic()
        self._working += change
        if self._working == 0:
            self.heard.busy += monotonic() - self._since

    # ---- the engine

    def event(self, event: EngineEvent) -> None:
        """One event of the engine's."""
        if event.resource_pre_event is not None:
            self._step(event.resource_pre_event.metadata, "begun")
        elif event.res_outputs_event is not None:
            self._step(event.res_outputs_event.metadata, "done")
        elif event.res_op_failed_event is not None:
            self._step(event.res_op_failed_event.metadata, "failed")
        elif event.policy_event is not None:
            self._refused(event.policy_event.policy_name, event.policy_event.message)
        elif event.diagnostic_event is not None:
            self._complained(event.diagnostic_event.severity, event.diagnostic_event.message)
        elif event.stdout_event is not None and event.stdout_event.message.startswith(_INTERRUPTED):
            self._teller.tell("infra.stage", stage="stopping")

    def _step(self, metadata: Any, status: str) -> None:
        kind = _kind(metadata.type)
        if kind is None:
            return
        server = str(metadata.urn).rpartition("::")[2]
        operation = str(getattr(metadata.op, "value", metadata.op))
        operation = "replace" if operation in _REPLACING else operation
        if operation == "delete" and self._is_left(kind, server):
            return
        with self._lock:
            if status == "begun":
                self._begun[kind, server] = monotonic()
                (self._looking.add if operation in _LOOKS else self._looking.discard)((kind, server))
            elif (kind, server) in self._looking:
                operation = "refresh"  # which the engine ends under the name of what would have to be done about it
            seconds = round(monotonic() - self._begun.get((kind, server), monotonic()), 3)
            operation = self._word(kind, server, operation, metadata.diffs or ())
            status = self._true(kind, server, operation, status)
            if kind == "server" or operation not in ("same", "refresh"):
                self.heard.operations[server] = operation
        self._teller.tell("infra.resource", server=server, kind=kind, operation=operation, status=status, seconds=seconds)

    def _word(self, kind: str, server: str, operation: str, differing: Collection[str]) -> str:
        """What the engine calls an update is `record` where only texts changed, on which nothing on a machine hangs."""
        changed = [each["name"] for each in self.heard.differences.get(server, ()) if each["kind"] == "truth_changed"]
        texts = kind == "server" and bool(changed) and all(map(is_text, changed))
        return "record" if operation == "update" and texts and "drift" not in differing else operation

    def _true(self, kind: str, server: str, operation: str, status: str) -> str:
        """The engine takes for done what came back without an error: also a look at a machine that did not answer, a preview of
        what would fail, and mending that left something to a person (`unrepaired`)."""
        if status != "done":
            return status
        if (kind, server) in self.heard.failed:
            return "failed"
        own = [each for each in self.heard.differences.get(server, ()) if _is_of(each, kind)] if kind in _KINDS.values() else []
        if operation in _LOOKS:
            unseen = any(each["kind"] in _UNSEEN or (each["kind"], each["name"]) == ("host_key", server) for each in own)
            return "failed" if unseen else "done"
        by_hand = [each for each in own if each["mend"] == "person"]
        left = by_hand if self.request.verb is Verb.PREVIEW else self.heard.unrepaired.get(server)
        return "unrepaired" if left and operation in _DEEDS and kind == "server" else "done"

    def _is_left(self, kind: str, server: str) -> bool:
        """Whether the engine would delete it only because the truth no longer has it. That never comes to anything where one was
        taken over, which is told first: it is protected, or nobody knows how to enter it. What alone is left of one goes."""
        known = self.request.access.keys() | self.request.clouds.keys()
        if self.request.verb is Verb.DESTROY or server in known:
            return False
        with self._lock:
            if kind in _KINDS.values():
                self._left.add(server)
            return bool(self._left)

    def _refused(self, policy: str, message: str) -> None:
        try:
            said: Mapping[str, Any] = json.loads(message[message.index("{") : message.rindex("}") + 1])
        except ValueError:
            said = {"server": "", "fields": {"text": message}}
        fields = {str(name): str(value) for name, value in dict(said.get("fields") or {}).items()}
        refusal = Broken(policy, str(said.get("code", "")), {**fields, "server": str(said.get("server", ""))})
        with self._lock:
            if refusal not in self.heard.refusals:
                self.heard.refusals.append(refusal)

    def _complained(self, severity: str, message: str) -> None:
        if any(words in message for words in _OWN_WARNINGS):
            return
        if severity in ("warning", "error"):
            with self._lock:
                self.heard.protected.update(found["server"] for found in _PROTECTED.finditer(message))
                for found in _UNREPLACED.finditer(message):
                    self._kept(found["server"])
                self.heard.complaints.append(message)

    def _kept(self, server: str) -> None:
        """One that is protected stays as it is, whatever else was said of that."""
        changes = [
            f"{each['name']}: {each['found']} > {each['wanted']}"
            for each in self.heard.differences.get(server, ())
            if each["kind"] == "rented_changed"
        ]
        fields = {"server": server, "changes": ", ".join(dict.fromkeys(changes)) or "–"}
        self.heard.failures[f"{_SERVER} {server}"] = Failure(server, "infra.not_replaced", fields, Refused.exit_code)
        self.heard.failed.add((_MACHINE, server))


@contextmanager
def kept_in(folder: Path, server: str) -> Iterator[None]:
    """Raises NeedsPerson, which names the folder, when what is kept there of this server cannot be written or read."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise NeedsPerson("infra.paper_unwritten", server=server, folder=str(folder), reason=reason) from error


def _kind(type_: str) -> str | None:
    """What a resource is to who reads of it; None for a component. Below one, the types of all above stand before its own."""
    own = type_.rpartition("$")[2]
    if own == MACHINE:
        return _MACHINE
    return own.removeprefix(RENTED).lower() if own.startswith(RENTED) else _KINDS.get(own)


def _is_of(difference: Mapping[str, Any], kind: str) -> bool:
    """Whether it is told of the server itself, or of its controller."""
    return (difference["kind"] in _OF_CONTROLLER) == (kind == "controller")
