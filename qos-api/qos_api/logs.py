"""The log of the whole service: one JSON object a line, with the correlator and the caller of the request that it is about.

A module of ours logs an event's name and its fields in `extra`; what a library writes stands under `message`. Tokens, bodies and
queries are never given to the log, and a field that is named like a secret is left out here all the same.
"""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, TextIO

from network.errors import LajurError
from network.messages import Language, text
from qos_api.context import caller_name, correlator

_EVENT: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_OF_EVERY_RECORD: Final = frozenset(
    {*vars(logging.LogRecord("", 0, "", 0, "", (), None)), "message", "asctime", "taskName", "color_message"}
)
_SECRET: Final = re.compile(r"secret|token|password|passphrase|authorization|cookie|credential", re.IGNORECASE)
_LONGEST: Final = 2000
_LONGEST_TRACE: Final = 20_000


class JsonLines(logging.Formatter):
    """Never fails: what is no JSON value is written as text, an error of ours as a sentence in `language`."""

    def __init__(self, language: Language = "en") -> None:
        super().__init__()
        self._language = language

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(dict(self._members(record)), ensure_ascii=False, default=self._plain)

    def _plain(self, value: object) -> Any:
        if isinstance(value, LajurError):
            try:
                return text(value.code, self._language, value.fields)[:_LONGEST]
            except (KeyError, ValueError, TypeError):
                return str(value)[:_LONGEST]
        return _plain(value)

    def _members(self, record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
        said = record.getMessage()
        is_event = not record.args and _EVENT.fullmatch(said) is not None
        yield "time", datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        yield "level", record.levelname.lower()
        yield "event", said if is_event else "log"
        yield "logger", record.name
        if not is_event:
            yield "message", said[:_LONGEST]
        fields = {
            name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD and not _SECRET.search(name)
        }
        if correlator.get() and "correlator" not in fields:
            yield "correlator", correlator.get()
        if caller_name.get() and "caller" not in fields:
            yield "caller", caller_name.get()
        for name, value in fields.items():
            yield name, value[:_LONGEST] if isinstance(value, str) else value
        if record.exc_info:
            yield "exception", self.formatException(record.exc_info)[-_LONGEST_TRACE:]


def configure(stream: TextIO | str = "ext://sys.stderr", level: str = "INFO", language: Language = "en") -> None:
    """The log of this process from here on. Called once, by whoever starts the service."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": JsonLines, "language": language}},
            "handlers": {"lines": {"class": "logging.StreamHandler", "stream": stream, "formatter": "lines"}},
            "root": {"level": level, "handlers": ["lines"]},
            "loggers": {
                "uvicorn": {"level": "INFO", "handlers": [], "propagate": True},
                "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
                "paramiko": {"level": "WARNING"},
                "alembic": {"level": "WARNING"},
            },
        }
    )


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)[:_LONGEST]
