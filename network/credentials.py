"""Secrets by reference: `env:NAME` or `file:PATH` becomes the secret itself, in memory only. Never logs and never stores."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from network.errors import Refused

_LARGEST: Final = 64 * 1024


def resolve(reference: str, environment: Mapping[str, str], *, device: str) -> str:
    """The secret that `reference` names. Raises Refused that names the reference, never its content."""
    kind, _, place = reference.partition(":")
    if kind == "env":
        secret = environment.get(place, "")
        if not secret:
            raise Refused("credentials.no_variable", device=device, variable=place)
        return secret
    path = Path(place).expanduser()
    try:
        if path.stat().st_mode & 0o077:
            raise Refused("credentials.open_file", device=device, file=str(path))
        with path.open(encoding="utf-8") as file:
            return file.read(_LARGEST)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise Refused("credentials.no_file", device=device, file=str(path), reason=reason) from error
