"""What each verb does, in which order. Every one ends with what stands now, or with the error that says what does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from infra import complaints
from infra.errors import InfraError, Refused
from infra.events import Teller
from infra.request import Request, Verb
from infra.stack import Stack
from infra.watch import Watch

Result = dict[str, Any]


def carry_out(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    """The verb of the request; its result, as `done` tells it. Raises InfraError."""
    return _VERBS[request.verb](request, stack, watch, teller)


def _preview(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    stack.preview()
    _whole(watch)
    changes = {server: operation for server, operation in watch.heard.operations.items() if operation not in _NO_CHANGE}
    return {"changes": changes, "differences": _listed(watch.heard.differences)}


def _up(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    """Adopt what is new, mend what drifted. A part that fails leaves the others done."""
    stack.up()
    _whole(watch)
    result = {"operations": dict(watch.heard.operations), "outputs": stack.outputs(), "busy": round(watch.heard.busy, 3)}
    return {**result, "unrepaired": _listed(watch.heard.unrepaired)}


def _refresh(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    _known(request, stack, request.baseline)
    stack.refresh()
    _whole(watch)
    return {"differences": _listed(watch.heard.differences), "baseline": list(request.baseline), "outputs": stack.outputs()}


def _drift(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    looked = [server for server in stack.servers() if not request.only or server in request.only]
    if looked:
        stack.look()
    _whole(watch)
    return {"looked": looked, "differences": _listed(watch.heard.differences), "busy": round(watch.heard.busy, 3)}


def _outputs(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    return {"outputs": stack.outputs()}


def _destroy(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    """Give back the servers that were named, all when none was. Nothing is begun while one of them is protected."""
    there = stack.servers()
    wanted = list(request.only) or list(there)
    _known(request, stack, wanted)
    held = [server for server in wanted if there[server] and server not in request.release]
    if held:
        raise Refused("infra.protected", servers=", ".join(held))
    if wanted:
        stack.destroy(wanted)
    _whole(watch)
    return {"released": wanted, "left": [server for server in there if server not in wanted]}


def _recover(request: Request, stack: Stack, watch: Watch, teller: Teller) -> Result:
    """Take away the lock of a run that died and what it had begun, then carry on: a living one is left alone."""
    try:
        stack.refresh(clear_pending=True)
    except InfraError as error:
        if error.code != "infra.state_locked_dead":
            raise
        teller.tell("infra.lock_removed", **error.fields)
        stack.let_go()
        stack.refresh(clear_pending=True)
    return _up(request, stack, watch, teller)


def _known(request: Request, stack: Stack, servers: tuple[str, ...] | list[str]) -> None:
    there = stack.servers() if servers else {}
    for server in servers:
        if server not in there:
            raise Refused("infra.not_adopted", server=server, adopted=", ".join(there) or "–")


def _whole(watch: Watch) -> None:
    """Raises InfraError when a server's part failed, though the engine went on with the others."""
    if watch.heard.failures:
        raise complaints.failed(watch.heard)


def _listed(by_server: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """By server, then as they were told; a look that was repeated tells the same twice."""
    unique: dict[str, dict[str, Any]] = {}
    for server in sorted(by_server):
        for each in by_server[server]:
            unique.setdefault(f"{server} {each.get('kind')} {each.get('name')}", each)
    return list(unique.values())


_NO_CHANGE: Final = ("same", "refresh", "read")
_VERBS: Final[Mapping[Verb, Callable[[Request, Stack, Watch, Teller], Result]]] = {
    Verb.PREVIEW: _preview,
    Verb.UP: _up,
    Verb.REFRESH: _refresh,
    Verb.DRIFT: _drift,
    Verb.OUTPUTS: _outputs,
    Verb.DESTROY: _destroy,
    Verb.RECOVER: _recover,
}
