"""On what `lajur infra` stands: the way to the servers, the state and its passphrase, and a lab that goes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inventory.load import SHIPPED, load_regency
from network import infra_wiring
from network.core.building import Ending, Verb
from network.errors import LabRefused, NeedsPerson
from network.lab.lab import LabState
from network.lab.topology import plan_lab
from tests.unit.cli.conftest import Lajur
from tests.unit.cli.twin import Twin, deeds


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("real", [True, False])
def test_in_memory_there_are_no_servers_whatever_lab_is_named(
    lajur: Lajur, infra: Callable[..., Any], twin: Twin, real: bool, language: str
) -> None:
    words = ("drift", "--via", "memory", "--lang", language)
    said = infra(*words, LAJUR_LAB="satu") if real else lajur("infra", *words, LAJUR_LAB="satu")
    assert (said.code, twin.asked) == (3, [])
    assert {"id": "tanpa `--via memory`", "en": "Leave `--via memory` out"}[language] in said.err
    assert "satu" not in said.err


@pytest.mark.parametrize(("before", "words"), [(False, "umask 077"), (True, "passphrase file")])
def test_of_a_state_that_is_sealed_the_lost_passphrase_is_named(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path, before: bool, words: str
) -> None:
    own = tmp_path / "state" / "tolikara" / "infra"
    if before:
        kept = own / "state" / ".pulumi" / "stacks" / "lajur" / "tolikara.json"
        kept.parent.mkdir(parents=True)
        kept.write_text("{}")
    said = infra("drift", LAJUR_INFRA_PASSPHRASE_FILE="")
    assert (said.code, twin.asked, words in said.err) == (3, [], True)
    assert str(own / "passphrase") in said.err
    assert (str(own / "home" / "work" / "tolikara") in said.err) is before
    gone = infra("drift", LAJUR_INFRA_PASSPHRASE_FILE=str(tmp_path / "gone"))
    assert (gone.code, str(tmp_path / "gone") in gone.err, twin.asked) == (3, True, [])
    assert not (own / "passphrase").exists()


@pytest.mark.parametrize("state", ["/proc", "file:///proc/lajur", "{file}"])
def test_a_state_that_cannot_be_written_is_refused_before_anything_is_begun(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path, state: str
) -> None:
    (tmp_path / "file").touch()
    said = infra("up", "--yes", LAJUR_INFRA_STATE=state.format(file=tmp_path / "file"))
    assert (said.code, twin.asked, "LAJUR_INFRA_STATE" in said.err) == (3, [], True)
    assert "recover" not in said.err
    assert deeds(tmp_path) == []


def test_a_lab_that_went_down_meanwhile_leaves_nothing_to_recover(
    infra: Callable[..., Any], twin: Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin.ends[Verb.UP] = Ending(error=NeedsPerson("infra.died", verb="up", how="SIGKILL"))
    assert "lajur infra recover" in infra("up", "--yes").err
    monkeypatch.setattr(infra_wiring, "is_gone", lambda place, regency: True)
    monkeypatch.setattr(infra_wiring, "lab_of", lambda place: "satu")
    said = infra("up", "--yes")
    assert (said.code, "lajur infra recover" in said.err, "satu" in said.err) == (4, False, True)


def test_a_passphrase_is_never_made_for_a_real_regency_and_never_shared(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path
) -> None:
    unset = infra("preview", LAJUR_INFRA_PASSPHRASE_FILE="")
    assert (unset.code, "umask 077" in unset.err) == (3, True)
    (tmp_path / "phrase").chmod(0o640)
    shared = infra("preview")
    assert (shared.code, "chmod 600" in shared.err) == (3, True)
    assert twin.asked == []


def test_one_that_went_down_before_anything_was_begun_is_not_up() -> None:
    tolikara = load_regency(SHIPPED / "tolikara")
    built = LabState(plan=plan_lab(tolikara, "never", servers=True), ready_after=1.0, reused=True)
    with pytest.raises(LabRefused) as refused:
        infra_wiring._access(tolikara.servers, built, {})(())
    assert (refused.value.code, refused.value.fields["lab"]) == ("lab.not_up", "never")
