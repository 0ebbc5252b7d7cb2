"""The engine, driven: one stack of one regency, its state, its environment, its operations. Foreign exceptions end here."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pulumi import automation
from pulumi.automation.errors import CommandError

from infra import broker
from infra.complaints import died, remove_dead_locks, standing, understood
from infra.components import ADOPTED, CLOUD_ENTRY, CLOUD_GROUND, CLOUD_SERVER, LEASED_SERVER, MACHINE, PUT_OUT, RENTED
from infra.engine.binary import find, sdk_version
from infra.errors import Refused
from infra.holders import forget
from infra.interrupts import Interrupts
from infra.policies.pack import FACTS, MEANT, TODAY
from infra.renting.orphans import Orphan
from infra.request import Request, Verb
from infra.running import EngineCommand
from infra.state_place import address, is_folder, notes, resources_of
from infra.unfinished import Unfinished
from infra.watch import Watch, kept_in

PACKS: Final = [str(Path(__file__).parent / "policies")]
"""The policy packs of every preview and every change."""
_AT_ONCE: Final = 32
"""Servers worked at side by side: each is a connection, and most of its time is the machine's."""
_NO_SERVER: Final = "-"
"""The key of none: keys begin with a letter."""
_UNWANTED: Final = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL")


class _Lean(automation.Stack):
    """Without the commands that follow every operation to tell what is not asked for: each starts the engine anew."""

    def __init__(self, made: automation.Stack, now: datetime) -> None:
        # Not the parent's: it would select the stack once more.
        self.name = made.name
        self.workspace = made.workspace
        self._now = now

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        return automation.UpdateSummary("update", self._now, "", {}, {}, "succeeded")


