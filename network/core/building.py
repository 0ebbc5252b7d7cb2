"""What the builder of leased servers is asked, what it says while it works, and what it must be able to. Pure.

The builder is a program of its own (`python -m infra`): a request goes in, events come out, each a code and fields.
`network.core.build_words` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

from network.errors import LajurError

FORM: Final = "lajur.infra/1"
"""The form of requests and events, as both sides name it."""

SUBJECT: Final = "server "
"""What the subjects of observations of servers begin with; the key follows."""
_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Verb(StrEnum):
    PREVIEW = "preview"
    UP = "up"
    REFRESH = "refresh"
    DRIFT = "drift"
    OUTPUTS = "outputs"
    DESTROY = "destroy"
    CONTENTS = "contents"
    RECOVER = "recover"
    QUOTAS = "quotas"

    @property
    def changes(self) -> bool:
        """Whether machines, or what is on record of them, are other than before when it has ended."""
        return self not in (Verb.PREVIEW, Verb.DRIFT, Verb.OUTPUTS, Verb.CONTENTS, Verb.QUOTAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How one server is logged in to. Secrets stand in no `repr`; `sudo`: whether the login becomes root by it."""

    user: str
    port: int = 22
    private_key: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    sudo: bool = False
    bmc_user: str | None = None
    bmc_password: str | None = field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(each for each in (self.private_key, self.password, self.bmc_password) if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudAccess:
    """How a cloud is entered: the text of a clouds.yaml, or its path, and which of the clouds in it is meant. `place`: where it
    is written, as a person knows it."""

    clouds: str = field(repr=False)
    cloud: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequest:
    """One call of the builder, as it reads it: paths absolute, day and moment in ISO 8601. `access` names every server that there
    is, `rented` those of them that are rented and are to be there, `new` the rented ones that nobody took over yet, `begun` those
    of these of which something may stand, `only` those that are meant (empty: all); `clouds`: how each cloud of a rented one is
    entered. `engine` None: as the builder finds it. `release`: what may be given back though it is protected; `databases`: where
    a database may be wiped, and why; `lost`: what is gone, and what became of it; `baseline`: what is accepted as it stands, for
    `reason`."""

    verb: Verb
    folder: str
    state: str
    home: str
    passphrase_file: str
    known_hosts: str
    today: str
    now: str
    project: str
    stack: str
    reports: str
    engine: str | None = None
    access: Mapping[str, Access] = field(default_factory=lambda: _NONE)
    clouds: Mapping[str, CloudAccess] = field(default_factory=lambda: _NONE)
    rented: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    release: tuple[str, ...] = ()
    databases: Mapping[str, str] = field(default_factory=lambda: _NONE)
    lost: Mapping[str, str] = field(default_factory=lambda: _NONE)
    baseline: tuple[str, ...] = ()
    reason: str = ""
    kind: str = FORM

    def document(self) -> dict[str, Any]:
        """In JSON's types, secrets and all."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        texts = {name: dict(own[name]) for name in ("databases", "lost")}
        entered = {name: {key: asdict(each) for key, each in own[name].items()} for name in ("access", "clouds")}
        return {**own, **texts, **entered}

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(secret for access in self.access.values() for secret in access.secrets)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildEvent:
    """What the builder said: a code of `network.core.build_words.VOCABULARY`, with all its fields."""

    code: str
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        return value if isinstance(value, str) else "" if value is None else str(value)


Heard: TypeAlias = Callable[[BuildEvent], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a request ended: `result` as the builder gave it, or `error`. `interrupted`: it was asked to stop and did, in order."""

    result: Mapping[str, Any] = field(default_factory=lambda: _NONE)
    error: LajurError | None = None
    interrupted: bool = False


class Builder(Protocol):
    """Whoever takes over, looks at, repairs and gives back servers."""

    def run(self, request: BuildRequest, heard: Heard) -> Ending:
        """Carry out one request; `heard` is told of every event in the caller's own thread.

        The error of an ending is Refused, BuildError or NeedsPerson with the builder's own code and fields, or one of ours when
        it ended without a word. An interrupted caller has it stopped in order first; NeedsPerson when it had to be killed in the
        middle of a change. Raises Refused only for a builder that could not be started.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """Something that was found out, not decided: `value` in JSON's types, as it was at `at`."""

    subject: str
    at: datetime
    value: Mapping[str, Any]


class Observations(Protocol):
    """What was observed of a regency's subjects in one place; the last word on each counts."""

    def put(self, regency: str, observations: Sequence[Observation]) -> None: ...

    def latest(self, regency: str, prefix: str = "") -> Mapping[str, Observation]:
        """By subject, those whose subject begins with `prefix`, in order of the subject."""

    def drop(self, regency: str, subjects: Sequence[str]) -> None:
        """They are no longer there. What was never observed is no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTree:
    """What a role of ours has in one place of a server."""

    server: str
    role: str
    path: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing on a server that is not as it was when it was accepted. `mend`: `repair` where commands can mend it, else
    `person`; `reason`: why they could not."""

    server: str
    kind: str
    name: str
    wanted: str
    found: str
    mend: str
    reason: str
