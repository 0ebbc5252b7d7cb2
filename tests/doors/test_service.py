"""What monitoring asks: alive, ready, figures, the document of the API, and alerts that fit the figures."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from inventory.lease_views import lease_states
from inventory.load import SHIPPED, load_regency
from inventory.model import Probe
from inventory.units import Direction
from network.core.coverage import Coverage
from network.core.link_states import Word
from network.core.systems import Answer, Board, By, Cell, System, Why
from network.core.systems import Word as Heard
from network.errors import LedgerError, SessionCut
from network.services.figures import CrossCheck, OfficeFigure, Snapshot, UplinkFigure
from network.services.link_rounds import LinkFigures
from qos_api.app import create_app
from qos_api.desk import Options, Part
from qos_api.metrics import Figures
from tests.doors.conftest import Open, Opened
from tests.doors.desk import HERE, Desk, service, things
from tests.doors.test_problems import problem

ROOT: Final = Path(__file__).parents[2]
RULES: Final = ROOT / "qos-api" / "alerts" / "lajur.rules.yml"
THINGS: Final = f"/v1/regencies/{HERE}/things"


def _heard() -> Board:
    """OSS answers nobody; SiCantik answers one office, and the other's router could not ask."""
    at = datetime(2026, 11, 26, 3, tzinfo=UTC)
    bad = Answer(word=Heard.SILENT, by=By.HTTPS, why=Why.TIMEOUT)
    good = Answer(word=Heard.ANSWERS, by=By.HTTPS, milliseconds=250)
    unasked = Answer(word=Heard.UNASKED, by=None, why=Why.NO_MEANS)
    heard = {("rsud", "oss"): bad, ("dpmptsp", "oss"): bad, ("rsud", "sicantik"): good, ("dpmptsp", "sicantik"): unasked}
    return Board(
        at=at + timedelta(minutes=1),
        systems=tuple(
            System(key=key, name=key, owner="-", application=key, probe=Probe(kind="https", host="192.0.2.1"))
            for key in ("oss", "sicantik")
        ),
        offices=("rsud", "dpmptsp"),
        cells={where: Cell(answer=answer, at=at) for where, answer in heard.items()},
    )


HEARD: Final = _heard()
FIGURES: Final = Figures(
    snapshot=Snapshot(
        regency=HERE,
        windows=("eplanning",),
        boosts=("boost-1",),
        uplinks=(
            UplinkFigure(
                uplink="dom",
                direction=Direction.DOWN,
                contracted=200_000_000,
                shaped=193_000_000,
                guaranteed=150_000_000,
                measured=90_000_000,
                backlog=12_000,
            ),
            UplinkFigure(
                uplink="dom",
                direction=Direction.UP,
                contracted=100_000_000,
                shaped=96_000_000,
                guaranteed=80_000_000,
                measured=None,
                backlog=0,
            ),
        ),
        offices=(
            OfficeFigure(
                office="rsud",
                uplink="dom",
                direction=Direction.DOWN,
                guarantee=5_000_000,
                applied=4_999_000,
                ceiling=100_000_000,
                measured=3_210_000,
            ),
        ),
        drift=3,
        age={"core": 1.5, "border": None},
        errors={"border": SessionCut("device.session_cut", device="border", step="observe", reason="reset")},
        cross_check=(
            CrossCheck(
                uplink="dom",
                direction=Direction.DOWN,
                interface="eth1",
                by_snmp=91_000_000,
                by_class=90_000_000,
                ratio=1.011,
                why=None,
                age=3.0,
            ),
        ),
    ),
    runs={"done": 7, "returned": 1},
    late=(0.02, 0.4, 7.0),
    pulse=0.2,
    links=LinkFigures(
        coverage=Coverage(offices=35, covered=33, reached=34, percent=94.2, lines=()),
        states={"core-sgg": Word.UP, "sgg-bapenda": Word.ONE_WAY},
        asked=40,
        silent=2,
        age=3.5,
    ),
    leases=lease_states(load_regency(SHIPPED / "manokwari"), date(2027, 2, 2)),
    heard=HEARD,
)


