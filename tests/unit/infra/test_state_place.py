"""The state is read where it lies as far as that goes; what cannot be read there is left to the engine to tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.request import Request
from infra.state_place import resources_of, state_file


def request(state: str) -> Request:
    paths = dict.fromkeys(("folder", "home", "passphrase_file", "known_hosts", "reports"), "/nowhere")
    named = {"state": state, "project": "lajur", "stack": "x", "today": "2026-11-27", "now": "2026-11-27T08:00:00Z"}
    return Request.model_validate({"verb": "up", **paths, **named, "access": {}})


def kept(folder: Path, text: str) -> Request:
    asked = request(f"file://{folder}")
    file = Path(state_file(asked))
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return asked


@pytest.mark.parametrize(
    ("checkpoint", "found"),
    [
        ({"latest": {"resources": [{"urn": "a"}]}}, [{"urn": "a"}]),
        ({"latest": {"resources": None}}, []),
        ({"latest": None}, []),
        ({"stack": "x"}, []),
    ],
)
def test_what_it_has_is_read(tmp_path: Path, checkpoint: dict[str, Any], found: list[Any]) -> None:
    assert resources_of(kept(tmp_path, json.dumps({"version": 3, "checkpoint": checkpoint}))) == found


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"checkpoint": []}', '{"checkpoint": {"latest": {"resources": 7}}}'])
def test_what_cannot_be_read_is_for_the_engine(tmp_path: Path, text: str) -> None:
    assert resources_of(kept(tmp_path, text)) is None


def test_a_database_and_what_is_not_there_are_for_the_engine(tmp_path: Path) -> None:
    assert resources_of(request("postgres://db/lajur")) is None
    assert resources_of(request(f"file://{tmp_path}")) is None
