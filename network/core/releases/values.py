"""What is said of a release, of the servers that carry it and of the edge before them. Values only.

Every text that comes from a machine is untrusted: bounded, and never a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MOST_SAID: Final = 2000
"""Characters of what a machine said that are kept of one answer."""

MOST_TIMES: Final = 5000
"""Times of answers that are kept of one server and one look at the edge's log."""


class ArtefactKind(StrEnum):
    WHEEL = "wheel"
    TARBALL = "tarball"
    DEB = "deb"


class Migration(StrEnum):
    """`expand` only adds, so that the version before goes on beside it; `contract` takes away what nobody needs any more."""

    EXPAND = "expand"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How many servers have the release when this batch is through, all before it included: a number, or a percentage."""

    count: int | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """When a batch is good. `good`: answers in a row of the health URL; `watch`: seconds that the edge's log is watched;
    `requests`: fewer say nothing of `errors` (percent of answers 5xx or none) and `slow` (ms, 95th percentile)."""

    good: int = 5
    watch: int = 5
    requests: int = 20
    errors: int = 1
    slow: int = 500

    @property
    def asks(self) -> int:
        """How often the health URL of a server is asked in one watch: the first half may be those of a start."""
        return 2 * self.good


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a release of a workload needs to know. `servers` in the order in which they get it: the first is the canary.

    `start` and `migrate` are a program and its words, below the release's folder unless absolute; `migrate` empty: no migrations.
    `scheme` (http, https) is how its port is asked. `edges`: the servers through which it is let in, empty when nobody outside
    reaches it. `signers`: public SSH keys, one of which must have signed a file; empty: the checksum alone counts.
    """

    key: str
    name: str
    owner: str
    kind: ArtefactKind
    servers: tuple[str, ...]
    port: int
    health: str
    scheme: str = "http"
    expect: str = ""
    start: tuple[str, ...] = ()
    migrate: tuple[str, ...] = ()
    gate: Gate = field(default_factory=Gate)
    keep: int = 3
    batches: tuple[Batch, ...] = (Batch(count=1), Batch(percent=25), Batch(percent=100))
    database: str = ""
    signers: tuple[str, ...] = ()
    staged: bool = False
    edges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A file that was checked. `path` is on the controller; `size` its bytes, `unpacked` those of what is in it, or what they may
    come to where nobody can say. `pulls`: placing it fetches packages from a repository."""

    id: str
    version: str
    kind: ArtefactKind
    path: str
    sha256: str
    size: int
    unpacked: int
    pulls: bool = False


class Problem(StrEnum):
    """Why a host could not do as asked. What each means for what holds there is said at the verbs of `ReleaseHands`."""

    UNREACHABLE = "unreachable"
    """No SSH session, or it was cut. What was sent may have been done."""

    HOST_KEY = "host_key"
    """Its pinned host key does not fit, or none is pinned."""

    LOGIN = "login"
    EDGE = "edge"
    """An edge (`Trouble.edge`) could not be asked or told."""

    FORGOTTEN = "forgotten"
    """An edge (`Trouble.edge`) let it in again although it had been told to drain, as after a restart."""

    SPACE = "space"
    """`Trouble.needed` bytes are needed, and `Trouble.free` are free."""

    CHECKSUM = "checksum"
    UNPACK = "unpack"
    PACKAGES = "packages"
    """The package repository does not answer, or lacks what is needed."""

    NOT_PLACED = "not_placed"
    START = "start"
    ANSWER = "answer"
    MIGRATION = "migration"
    TIMEOUT = "timeout"
    """It did not end in the time that it has, and was given up. The machine may be at it for a while still."""

    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`said`: the last lines of whatever said something of it, at most MOST_SAID characters; untrusted, without secrets."""

    problem: Problem
    said: str = ""
    edge: str = ""
    needed: int | None = None
    free: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSight:
    """What holds on one server now. With a `trouble` only `drained` says anything: the edges are asked all the same.

    `current` and `previous` are release ids, empty for none. `releases`: those that are placed and whole, oldest first.
    `unit` as systemd says it (active, inactive, failed, activating, …), empty when there is none. `said`: the version that its
    health URL says it is, empty when it says none. `drained`, by edge: whether the edge keeps requests from it; None when this
    edge could not be asked. `free`: bytes that are free where releases lie, None when unknown. `clock`: seconds since 1970 by its
    own clock, None when unknown. `database`: whether the workload's database takes a connection from it; None when nobody asked.
    """

    current: str = ""
    previous: str = ""
    releases: tuple[str, ...] = ()
    unit: str = ""
    answers: bool = False
    said: str = ""
    drained: Mapping[str, bool | None] = field(default_factory=dict)
    free: int | None = None
    clock: int | None = None
    database: bool | None = None
    trouble: Trouble | None = None

    @property
    def is_in(self) -> bool:
        """Whether somebody may be sent to it: by an edge, or, where there is none, because it runs."""
        return any(each is not True for each in self.drained.values()) if self.drained else self.unit == "active"

    @property
    def serves(self) -> bool:
        """Whether people are answered by it."""
        return self.trouble is None and self.is_in and self.unit == "active" and self.answers

    def carries(self, release: str) -> bool:
        """Whether it does its work with that release: it runs, answers, and every edge lets it in."""
        let_in = all(each is False for each in self.drained.values())
        return self.trouble is None and self.current == release and self.unit == "active" and self.answers and let_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`trouble` None: the release lies there, whole."""

    trouble: Trouble | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """`trouble` None: it ended with exit code 0. `said`: what the program printed last."""

    trouble: Trouble | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """`trouble` None: `current` is the release, it runs, it answers, and every edge lets it in.

    `switched`: whether `current` is now the release, as far as is known; `let_in`: whether some edge may send requests to it.
    `cut`: sessions that were still open when the wait for them was over. `cursors`, by edge: where its log was, just before it
    was told to let the server in; opaque.
    """

    trouble: Trouble | None = None
    switched: bool = False
    let_in: bool = False
    cut: int = 0
    cursors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of the health URL. `status` 0: none in time; `ms` until its last byte; `fits`: it was 2xx and holds what is
    expected."""

    status: int
    ms: int
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One server as the edges saw it. `answers` of its health URL, by edge, in order.

    `statuses`: how many lines of the edges' logs have each status, 0 for no answer; what a client broke off does not count. A try
    that failed here and was made again, and a request that hangs where none is answered, have no line here and are 0, too.
    `times`: ms from a request to its answer, in any order; a fair choice where there were more than MOST_TIMES.
    """

    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    statuses: Mapping[int, int] = field(default_factory=dict)
    times: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """`silent`: edges that could not be asked. `unserved`: requests for the workload that an edge had no server for. `retried`:
    those that were answered when they were tried again, and of which nobody knows which server failed first. `cut`: edges whose
    logs had more lines than are read, so that the last of them are not counted."""

    hosts: Mapping[str, Watched]
    silent: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    unserved: int = 0
    retried: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`trouble` None: the edge lets in just these. `changed`: it let in others before, or would now."""

    trouble: Trouble | None = None
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    gone: tuple[str, ...] = ()
    trouble: Trouble | None = None
