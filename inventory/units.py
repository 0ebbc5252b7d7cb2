"""Units of the truth: bandwidth, size, duration, directions. Integers only; no unit ever lives in a name or a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Final, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_SCALE: Final = {"bit/s": 1, "kbit/s": 10**3, "Mbit/s": 10**6, "Gbit/s": 10**9}
_TEXT: Final = re.compile(r"(?P<whole>[0-9]{1,15})(?:\.(?P<part>[0-9]{1,9}))?\s*(?P<unit>[A-Za-z/]+)")
_LARGEST: Final = 10**13
_DECIMAL_SIZES: Final = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_BINARY_SIZES: Final = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_LARGEST_SIZE: Final = 10**15
_LENGTHS: Final = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_LONGEST: Final = 366 * 86_400
POINTED: Final = re.compile(r"[1-9][0-9]{0,2}([.,][0-9]{3})+(?![0-9])")
"""The beginning of a number that may be a thousand times as much: Indonesian writes `1.000` where English writes `1,000`."""


class Unfit(ValueError):
    """A written value that does not fit. `code` names a message of the catalogue, `fields` fill it.

    `at` is the key below the judged value that the reader should look at.
    """

    def __init__(self, code: str, *, at: str | None = None, **fields: object) -> None:
        super().__init__(f"{code}: " + ", ".join(f"{name}={value}" for name, value in fields.items()))
        self.code = code
        self.at = at
        self.fields = fields


class Direction(StrEnum):
    """Way of traffic as an office sees it: `down` comes from the uplink, `up` goes to it."""

    DOWN = "down"
    UP = "up"


class _Amount(int):
    """A whole number that is written with a unit. Arithmetic gives a plain `int`; wrap it again where a value is stored."""

    UNREAD: ClassVar[str]
    """Code of the message for what is no text at all."""

    PATTERN: ClassVar[str]
    EXAMPLES: ClassVar[tuple[str, ...]]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises Unfit when the text is none of these."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> _Amount:
            if isinstance(value, cls):
                return value
            if isinstance(value, str):
                return cls.parse(value)
            raise Unfit(cls.UNREAD, value=value)

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json")
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": cls.PATTERN, "examples": list(cls.EXAMPLES)}


class Bandwidth(_Amount):
    """A rate in whole bit/s, written `200 Mbit/s` in YAML and printed the same way.

    Bounded by 10 Tbit/s, so that the products of the allocator stay below 63 bits.
    """

    UNREAD = "unit.bandwidth"
    PATTERN = r"^\d{1,15}(\.\d{1,9})?\s*(bit/s|kbit/s|Mbit/s|Gbit/s)$"
    EXAMPLES = ("200 Mbit/s", "128 kbit/s")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `<number> <unit>` with unit bit/s, kbit/s, Mbit/s or Gbit/s (decimal multiples).

        Raises Unfit when the text is not of that form, is not a whole number of bit/s, or is too large.
        """
        value = _counted(text, _SCALE, "unit.bandwidth", "unit.bandwidth_whole")
        if value > _LARGEST:
            raise Unfit("unit.bandwidth_large", value=text, most=cls(_LARGEST))
        return cls(value)

    def __str__(self) -> str:
        for unit in ("Gbit/s", "Mbit/s", "kbit/s"):
            scale = _SCALE[unit]
            if abs(self) >= scale and (self * 1000) % scale == 0:
                return f"{_decimal(self, scale)} {unit}"
        return f"{int(self)} bit/s"


class Size(_Amount):
    """Bytes of memory or of a disk, written `64 GiB` or `960 GB` in YAML and printed in the unit that says it shortest.

    `GB` is 10**9 as disks are sold, `GiB` is 2**30 as memory is; nothing guesses which of them a writer meant. Bounded by
    1 PB.
    """

    UNREAD = "unit.size"
    PATTERN = r"^\d{1,15}(\.\d{1,9})?\s*([kMGT]?B|[KMGT]iB)$"
    EXAMPLES = ("64 GiB", "960 GB")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `<number> <unit>` with unit B, kB, MB, GB, TB (decimal) or KiB, MiB, GiB, TiB (binary).

        Raises Unfit when the text is not of that form, is not a whole number of bytes, is nothing, or is too large.
        """
        value = _counted(text, _DECIMAL_SIZES | _BINARY_SIZES, "unit.size", "unit.size_whole")
        if not value:
            raise Unfit("unit.size", value=text)
        if value > _LARGEST_SIZE:
            raise Unfit("unit.size_large", value=text, most=cls(_LARGEST_SIZE))
        return cls(value)

    def __str__(self) -> str:
        exact = (
            f"{_decimal(self, scale)} {unit}"
            for unit, scale in (_BINARY_SIZES | _DECIMAL_SIZES).items()
            if abs(self) >= scale and (self * 1000) % scale == 0
        )
        return min(exact, key=len, default=f"{int(self)} B")


class Duration(_Amount):
    """Seconds, written `3 days` or `90 minutes` in YAML; printed in the largest unit that comes out even.

    Added to local times: three days before eight o'clock is eight o'clock. Bounded by a year.
    """

    UNREAD = "unit.duration"
    PATTERN = r"^\d{1,6}\s*(minute|hour|day|week)s?$"
    EXAMPLES = ("3 days", "12 hours")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `<number> <unit>` with unit minute, hour, day or week, or more of them. Raises Unfit."""
        value = _counted(text, _LENGTHS | {f"{unit}s": each for unit, each in _LENGTHS.items()}, cls.UNREAD, cls.UNREAD)
        if value > _LONGEST:
            raise Unfit("unit.duration_long", value=text, most=cls(_LONGEST))
        return cls(value)

    def __str__(self) -> str:
        unit = next((unit for unit, each in reversed(_LENGTHS.items()) if self % each == 0), None)
        if unit is None:
            return f"{int(self)} s"
        count = self // _LENGTHS[unit]
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _counted(text: str, scales: Mapping[str, int], unread: str, not_whole: str) -> int:
    """`<number> <unit>` in whole ones. Raises Unfit with one of the two codes."""
    found = _TEXT.fullmatch(text.strip())
    if found is None or found["unit"] not in scales:
        raise Unfit(unread, value=text)
    digits = found["part"] or ""
    parts: int = 10 ** len(digits)
    value, rest = divmod(int(found["whole"] + digits) * scales[found["unit"]], parts)
    if rest:
        raise Unfit(not_whole, value=text)
    return value


def _decimal(value: int, scale: int) -> str:
    whole, rest = divmod(value, scale)
    if not rest:
        return str(whole)
    return f"{whole}.{str(rest * 1000 // scale).rjust(3, '0').rstrip('0')}"
