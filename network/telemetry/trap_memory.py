"""What trap engines last showed, in a file that outlives the process: what was believed before a restart is not believed again.

No secret is in it: which engine of which device, its clock, and digests and moments of its last traps. Keys are made anew from
the pass phrases when an engine is next heard.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from network.errors import Refused

LARGEST: Final = 24 * 2**20
"""Bytes of the file: a thousand devices with all the engines and traps that are kept of one need fewer."""


Moment = tuple[int, int]
"""Boots of an engine, and its seconds since then."""

NEVER: Final[Moment] = (-1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The latest moment that an engine showed, and the last traps that were believed of it: the digest of each, and its
    moment. `forgotten` is the latest moment of those that are no longer among them."""

    latest: Moment = NEVER
    forgotten: Moment = NEVER
    last: tuple[tuple[bytes, Moment], ...] = ()


Engines = Mapping[bytes, Shown]
"""By engine id, the one that was heard last at the end."""


class TrapMemory:
    """One process writes to it: the one that has the trap port."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def load(self) -> dict[str, Engines]:
        """By device. Raises Refused for a file that cannot be used; it is set aside, so that the next start is as the first."""
        try:
            with self._file.open("rb") as file:
                written = json.loads(file.read(LARGEST))
            return {str(device): _engines(engines) for device, engines in written["devices"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            aside = self._file.with_name(f"{self._file.name}.damaged")
            reason = type(error).__name__
            try:
                self._file.replace(aside)
            except OSError as other:
                reason = other.strerror or reason
            raise Refused("traps.memory_lost", file=str(self._file), aside=str(aside), reason=reason) from error

    def save(self, devices: Mapping[str, Engines]) -> None:
        """All of it, whole or not at all. Raises OSError."""
        written = {
            device: {engine.hex(): _written(shown) for engine, shown in found.items()} for device, found in devices.items()
        }
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._file.with_name(f"{self._file.name}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump({"devices": written}, file)
        part.replace(self._file)


def _written(shown: Shown) -> list[Any]:
    return [shown.latest, shown.forgotten, [(digest.hex(), *moment) for digest, moment in shown.last]]


def _engines(written: Mapping[str, Any]) -> Engines:
    return {bytes.fromhex(engine): _shown(shown) for engine, shown in written.items()}


def _shown(written: Sequence[Any]) -> Shown:
    latest, forgotten, last = written
    told = tuple((bytes.fromhex(digest), _moment(moment)) for digest, *moment in last)
    return Shown(latest=_moment(latest), forgotten=_moment(forgotten), last=told)


def _moment(written: Sequence[Any]) -> Moment:
    boots, time = written
    if not isinstance(boots, int) or not isinstance(time, int):
        raise TypeError("not the clock of an engine")
    return boots, time
