"""The master key of webhook secrets: from where it was put, else made once; never shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from network.credentials import webhook_key
from network.errors import Refused

WORD = "an-invented-master-key-of-40-letters-here"


def test_it_is_what_the_reference_leads_to(tmp_path: Path) -> None:
    assert webhook_key({"LAJUR_WEBHOOK_KEY": "env:HOOKS", "HOOKS": f" {WORD}\n"}, tmp_path) == WORD.encode()
    file = tmp_path / "key"
    file.write_text(WORD)
    file.chmod(0o600)
    assert webhook_key({"LAJUR_WEBHOOK_KEY": f"file:{file}"}, tmp_path) == WORD.encode()
    assert not (tmp_path / "webhook.key").exists()


def test_without_one_it_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: webhook_key({}, state), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in state.iterdir()] == ["webhook.key"]
    assert (state / "webhook.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"LAJUR_WEBHOOK_KEY": "env:HOOKS"}, "webhook.key_reference"),
        ({"LAJUR_WEBHOOK_KEY": "file:/no/such/file"}, "webhook.key_reference"),
        ({"LAJUR_WEBHOOK_KEY": "env:HOOKS", "HOOKS": "short"}, "webhook.key_short"),
    ],
)
def test_a_reference_that_leads_to_none_is_refused(environment: dict[str, str], code: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        webhook_key(environment, tmp_path)
    assert refused.value.code == code
    assert "short" not in map(str, refused.value.fields.values())


def test_a_file_that_others_may_read_or_that_was_cut_is_refused(tmp_path: Path) -> None:
    webhook_key({}, tmp_path)
    file = tmp_path / "webhook.key"
    file.chmod(0o644)
    with pytest.raises(Refused, match=r"webhook\.key_open"):
        webhook_key({}, tmp_path)
    file.chmod(0o600)
    file.write_text("ab")
    with pytest.raises(Refused, match=r"webhook\.key_short"):
        webhook_key({}, tmp_path)


def test_a_state_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(Refused, match=r"webhook\.key_file"):
        webhook_key({}, tmp_path / "state")
