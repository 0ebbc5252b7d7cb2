"""What the child process is asked to do: one JSON document on standard input. Secrets in it are never written anywhere."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

LONGEST = 64 * 1024 * 1024


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
    """What room clouds have: of them alone, without the engine."""


CHANGING: Final = (Verb.UP, Verb.REFRESH, Verb.DESTROY, Verb.RECOVER)
"""The verbs after which machines, or what is on record of them, may be other than before."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Access(_Part):
    """How one server is logged in to. `sudo`: the user is not root and may become it without a password. `host`: where it is
    reached, when that is not its address."""

    user: str
    host: str | None = None
    port: int = 22
    private_key: SecretStr | None = None
    password: SecretStr | None = None
    sudo: bool = False
    bmc_user: str | None = None
    bmc_password: SecretStr | None = None


class CloudAccess(_Part):
    """A clouds.yaml, as a path or as its text, and which of the clouds in it is meant. `place`: where it is written, as a person
    knows it."""

    clouds: SecretStr
    cloud: str
    place: str = ""

    def document(self, key: str) -> dict[str, str]:
        """How `infra.reach.cloud` is told of the cloud of this key, secrets and all."""
        return {"key": key, "clouds": self.clouds.get_secret_value(), "cloud": self.cloud, "place": self.place}


class Request(_Part):
    """`rented`: of the servers of `access`, those that are rented and are to be there; `new`: the rented ones that nobody took
    over yet, `begun`: those of these of which something may stand; `clouds`: how their clouds are entered. `state` is file:// or
    postgres://; `home` is the engine's own folder; `reports` is where acceptance reports and proofs of return are written.
    `only`: these servers, empty means all. `release`: those that may be given back though they are protected. `databases`: those
    on which a database may be wiped, and why. `lost`: servers that are gone, with what happened, so that nothing is wiped on
    them. `baseline`: those whose present state is to be what is compared with from now on, for `reason`."""

    verb: Verb
    folder: Path
    state: str
    home: Path
    engine: Path | None = None
    passphrase_file: Path
    known_hosts: Path
    reports: Path
    today: date
    now: datetime
    project: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
    stack: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
    access: dict[str, Access]
    clouds: dict[str, CloudAccess] = {}
    rented: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    release: tuple[str, ...] = ()
    databases: dict[str, str] = {}
    lost: dict[str, str] = {}
    baseline: tuple[str, ...] = ()
    reason: str = ""
    kind: Literal["lajur.infra/1"] = "lajur.infra/1"
