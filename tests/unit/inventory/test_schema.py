"""The JSON Schemas for editors are those of the models, and every file points at its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inventory.load import SHIPPED
from inventory.regency import FILES
from inventory.schema import FOLDER, schemas


def test_the_schemas_are_fresh() -> None:
    """When this fails: `python -m inventory.schema`, and look at the difference."""
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert there == schemas()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file_points_at_its_schema(path: Path) -> None:
    mark, _, reference = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")
    assert mark == "# yaml-language-server: "
    assert path.stem in FILES
    assert (path.parent / reference).resolve() == FOLDER / f"{path.stem}.schema.json"


def test_an_editor_knows_both_ways_to_write_a_rate_and_refuses_other_keys() -> None:
    links = json.loads(schemas()["links.schema.json"])
    one, both = links["$defs"]["Rates"]["anyOf"]
    assert one["type"] == "string"
    assert set(both["properties"]) == {"down", "up"}
    assert links["$defs"]["Link"]["additionalProperties"] is False


def test_an_editor_takes_a_local_time_without_offset() -> None:
    window = json.loads(schemas()["windows.schema.json"])["$defs"]["Window"]
    assert "format" not in window["properties"]["start"]
