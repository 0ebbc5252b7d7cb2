"""Why a play goes no further, in the reader's language, before it has changed anything. Knows nothing of Ansible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from network.cli.words import clean
from network.errors import Refused
from network.messages import text
from network.playing.asking import Outcome, language_of

_LONGEST: Final = 500


def refusal(word: str, fields: Mapping[str, Any], environment: Mapping[str, str]) -> Outcome:
    """By the word behind `play.refused.` in the code of its message. Fields may come from a machine."""
    code = f"play.refused.{word}"
    known = {str(name): clean(str(value)[:_LONGEST]) for name, value in fields.items()}
    return Outcome(text=text(code, language_of(environment), known), code=code, exit_code=Refused.exit_code)
