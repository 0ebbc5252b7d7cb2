"""What a shell is offered after TAB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.load import SHIPPED, load_regency
from tests.unit.cli.conftest import Lajur

Offered = Callable[[str], list[str]]


@pytest.fixture
def offered(lajur: Lajur, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Offered:
    """The words that bash is given for a line with the cursor at its end."""

    def ask(line: str) -> list[str]:
        monkeypatch.setenv("_LAJUR_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        with pytest.raises(SystemExit):
            lajur()
        return capsys.readouterr().out.split()

    return ask


def test_nouns_verbs_and_flags(offered: Offered) -> None:
    assert "inventory" in offered("lajur ")
    assert offered("lajur inventory ex") == ["export"]
    assert "--regency" in offered("lajur plan --re")


def test_the_values_of_a_flag(offered: Offered) -> None:
    assert offered("lajur plan --output ") == ["table", "json"]
    assert offered("lajur plan --lang i") == ["id"]


def test_keys_from_the_truth(offered: Offered) -> None:
    truth = load_regency(SHIPPED / "tolikara")
    assert offered("lajur plan --regency ") == ["tolikara"]
    assert offered("lajur window show ") == [window.key for window in truth.windows]
    assert set(offered("lajur lab traffic --office ")) == {office.key for office in truth.offices}
    assert "core" in offered("lajur lab exec ")


def test_the_regency_of_the_line_is_the_one_that_is_asked(offered: Offered, regencies: Path) -> None:
    (regencies / "manokwari").symlink_to(SHIPPED / "manokwari")
    assert "rka-skpd" in offered("lajur window show --regency manokwari ")


def test_a_broken_truth_offers_nothing(offered: Offered, regencies: Path) -> None:
    (regencies / "tolikara" / "windows.yaml").write_text("windows: [")
    assert offered("lajur window show ") == []
