"""What a finding says to a person, in Indonesian and English. Words only: nothing here decides or reads."""

from __future__ import annotations

import re
from typing import Final, Literal

from inventory import (
    words_addresses,
    words_clouds,
    words_csv,
    words_files,
    words_releases,
    words_rules,
    words_servers,
    words_start,
)
from inventory.findings import Finding, Message

__all__ = ["MESSAGES", "Language", "Message", "figured", "render"]

Language = Literal["id", "en"]


MESSAGES: Final[dict[str, Message]] = {
    **words_files.WORDS,
    **words_rules.WORDS,
    **words_addresses.WORDS,
    **words_servers.WORDS,
    **words_releases.WORDS,
    **words_clouds.WORDS,
    **words_csv.WORDS,
    **words_start.WORDS,
}

NONE_NEAR: Final[dict[str, Message]] = {
    **words_rules.NONE_NEAR,
    **words_files.NONE_NEAR,
    **words_servers.NONE_NEAR,
    **words_releases.NONE_NEAR,
    **words_clouds.NONE_NEAR,
    **words_csv.NONE_NEAR,
}
"""What the same codes say when nothing known is close to what was written: `known` in the place of `nearest`."""

_KINDS: Final = {
    "application": "aplikasi",
    "calendar": "kalender",
    "cloud": "cloud",
    "device": "perangkat",
    "lease": "sewa",
    "link": "tautan",
    "office": "kantor",
    "server": "server",
    "service_class": "kelas layanan",
    "stage": "tahap",
    "workload": "beban kerja",
}
"""What `kind` names, in Indonesian; English has it as the files do."""


_FIGURE: Final = re.compile(r"(?:≥ )?-?[0-9]+\.[0-9]+ (?:[kMG]?bit/s|dBm|[kKMGT]?i?B)")
"""A measure as text, and nothing beside it: what has been kept or carried as text is spoken like what has not."""


_MONEY: Final = frozenset({"cost", "budget", "excess"})
"""Fields that are rupiah."""


class _Comma(float):
    """A number that is written with a decimal comma, by whatever format a template asks for."""

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace(".", ",")

    def __str__(self) -> str:
        return format(self)


def figured(value: object, language: Language) -> object:
    """A field as the language writes numbers: Indonesian has a decimal comma, and `10.199` would be ten thousand there.

    Text stays as somebody wrote it, unless it is a measure and nothing else.
    """
    if language == "en":
        return value
    if isinstance(value, float):
        return _Comma(value)
    if isinstance(value, (int, str)) and _FIGURE.fullmatch(shown := str(value)):
        return shown.replace(".", ",")
    return value


def rupiah(amount: int, language: Language) -> str:
    """Whole rupiah with its thousands set apart as the language does: `Rp36.000.000`, `IDR 36,000,000`."""
    grouped = f"{amount:,}"
    return f"Rp{grouped.replace(',', '.')}" if language == "id" else f"IDR {grouped}"


def spoken(name: str, value: object, language: Language) -> object:
    """The field of this name as the language writes it: money, or as `figured`."""
    if name in _MONEY and str(value).isdecimal():
        return rupiah(int(str(value)), language)
    return figured(value, language)


def render(finding: Finding, language: Language) -> str:
    """`offices.yaml:41: what is wrong; what to write instead`, in the reader's language."""
    message = (NONE_NEAR if "known" in finding.fields and finding.code in NONE_NEAR else MESSAGES)[finding.code]
    fields: dict[str, object] = {name: spoken(name, value, language) for name, value in finding.fields.items()}
    if language == "id" and "kind" in fields:
        fields["kind"] = _KINDS.get(finding.fields["kind"], finding.fields["kind"])
    text = (message.id if language == "id" else message.en).format(**fields)
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return f"{place}: {text}" if place else text