def page(api: Opened) -> dict[tuple[str, str], float]:
    """Name with its labels in order, and value."""
    answer = api.get("/metrics", api.desk.token("viewer", regency="*"))
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, ",".join(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_alive_asks_nobody(api: Opened) -> None:
    api.desk.tokens.error = LedgerError("ledger.busy", ledger="x", reason="y")
    answer = api.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_ready_says_part_by_part(api: Opened) -> None:
    api.desk.parts = {"ledger": Part(age=0.04), "keeper manokwari": Part(age=1.26), "devices manokwari": Part()}
    answer = api.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert answer.json()["parts"]["keeper manokwari"] == {"ok": True, "code": None, "age": 1.3}


def test_not_ready_is_a_problem_that_names_the_part(api: Opened) -> None:
    full = LedgerError("ledger.full", ledger="/var/lib/lajur/ledger.db", reason="disk full")
    api.desk.parts = {"ledger": Part(problem=full, age=61.0), "keeper manokwari": Part(age=1.0)}
    answer = api.get("/readyz", accept_language="id")
    told = problem(answer, 503, "api.not_ready")
    assert told["parts"]["ledger"] == {"ok": False, "code": "ledger.full", "age": 61.0}
    assert told["parts"]["keeper manokwari"]["ok"]
    assert "/var/lib" not in answer.text
    assert int(answer.headers["retry-after"]) > 0


def test_figures_are_for_whoever_may_read_everywhere(api: Opened) -> None:
    assert api.get("/metrics").status_code == 401
    assert api.get("/metrics", api.desk.token("operator")).status_code == 403
    assert api.get("/metrics", api.desk.token("viewer", regency="*")).status_code == 200


def test_figures_may_be_opened_to_everybody(opened: Open) -> None:
    assert opened(metrics_open=True).get("/metrics").status_code == 200


def test_figures_are_shown_as_they_were_read(api: Opened) -> None:
    api.desk.shown = [FIGURES]
    seen = page(api)
    office, uplink = f"down,rsud,{HERE},dom", f"down,{HERE},dom"
    assert seen["lajur_office_guarantee_bps", office] == 5_000_000
    assert seen["lajur_office_applied_bps", office] == 4_999_000
    assert seen["lajur_office_measured_bps", office] == 3_210_000
    assert seen["lajur_uplink_headroom_bps", uplink] == 103_000_000
    assert seen["lajur_uplink_meters_ratio", uplink] == 1.011
    assert seen["lajur_drift_steps", HERE] == 3
    assert seen["lajur_telemetry_age_seconds", f"core,{HERE}"] == 1.5
    assert seen["lajur_telemetry_never_read", f"border,{HERE}"] == 1
    assert seen["lajur_failing", f"device.session_cut,{HERE},border"] == 1
    assert seen["lajur_active", f"eplanning,window,{HERE}"] == 1
    assert seen["lajur_runs_total", f"{HERE},done"] == 7
    assert seen["lajur_keeper_tick_age_seconds", HERE] == 0.2


def test_links_are_shown_with_the_state_of_each_and_what_they_cover(api: Opened) -> None:
    api.desk.shown = [FIGURES]
    seen = page(api)
    assert [seen[f"lajur_coverage_{part}offices", HERE] for part in ("", "covered_", "reached_")] == [35, 33, 34]
    assert seen["lajur_link_poll_age_seconds", HERE] == 3.5
    assert seen["lajur_link_silent_devices", HERE] == 2
    states = {tuple(labels.split(",")): value for (name, labels), value in seen.items() if name == "lajur_link_state"}
    assert len(states) == 2 * len(Word)
    assert {(link, state) for (link, _, state), value in states.items() if value} == {
        ("core-sgg", "up"),
        ("sgg-bapenda", "one_way"),
    }


def test_links_that_nobody_watches_are_absent(api: Opened) -> None:
    api.desk.shown = [replace(FIGURES, links=None)]
    assert not [name for name, _ in page(api) if name.startswith(("lajur_link", "lajur_coverage"))]
    api.desk.shown = [replace(FIGURES, links=LinkFigures(states={"core-sgg": Word.UNKNOWN}, asked=40))]
    seen = page(api)
    assert ("lajur_coverage_covered_offices", HERE) not in seen
    assert ("lajur_link_poll_age_seconds", HERE) not in seen
    assert seen["lajur_link_state", f"core-sgg,{HERE},unknown"] == 1


def test_leases_are_shown_until_they_are_written_off_and_what_runs_is_paid(api: Opened) -> None:
    api.desk.shown = [FIGURES]
    seen = page(api)
    left = {key: seen["lajur_lease_days_left", f"{key},{HERE}"] for key in ("main", "small", "extra")}
    assert left == {"main": 698, "small": -2, "extra": 879}
    assert seen["lajur_lease_monthly_cost_rupiah", f"main,{HERE}"] == 36_000_000
    assert ("lajur_lease_monthly_cost_rupiah", f"small,{HERE}") not in seen
    api.desk.shown = [replace(FIGURES, leases=())]
    assert not [name for name, _ in page(api) if name.startswith("lajur_lease")]


def test_systems_are_shown_as_the_offices_heard_them_and_only_what_was_heard(api: Opened) -> None:
    api.desk.shown = [FIGURES]
    seen = page(api)
    reachable = {labels: value for (name, labels), value in seen.items() if name == "lajur_system_reachable"}
    assert reachable == {f"dpmptsp,{HERE},oss": 0, f"rsud,{HERE},oss": 0, f"rsud,{HERE},sicantik": 1}
    assert seen["lajur_system_answer_seconds", f"rsud,{HERE},sicantik"] == 0.25
    assert [seen["lajur_system_age_seconds", f"{HERE},{each}"] for each in ("oss", "sicantik")] == [60, 60]
    assert [seen["lajur_system_down", f"{HERE},{each}"] for each in ("oss", "sicantik")] == [1, 0]
    api.desk.shown = [replace(FIGURES, heard=None)]
    assert not [name for name, _ in page(api) if name.startswith("lajur_system")]


def test_what_is_not_known_is_absent_and_not_zero(api: Opened) -> None:
    api.desk.shown = [FIGURES]
    seen = page(api)
    assert ("lajur_uplink_measured_bps", f"up,{HERE},dom") not in seen
    assert ("lajur_uplink_headroom_bps", f"up,{HERE},dom") not in seen
    assert ("lajur_telemetry_age_seconds", f"border,{HERE}") not in seen


def test_lateness_is_a_histogram(api: Opened) -> None:
    api.desk.shown = [FIGURES]
    seen = page(api)
    counts = {
        bound: seen["lajur_slot_late_seconds_bucket", f"{bound},{HERE}"] for bound in ("0.05", "0.5", "5.0", "10.0", "+Inf")
    }
    assert counts == {"0.05": 1, "0.5": 2, "5.0": 2, "10.0": 3, "+Inf": 3}
    assert seen["lajur_slot_late_seconds_sum", HERE] == pytest.approx(7.42)


def test_requests_are_counted_by_route_and_never_by_address(api: Opened) -> None:
    token = api.desk.token("viewer")
    for id in ("a", "b", "c"):
        api.get(f"{THINGS}/{id}", token)
    api.ask("PROPFIND", "/healthz")
    seen = page(api)
    assert seen["lajur_http_requests_total", "GET,/v1/regencies/{regency}/things/{id},200"] == 3
    assert seen["lajur_http_request_seconds_count", "GET,/v1/regencies/{regency}/things/{id}"] == 3
    assert ("lajur_http_requests_total", "other,/healthz,405") in seen
    assert not any("/a" in labels or "PROPFIND" in labels for _, labels in seen)


def test_two_apps_count_apart(opened: Open) -> None:
    one, other = opened(metrics_open=True), opened(metrics_open=True)
    for _ in range(3):
        one.get("/healthz")
    assert 'route="/healthz"' in one.get("/metrics").text
    assert 'route="/healthz"' not in other.get("/metrics").text


# ---- the document


def test_the_document_has_every_route_and_what_it_may_answer(api: Opened) -> None:
    made: dict[str, Any] = api.get("/v1/openapi.json").json()
    assert made["openapi"].startswith("3.1")
    assert made["servers"] == [{"url": "/"}]
    make = made["paths"]["/v1/regencies/{regency}/things"]["post"]
    assert {"201", "400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503"} <= set(make["responses"])
    assert make["security"] == [{"bearer": []}]
    named = {(each["in"], each["name"]): each for each in make["parameters"]}
    assert named["header", "Idempotency-Key"]["required"]
    assert named["path", "regency"]["schema"]["pattern"]
    assert ("header", "x-correlator") in named
    drop = made["paths"]["/v1/regencies/{regency}/things/{id}"]["delete"]
    assert {"412", "428"} <= set(drop["responses"])
    assert made["paths"]["/healthz"]["get"]["security"] == []
    assert "HTTPValidationError" not in str(made)


def test_every_reference_of_the_document_leads_somewhere(api: Opened) -> None:
    made = api.get("/v1/openapi.json").json()
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", str(made))):
        here = made
        for part in reference.split("/"):
            here = here[part]


def test_a_problem_is_as_the_document_says(api: Opened) -> None:
    schema = api.get("/v1/openapi.json").json()["components"]["schemas"]["Problem"]
    told = api.ask("POST", THINGS, api.desk.token("engineer"), json={}, Idempotency_Key="k").json()
    assert set(schema["required"]) <= set(told)
    assert set(told) <= set(schema["properties"])


def test_no_page_loads_from_elsewhere(api: Opened) -> None:
    assert [api.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json", "/v1/docs")] == [404] * 4


def test_the_document_of_one_app_is_made_once(desk: Desk) -> None:
    app = create_app(desk, Options(), (things(), service()))
    assert app.openapi() is app.openapi()


# ---- alerts


def promtool(*words: str) -> str:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("no promtool (`make setup` as root installs it)")
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=240, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rules() -> list[dict[str, Any]]:
    return [rule for group in YAML(typ="safe").load(RULES)["groups"] for rule in group["rules"]]


def test_prometheus_takes_the_alerts() -> None:
    assert f"{len(rules())} rules found" in promtool("check", "rules", str(RULES))


def test_the_alerts_go_off_when_they_should_and_not_before() -> None:
    promtool("test", "rules", "tests/doors/alerts.yml")


def test_every_alert_is_tried() -> None:
    tried = (ROOT / "tests" / "doors" / "alerts.yml").read_text("utf-8")
    assert [rule["alert"] for rule in rules() if f'alertname="{rule["alert"]}"' not in tried] == []


def test_every_alert_says_what_to_do_in_both_languages() -> None:
    for rule in rules():
        assert set(rule["annotations"]) == {"summary_id", "summary_en", "action_id", "action_en"}, rule["alert"]
        assert rule["labels"]["severity"] in ("critical", "warning")
        said = [set(re.findall(r"\$labels\.(\w+)", rule["annotations"][f"summary_{each}"])) for each in ("id", "en")]
        assert said[0] == said[1]


def test_alerts_lean_on_figures_that_there_are(api: Opened) -> None:
    api.desk.shown = [FIGURES]
    api.get("/healthz")
    shown = {name for name, _ in page(api)}
    wanted = {name for rule in rules() for name in re.findall(r"\blajur_\w+", rule["expr"])}
    assert wanted <= shown
