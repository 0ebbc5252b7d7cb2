"""`python tests/lab/cloud_child.py`, inside the `noc` of a lab with a cloud: a request as `python -m infra` has it, and a program
of things to rent, both as one JSON document on standard input. The real engine carries them out; events go out as there."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import pulumi
from pulumi.automation import EngineEvent

from infra.components import RENTED, RentedThing
from infra.errors import InfraError
from infra.events import Teller
from infra.interrupts import Interrupts
from infra.page import Head
from infra.reports import Reports
from infra.request import Request, Verb
from infra.stack import PACKS, Stack, opened
from infra.watch import Watch

CLOUD: Final = "awan"

Thing = tuple[str, str, dict[str, Any], dict[str, Any]]
"""Its kind, its name, its inputs, and its options: `seconds`, how long it may be waited for."""


class Counting(Watch):
    """What the engine did, by its word for it; of a look, what would be done."""

    done: Counter[str]

    def event(self, event: EngineEvent) -> None:
        super().event(event)
        seen = event.res_outputs_event
        if seen is not None and str(seen.metadata.type).startswith(RENTED):
            self.done[str(getattr(seen.metadata.op, "value", seen.metadata.op))] += 1


def program(regency: str, things: Sequence[Thing]) -> None:
    made: dict[str, RentedThing] = {}
    for kind, name, inputs, more in things:
        options = pulumi.ResourceOptions()
        if "seconds" in more:
            options.custom_timeouts = pulumi.CustomTimeouts(create=f"{more['seconds']}s")
        head = {"cloud": CLOUD, "regency": regency}
        made[f"{kind} {name}"] = RentedThing(kind, name, {**head, **_known(inputs, made)}, options)


def _known(value: Any, made: Mapping[str, RentedThing]) -> Any:
    """`{"of": "Network web", "what": "subnet"}` is what that one puts out."""
    if isinstance(value, dict):
        if "of" not in value:
            return {name: _known(each, made) for name, each in value.items()}
        found = getattr(made[value["of"]], value["what"])
        return found if "at" not in value else found.apply(lambda each, at=value["at"]: each[at])
    return [_known(each, made) for each in value] if isinstance(value, list) else value


def carried_out(stack: Stack, verb: Verb, watch: Counting) -> None:
    if verb is Verb.RECOVER:
        stack.let_go()
        stack.forget_begun()
    if verb is Verb.PREVIEW:
        stack.preview(())
    else:
        stack.up(())
    if watch.heard.failures:
        from infra.complaints import failed

        raise failed(watch.heard)


def main() -> None:
    asked = json.load(sys.stdin)
    PACKS.clear()  # what the provider does is looked at; the wall before it knows only servers of the truth
    request = Request.model_validate(asked["request"])
    teller = Teller(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    watch = Counting(request, teller, Reports(request.reports, Head(regency="X")))
    watch.done = Counter()
    try:
        with opened(request, partial(program, request.stack, asked["things"]), watch, Interrupts()) as stack:
            carried_out(stack, request.verb, watch)
    except InfraError as error:
        teller.failed(error.code, error.fields, error.exit_code)
    else:
        teller.done({"operations": watch.done})


if __name__ == "__main__":
    main()
