"""What runs on servers, as the truth says it: defaults, ports, names, databases, accounts."""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from inventory import release_rules
from inventory import release_views as views
from inventory.findings import Severity, has_errors
from inventory.load import SHIPPED, load_regency
from inventory.messages import render
from inventory.model import ItStaff
from inventory.regency import Regency
from inventory.release_model import ALL, Batch, Release, Runs, Workload
from inventory.server_model import Person, Team
from inventory.words_releases import KIND_WORDS
from tests.unit.inventory.release_cases import RUNNING, SIGNER
from tests.unit.inventory.small import judged

LOCAL_PART = re.compile(r"[a-z][a-z0-9-]{0,62}")
"""Of an XMPP address: RFC 7622 lets much more stand there, and nobody has to quote or escape these."""


@pytest.fixture
def regency() -> Regency:
    whole = judged(RUNNING)
    assert [each.code for each in whole.findings] == ["link.local"]
    assert whole.regency is not None
    return whole.regency


@pytest.fixture
def manokwari() -> Regency:
    return load_regency(SHIPPED / "manokwari")


def changed(old: str, new: str, file: str = "workloads.yaml") -> dict[str, str]:
    assert old in RUNNING[file]
    return {**RUNNING, file: RUNNING[file].replace(old, new)}


# --------------------------------------------------------------------------------------------------------------- shapes


def test_only_the_artefact_of_a_release_has_to_be_written() -> None:
    release = Release.model_validate({"artefact": "tarball"})
    assert release.model_dump(mode="json") == {
        "artefact": "tarball", "start": ["bin/serve"], "migrate": None, "expect": None, "good": 5, "watch": 5, "requests": 20,
        "errors": 1, "slow": 500, "keep": 3, "batches": [1, "25%", "100%"], "database": None, "signers": [], "staged": False,
    }  # fmt: skip


def test_what_is_deployed_runs_as_a_workload_unless_said_otherwise(regency: Regency) -> None:
    assert {each.key: each.runs for each in regency.workloads} == {
        "gerbang": Runs.WORKLOAD, "data": Runs.DATABASE, "pintu": Runs.EDGE, "obrol": Runs.CHAT, "kemudi": Runs.CONTROLLER,
        "nama": Runs.DNS, "oss": None,
    }  # fmt: skip


def test_every_workload_comes_back_from_its_plain_values(regency: Regency, manokwari: Regency) -> None:
    for workload in (*regency.workloads, *manokwari.workloads):
        assert Workload.model_validate(workload.model_dump(mode="json")) == workload


def test_a_backup_has_a_time_of_day_that_is_shown_as_it_is_written(regency: Regency) -> None:
    backup = regency.workload("data").backup
    assert backup is not None
    assert (backup.at, backup.model_dump(mode="json")["at"]) == (time(1, 30), "01:30")


def test_a_private_key_among_the_signers_is_not_shown() -> None:
    for each in judged(changed(SIGNER, "-----BEGIN KUNCI----- b3BlbnNz")).findings:
        assert "b3BlbnNz" not in render(each, "id") + render(each, "en")


@given(st.lists(st.one_of(st.integers(-5, 2000), st.integers(-5, 300).map("{}%".format), st.booleans(), st.floats()), max_size=6))
@example([1, "25%", ALL])
@example([True, ALL])
@example(["010%", ALL])
def test_batches_are_refused_or_end_with_all_and_grow(batches: list[Any]) -> None:
    try:
        release = Release.model_validate({"artefact": "tarball", "batches": batches})
    except ValidationError:
        return
    assert list(release.batches) == batches
    assert release.batches[-1] == ALL
    parts = [int(each.removesuffix("%")) for each in release.batches if isinstance(each, str)]
    assert all(1 <= low < high <= 100 for low, high in pairwise(parts))


