"""Whose a thing in a cloud is, as it stands on the thing itself. Pure.

What Neutron keeps has tags, servers and volumes have metadata, and key pairs have nothing but a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

KEY: Final = "lajur"
"""Of metadata; a tag is this, `=`, and the owner's text."""
TOLD: Final = "lajur_told"
"""Of a server's metadata: the digest of what it was told when it first started, which nobody can read back."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A resource of a regency."""

    regency: str
    name: str

    @property
    def text(self) -> str:
        return f"{self.regency}/{self.name}"

    @property
    def tag(self) -> str:
        return f"{KEY}={self.text}"

    @property
    def called(self) -> str:
        """The name of what is made, by which one is found that was made and not yet tagged. A regency and a name have hyphens of
        their own and no underscore, so that no other two make the same."""
        return f"{KEY}-{self.regency}_{self.name}"

    @property
    def metadata(self) -> dict[str, str]:
        return {KEY: self.text}


def of_tags(tags: Iterable[str] | None) -> str:
    """The owner's text among tags; empty where nobody owns it."""
    start = f"{KEY}="
    return next((each.removeprefix(start) for each in sorted(tags or ()) if each.startswith(start)), "")


def of_metadata(metadata: Mapping[str, str] | None) -> str:
    return str((metadata or {}).get(KEY, ""))
