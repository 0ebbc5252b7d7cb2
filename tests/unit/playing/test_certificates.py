"""Certificates of a regency's servers: kept, made anew when they no longer fit, each vouched for by one authority."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from network.playing.certificates import Certificate, certificate
from network.playing.secrets import Unknown
from tests.unit.playing.conftest import KEY, Play

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ADDRESS = "192.0.2.7"


@pytest.fixture
def environment(play: Play) -> dict[str, str]:
    return dict(play.asked.environment)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "state" / KEY / "secrets"


def own(found: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificate(found.certificate.encode())


def test_it_is_vouched_for_and_made_out_to_name_and_address_also_as_names(environment: dict[str, str]) -> None:
    found = certificate("db-1", [ADDRESS], environment, NOW)
    own(found).verify_directly_issued_by(x509.load_pem_x509_certificate(found.authority.encode()))
    names = own(found).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["db-1", ADDRESS]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == [ADDRESS]


def test_it_stays_until_its_end_is_near(environment: dict[str, str]) -> None:
    first = certificate("db-1", [ADDRESS], environment, NOW)
    assert certificate("db-1", [ADDRESS], environment, NOW + timedelta(days=600)) == first
    later = certificate("db-1", [ADDRESS], environment, NOW + timedelta(days=700))
    assert later != first
    assert later.authority == first.authority


def test_another_address_is_another_certificate(environment: dict[str, str]) -> None:
    first = certificate("db-1", [ADDRESS], environment, NOW)
    moved = certificate("db-1", ["192.0.2.8"], environment, NOW)
    assert moved.key != first.key


def test_another_authority_vouches_for_all_anew(environment: dict[str, str], kept: Path) -> None:
    first = certificate("db-1", [ADDRESS], environment, NOW)
    (kept / "authority").unlink()
    again = certificate("db-1", [ADDRESS], environment, NOW)
    assert again.authority != first.authority
    own(again).verify_directly_issued_by(x509.load_pem_x509_certificate(again.authority.encode()))


def test_nobody_else_reads_the_keys(environment: dict[str, str], kept: Path) -> None:
    certificate("db-1", [ADDRESS], environment, NOW)
    files = [each for each in kept.rglob("*") if each.is_file()]
    assert len(files) == 2
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    files[0].chmod(0o640)
    with pytest.raises(Unknown):
        certificate("db-1", [ADDRESS], environment, NOW)


def test_a_key_is_not_told_by_accident(environment: dict[str, str]) -> None:
    found = certificate("db-1", [ADDRESS], environment, NOW)
    assert "PRIVATE" not in repr(replace(found))
