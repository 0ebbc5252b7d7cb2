"""A device on which links end and whose words about them nobody here knows: whatever is asked of it is refused, for it alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from network.core.link_ports import Commit, Running
from network.core.links.sight import Looks, Sight
from network.errors import Refused


class UnknownLinkDevice:
    """`network.core.link_ports.LinkDevice` that is never dialled. Everything raises Refused (`links.no_dialect`), so that the
    links of other devices are served as ever."""

    def __init__(self, device: str, platform: str, known: Sequence[str]) -> None:
        self._fields = {"device": device, "platform": platform, "known": ", ".join(sorted(known))}

    def read(self, *, beside: bool = False) -> Running:
        self._refuse()

    def commit(self, commit: Commit) -> None:
        self._refuse()

    def look(self, looks: Sequence[Looks]) -> tuple[Sight, ...]:
        self._refuse()

    def confirm(self, run: str) -> None:
        self._refuse()

    def revert(self) -> None:
        self._refuse()

    def close(self) -> None:
        """Nothing was opened."""

    def _refuse(self) -> NoReturn:
        raise Refused("links.no_dialect", **self._fields)
