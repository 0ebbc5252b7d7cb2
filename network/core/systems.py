"""Connected systems as the offices reach them: what is asked, and what was answered. Values; where faults lie is in
`network.core.system_faults`. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final, Protocol

from inventory import views
from inventory.model import Application, Office, Probe
from inventory.regency import Regency
from network.core.reason import Reason
from network.errors import LajurError

AT_LEAST: Final = 2
"""Offices that must have asked before anybody says that a system is down: one alone cannot tell it from its own way."""


class By(StrEnum):
    """How deep a system was asked, the deepest first. `https_unchecked`: nobody looked at the certificate."""

    HTTPS = "https"
    HTTPS_UNCHECKED = "https_unchecked"
    HTTP = "http"
    TCP = "tcp"
    PING = "ping"


class Word(StrEnum):
    """What came of asking. `unclear`: a router that can only ping heard nothing, and many systems answer no ping."""

    ANSWERS = "answers"
    SLOW = "slow"
    PAGE = "page"
    CERTIFICATE = "certificate"
    SILENT = "silent"
    UNCLEAR = "unclear"
    UNASKED = "unasked"


ANSWERED: Final = frozenset({Word.ANSWERS, Word.SLOW})
THERE: Final = frozenset({Word.ANSWERS, Word.SLOW, Word.PAGE, Word.CERTIFICATE})
"""Something at the other end spoke: the way is good."""


BAD: Final = frozenset({Word.PAGE, Word.CERTIFICATE, Word.SILENT})
"""Nobody could work with it."""


class Why(StrEnum):
    """What stood in the way, below the word. Every one has a message `systems.why.…`."""

    NONE = ""
    REFUSED = "refused"
    TIMEOUT = "timeout"
    NO_ROUTE = "no_route"
    NAME = "name"
    CLOSED = "closed"
    TLS = "tls"
    STATUS = "status"
    EXPECT = "expect"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    OTHER_NAME = "other_name"
    ISSUER = "issuer"
    NO_PING = "no_ping"
    NO_MEANS = "no_means"
    UNREACHED = "unreached"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one system answered to one office. `milliseconds` from the first packet to the last that was waited for, None where
    nothing came. `status` is HTTP's. `source`: from which address it was asked; empty: the router has none in the office's LAN,
    so that the way was the router's own and not the people's."""

    word: Word
    by: By | None
    why: Why = Why.NONE
    milliseconds: int | None = None
    status: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A connected system of the truth. `uplink`: by which one the core sends to it, None where nobody can say. What is not
    written is empty."""

    key: str
    name: str
    owner: str
    application: str
    probe: Probe
    service_class: str = ""
    windows: tuple[str, ...] = ()
    uplink: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One system from one office. `at` is when it was asked; None: never."""

    answer: Answer | None = None
    at: datetime | None = None

    @property
    def word(self) -> Word:
        return self.answer.word if self.answer is not None else Word.UNASKED


class Extent(StrEnum):
    """From how many offices a system answers. `unsure`: too few could ask to tell."""

    EVERYWHERE = "everywhere"
    PARTLY = "partly"
    NOWHERE = "nowhere"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a person should know. `what` and `next` are message codes with fields; `grave`: a service to the public stands still
    or may soon."""

    what: Reason
    next: Reason
    grave: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Offices by systems at a moment. `cells` by (office, system); `unreached`: offices whose router could not be asked."""

    at: datetime
    systems: tuple[System, ...]
    offices: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    unreached: Mapping[str, LajurError] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()

    def cell(self, office: str, system: str) -> Cell:
        return self.cells.get((office, system), Cell())

    def column(self, system: str) -> dict[str, Word]:
        """What the offices that could ask heard of it."""
        found = {office: self.cell(office, system).word for office in self.offices if office not in self.unreached}
        return {office: word for office, word in found.items() if word is not Word.UNASKED}

    def extent(self, system: str) -> Extent:
        words = list(self.column(system).values())
        good = sum(word in ANSWERED for word in words)
        if words and good == len(words):
            return Extent.EVERYWHERE
        if good:
            return Extent.PARTLY
        sure = sum(word not in (Word.UNCLEAR, Word.UNASKED) for word in words)
        return Extent.NOWHERE if sure >= AT_LEAST and sure == len(words) else Extent.UNSURE

    @property
    def is_good(self) -> bool:
        """Every system answers from every office."""
        return all(self.cell(office, each.key).word in ANSWERED for office in self.offices for each in self.systems)


class SystemProber(Protocol):
    """Asks systems from where an office's people sit."""

    def probe(self, office: Office, systems: Sequence[System]) -> Mapping[str, Answer]:
        """The answer of each system, by its key; bounded in time. Raises DeviceError when the office's router cannot be reached
        or does not do what it is told, Refused for a secret that cannot be resolved."""


def systems(regency: Regency) -> tuple[System, ...]:
    """The connected workloads whose application says how it is probed, in the order of the truth."""
    applications = {each.key: each for each in regency.applications}
    found = []
    for workload in regency.workloads:
        application = applications.get(workload.application or "")
        if workload.kind != "connected" or application is None or application.probe is None:
            continue
        found.append(
            System(
                key=workload.key,
                name=workload.name,
                owner=workload.owner,
                application=application.key,
                probe=application.probe,
                service_class=workload.service_class or "",
                windows=workload.windows,
                uplink=_uplink(regency, application),
            )
        )
    return tuple(found)


def _uplink(regency: Regency, application: Application) -> str | None:
    """By its probe's address; a name may be anywhere, so that its destinations say where it is expected."""
    try:
        network = IPv4Network(IPv4Address(application.probe.host if application.probe else ""))
    except AddressValueError:
        network = application.destinations[0]
    return views.leaves_by(regency, network)
