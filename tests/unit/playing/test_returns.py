"""A server given back by a play: what is refused before anything is reached."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from network.playing.returns import Return, returns
from tests.unit.playing.conftest import Play


@pytest.mark.parametrize(
    ("servers", "found"),
    [
        ("", ()),
        (None, ()),
        ([], ()),
        (" , ", ()),
        ("app-1", ("app-1",)),
        ("app-1, app-2,app-1", ("app-1", "app-2")),
        (["a"], ("a",)),
    ],
)
def test_servers_are_named_by_a_list_or_a_text(servers: Any, found: tuple[str, ...]) -> None:
    assert Return.by(servers, release=False, without_backup="").servers == found


@pytest.mark.parametrize(
    ("word", "found"), [(True, True), ("true", True), ("Yes", True), ("false", False), ("", False), (1, True)]
)
def test_a_release_is_a_yes(word: Any, found: bool) -> None:
    assert Return.by("a", word, "").release is found


@pytest.mark.parametrize(("language", "said"), [("id", "Sebut dengan -e lajur_return"), ("en", "Name it with -e lajur_return")])
def test_without_names_nothing_is_given_back(play: Play, language: str, said: str) -> None:
    refused = returns(play.about(language=language), Return(servers=()), play.told.append)
    assert (refused.code, refused.exit_code, refused.changed) == ("playing.which_return", 64, False)
    assert said in refused.text


def test_a_reason_is_one_line(play: Play) -> None:
    refused = returns(play.about(), Return(servers=("app-1",), without_backup="a\nb"), play.told.append)
    assert (refused.code, refused.changed) == ("playing.return_text", False)


def test_in_memory_there_is_nothing_to_give_back(play: Play) -> None:
    refused = returns(replace(play.about(check=True), via="memory"), Return(servers=("app-1",)), play.told.append)
    assert (refused.failed, refused.changed) == (True, False)
