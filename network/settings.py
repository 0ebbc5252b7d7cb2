"""Settings of one process. Built by wiring and handed on; nothing reads the environment at import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import inventory
from network.errors import UsageError

PLAYBOOKS: Final = Path(__file__).resolve().parents[1] / "playbooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """How the HTTP service is reached. `socket` in the place of host and port; TLS with `certificate` and `key` (PEM files).

    `client_ca`: callers must show a certificate that it signed. `plain`: without TLS on an address that others can reach, for a
    proxy that has TLS. `issuer` and `audience` of OIDC tokens, `claim` with their roles, `issuer_ca` for an issuer's own CA.
    Rates are requests in a minute: of a caller, of an address, and failed logins of an address. `metrics_open`: /metrics for
    everybody.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    socket: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    plain: bool = False
    issuer: str | None = None
    audience: str | None = None
    claim: str = "lajur"
    issuer_ca: Path | None = None
    body_bytes: int = 1024 * 1024
    caller_rate: int = 1200
    address_rate: int = 6000
    failure_rate: int = 20
    metrics_open: bool = False

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> ApiSettings:
        """From `LAJUR_API_` and the name in capitals, for example `LAJUR_API_PORT`. Raises UsageError."""

        def text(name: str) -> str | None:
            return environment.get(f"LAJUR_API_{name.upper()}") or None

        def file(name: str) -> Path | None:
            found = text(name)
            return Path(found).expanduser().resolve() if found else None

        def number(name: str, default: int, least: int, most: int) -> int:
            found = text(name) or str(default)
            if not (found.isascii() and found.isdecimal() and least <= int(found[:12]) <= most):
                raise _unusable(name, found, f"{least}–{most}")
            return int(found)

        def flag(name: str) -> bool:
            found = text(name) or "no"
            if found not in ("yes", "no"):
                raise _unusable(name, found, "yes, no")
            return found == "yes"

        return cls(
            host=text("host") or "127.0.0.1",
            port=number("port", 8080, 0, 65535),
            socket=file("socket"),
            certificate=file("certificate"),
            key=file("key"),
            client_ca=file("client_ca"),
            plain=flag("plain"),
            issuer=text("issuer"),
            audience=text("audience"),
            claim=text("claim") or "lajur",
            issuer_ca=file("issuer_ca"),
            body_bytes=number("body_bytes", 1024 * 1024, 1024, 64 * 1024 * 1024),
            caller_rate=number("caller_rate", 1200, 1, 1_000_000),
            address_rate=number("address_rate", 6000, 1, 1_000_000),
            failure_rate=number("failure_rate", 20, 1, 1_000_000),
            metrics_open=flag("metrics_open"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSettings:
    """How leased servers are built; each None for what is usual. `state` of the engine: a `file://` or `postgres://` address.
    `passphrase`: the file with what its secrets are sealed with; `home`: the engine's own folder; `engine`: its program.
    """

    state: str | None = None
    passphrase: Path | None = None
    home: Path | None = None
    engine: Path | None = None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> BuildSettings:
        """From `LAJUR_INFRA_STATE`, `LAJUR_INFRA_PASSPHRASE_FILE`, `LAJUR_INFRA_ENGINE` and `LAJUR_PULUMI_HOME`.

        Raises UsageError: `settings.infra_state`, `settings.infra_state_secret`.
        """

        def file(name: str) -> Path | None:
            found = environment.get(name)
            return Path(found).expanduser().resolve() if found else None

        return cls(
            state=_engine_state(environment.get("LAJUR_INFRA_STATE") or ""),
            passphrase=file("LAJUR_INFRA_PASSPHRASE_FILE"),
            home=file("LAJUR_PULUMI_HOME"),
            engine=file("LAJUR_INFRA_ENGINE"),
        )


def _engine_state(text: str) -> str | None:
    """A folder or an address, as the engine takes it. The message never repeats what may hold a password."""
    if not text:
        return None
    kind, colon, rest = text.partition("://")
    if not colon or kind == "file":
        folder = Path(rest if colon else text).expanduser()
        if not folder.is_absolute():
            raise UsageError("settings.infra_state")
        return f"file://{folder}"
    try:
        address = urlsplit(text)
        named = dict(parse_qsl(address.query))
        usable = kind in ("postgres", "postgresql") and len(address.path) > 1 and (address.port or True)
    except ValueError as error:
        raise UsageError("settings.infra_state") from error
    if address.password is not None or "password" in named:
        raise UsageError("settings.infra_state_secret")
    if not usable:
        raise UsageError("settings.infra_state")
    return f"postgres://{rest}"


def _unusable(name: str, value: str, allowed: str) -> UsageError:
    return UsageError("settings.api", name=f"LAJUR_API_{name.upper()}", value=value[:100], allowed=allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`state` holds ledger, locks and pinned host keys; `regencies` the folders of the truth.

    `ledger` is the address of a PostgreSQL database, None for SQLite in `state`. `lab` is the lab to use when several are up.
    `arm_seconds` is how long a device waits for us before it goes back by itself. `webhook_allow`: networks that webhooks may
    reach though they are not public. `trap_listen`: the address and port at which traps are heard. `link_every`: seconds between
    two polls of a device by the service's watch over links, None when it has none. `systems_every`: seconds between two rounds of
    its questions to connected systems, None when it asks none. `playbooks`: the folder of the playbooks,
    beside the package unless it is somewhere else.
    """

    state: Path
    regencies: Path
    regency: str
    ledger: str | None
    lab: str | None
    language: str
    arm_seconds: int
    playbooks: Path = PLAYBOOKS
    webhook_allow: str = ""
    trap_listen: tuple[str, int] = ("0.0.0.0", 162)  # noqa: S104 - traps come from the devices, and who is none is not heard
    link_every: float | None = 30.0
    systems_every: float | None = 300.0
    api: ApiSettings = field(default_factory=ApiSettings)
    build: BuildSettings = field(default_factory=BuildSettings)

    @classmethod
    def read(cls, environment: Mapping[str, str], home: Path) -> Settings:
        """From `LAJUR_STATE`, `LAJUR_REGENCIES`, `LAJUR_REGENCY`, `LAJUR_LEDGER`, `LAJUR_LAB`, `LAJUR_LANG`, `LAJUR_ARM_SECONDS`,
        `LAJUR_WEBHOOK_ALLOW`, `LAJUR_TRAP_LISTEN`, `LAJUR_LINK_EVERY`, `LAJUR_SYSTEMS_EVERY`, `LAJUR_PLAYBOOKS`, and what
        `ApiSettings.read` and `BuildSettings.read` read.

        Raises UsageError for a value that cannot be used.
        """
        state = environment.get("LAJUR_STATE") or str(_state_home(environment, home) / "lajur")
        shipped = Path(inventory.__file__).parent / "regencies"
        arm = environment.get("LAJUR_ARM_SECONDS", "30")
        if not arm.isdecimal() or not 5 <= int(arm) <= 600:
            raise UsageError("settings.arm_seconds", value=arm)
        return cls(
            state=Path(state).expanduser().resolve(),
            regencies=Path(environment.get("LAJUR_REGENCIES") or shipped).expanduser().resolve(),
            regency=environment.get("LAJUR_REGENCY", "manokwari"),
            ledger=environment.get("LAJUR_LEDGER") or None,
            lab=environment.get("LAJUR_LAB") or None,
            language=_language(environment),
            arm_seconds=int(arm),
            playbooks=Path(environment.get("LAJUR_PLAYBOOKS") or PLAYBOOKS).expanduser().resolve(),
            webhook_allow=environment.get("LAJUR_WEBHOOK_ALLOW", ""),
            trap_listen=_listen(environment.get("LAJUR_TRAP_LISTEN") or "0.0.0.0:162"),
            link_every=_every("link_every", environment.get("LAJUR_LINK_EVERY") or "30", 5, 3600),
            systems_every=_every("systems_every", environment.get("LAJUR_SYSTEMS_EVERY") or "300", 60, 86400),
            api=ApiSettings.read(environment),
            build=BuildSettings.read(environment),
        )


def _listen(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    try:
        if colon and port.isascii() and port.isdecimal() and 1 <= int(port[:6]) <= 65535:
            return str(IPv4Address(host)), int(port)
    except ValueError:
        pass
    raise UsageError("settings.trap_listen", value=text[:100])


def _every(name: str, text: str, least: int, most: int) -> float | None:
    if text == "off":
        return None
    if text.isascii() and text.isdecimal() and least <= int(text[:6]) <= most:
        return float(text)
    raise UsageError(f"settings.{name}", value=text[:100])


def _state_home(environment: Mapping[str, str], home: Path) -> Path:
    return Path(environment.get("XDG_STATE_HOME") or home / ".local" / "state")


def _language(environment: Mapping[str, str]) -> str:
    asked = environment.get("LAJUR_LANG") or ""
    if asked and not asked.lower().startswith(("id", "en")):
        raise UsageError("settings.language", value=asked[:100])
    wanted = asked or environment.get("LC_ALL") or environment.get("LANG") or ""
    return "id" if wanted.lower().startswith("id") else "en"
