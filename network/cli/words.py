"""How values are written for a person: rates, moments, durations, and text from outside made harmless.

Pure. Prints nothing and knows no message; `output.py` prints, `network.messages` speaks.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from network.errors import UsageError
from network.messages import Language

if TYPE_CHECKING:
    from inventory.units import Bandwidth

_DAYS: Final = {
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_SCALES: Final = ((10**9, "Gbit/s"), (10**6, "Mbit/s"), (10**3, "kbit/s"), (1, "bit/s"))
_LASTING: Final = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,6})m)?", re.ASCII)
_MOMENT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}(?P<mark>[:.])[0-9]{2}(?:(?P=mark)[0-9]{2})?)(?P<rest>(?:(?<=:[0-9]{2}:[0-9]{2})\.[0-9]{1,6})?)"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
"""Nothing of the standard library's reading: it takes `T10.30` for ten o'clock, and numbers of weeks."""
_LONGEST: Final = timedelta(days=366)
_HARMLESS: Final = {"\n", "\t"}
_BLOCKS: Final = " ▏▎▍▌▋▊▉█"


def clean(text: str) -> str:
    """Text from outside as text: what would steer a terminal or turn the reading direction is written as its code."""
    return "".join(character if _is_harmless(character) else _coded(character) for character in text)


def _is_harmless(character: str) -> bool:
    return character in _HARMLESS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _coded(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def rate(bits: int | None, language: Language) -> str:
    """Three figures and a unit, for example `3.21 Mbit/s`; a dash when nothing is known. `bits` in bit/s."""
    if bits is None:
        return "–"
    scale, unit = next(((scale, unit) for scale, unit in _SCALES if abs(bits) >= scale), (1, "bit/s"))
    value = bits / scale
    digits = 0 if scale == 1 or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    shown = f"{value:.{digits}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{decimal(shown, language)} {unit}"


def decimal(number: str, language: Language) -> str:
    """A number as the language writes it: Indonesian has a decimal comma."""
    return number.replace(".", ",") if language == "id" else number


def seconds(value: float, language: Language) -> str:
    """A duration with two decimals below ten seconds, one from there, for example `0.38 s`."""
    return f"{decimal(f'{value:.2f}' if value < 10 else f'{value:.1f}', language)} s"


def moment(value: datetime, zone: tzinfo, language: Language) -> str:
    """Local time with day and the zone's own name, for example `Thu 2026-07-02 08:00 WIT`."""
    local = value.astimezone(zone)
    return f"{_DAYS[language][local.weekday()]} {local:%Y-%m-%d %H:%M} {local.tzname()}"


def span(value: timedelta, language: Language) -> str:
    """A long duration in its two largest units, for example `2 d 4 h` or `2 hr 4 j`."""
    names = ("hr", "j", "mnt", "dtk") if language == "id" else ("d", "h", "min", "s")
    rest = max(0, round(value.total_seconds()))
    parts = []
    for size, name in zip((86400, 3600, 60, 1), names, strict=True):
        count, rest = divmod(rest, size)
        parts.append((count, name))
    first = next((position for position, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {name}" for count, name in parts[first : first + 2] if count or first == len(parts) - 1)


def lasting(text: str) -> timedelta:
    """A duration as a person writes it: `90m`, `2h`, `1d12h`. Raises UsageError."""
    found = _LASTING.fullmatch(text)
    days, hours, minutes = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    duration = timedelta(days=days, hours=hours, minutes=minutes)
    if not timedelta(0) < duration <= _LONGEST:
        raise UsageError("cli.usage.duration", value=text)
    return duration


def moment_of(text: str) -> datetime:
    """`2026-08-18`, `2026-08-18T08:05`, `2026-08-18 08.05`: a point between hour and minute is how Indonesian writes it.
    Naive without a zone. Raises UsageError."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise UsageError("cli.usage.time", value=text)
    time = (found["time"] or "00:00").replace(".", ":") + (found["rest"] or "")
    try:
        return datetime.fromisoformat(f"{found['day']}T{time}{found['zone'] or ''}")
    except ValueError as error:
        raise UsageError("cli.usage.time", value=text) from error


def rate_of(flag: str, text: str) -> Bandwidth:
    """A rate as a person writes it, with a decimal point or comma. Raises UsageError, also for what may be thousands."""
    from inventory.units import POINTED, Bandwidth, Unfit

    if POINTED.match(text.strip()):
        raise UsageError("cli.usage.rate_thousands", flag=flag, value=text)
    try:
        return Bandwidth.parse(text.replace(",", "."))
    except Unfit as error:
        raise UsageError("cli.usage.rate", flag=flag, value=text) from error


def rate_written(rate: Bandwidth) -> str:
    """As `rate_of` reads it: exact, and in a smaller unit where three decimals could be thousands."""
    from inventory.units import POINTED

    number, unit = str(rate).split()
    smaller = {"Gbit/s": "Mbit/s", "Mbit/s": "kbit/s", "kbit/s": "bit/s"}
    return f"{number.replace('.', '')} {smaller[unit]}" if POINTED.fullmatch(number) else f"{number} {unit}"


def bar(part: float, width: int) -> str:
    """A bar of `width` cells filled to `part` (0 to 1; more is shown as full), in eighths of a cell."""
    eighths = round(min(1.0, max(0.0, part)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_BLOCKS[rest] if rest else "")).ljust(width)
