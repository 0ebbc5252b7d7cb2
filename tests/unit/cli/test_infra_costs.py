"""`lajur infra costs`: the record of a month as a table and as JSON, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED
from network.clock import SystemClock
from network.core.audit import AuditEvent
from network.core.building import Ending, Verb
from network.errors import Refused
from network.ledger.sqlite import open_sqlite
from tests.unit.cli.conftest import Lajur
from tests.unit.cli.twin import Twin, several, step

HERE = ("infra", "costs", "--regency", "manokwari", "--via", "memory")
NOW = ("--at", "2026-11-27T12:00")
RENTED: dict[str, str | int] = {
    "cloud": "awan", "size": "medium", "entry": "app-plan", "window": "rka-skpd", "stage": "pilot", "gigabytes": 0,
}  # fmt: skip


@pytest.fixture
def record(regencies: Path, tmp_path: Path) -> Callable[..., None]:
    shutil.copytree(SHIPPED / "manokwari", regencies / "manokwari")

    def put(action: str, at: str, server: str = "app-plan-1", **other: str | int) -> None:
        detail = {**(RENTED if action == "rented" else {}), "via": "memory", **other}
        with open_sqlite(tmp_path / "state") as ledger:
            ledger.append(
                AuditEvent(
                    at=datetime.fromisoformat(f"{at}+09:00"),
                    actor="os:rani",
                    action=f"server.{action}",
                    regency="manokwari",
                    subject=server,
                    detail=detail,
                )
            )

    return put


def test_what_was_rented_by_whom_for_which_window_and_what_it_cost(lajur: Lajur, record: Callable[..., None]) -> None:
    record("rented", "2026-11-10T08:00")
    record("returned", "2026-11-13T08:00")
    record("rented", "2026-11-27T10:30", "app-plan-2")
    told = lajur(*HERE, *NOW, "--output", "json").json
    assert {name: told[name] for name in ("document", "month", "planned", "hours", "rupiah", "unpriced")} == {
        "document": "InfraCosts", "month": "2026-11", "planned": False, "hours": 74, "rupiah": 37_000, "unpriced": [],
    }  # fmt: skip
    first, second = told["rents"]
    assert (first["server"], first["window"], first["by"], first["hours"], first["rupiah"], first["stands"]) == (
        "app-plan-1", "rka-skpd", "os:rani", 72, 36_000, False,
    )  # fmt: skip
    assert (second["end"], second["stands"], second["hours"]) == (None, True, 2)
    (stage,) = told["stages"]
    assert (stage["stage"], stage["rupiah"], stage["budget"], stage["over"]) == ("pilot", 37_000, 500_000, False)
    assert all(isinstance(stage[name], int) for name in ("rupiah", "planned", "budget"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ("Rp36.000", "Rp500.000", "masih berdiri", "jumlah: Rp37.000", "rka-skpd", "os:rani")),
        ("en", ("IDR 36,000", "IDR 500,000", "still stands", "in all: IDR 37,000", "rka-skpd", "os:rani")),
    ],
)
def test_the_table_speaks_both_languages(
    lajur: Lajur, record: Callable[..., None], language: str, words: tuple[str, ...]
) -> None:
    record("rented", "2026-11-10T08:00")
    record("returned", "2026-11-13T08:00")
    record("rented", "2026-11-27T10:30", "app-plan-2")
    said = lajur(*HERE, *NOW, "--lang", language, COLUMNS="200")
    assert said.code == 0
    assert [word for word in words if word not in said.out] == []


@pytest.mark.parametrize(("language", "word"), [("id", "Tidak ada server yang disewa"), ("en", "No server was rented")])
@pytest.mark.usefixtures("record")
def test_a_month_without_anything_says_so(lajur: Lajur, language: str, word: str) -> None:
    said = lajur(*HERE, *NOW, "--month", "2025-11", "--lang", language)
    assert (said.code, word in said.out) == (0, True)
    assert lajur(*HERE, *NOW, "--month", "2025-11", "--output", "json").json["rents"] == []


@pytest.mark.parametrize(("language", "word"), [("id", "tidak lagi punya"), ("en", "no longer has")])
def test_what_the_truth_lost_is_shown_with_a_dash_and_a_warning(
    lajur: Lajur, record: Callable[..., None], language: str, word: str
) -> None:
    record("rented", "2026-11-10T08:00", size="huge")
    record("returned", "2026-11-13T08:00")
    said = lajur(*HERE, *NOW, "--lang", language, COLUMNS="200")
    assert "app-plan-1" in said.out
    assert "–" in said.out
    assert (word in said.err, "huge" in said.err) == (True, True)
    told = lajur(*HERE, *NOW, "--output", "json").json
    assert (told["rents"][0]["rupiah"], told["rupiah"], told["unpriced"]) == (None, 0, ["app-plan-1"])


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(("language", "word"), [("id", "Taksiran untuk 2027-01"), ("en", "Projection for 2027-01")])
def test_a_month_ahead_is_a_projection_and_is_called_one(lajur: Lajur, language: str, word: str) -> None:
    said = lajur(*HERE, *NOW, "--month", "2027-01", "--lang", language)
    assert word in said.out
    told: Any = lajur(*HERE, *NOW, "--month", "2027-01", "--output", "json").json
    assert (told["planned"], told["rents"][0]["server"], told["rupiah"]) == (True, "practice-1", 744 * 250 + 30_000)


@pytest.mark.parametrize("written", ["2026-13", "2026-00", "November", "26-11", "1999-12", "2026-11-01", "٢٠٢٦-11"])
@pytest.mark.usefixtures("record")
def test_what_is_no_month_is_refused(lajur: Lajur, written: str) -> None:
    said = lajur(*HERE, "--month", written)
    assert (said.code, written in said.err) == (64, True)


@pytest.mark.usefixtures("record")
def test_the_month_is_that_of_the_regency_and_not_of_utc(lajur: Lajur) -> None:
    told = lajur(*HERE, "--at", "2026-12-01T00:30", "--output", "json").json
    assert told["month"] == "2026-12"


def test_above_its_budget_a_stage_is_named(lajur: Lajur, record: Callable[..., None]) -> None:
    record("rented", "2026-11-01T00:00", size="large")
    said = lajur(*HERE, *NOW, "--lang", "en", COLUMNS="200")
    assert "The stage pilot is above its budget" in said.out
    assert lajur(*HERE, *NOW, "--output", "json").json["stages"][0]["over"] is True


@pytest.fixture
def december(monkeypatch: pytest.MonkeyPatch, regencies: Path) -> None:
    """Manokwari as a regency that is real, in the middle of December."""
    several(regencies)
    moment = datetime.fromisoformat("2026-12-15T12:00+09:00")
    monkeypatch.setattr(SystemClock, "now", lambda _: moment)


@pytest.mark.usefixtures("december")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ("Biaya server sewaan per bulan", "2026-12", "Rp0", "Rp216.000", "Rp500.000", "Rp55.500.000 per bulan")),
        ("en", ("Cost of rented servers per month", "2026-12", "IDR 0", "IDR 216,000", "IDR 500,000", "IDR 55,500,000 a month")),
    ],
)
def test_preview_says_what_it_costs_a_month_now_and_after(
    infra: Callable[..., Any], twin: Twin, language: str, words: tuple[str, ...]
) -> None:
    twin.says[Verb.PREVIEW] = [step("create", server="practice-1"), step("same")]
    own = {"LAJUR_REGENCY": "manokwari", "LAJUR_CLOUDS": "clouds: {}", "COLUMNS": "200"}
    said = infra("preview", "--lang", language, **own)
    assert [word for word in words if word not in said.out] == []
    told = infra("up", "--dry-run", "--output", "json", **own).json["cost"]
    assert (told["now"], told["after"], told["dearest"], told["leased"]) == (0, 216_000, "2026-12", 55_500_000)
    assert [each["month"] for each in told["rented"]] == ["2026-12", "2027-01", "2027-02"]
    twin.says[Verb.PREVIEW] = [step("same")]
    alone = infra("preview", "--server", "app-1", "--output", "json", **own).json["cost"]
    assert (alone["now"], alone["after"]) == (0, 0), "nothing would be rented"


@pytest.mark.usefixtures("december")
def test_what_a_rule_forbids_costs_nothing_afterwards(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.PREVIEW] = [step("same")]
    fields = {"server": "practice-1", "cloud": "awan"}
    twin.ends[Verb.PREVIEW] = Ending(error=Refused("infra.rented_no_end", **fields))
    own = {"LAJUR_REGENCY": "manokwari", "LAJUR_CLOUDS": "clouds: {}"}
    said = infra("preview", "--output", "json", **own)
    assert (said.code, said.json["cost"]["after"]) == (3, 0)
