"""The shape of what runs on servers: workloads, how their releases go out, who lets them in from outside. Values only."""

from __future__ import annotations

import re
from datetime import time
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, model_validator

from inventory.model import TimeOfDay
from inventory.server_model import Day, DnsName, HealthPath, Port
from inventory.units import Unfit
from inventory.values import Address, ClassKey, Key, SecretReference, Text, Truth

_PERCENT: Final = re.compile(r"([1-9][0-9]?|100)%")
_MOST_AT_ONCE: Final = 1000
ALL: Final = "100%"
"""The last of every release's batches."""


def _batch(value: Any) -> int | str:
    """`1` is one server, `25%` a quarter of them."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_AT_ONCE:
        return value
    if isinstance(value, str) and _PERCENT.fullmatch(value):
        return value
    raise Unfit("release.batch", value=value, most=_MOST_AT_ONCE)


Batch = Annotated[
    int | str,
    PlainValidator(_batch),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": _MOST_AT_ONCE},
                {"type": "string", "pattern": r"^([1-9][0-9]?|100)%$", "examples": ["25%"]},
            ],
            "description": "a number of servers, or a part of all that the workload has",
        }
    ),
]
"""An `int` of servers, or a text such as `25%`: as Ansible's `serial` has them."""


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise Unfit("release.words")
    return value


Word = Annotated[Text, AfterValidator(_one_line)]
Command = Annotated[tuple[Word, ...], Field(min_length=1, max_length=50)]
"""A program and its words, as they are handed over: no shell reads them."""

SshKey = Annotated[
    str,
    Field(
        max_length=2000,
        pattern=r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/]{40,}={0,3}$",
        description="a public SSH key: its kind and its text, without the comment",
    ),
]


class Runs(StrEnum):
    """What puts a workload on its servers: the role of that name."""

    WORKLOAD = "workload"
    DATABASE = "database"
    EDGE = "edge"
    MONITORING = "monitoring"
    CHAT = "chat"
    DNS = "dns"
    CONTROLLER = "controller"


class Artefact(StrEnum):
    WHEEL = "wheel"
    TARBALL = "tarball"
    DEB = "deb"


class Scheme(StrEnum):
    """How a workload answers on its own port. Behind an edge it may do without TLS: that is the edge's."""

    HTTP = "http"
    HTTPS = "https"


class Release(Truth):
    """How a workload's versions go out.

    `start` and `migrate` are a program and its words: of a tarball below the release's folder, of a wheel in `bin/` of its
    environment, of a deb with its whole path. `migrate` is called with one more word, `expand` or `contract`.
    A server is good again after `good` answers of the health URL in a row that hold `expect` within their first 8 KiB. The edge's
    log is watched for `watch` seconds for each batch: at most `errors` percent may fail and 95 of a hundred answers come within
    `slow` milliseconds; below `requests` requests health decides alone. `keep` releases stay on a server. `database` names the
    workload that holds the data. A file has to be signed by one of the `signers`, where there are any. With `staged` the edge
    lets in only offices whose stage is open.
    """

    artefact: Artefact
    start: Command = ("bin/serve",)
    migrate: Command | None = None
    expect: Word | None = None
    good: Annotated[int, Field(ge=1, le=100, strict=True)] = 5
    watch: Annotated[int, Field(ge=1, le=3600, strict=True, description="seconds")] = 5
    requests: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = 20
    errors: Annotated[int, Field(ge=0, le=100, strict=True, description="percent")] = 1
    slow: Annotated[int, Field(ge=1, le=60_000, strict=True, description="milliseconds")] = 500
    keep: Annotated[int, Field(ge=2, le=50, strict=True)] = 3
    batches: Annotated[tuple[Batch, ...], Field(min_length=1, max_length=20)] = (1, "25%", ALL)
    database: Key | None = None
    signers: Annotated[tuple[SshKey, ...], Field(max_length=50)] = ()
    staged: bool = False

    @model_validator(mode="after")
    def _ends_with_all(self) -> Self:
        if self.batches[-1] != ALL:
            raise Unfit("release.batches", at="batches", last=self.batches[-1])
        parts = [int(each.removesuffix("%")) for each in self.batches if isinstance(each, str)]
        counts = [each for each in self.batches if isinstance(each, int)]
        if parts != sorted(set(parts)) or counts != sorted(set(counts)):
            raise Unfit("release.batches_order", at="batches", batches=", ".join(str(each) for each in self.batches))
        return self

    @model_validator(mode="after")
    def _starts_from_its_own(self) -> Self:
        for field, command in (("start", self.start), ("migrate", self.migrate)):
            program = command[0] if command else ""
            absolute = program.startswith("/")
            if command and (absolute is not (self.artefact is Artefact.DEB) or ".." in program.split("/")):
                code = "release.program_absolute" if self.artefact is Artefact.DEB else "release.program_relative"
                raise Unfit(code, at=field, field=field, program=program, artefact=self.artefact.value)
        return self


class Entrance(Truth):
    """Which edge lets a workload in from outside, and by which host names."""

    through: Key
    names: Annotated[tuple[DnsName, ...], Field(min_length=1, max_length=100)]


class Backup(Truth):
    """Where a database's backups go, how many whole ones stay, and at what local time of day one is made."""

    to: Key
    keep: Annotated[int, Field(ge=1, le=365, strict=True)] = 2
    at: TimeOfDay = time(2)


class Tls(Truth):
    """What an edge or a chat shows. Without it each makes its own, which no browser believes. That of a chat is for its domain,
    and for `rooms.` and `upload.` before it."""

    certificate: SecretReference
    key: SecretReference


class Chat(Truth):
    """The domain of the accounts: `KEY@domain`."""

    domain: DnsName


class Dns(Truth):
    """Whom a resolver asks for the names of others, and whether it checks what they say by DNSSEC. Without forwarders it asks the
    root servers and those that they name. A provider's resolver that says other than the names' owners cannot be checked."""

    forwarders: Annotated[tuple[Address, ...], Field(max_length=8)] = ()
    dnssec: bool = True


class Workload(Truth):
    """What runs on servers (`deployed`) or is only reached from them (`connected`), for whom, and until when (included).

    `runs` is the role that puts it on its servers; a connected one has none. Of a connected one `application` says how it is
    probed and where it is, `service_class` as what traffic policy sees it, and `windows` name the windows that are about it.
    """

    key: Key
    name: Word
    owner: Word
    servers: tuple[Key, ...] = ()
    until: Day
    kind: Literal["deployed", "connected"] = "deployed"
    runs: Annotated[Runs | None, Field(description="`workload` where nothing is written; nothing runs of a connected one")] = None
    port: Port | None = None
    health: HealthPath | None = None
    scheme: Annotated[Scheme | None, Field(description="`http` where nothing is written, `https` for a controller")] = None
    release: Release | None = None
    entrance: Entrance | None = None
    backup: Backup | None = None
    tls: Tls | None = None
    chat: Chat | None = None
    dns: Dns | None = None
    application: Key | None = None
    service_class: ClassKey | None = None
    windows: Annotated[tuple[Key, ...], Field(max_length=100)] = ()

    @model_validator(mode="before")
    @classmethod
    def _runs_as_a_workload(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("kind", "deployed") == "deployed" and "runs" not in value:
            return {**value, "runs": Runs.WORKLOAD}
        return value


class WorkloadsFile(Truth):
    workloads: tuple[Workload, ...]
