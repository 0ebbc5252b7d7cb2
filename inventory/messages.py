"""What a finding says to a person, in Indonesian and English. Words only: nothing here decides or reads."""

from __future__ import annotations

from typing import Final, Literal

from inventory import words_addresses, words_csv, words_files, words_rules, words_start
from inventory.findings import Finding, Message

__all__ = ["MESSAGES", "Language", "Message", "render"]

Language = Literal["id", "en"]


MESSAGES: Final[dict[str, Message]] = {
    **words_files.WORDS,
    **words_rules.WORDS,
    **words_addresses.WORDS,
    **words_csv.WORDS,
    **words_start.WORDS,
}


def render(finding: Finding, language: Language) -> str:
    """`offices.yaml:41: what is wrong; what to write instead`, in the reader's language."""
    message = MESSAGES[finding.code]
    text = (message.id if language == "id" else message.en).format(**finding.fields)
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return f"{place}: {text}" if place else text
