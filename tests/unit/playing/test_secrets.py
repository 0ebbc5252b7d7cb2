"""Where a secret comes from: what the truth refers to, before what this machine has of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inventory.load import SHIPPED
from network.playing.certificates import certificate
from network.playing.secrets import Unknown, secret
from tests.unit.playing.conftest import edit

KEY = "main"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Manokwari, whose chat has a certificate that somebody bought."""
    folder = tmp_path / "regencies" / KEY
    shutil.copytree(SHIPPED / "manokwari", folder)
    edit(folder / "regency.yaml", "key: manokwari", f"key: {KEY}")
    own = f"tls: {{certificate: 'file:{tmp_path}/chat.pem', key: 'env:LAJUR_CHAT_KEY'}}"
    edit(folder / "workloads.yaml", "    runs: chat\n", f"    runs: chat\n    {own}\n")
    return {"LAJUR_STATE": str(tmp_path / "state"), "LAJUR_REGENCY": KEY, "LAJUR_REGENCIES": str(folder.parent)}


def test_what_the_truth_names_of_a_chat_is_what_it_gets(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "chat.pem").touch(mode=0o600)
    (tmp_path / "chat.pem").write_text("bought\n")
    assert secret("tls/talk/certificate", None, environment) == "bought"
    assert secret("tls/talk/key", None, {**environment, "LAJUR_CHAT_KEY": "its key"}) == "its key"
    assert not (tmp_path / "state").exists()


def test_what_it_names_and_is_not_there_is_told_and_nothing_is_made_in_its_place(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with pytest.raises(Unknown, match="LAJUR_CHAT_KEY"):
        secret("tls/talk/key", None, environment)
    with pytest.raises(Unknown, match=r"chat\.pem"):
        secret("tls/talk/certificate", None, environment)
    assert not list(tmp_path.glob("state/**/tls"))


def test_who_only_looks_leaves_nothing_behind(tmp_path: Path, environment: dict[str, str]) -> None:
    assert len(secret("database/gateway", None, environment, keep=False)) > 40
    assert "BEGIN CERTIFICATE" in certificate("db-1", ["192.0.2.7"], environment, keep=False).authority
    assert not [path for path in (tmp_path / "state").rglob("*") if path.is_file()]


def test_who_only_looks_is_given_what_is_there(environment: dict[str, str]) -> None:
    own = secret("database/gateway", None, environment)
    known = certificate("db-1", ["192.0.2.7"], environment)
    assert secret("database/gateway", None, environment, keep=False) == own
    assert certificate("db-1", ["192.0.2.7"], environment, keep=False) == known
    assert certificate("db-1", ["192.0.2.8"], environment, keep=False) != known
    assert certificate("db-1", ["192.0.2.7"], environment) == known
