"""Leased servers in the truth: files that may be absent, what a promise says, how long a lease runs."""

from __future__ import annotations

from datetime import date, timedelta
from ipaddress import IPv4Network
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inventory import rules, views
from inventory.findings import Severity
from inventory.lease_views import (
    WARN_DAYS,
    LeaseTime,
    is_open_to_strangers,
    lease_state,
    lease_states,
    leases_ending,
    report_lines,
    servers_of,
)
from inventory.load import SHIPPED, TruthInvalid, judge, load_regency
from inventory.messages import render
from inventory.regency import FILES as ALL_FILES
from inventory.regency import OPTIONAL, Regency
from inventory.server_model import Lease
from inventory.tabular import export_offices, import_offices
from inventory.units import Size, Unfit
from tests.unit.inventory.server_cases import SERVER_FILES, WHOLE
from tests.unit.inventory.small import FILES, as_bytes, judged

LARGEST = 10**15


def whole() -> Regency:
    regency = judged(WHOLE).regency
    assert regency is not None
    return regency


# ---------------------------------------------------------------------------------------------------------------- files


def test_the_whole_regency_is_sound_with_and_without_a_day() -> None:
    assert [each.code for each in judged(WHOLE).findings] == ["link.local"]
    assert [each.code for each in judge(as_bytes(WHOLE), [], today=date(2026, 6, 1)).findings] == ["link.local"]
    regency = whole()
    assert [server.key for server in regency.servers] == ["app-1", "db-1"]
    assert str(regency.segment) == "100.67.0.0/24"
    assert regency.server("db-1").protected
    assert regency.lease("utama").promise.memory == 64 * 2**30
    assert regency.stage("pertama").threshold == 80
    assert regency.workload("oss").servers == ()


def test_without_these_files_a_regency_is_as_sound_and_has_nothing_of_them() -> None:
    regency = judged(FILES).regency
    assert regency is not None
    assert {f"{stem}.yaml" for stem in OPTIONAL} == {*SERVER_FILES, "clouds.yaml"}
    assert set(ALL_FILES) > OPTIONAL
    assert all(getattr(regency, stem) == () for stem in OPTIONAL)
    assert regency.segment is None


@pytest.mark.parametrize("absent", sorted(SERVER_FILES))
def test_any_one_of_them_may_be_absent_and_says_the_same_as_an_empty_list(absent: str) -> None:
    stem = absent.removesuffix(".yaml")
    without = {name: text for name, text in WHOLE.items() if name != absent}
    empty = {**WHOLE, absent: f"{stem}: []\n"}
    one, other = judged(without), judged(empty)
    assert [each.code for each in one.findings] == [each.code for each in other.findings]
    assert (one.regency is None) == (other.regency is None) == (absent in ("servers.yaml", "leases.yaml"))


def test_a_spoiled_one_is_told_and_not_taken_for_absent() -> None:
    told = judged({**WHOLE, "people.yaml": "people:\n\t- {}\n"})
    assert told.regency is None
    assert [(each.file, each.code) for each in told.findings] == [("people.yaml", "yaml.tab")]


def test_power_may_be_written_without_quotes() -> None:
    for power in ("on", "off", "'on'"):
        servers = WHOLE["servers.yaml"].replace("      media:", f"      power: {power}\n      boot: pxe\n      media:")
        regency = judged({**WHOLE, "servers.yaml": servers}).regency
        assert regency is not None
        bmc = regency.server("app-1").bmc
        assert bmc is not None
        assert (bmc.power, bmc.boot) == (power.strip("'"), "pxe")


def test_a_table_that_takes_away_an_office_of_a_stage_is_refused_where_the_stage_stands(tmp_path: Path) -> None:
    for name, text in WHOLE.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    rows = export_offices(tmp_path).splitlines(keepends=True)
    assert not import_offices(tmp_path, "".join(rows).encode()).changes
    with pytest.raises(TruthInvalid) as refused:
        import_offices(tmp_path, "".join(row for row in rows if "distrik" not in row).encode())
    assert ("stages.yaml", "reference.unknown") in {(each.file, each.code) for each in refused.value.findings}


def test_a_password_in_an_address_is_never_shown() -> None:
    for old in ("https://192.0.2.10", "http://192.0.2.20/debian.iso"):
        new = "https://lajur:" + "rahasia123@192.0.2.10/x"
        files = {**WHOLE, "servers.yaml": WHOLE["servers.yaml"].replace(old, new)}
        findings = judged(files).findings
        assert findings
        assert all("rahasia123" not in render(each, language) for each in findings for language in ("id", "en"))


