"""`python -m infra`: one request on standard input, events on standard output, and nothing else of either kind.

The last event is `done` or `failed`; a process that ends without one has died. The exit status is 0 in both cases.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from pydantic import ValidationError

from infra.errors import InfraError
from infra.events import Teller
from infra.interrupts import Interrupts
from infra.leash import when_gone
from infra.request import LONGEST, Request, Verb
from inventory.load import TruthInvalid, load_regency

if TYPE_CHECKING:
    from inventory.regency import Regency


def main() -> int:
    interrupts = Interrupts()
    interrupts.install()
    teller = Teller(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)  # what a library prints is no event
    # Nobody listens any more: the same as being asked to stop.
    when_gone(os.getppid(), partial(os.kill, os.getpid(), signal.SIGINT))
    try:
        request = Request.model_validate_json(sys.stdin.buffer.read(LONGEST))
        teller.done(_carry_out(request, teller, interrupts))
    except ValidationError as error:
        places = ", ".join(".".join(map(str, each["loc"])) for each in error.errors(include_input=False))
        teller.failed("infra.request", {"places": places}, 70)
    except InfraError as error:
        teller.failed(error.code, error.fields, error.exit_code)
    except KeyboardInterrupt:
        teller.failed("infra.interrupted", {}, 5)
    return 0


def _carry_out(request: Request, teller: Teller, interrupts: Interrupts) -> dict[str, object]:
    from infra.quotas import tell_quotas

    if request.verb is Verb.QUOTAS:
        return tell_quotas(request.clouds, teller)
    from infra.inputs import released_on, roles_on, server_inputs
    from infra.page import Head
    from infra.program import judged, program, public_keys, rented_of, seen_with
    from infra.rented_rules import rules_told
    from infra.reports import Reports
    from infra.stack import opened
    from infra.untaken import Untaken
    from infra.verbs import Verbs
    from infra.watch import Watch

    regency = _truth(request)
    head = Head(regency=regency.head.name, illustrative=regency.head.illustrative)
    known, rented = rented_of(regency, request, known=True), rented_of(regency, request)
    seen = seen_with(regency, known, request)
    leases = {server.key: server_inputs(seen, server)["lease"] for server in seen.servers}
    stood_on = {key: each.stands_on for key, each in known.items()}
    watch = Watch(request, teller, Reports(request.reports, head), leases, roles_on(seen), released_on(seen), stood_on=stood_on)
    teller.tell("infra.stage", stage="opening")
    made = program(regency, request.access, rented, public_keys(rented, request))
    facts = rules_told(regency, (each.stay for each in rented.values()), request.today) if rented else None
    with opened(request, made, watch, interrupts, stood_on, facts) as stack:
        teller.tell("infra.stage", stage=request.verb.value)
        rules = judged(regency, request.access, request.today, rented)
        return Verbs(request, stack, watch, teller, rules, Untaken(request, known)).carry_out()


def _truth(request: Request) -> Regency:
    try:
        return load_regency(request.folder)
    except TruthInvalid as error:
        first = error.findings[0]
        raise InfraError("infra.truth", file=first.file, line=first.line, finding=first.code) from error


if __name__ == "__main__":
    sys.exit(main())