@given(st.one_of(st.text(max_size=6), st.integers(), st.none(), st.lists(st.integers(), max_size=1)))
def test_a_batch_is_a_count_or_a_percentage_and_stays_as_written(value: object) -> None:
    try:
        batch = TypeAdapter[Any](Batch).validate_python(value)
    except ValidationError:
        return
    assert batch == value
    assert re.fullmatch(r"[1-9][0-9]{0,3}|[1-9][0-9]?%|100%", str(batch))


# ------------------------------------------------------------------------------------------------------- what runs where


def test_what_a_server_runs(manokwari: Regency) -> None:
    there = {each.key: [found.key for found in views.workloads_on(manokwari, each.key)] for each in manokwari.servers}
    assert there == {
        "app-1": ["gateway"], "app-2": ["gateway"], "db-1": ["records"], "edge-1": ["entrance", "resolver"],
        "mon-1": ["watch", "talk", "steering"], "app-3": [],
    }  # fmt: skip
    assert [each.key for each in views.workloads_of(manokwari, Runs.EDGE)] == ["entrance"]
    assert [each.key for each in views.servers_of(manokwari, manokwari.workload("gateway"))] == ["app-1", "app-2"]


@pytest.mark.parametrize(
    ("runs", "written", "own", "every"),
    [
        (Runs.DATABASE, None, 5432, (5432,)),
        (Runs.DATABASE, 5433, 5433, (5433,)),
        (Runs.EDGE, None, 443, (443, 80)),
        (Runs.EDGE, 8443, 8443, (8443, 80)),
        (Runs.WORKLOAD, 8080, 8080, (8080,)),
        (Runs.WORKLOAD, None, None, ()),
        (None, 443, 443, ()),
    ],
)
def test_which_ports_a_workload_takes(
    regency: Regency, runs: Runs | None, written: int | None, own: int | None, every: tuple[int, ...]
) -> None:
    workload = regency.workload("data").model_copy(update={"runs": runs, "port": written})
    assert (views.port_of(workload), views.ports_of(workload)) == (own, every)


@pytest.mark.parametrize("key", ["manokwari", "bontang", "tolikara"])
def test_no_port_of_a_shipped_server_is_taken_twice(key: str) -> None:
    regency = load_regency(SHIPPED / key)
    for server in regency.servers:
        ports = [port for each in views.workloads_on(regency, server.key) for port in views.ports_of(each)]
        assert len(ports) == len(set(ports)), server.key
        assert not {views.SSH_PORT, views.NODE_EXPORTER_PORT} & set(ports)


def test_an_edge_lets_in_by_name_to_the_servers_of_a_workload(manokwari: Regency) -> None:
    (way,) = views.ways(manokwari, manokwari.workload("entrance"))
    assert (way.workload.key, way.names, way.port) == ("gateway", ("perizinan.manokwari.example",), 8080)
    assert [each.key for each in way.servers] == ["app-1", "app-2"]
    assert [each.key for each in views.edges_of(manokwari, way.workload)] == ["edge-1"]
    assert views.edges_of(manokwari, manokwari.workload("records")) == ()
    assert views.ways(manokwari, manokwari.workload("watch")) == ()


def test_every_release_with_data_has_a_database_and_a_user_of_its_own(manokwari: Regency) -> None:
    found = views.databases(manokwari, manokwari.workload("records"))
    told = [(each.name, each.user, each.workload.key, [client.key for client in each.clients]) for each in found]
    assert told == [
        ("gateway", "gateway", "gateway", ["app-1", "app-2"]),
        ("steering", "steering", "steering", ["mon-1"]),
    ]
    assert views.databases(manokwari, manokwari.workload("entrance")) == ()
    assert views.database_name(manokwari.workload("si-peri-etnik")) == "si_peri_etnik"


def test_every_name_leads_where_it_is_served(manokwari: Regency) -> None:
    told = {name: [str(each) for each in found] for name, found in views.names_of(manokwari).items()}
    assert told["perizinan.manokwari.example"] == ["100.67.0.14"]
    assert told["obrolan.manokwari.example"] == ["100.67.0.15"]
    assert told["app-2.manokwari.example"] == ["100.67.0.12"]
    assert len(told) == 8


