"""JSON Schemas of a regency's files, for editors. Generated from the models; judges nothing itself.

`python -m inventory.schema` writes them to `inventory/schema/`; a test fails when they are not fresh.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from inventory.regency import FILES

FOLDER: Final = Path(__file__).parent / "schema"


def schemas() -> dict[str, str]:
    """The text of each schema by its file name."""
    texts: dict[str, str] = {}
    for stem, model in FILES.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(),
            "title": f"{stem}.yaml",
        }
        texts[f"{stem}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return texts


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
