"""The program under Pulumi's mocks, in a process of its own: the SDK leaves threads and loops behind.

`python -m tests.infra.mocked SERVER…` prints what it declared, in the order in which it was asked for.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings, stack

from infra.components import ADOPTED
from infra.program import program
from inventory.load import load_regency
from inventory.regency import Regency
from inventory.server_model import Bmc
from tests.infra.site import REGENCY


class Mocks(mocks.Mocks):
    """Every resource comes out as it went in; `made` has them in the order in which they were asked for."""

    def __init__(self) -> None:
        self.made: list[mocks.MockResourceArgs] = []
        self.protected: dict[str, bool] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.made.append(args)
        kept = {"acceptance": {"accepted": True}, "adopted": "2026-11-26", "facts": {"cpus": 4}}
        return args.name, {**args.inputs, **(kept if args.typ == ADOPTED else {})}

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise AssertionError(f"nothing is invoked: {args.token}")


class Monitor(mocks.MockMonitor):
    """Also keeps which resource is protected, which the mocks are not told."""

    def __init__(self, seen: Mocks) -> None:
        super().__init__(seen)
        self._seen = seen

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - as the wire has it
        if request.type == ADOPTED:
            self._seen.protected[request.name] = bool(request.protect)
        parent: Any = super()
        return parent.RegisterResource(request)


def regency() -> Regency:
    """With a controller on two of its servers, one of which nobody logs in to."""
    made = load_regency(REGENCY)
    bmc = Bmc.model_validate({"url": "https://192.0.2.1", "login": {"user": "a", "password": "env:X"}, "power": "on"})
    changed: dict[str, dict[str, Any]] = {"db-1": {"bmc": bmc}, "edge-1": {"bmc": bmc, "login": None, "protected": False}}
    servers = tuple(server.model_copy(update=changed.get(server.key, {})) for server in made.servers)
    return made.model_copy(update={"servers": servers})


async def declared(servers: list[str]) -> dict[str, Any]:
    seen = Mocks()
    mocks.set_mocks(seen, project="lajur", stack="manokwari", preview=False, monitor=Monitor(seen))
    await stack.run_pulumi_func(program(regency(), servers))
    root: Any = settings.get_root_resource()
    outputs = {name: await pulumi.Output.from_input(value).future() for name, value in root.outputs.items()}
    made = [{"kind": each.typ, "name": each.name, "inputs": each.inputs} for each in seen.made]
    return {"made": made, "protected": seen.protected, "outputs": outputs}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(declared(sys.argv[1:])), default=str))