def test_hostile_text_stays_text() -> None:
    hostile = r'"{{ 7*7 }} \e[2J\u202e"'
    files = {name: text.replace("lease: utama", f"lease: {hostile}") for name, text in WHOLE.items()}
    for old, new in (("number: SEWA-2", f"number: {hostile}"), ("2027-01-31", "2026-01-31")):
        files["leases.yaml"] = files["leases.yaml"].replace(old, new)
    files["workloads.yaml"] = files["workloads.yaml"].replace("key: oss", f"key: {hostile}")
    findings = judged(files).findings
    assert len(findings) > 1
    assert all(render(each, language).isprintable() for each in findings for language in ("id", "en"))


# ---------------------------------------------------------------------------------------------------------------- sizes


@given(st.integers(min_value=1, max_value=LARGEST))
@example(1)
@example(1023)
@example(1001 * 2**20)
@example(LARGEST)
def test_a_printed_size_reads_back(value: int) -> None:
    assert Size.parse(str(Size(value))) == value


@given(st.text(max_size=30))
def test_any_text_is_a_size_or_refused(text: str) -> None:
    try:
        value: int | Unfit = Size.parse(text)
    except Unfit as error:
        value = error
    if isinstance(value, Unfit):
        assert value.code.startswith("unit.size")
        assert value.fields["value"] == text
    else:
        assert 0 < value <= LARGEST


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("64 GiB", 64 * 2**30, "64 GiB"),
        ("64 GB", 64 * 10**9, "64 GB"),
        ("65536 MiB", 64 * 2**30, "64 GiB"),
        ("960 GB", 960 * 10**9, "960 GB"),
        ("1.92TB", 1920 * 10**9, "1920 GB"),
        ("1.5 TiB", 1536 * 2**30, "1.5 TiB"),
        ("1 B", 1, "1 B"),
    ],
)
def test_both_kinds_of_unit_are_read_as_written(text: str, value: int, shown: str) -> None:
    size = Size.parse(text)
    assert (size, str(size), repr(size)) == (value, shown, f"Size('{shown}')")


@pytest.mark.parametrize("text", ["64", "64 gb", "64 Gb", "64 GIB", "64 GiB/s", "64,5 GiB", "-1 GiB", "0 GB", "1e3 GB", ""])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        Size.parse(text)


def test_memory_in_decimal_units_is_questioned_and_a_disk_is_not() -> None:
    files = {**WHOLE, "leases.yaml": WHOLE["leases.yaml"].replace("64 GiB", "64 GB")}
    (told,) = [each for each in judged(files).findings if each.severity is Severity.WARNING]
    assert "64 GB" in render(told, "en")
    assert "59.6 GiB" in render(told, "en")
    assert "59,6 GiB" in render(told, "id")


# --------------------------------------------------------------------------------------------------------------- leases


def lease(end: date = date(2027, 1, 31)) -> Lease:
    return whole().lease("kecil").model_copy(update={"end": end})


@pytest.mark.parametrize(("days", "warning"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7)])
def test_a_lease_warns_at_each_of_the_days(days: int, warning: int | None) -> None:
    own = lease()
    state = lease_state(own, own.end - timedelta(days=days))
    assert (state.days_left, state.warning, state.state) == (days, warning, LeaseTime.RUNNING)
    assert warning is None or warning in WARN_DAYS


def test_before_and_after_a_lease() -> None:
    own = lease()
    before = lease_state(own, own.start - timedelta(days=1))
    after = lease_state(own, own.end + timedelta(days=1))
    assert (before.state, before.warning) == (LeaseTime.FUTURE, None)
    assert lease_state(own, own.start).state is LeaseTime.RUNNING
    assert (after.state, after.days_left, after.warning) == (LeaseTime.EXPIRED, -1, None)


def test_a_lease_that_has_not_begun_does_not_warn_of_its_end() -> None:
    own = lease().model_copy(update={"start": date(2027, 1, 20)})
    assert lease_state(own, date(2027, 1, 15)).warning is None


def test_what_somebody_should_act_on_comes_soonest_first() -> None:
    regency = whole()
    assert leases_ending(regency, date(2026, 6, 1)) == ()
    assert [each.lease.key for each in leases_ending(regency, date(2027, 1, 1))] == ["kecil"]
    assert [each.lease.key for each in leases_ending(regency, date(2028, 12, 1))] == ["kecil", "utama"]
    assert [each.lease.key for each in lease_states(regency, date(2028, 12, 1))] == ["utama", "kecil"]


def test_which_machines_a_lease_holds() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    held = {each.key: [server.key for server in servers_of(regency, each)] for each in regency.leases}
    assert held == {"main": ["app-1", "app-2", "db-1"], "small": ["edge-1", "mon-1"], "extra": ["app-3"]}


