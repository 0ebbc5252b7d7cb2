"""What the door stands on: the services it opens onto, and its own options. Shapes only; whoever starts it fills them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from network.core.ports import Clock, Tokens
from network.errors import LajurError
from network.messages import Language
from qos_api.metrics import Figures

ASYMMETRIC: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Algorithms by which a token of an issuer may be signed: none with a shared secret, and never `none`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the service: what is wrong with it, None when nothing, and seconds since it was last seen to work."""

    problem: LajurError | None = None
    age: float | None = None


class Services(Protocol):
    """What the ground floor asks for. May be called from any thread."""

    @property
    def tokens(self) -> Tokens: ...

    @property
    def clock(self) -> Clock: ...

    def regencies(self) -> Collection[str]:
        """The keys of the regencies that are served."""

    def ready(self) -> Mapping[str, Part]:
        """By part: `ledger` (can it be written), `devices <regency>` (last read), `keeper <regency>` (last tick). Quick."""

    def figures(self) -> Sequence[Figures]:
        """What /metrics shows, by regency. Quick: values that were read before."""

    def details(self, error: LajurError, language: Language) -> Mapping[str, Any]:
        """Members that a problem document has beside the usual ones, as JSON values; empty for most errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whose OIDC tokens hold. `claim` lists `<regency>:<role>` or `*:<role>`. `ca` signs the issuer's own certificate."""

    url: str
    audience: str
    claim: str = "lajur"
    algorithms: tuple[str, ...] = ASYMMETRIC
    ca: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the door behaves. Rates are requests in a minute: of one caller, of one address, and failed logins of one address.

    `body_bytes` and `body_seconds` bound a request's body. `tls`: callers reach us by TLS, so they are told to stay with it.
    """

    language: Language = "en"
    issuer: Issuer | None = None
    body_bytes: int = 1024 * 1024
    body_seconds: float = 10.0
    caller_rate: int = 1200
    address_rate: int = 6000
    failure_rate: int = 20
    metrics_open: bool = False
    tls: bool = False
