"""The SDK's experimental provider class, made to speak for `infra.provider.lives`. The one module that knows its shape.

Calls come in on one event loop; the work is done in threads, as many as the engine asks for at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from pulumi.provider.experimental import provider as sdk
from pulumi.provider.experimental.property_value import PropertyValue

from infra.broker import Line
from infra.errors import InfraError
from infra.provider.kinds import LIVES, cut
from infra.provider.lives import Life, Manner, Place, Values
from infra.provider.schema import SCHEMA
from infra.provider.wire import hidden, to_plain, to_wire

T = TypeVar("T")

_AT_ONCE: Final = 32
_GRACE: Final = 5.0
"""Seconds between an interrupt and the end of every conversation with a machine. A few commands fit into them."""


class Servers(sdk.Provider):
    """Every kind of resource in `LIVES`."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="server")

    async def get_schema(self, request: sdk.GetSchemaRequest) -> sdk.GetSchemaResponse:
        return sdk.GetSchemaResponse(json.dumps(SCHEMA))

    async def check_config(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        return sdk.CheckResponse(request.new_inputs)

    async def diff_config(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        return sdk.DiffResponse(changes=False)

    async def configure(self, request: sdk.ConfigureRequest) -> sdk.ConfigureResponse:
        return sdk.ConfigureResponse(accept_secrets=True, supports_preview=True)

    async def check(self, request: sdk.CheckRequest) -> sdk.CheckResponse:
        life, inputs = _life(request.type), to_plain(request.new_inputs)
        wrong = life.misfits(inputs, self._line.tell)
        whole = {**to_wire(life.manner.defaults(inputs)), **request.new_inputs}
        return sdk.CheckResponse(
            hidden(whole, life.manner.hidden), [sdk.CheckFailure(name, reason) for name, reason in wrong.items()]
        )

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        state, inputs = to_plain(request.old_state), to_plain(request.new_inputs)
        manner = _life(request.type).manner
        found = manner.differing(_kind(request.type), state, inputs)
        for each in found.told:
            self._line.tell("infra.difference", {"server": manner.label(inputs), **each.model_dump(mode="json")})
        kinds = dict.fromkeys(found.names, sdk.PropertyDiffKind.UPDATE)
        kinds |= dict.fromkeys(found.replaces, sdk.PropertyDiffKind.UPDATE_REPLACE)
        return sdk.DiffResponse(
            changes=bool(found.names),
            replaces=found.replaces,
            # The other one would be taken for the one that bears its mark, and two cannot have one address.
            delete_before_replace=bool(found.replaces),
            diffs=found.names,
            detailed_diff={name: sdk.PropertyDiff(kind, input_diff=False) for name, kind in kinds.items()},
        )

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        life, inputs = _life(request.type), to_plain(request.properties)
        state = await self._worked(
            request,
            inputs,
            lambda access: life.create(inputs, access, self._line.tell, preview=request.preview),
            inputs if request.preview else None,
        )
        return sdk.CreateResponse(None if request.preview else life.manner.id_of(state), _out(life, state))

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        life, inputs = _life(request.type), to_plain(request.inputs)
        state = life.manner.known(to_plain(request.properties), inputs, _place(request))
        found = await self._worked(request, state, lambda access: life.look(state, access, self._line.tell))
        if found is None:
            return sdk.ReadResponse()
        # The inputs of one that is imported are what it is; of one that was made, what was wanted stays.
        known = request.inputs or {name: each for name, each in _out(life, found).items() if name in _input_names(request.type)}
        return sdk.ReadResponse(request.resource_id, _out(life, found), known)

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        life, inputs = _life(request.type), to_plain(request.news)
        state = life.manner.known(to_plain(request.olds), {}, _place(request))
        found = await self._worked(
            request,
            inputs,
            lambda access: life.update(inputs, state, access, self._line.tell, preview=request.preview),
            {**state, **inputs} if request.preview else None,
        )
        return sdk.UpdateResponse(_out(life, found))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        life = _life(request.type)
        state = life.manner.known(to_plain(request.properties), {}, _place(request))
        await self._worked(request, state, lambda access: life.release(state, access, self._line.tell))

    async def cancel(self) -> None:
        """Somebody interrupted the engine. What is under way is given a while to come to its end."""
        asyncio.get_running_loop().call_later(_GRACE, self._threads.submit, cut)

    async def _worked(self, request: Any, values: Values, work: Callable[[Values], T], otherwise: T | None = None) -> T:
        loop = asyncio.get_running_loop()
        kind, seconds = _kind(request.type), float(getattr(request, "timeout", None) or 0)
        return await loop.run_in_executor(self._threads, self._work, kind, values, seconds, work, otherwise)

    def _work(self, kind: str, values: Values, seconds: float, work: Callable[[Values], T], otherwise: T | None) -> T:
        """One server's work. What goes wrong is told in full over the broker; the engine is given a line of its own, or what is
        to stand `otherwise`: one that fails in a preview keeps nobody else from being previewed."""
        manner: Manner = _life(kind).manner
        label = manner.label(values)
        self._line.tell("infra.working", {"change": 1})
        try:
            word, fields = manner.asked(values)
            return work({**self._line.ask(word, **fields), "seconds": seconds})
        except InfraError as error:
            said = {"server": label, "kind": kind, "code": error.code, "fields": _plain(error.fields)}
            self._line.tell("infra.failed", {**said, "status": error.exit_code})
            if otherwise is not None:
                return otherwise
            raise Exception(f"{label}: {error.code}") from None  # noqa: TRY002 - the SDK shows any exception by its class
        finally:
            self._line.tell("infra.working", {"change": -1})


def _plain(fields: dict[str, object]) -> dict[str, Any]:
    simple = (int, float, bool, str, list, dict)
    return {name: value if isinstance(value, simple) else str(value) for name, value in fields.items()}


def _out(life: Life, state: Values) -> dict[str, PropertyValue]:
    return hidden(to_wire(state), life.manner.hidden)


def _kind(kind: str) -> str:
    """A resource below a component carries the types of all above it."""
    return kind.rpartition("$")[2]


def _life(kind: str) -> Life:
    found = LIVES.get(_kind(kind))
    if found is None:
        raise Exception(f"lajur makes no {kind}")  # noqa: TRY002 - as above
    return found


def _place(request: Any) -> Place:
    """Of a URN: `urn:pulumi:STACK::PROJECT::TYPE::NAME`."""
    stack = request.urn.removeprefix("urn:pulumi:").partition("::")[0]
    return Place(id=str(request.resource_id), name=str(request.name), stack=stack)


def _input_names(kind: str) -> frozenset[str]:
    return frozenset(SCHEMA["resources"].get(_kind(kind), {}).get("inputProperties", ()))
