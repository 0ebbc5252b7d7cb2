"""What a run that changes is at, kept from its first word with a machine until it has ended by itself.

Whoever recovers from its death carries on with that, and with nothing that nobody asked for: what a person wanted to accept as it
stands is not mended away, and a return is not turned back.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Final

from infra.request import CHANGING, Request, Verb

_BROKEN: Final = ("engine_died", "interrupted", "state_")
"""How the codes begin, behind the name of this room, with which a run ends that did not come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a run was at that never ended: `baseline` are the servers that were to be accepted as they stand, `servers` those that
    it was asked for; none is all."""

    verb: Verb
    servers: tuple[str, ...]
    baseline: tuple[str, ...]


class Unfinished:
    """The note of it, beside the engine's own files of this stack. Safe to use from several threads."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._file = request.home / "work" / request.stack / "unfinished.json"
        self._lock = threading.Lock()
        self._is_ours = False
        self._is_kept = False

    def begin(self) -> None:
        """Once; whoever only looks leaves none."""
        request = self._request
        with self._lock:
            if self._is_ours or request.verb not in CHANGING:
                return
            if request.verb is Verb.RECOVER and self._file.exists():
                self._is_ours = True
                return  # it carries on with that
            # Without a note who recovers only looks.
            verb = Verb.REFRESH if request.verb is Verb.RECOVER else request.verb
            part = self._file.with_suffix(".part")
            part.write_text(json.dumps({"verb": verb, "servers": request.only, "baseline": request.baseline}), encoding="utf-8")
            part.replace(self._file)
            self._is_ours = True  # who could not write it asks anew: no machine is spoken with before

    def keep(self) -> bool:
        """An engine of ours was killed: whatever is said of that, nobody knows how far it came. Whether it may have changed
        anything."""
        self._is_kept = True
        return self._request.verb in CHANGING

    def end(self, code: str = "") -> None:
        """It has ended in order, or with an error of this code. Another's note stays."""
        if self._is_ours and not self._is_kept and not code.removeprefix("infra.").startswith(_BROKEN):
            self._file.unlink(missing_ok=True)

    def left(self) -> Left | None:
        """What the last run here was at, if it never ended; None too when its note cannot be read."""
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
            return Left(verb=Verb(said["verb"]), servers=tuple(said["servers"]), baseline=tuple(said["baseline"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
