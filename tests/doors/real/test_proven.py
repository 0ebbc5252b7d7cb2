"""More over links that nobody has proven: told beside what is granted, refused where policy says so, until they are proven."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from network.core.coverage import path
from network.core.proofs import Proof, mark
from network.errors import LajurError
from tests.doors.real.conftest import OpenReal
from tests.doors.real.service import HERE, SHIPPED, Real, boost
from tests.doors.test_problems import problem

OFFICE = "dpmptsp"
WORDS = {"id": "belum terbukti", "en": "not proven yet"}


def prove(real: Real) -> None:
    """Every link, as `lajur link verify` writes it down of devices in memory."""
    regency, now = real.here.truth(), real.clock.now()
    made = [Proof(link=link.key, mark=mark(link), at=now, actor="os:test", seen={}) for link in regency.links]
    real.serving.ledger.proofs("memory").add(HERE, made)


def lacking(real: Real) -> str:
    regency = real.here.truth()
    return " ".join(link.key for link in path(regency, next(each for each in regency.offices if each.key == OFFICE)))


def _round(real: Real) -> LajurError | None:
    """What the keeper could not do."""
    real.here.keeper.round()
    return real.here.keeper.pulse.error


@pytest.fixture
def strict(opened_real: OpenReal, tmp_path: Path) -> Real:
    regencies = tmp_path / "regencies"
    shutil.copytree(SHIPPED, regencies)
    policy = regencies / HERE / "policy.yaml"
    policy.write_text(f"{policy.read_text()}\nunproven_links: refuse\n")
    return opened_real(regencies=regencies)


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_granted_over_such_links_says_so_until_they_are_proven(real: Real, language: str) -> None:
    engineer = real.token("engineer")
    said = [
        real.post(f"{where}boosts", engineer, boost(real.clock.now()), accept_language=language).json()
        for where in ("admissions/", "")
    ]
    said.append(real.get(f"boosts/{said[1]['id']}", engineer, accept_language=language).json())
    said += real.get("boosts", engineer, accept_language=language).json()["items"]
    assert len(said) == 4
    for each in said:
        (warning,) = each["warnings"]
        assert warning["code"] == "plan.unproven"
        assert WORDS[language] in warning["detail"]
        assert f"lajur link verify {lacking(real)}" in warning["detail"]
    plan = real.post("plans", engineer, {"reason": "as agreed"}, accept_language=language).json()
    offices = {office.key for office in real.here.truth().offices}
    assert {each["detail"].partition(":")[0] for each in plan["warnings"]} == offices
    assert all(WORDS[language] in each["detail"] for each in plan["warnings"])
    prove(real)
    assert real.get(f"boosts/{said[1]['id']}", engineer).json()["warnings"] == []
    assert real.post("plans", engineer, {"reason": "as agreed"}).json()["warnings"] == []
    kept = real.get(f"plans/{plan['id']}", engineer, accept_language=language).json()
    assert kept["warnings"] == plan["warnings"], "a plan stays as it was shown"


@pytest.mark.parametrize("language", ["id", "en"])
def test_by_policy_they_are_refused_until_they_are_proven(strict: Real, language: str) -> None:
    engineer = strict.token("engineer")
    before = strict.record()
    for where, body in (
        ("boosts", boost(strict.clock.now())),
        ("admissions/boosts", boost(strict.clock.now())),
        ("plans", {"reason": "as agreed"}),
    ):
        told = problem(strict.post(where, engineer, body, accept_language=language), 409, "proof.missing")
        assert WORDS[language] in told["detail"]
        assert "lajur link verify" in told["detail"]
    assert strict.record() == before
    assert getattr(_round(strict), "code", None) == "proof.missing"
    prove(strict)
    assert _round(strict) is None
    made = strict.post("boosts", engineer, boost(strict.clock.now()))
    assert (made.status_code, made.json()["warnings"]) == (201, [])
