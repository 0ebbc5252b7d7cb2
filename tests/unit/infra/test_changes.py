"""What the truth says otherwise than what is on record: by its own names, and whether anything on a machine hangs on it."""

from __future__ import annotations

import json
from typing import Any

from infra.changes import changes, is_text
from infra.inputs import server_inputs
from inventory.load import load_regency
from tests.infra.site import REGENCY


def inputs() -> dict[str, Any]:
    regency = load_regency(REGENCY)
    made: dict[str, Any] = json.loads(json.dumps(server_inputs(regency, regency.servers[0])))
    return made


def test_it_is_named_as_the_truth_names_it_with_what_it_was_and_shall_be() -> None:
    state, now = inputs(), inputs()
    now["lease"]["place"] = "Sorong\x1b[2J"
    now["lease"]["returnConditions"] = []
    now["lease"]["promise"]["memory"] = 2**37
    now["names"] = ["a.example", "b.example"]
    found = {each.name: (each.found, each.wanted) for each in changes(state, now)}
    assert found["lease.place"] == (state["lease"]["place"], "Sorong\\x1b[2J")
    assert found["lease.promise.memory"] == (str(2**36), str(2**37))
    assert found["names"] == (", ".join(state["names"]), "a.example, b.example")
    assert found["lease.return_conditions"][1] == "–"
    assert len(found) == 4
    assert {name for name in found if not is_text(name)} == {"lease.promise.memory"}


def test_what_is_the_same_is_no_change_and_what_was_never_there_is_one() -> None:
    assert changes(inputs(), inputs()) == ()
    (new,) = changes({}, {"power": "on"}, "bmc.")
    assert (new.name, new.found, new.wanted, is_text(new.name)) == ("bmc.power", "–", "on", False)


def test_every_input_that_a_machine_hangs_on_is_no_text() -> None:
    """An input that comes new is a text or not by somebody's decision."""
    texts = {name for name in inputs() if is_text({"controller": "bmc"}.get(name, name))}
    assert texts == {"regency", "server", "role", "names", "management", "lease"}
    lease = {name for name in inputs()["lease"] if is_text(f"lease.{name}".replace("lessorKeys", "lessor_keys"))}
    assert lease == {"key", "lessor", "number", "start", "end", "country", "place", "returnConditions"}
