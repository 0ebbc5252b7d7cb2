"""The SDK's experimental provider class, made to speak for `infra.adopting`. The one module that knows its shape.

Calls come in on one event loop; the work is done in threads, as many as the engine asks for at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from pulumi.provider.experimental import provider as sdk

from infra import adopting
from infra.broker import Line
from infra.components import ADOPTED
from infra.errors import InfraError, Refused
from infra.provider.schema import SCHEMA
from infra.provider.wire import to_plain, to_wire
from infra.reach.machine import open_machine
from infra.releasing import release

T = TypeVar("T")

_AT_ONCE: Final = 32


class LeasedServers(sdk.Provider):
    """One resource, `lajur:leased:Server`."""

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
        _known(request.type)
        wrong = adopting.misfits(to_plain(request.new_inputs))
        return sdk.CheckResponse(request.new_inputs, [sdk.CheckFailure(name, reason) for name, reason in wrong.items()])

    async def diff(self, request: sdk.DiffRequest) -> sdk.DiffResponse:
        changed = adopting.changed(to_plain(request.old_state), to_plain(request.new_inputs))
        update = sdk.PropertyDiff(sdk.PropertyDiffKind.UPDATE, input_diff=False)
        return sdk.DiffResponse(changes=bool(changed), diffs=changed, detailed_diff=dict.fromkeys(changed, update))

    async def create(self, request: sdk.CreateRequest) -> sdk.CreateResponse:
        _known(request.type)
        inputs = to_plain(request.properties)
        state = await self._worked(inputs, lambda task: adopting.adopt(task, preview=request.preview))
        return sdk.CreateResponse(None if request.preview else str(inputs["server"]), to_wire(state))

    async def read(self, request: sdk.ReadRequest) -> sdk.ReadResponse:
        state = to_plain(request.properties)
        found = await self._worked(state, lambda task: adopting.look(task, state))
        return sdk.ReadResponse(request.resource_id, to_wire(found), request.inputs)

    async def update(self, request: sdk.UpdateRequest) -> sdk.UpdateResponse:
        inputs, state = to_plain(request.news), to_plain(request.olds)
        found = await self._worked(inputs, lambda task: adopting.mend(task, state, preview=request.preview))
        return sdk.UpdateResponse(to_wire(found))

    async def delete(self, request: sdk.DeleteRequest) -> None:
        state = to_plain(request.properties)
        await self._worked(state, lambda task: release(task, state))

    async def cancel(self) -> None:
        """Nothing is held that would have to be let go of: what is under way on a machine may be done again."""

    async def _worked(self, inputs: Mapping[str, Any], work: Callable[[adopting.Task], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._work, inputs, work)

    def _work(self, inputs: Mapping[str, Any], work: Callable[[adopting.Task], T]) -> T:
        """One server's work. What goes wrong is told in full over the broker; the engine is given a line of its own."""
        server = str(inputs["server"])
        self._line.tell("infra.working", {"change": 1})
        try:
            access = self._line.ask("access", server=server)
            if "code" in access:
                raise Refused(str(access["code"]), server=server)
            task = adopting.Task(inputs, access, open_machine, self._line.tell)
            with task:
                return work(task)
        except InfraError as error:
            said = {"server": server, "code": error.code, "fields": _plain(error.fields), "status": error.exit_code}
            self._line.tell("infra.failed", said)
            raise Exception(f"{server}: {error.code}") from None  # noqa: TRY002 - the SDK shows any exception by its class
        finally:
            self._line.tell("infra.working", {"change": -1})


def _plain(fields: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | bool | str | list | dict) else str(value) for name, value in fields.items()
    }


def _known(kind: str) -> None:
    if kind.rpartition("$")[2] != ADOPTED:
        raise Exception(f"lajur makes no {kind}")  # noqa: TRY002 - as above
