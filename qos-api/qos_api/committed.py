"""Writes the document that is committed, `qos-api/openapi.json`: `python -m qos_api.committed`, or `make openapi`.

The same bytes on every machine: no service stands behind the app that is described, and names are sorted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from network.clock import SystemClock
from network.core.ports import Clock, Tokens
from network.errors import LajurError
from network.messages import Language
from qos_api.app import create_app
from qos_api.desk import Options, Part
from qos_api.metrics import Figures
from qos_api.routes import ROUTERS

FILE: Final = Path(__file__).parents[1] / "openapi.json"


class Nobody:
    """`qos_api.desk.Services` of an app that is only described."""

    @property
    def tokens(self) -> Tokens:
        raise NotImplementedError

    @property
    def clock(self) -> Clock:
        return SystemClock()

    def regencies(self) -> Collection[str]:
        return ()

    def ready(self) -> Mapping[str, Part]:
        return {}

    def figures(self) -> Sequence[Figures]:
        return ()

    def details(self, error: LajurError, language: Language) -> Mapping[str, Any]:
        return {}


def written() -> str:
    """The document, as the file has it."""
    document = create_app(Nobody(), Options(), ROUTERS).openapi()
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    FILE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
