"""What releases ask of the hands and of the record. Every hand and its twin implement the same protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from network.core.releases.record import Mark, ReleaseRecord
from network.core.releases.values import (
    Artefact,
    HostSight,
    Migrated,
    Migration,
    Placed,
    Pruned,
    Swapped,
    Told,
    Watch,
)


class ReleaseHands(Protocol):
    """The servers and the edges of one workload, and nothing else: made with its `values.Workload`. Sync.

    Every answer has one entry for each host that was asked for, in any order. What one host cannot do is its own `trouble` and
    stops no other; raised is only what concerns all, as when no playbook can be started (`LajurError`). Every verb is absolute:
    called again, after it was cut anywhere, it leads to the same state. Every wait is bounded, so that each verb ends: SSH
    within 10 s, and what more is said below. Texts of machines are cut to MOST_SAID characters and never rendered as templates.
    """

    def look(self, hosts: Sequence[str]) -> Mapping[str, HostSight]:
        """What holds, changing nothing. A host that does not answer has a `trouble` and, from the edges, `drained`.

        `drained` is asked of each edge's runtime socket: True for `drain` and `maint`, however it came there; False for any other
        state, up or down. An edge that cannot be asked, or does not know the server: None. Empty for a workload without edges.

        Of its database (`Workload.database`) the port is asked, for 3 s at most, where the truth says at which address it is.
        """

    def place(self, hosts: Sequence[str], artefact: Artefact) -> Mapping[str, Placed]:
        """Bring the file to `incoming/`, compare its sha256 there, unpack it beside and rename it to `releases/ID`, so that what
        has that name is whole; then nothing is left in `incoming/`, and the file stays for servers that join (`Files`). Nothing
        is switched, and no service is touched.

        What is there and whole stays as it is (`changed` False). Before anything is sent the free bytes are compared with
        `artefact.size` + `artefact.unpacked`, and a tenth of it more: `Problem.SPACE` with both numbers; a disk that gets full on
        the way is the same problem. Whatever the problem is, what was begun is removed. Members of an archive that would lie, or
        lead, outside of its folder are refused once more here (`Problem.UNPACK`), and owners, set-id bits and devices never kept.
        Packages come from the repositories that the server has (`Problem.PACKAGES`). `Problem.TIMEOUT` when bringing the file, or
        unpacking it, takes longer than 11 minutes.
        """

    def migrate(self, host: str, release: str, kind: Migration) -> Migrated:
        """Run `Workload.migrate` of `releases/RELEASE` with the word of `kind`, as the workload's user, with its database
        credential, in the folder of the release; `current` and the service are not touched.

        `Problem.MIGRATION` with what it said for another exit code than 0 and for one that takes longer than 10 minutes (it is
        ended then). `Problem.NOT_PLACED` when the release is not there.
        """

    def swap(self, hosts: Sequence[str], release: str, *, without: Sequence[str] = ()) -> Mapping[str, Swapped]:
        """Carry every host to `release`, all at once. For each, in this order:

        1. the release must be placed, else `NOT_PLACED`, and nothing is done: no edge is told anything;
        2. every edge drains it; when one cannot be told (`EDGE`), or does not know it, those that were told let it in again and
           nothing is switched;
        3. wait until no edge has a session with it, at most 30 s; those still open then are counted in `cut`;
        4. every edge still drains it: else tell it again, three times at most, then `FORGOTTEN` and as in 2;
        5. `previous` is what `current` was, where that was another one, and `current` is renamed to lead to `release`;
        6. restart the unit (`START` when it does not get active within 30 s);
        7. its health URL, asked on the server itself, fits (`Workload.health`, `expect`) within 30 s, else `ANSWER`;
        8. note the cursor of each edge's log, once for all hosts and before the first of them is let in; then every edge lets it
           in (`EDGE` when one cannot be told: `switched`).

        With a problem before `current` is renamed, what serves is as it was, and as in 2 (a package that could not be installed
        counts as after it). With one after that the host stays drained: who calls decides whether it goes back. A host that
        cannot be reached is drained at the edges all the same and stays so (`UNREACHABLE`, whatever an edge has against it;
        `let_in` False if every edge could be told; `switched` is a guess then).

        `release` empty: drained, `current` removed, the unit stopped, and it stays out; that is success.

        `without` are edges that are neither asked nor told anything: on the way back one that is silent must not keep a version
        that is no good where it is. What they send meanwhile they retry elsewhere, or lose.
        """

    def watch(self, hosts: Sequence[str], cursors: Mapping[str, str]) -> Watch:
        """Watch for `Workload.gate.watch` seconds. Meanwhile each edge asks the health URL of each host at its own address and
        port, `Workload.gate.asks` times, evenly spread, 2 s at most for each answer and at most 8 KiB of it. A workload without
        edges is asked on the server itself; that server's key stands in the place of the edge's.

        Of each edge's log all lines of this workload from its cursor on to the end of the watch are counted; an edge without a
        cursor from the beginning of the watch on. Never by the time of a line: clocks differ. A cursor that is no longer known
        begins at the oldest line. Lines with a termination state that begins with `C` (the client broke off) are left out;
        status -1 is 0; of `times` each is what lies between sending the request to the server and the answer's headers (HAProxy:
        Tc + Tr). Lines that name no server are `unserved`. Host may be unreachable: the edges are asked all the same.
        """

    def prune(self, hosts: Sequence[str], keep: int, *, first: Sequence[str] = ()) -> Mapping[str, Pruned]:
        """Remove all but the `keep` newest releases, by when they were placed, and whatever a cut `place` left in `incoming/`.
        What `current` leads to is never removed, and counts as kept; what `previous` leads to as well, unless it is of `first`.
        Those of `first` go before any other, whatever their age: they are no good."""


class Files(Protocol):
    """The files that releases of one workload were made of, as its servers keep them."""

    def fetch(self, release: str, sha256: str, version: str, servers: Sequence[str]) -> AbstractContextManager[Artefact]:
        """The file of this release from the first of `servers` that has it, checked like one that is deployed; here as long as
        the block lasts. Raises Refused (`release.no_file`) when none of them has it as `sha256` says."""


class Doors(Protocol):
    """The edges of a regency that let offices in by stages. Sync; as of `ReleaseHands`, what one edge cannot do is its own
    `trouble`, raised is only what concerns all, and every verb is absolute and ends."""

    def let_in(
        self, workload: str, edges: Sequence[str], opened: Mapping[str, str], *, check: bool = False
    ) -> Mapping[str, Told]:
        """From this moment on, and after its next start, each edge lets in whom `opened` says, by network, and nobody else.
        Sessions that are open go on. `check`: only look."""


class Releases(Protocol):
    """The durable record of releases of one regency and place. Everything is written before it is carried out; each change of it
    is an entry of the audit chain too."""

    def begin(self, record: ReleaseRecord) -> None: ...

    def mark(self, run: str, mark: Mark) -> None:
        """What the run is about to do, or has found out."""

    def finish(self, run: str, result: str, at: datetime, detail: Mapping[str, str | int] | None = None) -> None: ...

    def marks(self, run: str) -> tuple[Mark, ...]:
        """In order."""

    def last(self, workload: str) -> ReleaseRecord | None:
        """The one that was begun last."""

    def history(self, workload: str | None = None, limit: int = 20) -> tuple[ReleaseRecord, ...]:
        """Newest first."""
