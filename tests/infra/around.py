"""An `up` that goes around our program: nobody asks the rules before the engine does.

`python -m tests.infra.around` reads a request as `python -m infra` does, and prints the error: its code, fields and exit.
"""

from __future__ import annotations

import io
import json
import sys

from infra.errors import InfraError
from infra.events import Teller
from infra.interrupts import Interrupts
from infra.page import Head
from infra.program import program, public_keys, rented_of
from infra.reports import Reports
from infra.request import Request
from infra.stack import opened
from infra.watch import Watch
from inventory.load import load_regency


def main() -> None:
    request = Request.model_validate_json(sys.stdin.read())
    regency = load_regency(request.folder)
    watch = Watch(request, Teller(io.StringIO()), Reports(request.reports, Head(regency="X")))
    told: dict[str, object] = {}
    try:
        rented = rented_of(regency, request)
        made = program(regency, frozenset(request.access), rented, public_keys(rented, request))
        stood_on = {key: each.stands_on for key, each in rented.items()}
        with opened(request, made, watch, Interrupts(), stood_on) as stack:
            stack.up(())
    except InfraError as error:
        told = {"code": error.code, "fields": error.fields, "exit": error.exit_code}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