def test_the_systems_that_the_field_names_are_connected_with_probe_class_owner_and_window(manokwari: Regency) -> None:
    found = views.systems(manokwari)
    assert [each.workload.key for each in found] == ["oss", "sicantik", "eplanning", "si-peri-etnik", "oss-mobile"]
    assert all(each.application is not None and each.application.probe is not None for each in found)
    assert all(each.workload.owner and each.workload.service_class in manokwari.policy.classes for each in found)
    assert [window.key for each in found for window in each.windows] == ["musrenbang-distrik", "rka-skpd", "akhir-tahun"]
    assert KIND_WORDS[found[0].workload.kind].id == "terhubung"


def test_a_system_without_an_application_is_still_one_and_a_window_that_is_gone_is_only_remarked() -> None:
    told = judged(changed("    application: oss\n", ""))
    assert told.regency is not None
    (system,) = views.systems(told.regency)
    assert system.application is None
    gone = judged(changed("windows: [rencana]", "windows: [rencana, dulu]"))
    assert gone.regency is not None
    assert not has_errors(gone.findings)
    assert [each.severity for each in gone.findings if each.code == "workload.window_unknown"] == [Severity.WARNING]
    assert [each.key for each in views.systems(gone.regency)[0].windows] == ["rencana"]


# --------------------------------------------------------------------------------------------------------------- people


def test_the_accounts_of_manokwari_are_more_than_six_hundred(manokwari: Regency) -> None:
    found = views.accounts(manokwari)
    names = [each.name for each in found]
    assert [each.name for each in found if each.team is Team.TASK_FORCE] == [f"satgas-{number:03d}" for number in range(1, 601)]
    assert len(names) == len(set(names)) == 607 + sum(len(office.it_staff) for office in manokwari.offices)
    assert {each.office for each in found if each.team is None} == {office.key for office in manokwari.offices if office.it_staff}
    assert all(LOCAL_PART.fullmatch(name) for name in names)
    assert "kominfo-it-2" in names
    assert "posko-1" in names


KEYS = st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True)
PEOPLE = st.builds(Person, key=KEYS, team=st.sampled_from(Team), role=st.just("Petugas"), seats=st.integers(1, 1200))


@given(st.lists(PEOPLE, max_size=4), st.integers(0, 3), KEYS)
@example([Person(key="a", team=Team.SUPPORT, role="x", seats=1000)], 2, "a")
def test_accounts_are_valid_addresses_and_a_clash_of_them_is_told(people: list[Person], staff: int, office: str) -> None:
    whole = judged(RUNNING).regency
    assert whole is not None
    members = tuple(ItStaff(role=f"Petugas TI {number}") for number in range(staff))
    offices = (whole.offices[0].model_copy(update={"key": office, "it_staff": members}),)
    regency = whole.model_copy(update={"people": tuple({each.key: each for each in people}.values()), "offices": offices})
    names = [each.name for each in views.accounts(regency)]
    assert all(LOCAL_PART.fullmatch(name) for name in names)
    assert len(names) == sum(each.seats for each in regency.people) + staff
    told = [each for each in release_rules.check(regency) if each.code == "people.account_twice"]
    assert bool(told) == (len(names) != len(set(names)))


@given(PEOPLE.filter(lambda person: person.seats > 1), st.integers(1, 300))
def test_more_seats_take_no_name_away(person: Person, more: int) -> None:
    larger = person.model_copy(update={"seats": person.seats + more})
    assert views.names_of_person(larger)[: person.seats] == views.names_of_person(person)


@pytest.mark.parametrize(("length", "found"), [(26, []), (27, ["workload.key_long"])])
def test_a_key_has_room_for_the_name_of_its_user(length: int, found: list[str]) -> None:
    key = "gerbang".ljust(length, "x")
    told = judged(changed("key: gerbang", f"key: {key}"))
    assert [each.code for each in told.findings if each.code == "workload.key_long"] == found
