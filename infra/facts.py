"""What a machine is (facts) and how it stands (snapshot): shapes, and their one way into JSON and back.

Read from the collector's output in `infra.reading`, compared in `infra.comparing`.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.errors import OutputError

DiskKind = Literal["hdd", "ssd", "nvme", "unknown"]
"""`unknown`: a virtual disk, of which the kernel cannot tell what is below."""

Count = Annotated[int, Field(ge=0, le=2**63 - 1)]
Text = Annotated[str, Field(max_length=256)]

LARGEST_JSON: Final = 8 * 2**20


class Plain(BaseModel):
    """A frozen value with one way of being written: keys sorted, no spaces, so that equal values are equal texts."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=4096)

    def to_json(self) -> str:
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises OutputError for anything that `to_json` does not write."""
        name = cls.__name__.lower()
        if len(text) > LARGEST_JSON:
            raise OutputError("infra.record_unreadable", section=name, reason="too long")
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])[:100]
            raise OutputError("infra.record_unreadable", section=name, reason=f"{place}: {first['msg']}"[:200]) from None


class Disk(Plain):
    """`size` in bytes. `serial` is empty where the machine does not tell it."""

    name: Text
    size: Count
    kind: DiskKind = "unknown"
    model: Text = ""
    serial: Text = ""


class Nic(Plain):
    """`speed` in bit/s; None without a link, or where the driver does not tell."""

    name: Text
    speed: Count | None = None
    mac: Text = ""


class Facts(Plain):
    """Hardware and system as the machine tells them. `memory` in bytes: what the kernel has to give, which is less than what is
    built in. `os` is the distribution and its version, for example `debian 12`. `untold` is what this way in cannot tell."""

    cpus: Count
    cpu_model: Text = ""
    memory: Count
    disks: tuple[Disk, ...] = ()
    nics: tuple[Nic, ...] = ()
    vendor: Text = ""
    model: Text = ""
    serial: Text = ""
    os: Text = ""
    kernel: Text = ""
    machine_id: Text = ""
    hostname: Text = ""
    untold: tuple[Literal["cpus", "memory", "disks", "os", "network"], ...] = ()


class Service(Plain):
    """A unit of systemd. `enabled` is the state of its unit file, empty where it has none.

    `active` is `passing` for what comes and goes by itself (started by a timer, a socket, the bus), which is never compared.
    """

    enabled: Text
    active: Literal["running", "stopped", "passing"]


class Port(Plain):
    """A listening socket. `reach`: who can get at it. `unit` is the systemd service that owns it, empty where none does."""

    proto: Literal["tcp", "udp"]
    reach: Literal["all", "one", "link", "loopback"]
    number: Annotated[int, Field(ge=0, le=65535)]
    process: Text = ""
    unit: Text = ""

    @property
    def name(self) -> str:
        return f"{self.proto}/{self.number} {self.reach}"


class Key(Plain):
    """A line of an authorized_keys file. `fingerprint` as OpenSSH writes it (`SHA256:…`), `blob` the key itself in base64."""

    account: Text
    type: Text
    fingerprint: Text
    comment: Text = ""
    file: Text = ""
    blob: Annotated[str, Field(max_length=4096)] = ""

    @property
    def name(self) -> str:
        return f"{self.account} {self.fingerprint}"


class Door(Plain):
    """A file that decides who may come in and become root. `rights`: mode, owner and group, for example `440 root:root`; `seal`:
    `sha256:` and the digest of what it says, or its size where it is too large to be read; either is empty where it does not
    count."""

    rights: Text = ""
    seal: Text = ""


Section = Literal["packages", "services", "ports", "keys", "users", "host_keys", "files", "passwords", "groups"]


class Snapshot(Plain):
    """How a machine stood at a moment. `lacking` are the sections that this machine has no tool for: they are not compared.
    `unread` are files of keys that could not be read, each with its account before it: whom they let in nobody knows.
    `accounts`: all there are, `users` those that can log in. Of `accounts`, `doors`, `passwords` (`infra.entrances`) and
    `members`, None is one that was taken before they were looked at: nothing is compared with that."""

    cpus: Count
    memory: Count
    disks: tuple[Disk, ...] = ()
    packages: dict[Text, Text] = Field(default_factory=dict)
    services: dict[Text, Service] = Field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    keys: tuple[Key, ...] = ()
    unread: tuple[Text, ...] = ()
    users: tuple[Text, ...] = ()
    host_keys: dict[Text, Text] = Field(default_factory=dict)
    lacking: tuple[Section, ...] = ()
    accounts: tuple[Text, ...] | None = None
    doors: dict[Text, Door] | None = None
    passwords: dict[Text, Text] | None = None
    members: tuple[Text, ...] | None = None


DifferenceKind = Literal[
    "service_stopped", "service_disabled", "service_added", "package_removed", "package_changed", "package_added", "port_opened",
    "port_closed", "disk_missing", "disk_changed", "memory_changed", "cpus_changed", "key_added", "key_removed", "keys_unread",
    "user_added", "user_removed", "host_key", "lease_expired", "unreachable", "record_missing", "power_changed", "boot_changed",
    "media_changed", "node_changed", "controller_unreachable", "short_of_contract", "login_enabled", "login_disabled",
    "file_added", "file_changed", "file_removed", "file_loose", "password_set", "password_changed", "password_removed",
    "password_empty", "member_added", "member_removed", "truth_changed", "rented_changed", "rented_gone", "rented_orphan",
    "rented_begun", "rented_leaving",
]  # fmt: skip


class Difference(Plain):
    """One thing that is not as it was accepted. `mend`: `repair` where `infra.repair` knows commands for it, else `person`, and
    then `reason` is a word for why."""

    kind: DifferenceKind
    name: Text
    wanted: Text = ""
    found: Text = ""
    mend: Literal["repair", "person"] = "person"
    reason: Text = ""
