"""Secrets that roles need, by name: what the truth refers to, else one of this machine's own, made when it is first asked for.
Knows nothing of Ansible.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inventory.regency import Regency
from network import wiring
from network.cli.output import Output
from network.credentials import resolve
from network.errors import LajurError, Refused
from network.playing.asking import failure, language_of
from network.playing.watched import login
from network.server_wiring import state_folder
from network.settings import Settings

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}(/[a-z0-9][a-z0-9-]{0,62}){0,3}")
_BYTES: Final = 32
_LARGEST: Final = 64 * 1024


class Unknown(Exception):
    """Why there is no such secret; its text is in the reader's language."""


def secret(name: str, reference: str | None, environment: Mapping[str, str], *, make: bool = True) -> str:
    """The secret that `reference` (`env:NAME`, `file:PATH`) stands for; without one, what the truth writes for this `name`
    (`tls/WORKLOAD/certificate`, `tls/WORKLOAD/key`), else that of this `name`, made now unless `make` is
    false. Regency, state and lab are the environment's. Raises Unknown."""
    out = Output(language_of(environment))
    try:
        if reference:
            return resolve(reference, environment, device=name)
        return _own(name, environment, make=make)
    except LajurError as error:
        raise Unknown(failure(out, error).text) from error


def snmp_logins(environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """As whom each device of the regency is asked, by the name that `network.playing.watched` has for it: `user`, `auth`,
    `privacy`. Raises Unknown."""
    out = Output(language_of(environment))
    try:
        settings = Settings.read(environment, Path.home())
        truth = wiring.open_regency(settings, settings.regency)
        _, lab, standing = wiring.reached(truth, "auto", settings.lab, strict=False)
        found = wiring.snmp_targets(standing, lab, environment)
    except LajurError as error:
        raise Unknown(failure(out, error).text) from error
    return {login(each.device): {"user": each.user.name, "auth": each.user.auth, "privacy": each.user.privacy} for each in found}


def _own(name: str, environment: Mapping[str, str], *, make: bool) -> str:
    if not _NAME.fullmatch(name):
        raise Refused("playing.secret_name", name=name[:100])
    settings = Settings.read(environment, Path.home())
    truth = wiring.open_regency(settings, settings.regency)
    if written := _written(name, truth):
        return resolve(written, environment, device=name)
    _, lab, _ = wiring.reached(truth, "auto", settings.lab, strict=False)
    file = state_folder(settings, truth, lab) / "secrets" / name
    try:
        if make and not file.exists():
            _write(file)
        if file.stat().st_mode & 0o077:
            raise Refused("credentials.open_file", device=name, file=str(file))
        with file.open(encoding="utf-8") as kept:
            return kept.read(_LARGEST).strip()
    except OSError as error:
        raise Refused("credentials.no_file", device=name, file=str(file), reason=error.strerror) from error


def _written(name: str, truth: Regency) -> str | None:
    """Where the truth says that it is."""
    kind, _, rest = name.partition("/")
    key, _, part = rest.partition("/")
    workload = next((each for each in truth.workloads if each.key == key and each.tls is not None), None)
    if kind != "tls" or workload is None or workload.tls is None:
        return None
    return {"certificate": workload.tls.certificate, "key": workload.tls.key}.get(part)


def _write(file: Path) -> None:
    """Whole or not at all, and the first of several that make it at once decides."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w") as made:
            made.write(f"{secrets.token_urlsafe(_BYTES)}\n")
            made.flush()
            os.fsync(made.fileno())
        try:
            os.link(part, file)
        except FileExistsError:
            return
    finally:
        part.unlink()
