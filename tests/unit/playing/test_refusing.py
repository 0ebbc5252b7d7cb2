"""Why a play goes no further: in the reader's language, with a code of its own, and every word that a playbook may say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from network.messages.play_refusals import MESSAGES
from network.playing.refusing import refusal

PLAYBOOKS = Path(__file__).parents[3] / "playbooks"
FIELDS = dict.fromkeys(("servers", "databases", "value", "server", "found", "reached", "database", "wish", "first", "last"), "x")


@pytest.mark.parametrize(("language", "word"), [("en", "Nothing was changed"), ("id", "Tidak ada yang diubah")])
def test_it_is_said_in_the_readers_language(language: str, word: str) -> None:
    said = refusal("restore_never", {"server": "db-1", "database": "records"}, {"LAJUR_LANG": language}).as_result()
    assert (said["failed"], said["changed"], said["exit_code"]) == (True, False, 3)
    assert all(each in said["msg"] for each in (word, "db-1", "records", "lajur play site"))


def test_what_a_machine_says_stays_text() -> None:
    said = refusal("restore_moment", {"value": "{{ 6*7 }}\x1b[2J" + "x" * 9000}, {"LAJUR_LANG": "en"})
    assert "{{ 6*7 }}" in said.text
    assert "\x1b" not in said.text
    assert len(said.text) < 1000


def test_every_word_that_is_said_has_a_message_and_the_other_way_round() -> None:
    texts = [path.read_text() for path in (PLAYBOOKS / "restore.yml", PLAYBOOKS / "library/lajur_restore.py")]
    texts.append((PLAYBOOKS / "roles/database/tasks/restorable.yml").read_text())
    words = {word for text in texts for word in re.findall(r"\b(restore_(?:what|moment|here|copy|never|no_backup|span))\b", text)}
    assert {f"play.refused.{word}" for word in words} == set(MESSAGES)
    for word in words:
        assert refusal(word, FIELDS, {"LAJUR_LANG": "en"}).text != refusal(word, FIELDS, {"LAJUR_LANG": "id"}).text