def test_every_promised_disk_has_a_line_of_its_own() -> None:
    lines = report_lines(whole().lease("utama").promise)
    assert lines == ("cpus", "memory", "disk-1", "disk-2", "network", "model", "os", "serial")
    assert "disk-1" not in report_lines(lease().promise)


# -------------------------------------------------------------------------------------------------------------- offices


def staged(trained: str = "false", waiver: str = "distrik") -> Regency:
    offices = WHOLE["offices.yaml"].replace("lan: 100.64.1.0/24", "lan: 100.64.1.0/24\n    stage: pertama")
    member = "      - {role: Petugas TI 1, trained: true}\n"
    offices = offices.replace(member, f"{member}      - {{role: Petugas TI 2, trained: {trained}}}\n")
    stages = WHOLE["stages.yaml"].replace("office: distrik", f"office: {waiver}")
    regency = judged({**WHOLE, "offices.yaml": offices, "stages.yaml": stages}).regency
    assert regency is not None
    return regency


@pytest.mark.parametrize(
    ("trained", "waiver", "told"), [("false", "distrik", True), ("true", "distrik", False), ("false", "izin", False)]
)
def test_two_trained_staff_or_a_waiver_make_an_office_ready(trained: str, waiver: str, *, told: bool) -> None:
    regency = staged(trained, waiver)
    assert views.trained_staff(regency.office("izin")) == 1 + (trained == "true")
    assert ("stage.untrained" in {each.code for each in rules.check(regency)}) == told


def test_a_smaller_copy_keeps_the_servers_and_waives_only_offices_that_it_has() -> None:
    regency = whole()
    small = views.only(regency, {"izin", "dinkes"})
    assert (small.servers, small.leases, small.workloads, small.people) == (
        regency.servers, regency.leases, regency.workloads, regency.people,
    )  # fmt: skip
    assert [stage.waivers for stage in small.stages] == [()]
    assert not [each for each in rules.check(small) if each.severity is Severity.ERROR]


@pytest.mark.parametrize("key", ["manokwari", "tolikara"])
def test_every_office_of_a_regency_with_stages_has_one(key: str) -> None:
    regency = load_regency(SHIPPED / key)
    assert {office.stage for office in regency.offices} == {stage.key for stage in regency.stages}


def test_the_stages_of_manokwari_follow_its_hubs_and_media() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    for office in regency.offices:
        medium = views.access_link(regency, office).medium.value
        wanted = "pilot" if office.hub == "sgg" else "fibre" if medium == "fibre" else "remote"
        assert office.stage == wanted, office.key


@pytest.mark.parametrize(
    ("network", "severity"),
    [
        ("0.0.0.0/0", Severity.ERROR),
        ("128.0.0.0/1", Severity.ERROR),
        ("100.0.0.0/9", Severity.WARNING),
        ("8.8.0.0/16", Severity.WARNING),
        ("8.8.8.0/24", None),
        ("10.0.0.0/8", None),
        ("100.64.0.0/10", None),
    ],
)
def test_what_the_policy_refuses_is_told_beforehand_by_field_and_line(network: str, severity: Severity | None) -> None:
    told = judged({**WHOLE, "servers.yaml": SERVER_FILES["servers.yaml"].replace("100.65.0.0/16", network)}).findings
    found = [each for each in told if each.code.startswith("server.management")]
    assert [each.severity for each in found] == ([severity] if severity else [])
    assert is_open_to_strangers(IPv4Network(network)) is (severity is not None)
    assert all("management" in render(each, language) for each in found for language in ("id", "en"))


def test_one_contract_may_have_two_kinds_of_machine_and_is_remarked() -> None:
    leases = SERVER_FILES["leases.yaml"].replace("Penyewa B\n    number: SEWA-2", "Penyewa A\n    number: SEWA-1")
    told = judged({**WHOLE, "leases.yaml": leases})
    assert told.regency is not None
    (found,) = [each for each in told.findings if each.code == "lease.contract_twice"]
    assert (found.severity, found.file, found.fields["first"], found.fields["lease"]) == (
        Severity.WARNING, "leases.yaml", "utama", "kecil",
    )  # fmt: skip
    other = leases.replace(
        "Penyewa A\n    number: SEWA-1\n    start: 2026-03", "Penyewa C\n    number: SEWA-1\n    start: 2026-03"
    )
    assert "lease.contract_twice" not in {each.code for each in judged({**WHOLE, "leases.yaml": other}).findings}


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_truth_value_is_shown_as_it_was_written(language: Literal["id", "en"]) -> None:
    spoilt = {**WHOLE, "leases.yaml": SERVER_FILES["leases.yaml"].replace("cpus: 16", "cpus: true")}
    (found,) = [each for each in judged(spoilt).findings if each.code == "shape.integer_boolean"]
    assert "cpus: true" in render(found, language)
