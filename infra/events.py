"""What the child tells, one JSON object a line on standard output: a code and its fields, which the command puts into words."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from typing import Any, TextIO


class Teller:
    """Writes events in the order in which they happen, from any thread."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def tell(self, event: str, /, **fields: Any) -> None:
        line = json.dumps({"event": event, "fields": fields}, default=str)
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()

    def done(self, result: Mapping[str, Any]) -> None:
        self._last({"event": "done", "result": result})

    def failed(self, code: str, fields: Mapping[str, Any], status: int) -> None:
        self._last({"event": "failed", "code": code, "fields": fields, "exit": status})

    def _last(self, document: Mapping[str, Any]) -> None:
        with self._lock:
            self._stream.write(json.dumps(document, default=str) + "\n")
            self._stream.flush()
