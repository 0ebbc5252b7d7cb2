"""JSON as it must come: one value, each name once, text that is text, numbers that fit. Stricter than the standard library."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from starlette.requests import Request

from network.errors import UsageError

DEEPEST: Final = 32
_LARGEST: Final = 2**63
_MOST_DIGITS: Final = 400


class _Twice(ValueError):
    pass


class StrictRequest(Request):
    """A request whose body is read strictly, once, by whoever asks first."""

    _value: Any = None
    _is_read = False

    async def json(self) -> Any:
        """The body. Raises UsageError for what is no JSON of the kind that we take."""
        if not self._is_read:
            self._value = loads(await self.body())
            self._is_read = True
        return self._value


def loads(written: bytes) -> Any:
    if not written.strip():
        raise UsageError("api.no_body")
    try:
        value = json.loads(
            written.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_number,
            parse_float=_float,
            parse_int=_integer,
        )
    except _Twice as error:
        raise UsageError("api.json_twice", name=str(error)[:100]) from error
    except UnicodeDecodeError as error:
        raise UsageError("api.not_json", position=error.start) from error
    except json.JSONDecodeError as error:
        raise UsageError("api.not_json", position=error.pos) from error
    except RecursionError as error:
        raise UsageError("api.json_deep", most=DEEPEST) from error
    _look(value)
    return value


def canonical(value: Any) -> bytes:
    """The one way to write a value: the same for two bodies that say the same."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return made


def _number(_: str) -> NoReturn:
    raise UsageError("api.json_number")


def _float(written: str) -> float:
    value = float(written)
    return value if math.isfinite(value) else _number(written)


def _integer(written: str) -> int:
    if len(written) > _MOST_DIGITS:
        _number(written)
    value = int(written)
    return value if -_LARGEST <= value < _LARGEST else _number(written)


def _look(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(DEEPEST + 1):
        below: list[Any] = []
        for each in level:
            if isinstance(each, str):
                _text((each,))
            elif isinstance(each, dict):
                _text(each)
                below.extend(each.values())
            elif isinstance(each, list):
                below.extend(each)
        if not below:
            return
        level = below
    raise UsageError("api.json_deep", most=DEEPEST)


def _text(texts: Iterable[str]) -> None:
    for text in texts:
        if "\x00" in text or any("\ud800" <= each <= "\udfff" for each in text):
            raise UsageError("api.json_text")
