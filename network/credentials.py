"""Secrets by reference: `env:NAME` or `file:PATH` becomes the secret itself, in memory only. Never logs and never stores."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from network.core.webhook import SHORTEST_KEY
from network.errors import Refused

_LARGEST: Final = 64 * 1024


def resolve(reference: str, environment: Mapping[str, str], *, device: str) -> str:
    """The secret that `reference` names, without the line end that an editor puts after it: whoever needs one adds it.

    `env:NAME` is the variable, else what systemd handed to this service by that name (`LoadCredential=NAME:FILE`): so the same
    truth serves a person and a service, of which the second shows its secrets to no child and to nobody who lists processes.
    Raises Refused that names the reference, never its content.
    """
    return _found(reference, environment, device).removesuffix("\n").removesuffix("\r")


def _found(reference: str, environment: Mapping[str, str], device: str) -> str:
    kind, _, place = reference.partition(":")
    if kind == "env":
        secret = environment.get(place, "") or _handed(environment, place)
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


def _handed(environment: Mapping[str, str], name: str) -> str:
    """A service's credential: only it can read its folder, so nobody else's rights on the file are looked at."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if not folder or "/" in name:
        return ""
    try:
        with Path(folder, name).open(encoding="utf-8") as file:
            return file.read(_LARGEST)
    except (OSError, UnicodeDecodeError):
        return ""


def webhook_key(environment: Mapping[str, str], state: Path) -> bytes:
    """The master key of webhook secrets: what `LAJUR_WEBHOOK_KEY` refers to, else a file in `state`, made when it is not there.

    Raises Refused: `webhook.key_reference`, `webhook.key_file`, `webhook.key_short`.
    """
    reference = environment.get("LAJUR_WEBHOOK_KEY")
    if reference:
        try:
            key = resolve(reference, environment, device="webhook").encode()
        except Refused as error:
            raise Refused("webhook.key_reference", reference=reference) from error
        if len(key) < SHORTEST_KEY:
            raise Refused("webhook.key_short", place=reference, shortest=SHORTEST_KEY)
        return key
    file = state / "webhook.key"
    try:
        if not file.exists():
            _make(file)
        if file.stat().st_mode & 0o077:
            raise Refused("webhook.key_open", file=str(file))
        key = file.read_bytes().strip()
    except OSError as error:
        raise Refused("webhook.key_file", file=str(file), reason=error.strerror) from error
    if len(key) < SHORTEST_KEY:
        raise Refused("webhook.key_short", place=str(file), shortest=SHORTEST_KEY)
    return key


def passphrase_file(
    given: Path | None, folder: Path, *, make: bool, sealed: Mapping[str, str] | None = None
) -> tuple[Path, bool]:
    """The file with what the secrets in the engine's state are sealed with, and whether it was made just now: the one that was
    given, else one in `folder`, which with `make` is made when it is not there. Not where a state is `sealed` already, which
    says where that lies (`state`, `work`): another passphrase than its own opens nothing.

    Raises Refused: `infra.passphrase_gone`, `infra.passphrase_unset`, `infra.passphrase_open`, `infra.passphrase_empty`,
    `infra.passphrase_irregular`, `infra.passphrase_large`, `infra.passphrase_file`.
    """
    file, made = given or folder / "passphrase", False
    try:
        if not file.exists() and sealed is not None:
            raise Refused("infra.passphrase_gone", file=str(file), **sealed)
        if given is None and not file.exists():
            if not make:
                raise Refused("infra.passphrase_unset", file=str(file))
            _make(file)
            made = True
        _check(file)
    except OSError as error:
        raise Refused("infra.passphrase_file", file=str(file), reason=error.strerror) from error
    return file, made


def _check(file: Path) -> None:
    """A passphrase stands in a regular file: a pipe would keep who reads it waiting, and of a device there is no end."""
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise Refused("infra.passphrase_irregular", file=str(file))
        if mode & 0o077:
            raise Refused("infra.passphrase_open", file=str(file))
        content = os.read(handle, _LARGEST + 1)
    finally:
        os.close(handle)
    if len(content) > _LARGEST:
        raise Refused("infra.passphrase_large", file=str(file), most=_LARGEST // 1024)
    if not content.strip():
        raise Refused("infra.passphrase_empty", file=str(file))


def _make(file: Path) -> None:
    """Whole or not at all, and whoever comes second takes the first one's."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{token_hex(4)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
        written.write(token_hex(32) + "\n")
        written.flush()
        os.fsync(written.fileno())
    with suppress(FileExistsError):
        os.link(new, file)
    new.unlink()
