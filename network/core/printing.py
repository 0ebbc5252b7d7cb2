"""What the doors ask of who makes paper of a page."""

from __future__ import annotations

from typing import Protocol


class Printer(Protocol):
    def pdf(self, page: str) -> bytes:
        """A whole HTML page, which refers to nothing outside itself, as PDF on the paper that its own styles name.

        Raises Refused when this machine cannot print, and PrintFailed when it did not work out.
        """
