"""What a broken version does on purpose, so that something can be taken back."""

from __future__ import annotations

from itertools import count
from threading import Event
from typing import Final

SLOW_SECONDS: Final = 0.8

ERROR_PAGE: Final = (
    "<!doctype html><title>Galat</title><h1>Terjadi kesalahan</h1>"
    "<p>SAMPLE of Lajur, broken on purpose: an error page that answers 200.</p>\n"
)


class Faults:
    """`kind`: `third` answers 500 to every third request but those of health; `unwell` never becomes healthy; `error-page`
    answers health with 200 and a page of error; `slow` takes long; empty is sound.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._asked = count(1)  # atomic under the interpreter's lock

    @property
    def unwell(self) -> bool:
        return self._kind == "unwell"

    @property
    def page(self) -> bool:
        return self._kind == "error-page"

    def breaks(self) -> bool:
        """Whether this request gets 500. Asked before anything is stored: what is answered 500 leaves no row."""
        if self._kind == "slow":
            Event().wait(SLOW_SECONDS)
        return self._kind == "third" and next(self._asked) % 3 == 0
