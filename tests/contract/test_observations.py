"""What every form of the record promises of observations: the last word on a subject counts, and each place has its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from network.core.building import Observation
from network.ledger.store import SqlLedger
from tests.contract.records import NOON, Opener

SEEN = Observation(
    subject="server app-1", at=NOON, value={"facts": {"memory": 64 * 2**30, "load": 0.5}, "names": ["a", None, True]}
)


def test_an_observation_is_kept_and_the_last_one_counts(ledger: SqlLedger, another: Opener) -> None:
    assert ledger.observations("direct").latest("manokwari") == {}
    other = replace(SEEN, subject="server db-1", value={})
    ledger.observations("direct").put("manokwari", [other, SEEN])
    ledger.observations("direct").put("tolikara", [replace(SEEN, value={"elsewhere": 1})])
    later = replace(SEEN, at=NOON + timedelta(days=1), value={"facts": {}})
    ledger.observations("direct").put("manokwari", [later])
    found = another().observations("direct").latest("manokwari")
    assert list(found) == ["server app-1", "server db-1"]
    assert found == {"server app-1": later, "server db-1": other}


def test_only_what_begins_with_the_prefix_is_asked_for(ledger: SqlLedger) -> None:
    names = ("server a", "server_b", "serverXc", "cloud a")
    ledger.observations("direct").put("manokwari", [replace(SEEN, subject=name) for name in names])
    assert list(ledger.observations("direct").latest("manokwari", "server ")) == ["server a"]
    assert list(ledger.observations("direct").latest("manokwari", "server_")) == ["server_b"]
    assert len(ledger.observations("direct").latest("manokwari")) == 4


def test_what_was_seen_in_a_lab_says_nothing_of_the_real_machines(ledger: SqlLedger) -> None:
    for place in ("direct", "lab a 10.000", "lab a 20.000"):
        ledger.observations(place).put("manokwari", [replace(SEEN, value={"place": place})])
    assert ledger.observations("lab a 10.000").latest("manokwari")["server app-1"].value == {"place": "lab a 10.000"}
    ledger.observations("lab a 10.000").drop("manokwari", ["server app-1"])
    assert ledger.observations("lab a 10.000").latest("manokwari") == {}
    assert ledger.observations("direct").latest("manokwari")["server app-1"].value == {"place": "direct"}


def test_what_is_gone_is_dropped_and_what_never_was_is_no_error(ledger: SqlLedger) -> None:
    ledger.observations("direct").put("manokwari", [SEEN, replace(SEEN, subject="server db-1")])
    ledger.observations("direct").drop("manokwari", ["server app-1", "server ghost"])
    ledger.observations("direct").drop("manokwari", [])
    ledger.observations("direct").put("manokwari", [])
    assert list(ledger.observations("direct").latest("manokwari")) == ["server db-1"]


def test_what_a_machine_says_comes_back_as_it_was(ledger: SqlLedger) -> None:
    hostile = {"model": "\x1b[2J\u202e{{ 7 * 7 }}\u0000", "lone": "\ud800", "'; DROP TABLE run; --": "x" * 100_000}
    ledger.observations("direct").put("manokwari", [replace(SEEN, value=hostile)])
    assert ledger.observations("direct").latest("manokwari")["server app-1"].value == hostile


def test_a_record_from_before_observations_learns_to_keep_them(another: Opener) -> None:
    with another() as ledger, ledger._database.writing() as connection:
        for table in ("schema_floor", "release_mark", "release", "observation"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0005'")
    later = another()
    later.observations("direct").put("manokwari", [SEEN])
    assert later.observations("direct").latest("manokwari") == {"server app-1": SEEN}
