"""Which language the reader gets."""

from __future__ import annotations

import pytest

from network.cli.language import chosen
from network.messages import Language


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "id_ID.UTF-8"}, "id"),
        ([], {"LANG": "id_ID.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {"LANG": "C.UTF-8", "LAJUR_LANG": "id"}, "id"),
        (["--lang", "en"], {"LAJUR_LANG": "id"}, "en"),
        (["plan", "--lang=id"], {}, "id"),
        (["--lang", "en", "plan", "--lang", "id"], {}, "id"),
        (["plan", "--lang", "fr"], {"LAJUR_LANG": "id"}, "id"),
        (["plan", "--lang"], {}, "en"),
        (["lab", "exec", "core", "--", "tool", "--lang", "id"], {}, "en"),
    ],
)
def test_the_line_wins_over_the_environment(words: list[str], environment: dict[str, str], language: Language) -> None:
    assert chosen(words, environment) == language
