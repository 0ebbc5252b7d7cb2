"""What the environment says: port, database, the version that answers show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn

from network.bench.sample.application import made

LONGEST: Final = 4096
"""Characters of a database's address."""


class SettingWrong(Exception):
    """A setting is missing or cannot be used. Its text never holds the value: it may be a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`address`: where to listen, every interface when empty. `database`: libpq parameters by name, with the password."""

    version: str
    port: int
    address: str
    database: dict[str, Any] = field(repr=False)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """From PORT (8080), ADDRESS (all), DATABASE, VERSION (the built one). Raises SettingWrong."""
    text = environment.get("PORT", "8080")
    if not (text.isascii() and text.isdigit() and 0 <= int(text) < 65536):
        raise SettingWrong("PORT: bukan nomor port / not a port number")
    return Settings(
        version="".join(filter(str.isprintable, environment.get("VERSION", "")))[:64] or made.VERSION,
        port=int(text),
        address=environment.get("ADDRESS", ""),
        database=read_database(environment),
    )


def read_database(environment: Mapping[str, str]) -> dict[str, Any]:
    """DATABASE is a libpq address, or the path of a file that holds one; without it systemd's credential `database` counts."""
    value = environment.get("DATABASE", "")
    if not value and (credentials := environment.get("CREDENTIALS_DIRECTORY")):
        value = str(Path(credentials) / "database")
    if not value:
        raise SettingWrong("DATABASE: tidak diisi / not set")
    value = value.removeprefix("file:")
    if value.startswith("/"):
        try:
            value = Path(value).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise SettingWrong(f"DATABASE: berkas tak terbaca / file cannot be read: {type(error).__name__}") from None
    try:
        found: dict[str, Any] = parse_dsn(value.strip()[:LONGEST])
    except ProgrammingError:
        raise SettingWrong("DATABASE: bukan alamat libpq / not a libpq address") from None
    return found