class Stack:
    """The operations that the verbs are made of. Each may raise InfraError."""

    def __init__(
        self,
        made: automation.Stack,
        request: Request,
        watch: Watch,
        unfinished: Unfinished,
        stood_on: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """`stood_on`: by rented server its cloud and its entry, whose resources it stands on."""
        self._made = made
        self._request = request
        self._watch = watch
        self._stood_on = stood_on or {}
        self.unfinished = unfinished

    def preview(self, servers: Sequence[str]) -> None:
        """These; none named: all."""
        with _translated(self._watch):
            self._made.preview(
                refresh=True,
                parallel=_AT_ONCE,
                color="never",
                on_event=self._watch.event,
                policy_packs=PACKS,
                target=self._meant(servers) or None,
            )

    def up(self, servers: Sequence[str]) -> None:
        """These; none named: all."""
        with _translated(self._watch):
            self._made.up(
                refresh=True,
                parallel=_AT_ONCE,
                continue_on_error=True,
                color="never",
                on_event=self._watch.event,
                policy_packs=PACKS,
                target=self._meant(servers) or None,
                show_secrets=False,
            )

    def look(self) -> None:
        """Read every server and change nothing, in the state neither."""
        with _translated(self._watch):
            targets = self._targets(self._request.only) or None
            self._made.preview_refresh(parallel=_AT_ONCE, color="never", on_event=self._watch.event, target=targets)

    def refresh(self, servers: Sequence[str]) -> None:
        """These; none named: all."""
        with _translated(self._watch):
            self._made.refresh(
                parallel=_AT_ONCE,
                color="never",
                on_event=self._watch.event,
                target=self._targets(servers) or None,
                show_secrets=False,
            )

    def destroy(self, servers: Sequence[str]) -> None:
        """Give these back, with what they alone stand on, as far as the state has it."""
        with _translated(self._watch):
            resources = self._resources()
            for resource in resources:
                if resource.get("protect") and _name(resource) in servers:
                    self._command("state", "unprotect", str(resource["urn"]), "--yes")
            left = {_name(each) for each in resources if each["type"] in (CLOUD_SERVER, MACHINE)} - set(servers)
            kept = {self._stood_on.get(server, ("", "")) for server in left}
            self._made.destroy(
                target=[*self._targets(servers, ground=False), *self._ground(servers, kept)],
                parallel=_AT_ONCE,
                continue_on_error=True,
                color="never",
                on_event=self._watch.event,
                show_secrets=False,
            )

    def outputs(self) -> dict[str, Any]:
        """By server: what is put out of it. From the state's resources, as a run that failed for one server leaves no outputs."""
        found = {}
        for name, resource in self._adopted().items():
            state = resource.get("outputs") or {}
            found[name] = {each: state[each] for each in PUT_OUT if each in state} | {"lease": state["lease"]["key"]}
        return found

    def wanted(self) -> frozenset[str]:
        """The names of what is rented that is to be there: servers, and what they stand on."""
        return self.with_ground(self._request.rented)

    def with_ground(self, servers: Iterable[str]) -> frozenset[str]:
        """The names of these, and of what they stand on."""
        return frozenset(name for server in servers for name in (server, *self._stood_on.get(server, ())))

    def rented(self) -> frozenset[str]:
        """The ids of what is rented, as their clouds have them, ports of servers among them."""
        with _translated(self._watch):
            there = [each for each in self._resources() if str(each["type"]).startswith(RENTED)]
        ports = (port for each in there for port in (each.get("outputs") or {}).get("portIds") or ())
        return frozenset((*(str(each.get("id")) for each in there), *map(str, ports)))

    def begun(self) -> tuple[Orphan, ...]:
        """What is rented for servers that were not taken over: a run that ended early began them."""
        with _translated(self._watch):
            there = self._resources()
        taken = {_name(each) for each in there if each["type"] == ADOPTED}
        own = [each for each in there if each["type"] == CLOUD_SERVER and _name(each) in taken]
        carried = {*taken, *(name for server in taken for name in self._stood_on.get(server, ()))}
        if any(_name(each) not in self._stood_on for each in own):  # of one that left the truth nobody knows what it stands on
            there = [each for each in there if f"{CLOUD_SERVER}${RENTED}" in str(each["urn"])]
        rented = [each for each in there if str(each["type"]).startswith(RENTED) and _name(each) not in carried]
        return tuple(
            sorted(Orphan(_name(each), each["type"].removeprefix(RENTED).lower(), str(each.get("id") or "–")) for each in rented)
        )

    def servers(self) -> dict[str, bool]:
        """The servers in the state, and whether each is protected; a rented one counts before it was taken over."""
        with _translated(self._watch):
            found = [each for each in self._resources() if each["type"] in (CLOUD_SERVER, MACHINE, ADOPTED)]
        protected = {_name(each) for each in found if each.get("protect")}
        return {name: name in protected for name in map(_name, found)}

    def has_ground(self, server: str) -> bool:
        """Whether anything stands of what this rented server stands on, and nobody else does."""
        with _translated(self._watch):
            there = self._resources()
        others = {_name(each) for each in there if each["type"] in (CLOUD_SERVER, MACHINE)} - {server}
        kept = {name for other in others for name in self._stood_on.get(other, ())}
        own = set(self._stood_on.get(server, ())) - kept
        return any(_name(each) in own for each in there if each["type"] in (CLOUD_GROUND, CLOUD_ENTRY))

    def must_be_free(self) -> None:
        """Raises Refused while a lock stands, whoever holds it."""
        held = standing(self._request)
        if held is not None:
            raise held
        if not is_folder(self._request):
            self._probe()

    def machines(self) -> frozenset[str]:
        """The rented servers that the state has, taken over or not."""
        with _translated(self._watch):
            return frozenset(_name(each) for each in self._resources() if each["type"] == MACHINE)

    def _adopted(self) -> dict[str, Any]:
        with _translated(self._watch):
            return {_name(each): each for each in self._resources() if each["type"] == ADOPTED}

    def _resources(self) -> list[dict[str, Any]]:
        found = resources_of(self._request)
        return found if found is not None else list((self._made.export_stack().deployment or {}).get("resources") or [])

    def forget_begun(self) -> bool:
        """Strike out what a run that died had begun: every step may be done again, so that there is nothing to be said of it.
        Whether there was any. Raises Refused while a lock stands, whoever holds it."""
        begun = not is_folder(self._request) and bool(self._pending()[1])  # of which the engine strikes out a part when it looks
        self.must_be_free()
        kept, pending = self._pending()
        if pending:  # else nothing is written: who was through meanwhile would be written over with what was before him
            with _translated(self._watch):
                self._made.import_stack(kept)
        forget(notes(self._request))
        return begun or bool(pending)

    def _pending(self) -> tuple[automation.Deployment, list[Any]]:
        """The state without what was begun in it, and that."""
        with _translated(self._watch):
            state = self._made.export_stack()
        kept = dict(state.deployment or {})
        begun = kept.pop("pending_operations", None) or []
        return automation.Deployment(state.version, kept), begun

    def let_go(self) -> bool:
        """Remove the locks of this stack whose holders are dead; whether there were any. In a database the engine takes all away
        together: only where every holder is dead. Raises Refused for any other there."""
        if is_folder(self._request):
            return remove_dead_locks(self._request)
        try:
            self._probe()
        except Refused as error:
            if error.code != "infra.state_locked_dead":
                raise
        else:
            return False
        with _translated(self._watch):
            self._made.cancel()
        forget(notes(self._request))
        return True

    def _probe(self) -> None:
        """Raises Refused while a lock stands in a database, which shows its locks only to who takes one: for a look at no server,
        which reads and writes the state within its lock."""
        with _translated(self._watch):
            self._made.refresh(color="never", target=self._targets([_NO_SERVER]), show_secrets=False)

    def _meant(self, servers: Sequence[str]) -> list[str]:
        """The same, which the policies are told too: the engine shows them every server that it knows."""
        workspace = self._made.workspace
        workspace.env_vars = {**workspace.env_vars, MEANT: json.dumps(list(servers))}
        return self._targets(servers)

    def _targets(self, servers: Sequence[str], *, ground: bool = True) -> list[str]:
        """The component of each, and all below it, with the `ground` of those that are rented."""
        own = [self._pattern(CLOUD_SERVER if each in self._stood_on else LEASED_SERVER, each) for each in servers]
        return [*own, *self._ground(servers)] if ground else own

    def _ground(self, servers: Sequence[str], kept: Collection[tuple[str, str]] = ()) -> list[str]:
        """What these rented servers stand on, but for what others stand on who are `kept`."""
        found = [self._stood_on[server] for server in servers if server in self._stood_on]
        clouds = {cloud for cloud, _ in found} - {cloud for cloud, _ in kept}
        entries = {entry for _, entry in found} - {entry for _, entry in kept}
        return [
            *(self._pattern(CLOUD_GROUND, cloud) for cloud in sorted(clouds)),
            *(self._pattern(CLOUD_ENTRY, entry) for entry in sorted(entries)),
        ]

    def _pattern(self, kind: str, name: str) -> str:
        """Two asterisks stand for any letters or none; a pattern may fit nothing."""
        return f"urn:pulumi:{self._request.stack}::{self._request.project}::{kind}**::{name}"

    def _command(self, *words: str) -> None:
        workspace = self._made.workspace
        environment = {**workspace.env_vars, "PULUMI_HOME": str(self._request.home)}
        workspace.pulumi_command.run([*words, "--stack", self._request.stack], workspace.work_dir, environment)


def _name(resource: Mapping[str, Any]) -> str:
    """The last part of its URN: for what is ours, the server's key."""
    return str(resource["urn"]).rpartition("::")[2]


@contextmanager
def opened(
    request: Request,
    program: Callable[[], None],
    watch: Watch,
    interrupts: Interrupts,
    stood_on: Mapping[str, tuple[str, str]] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Iterator[Stack]:
    """The stack, made when it is not there yet, with the broker served beside it. `stood_on` as `Stack` has it; `facts`: what the
    policies are told of rented servers."""
    engine = find({**os.environ, "PATH": f"{request.engine.parent}:{os.environ['PATH']}"} if request.engine else os.environ)
    if engine is None:
        raise Refused("infra.engine_absent", version=sdk_version())
    for name in _UNWANTED:
        os.environ.pop(name, None)
    request.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    work = request.home / "work" / request.stack
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = Unfinished(request)

    def answer(word: str, fields: dict[str, Any]) -> dict[str, Any]:
        if word in ("access", "cloud"):  # before the provider speaks with any machine or cloud
            with kept_in(request.home, str(fields.get("server") or fields.get("name"))):
                unfinished.begin()
        return watch.answer(word, fields)

    with broker.serve(answer) as broker_path, _translated(watch):
        settings = automation.ProjectSettings(request.project, "python", backend=automation.ProjectBackend(address(request)))
        options = automation.LocalWorkspaceOptions(
            work_dir=str(work),
            pulumi_home=str(request.home),
            project_settings=settings,
            secrets_provider="passphrase",
            pulumi_command=EngineCommand(engine, interrupts, notes(request), unfinished.keep),
            env_vars={**_environment(request, broker_path), **({FACTS: json.dumps(facts)} if facts else {})},
        )
        try:
            made = automation.create_or_select_stack(request.stack, request.project, program, opts=options)
        except CommandError as error:
            # Of a stack whose state is gone: there is none for which the engine would let its lock go.
            told = understood(str(error), watch.heard, request)
            if request.verb is not Verb.RECOVER or told.code != "infra.state_locked_dead":
                raise
            remove_dead_locks(request)
            made = automation.create_or_select_stack(request.stack, request.project, program, opts=options)
        _salt(made, work)
        yield Stack(_Lean(made, request.now), request, watch, unfinished, stood_on)


def _salt(made: automation.Stack, work: Path) -> None:
    """Where this folder is new and the stack is not: what the passphrase goes with, from the state, so that another passphrase is
    refused here as it is elsewhere."""
    if (work / f"Pulumi.{made.name}.yaml").exists():
        return
    provider = (made.export_stack().deployment or {}).get("secrets_providers") or {}
    salt = (provider.get("state") or {}).get("salt")
    if salt:
        made.workspace.save_stack_settings(made.name, automation.StackSettings(encryption_salt=salt))


def _environment(request: Request, broker_path: str) -> dict[str, str]:
    """What every command of the engine's is given. The provider and the policy host stand beside the Python that runs us."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
        "PULUMI_BACKEND_URL": address(request),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(request.passphrase_file),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        TODAY: request.today.isoformat(),
        broker.ADDRESS: broker_path,
    }


@contextmanager
def _translated(watch: Watch) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise understood(str(error), watch.heard, watch.request) from error
    except OSError as error:
        raise died(error.strerror or type(error).__name__, watch.request) from error
