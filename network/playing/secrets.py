"""Secrets that roles need, by name: what the truth refers to, else one of this machine's own, made when it is first asked for.
Knows nothing of Ansible.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

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


def meant(known: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with the regency that a play's variables mean, as the inventory told them."""
    facts = {"LAJUR_REGENCY": "lajur_regency", "LAJUR_REGENCIES": "lajur_regencies"}
    return {**environment, **{name: str(known[fact]) for name, fact in facts.items() if fact in known}}


def secret(name: str, reference: str | None, environment: Mapping[str, str], *, keep: bool = True) -> str:
    """The secret that `reference` (`env:NAME`, `file:PATH`) stands for; without one, what the truth writes for this `name`
    (`tls/WORKLOAD/certificate`, `tls/WORKLOAD/key`), else that of this `name`, made now where there is none, and thrown away
    again unless `keep`. Regency, state and lab are the environment's. Raises Unknown."""
    out = Output(language_of(environment))
    try:
        if reference:
            return resolve(reference, environment, device=name)
        return _own(name, environment, keep=keep)
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


def kept(
    name: str, environment: Mapping[str, str], make: Callable[[], str], good: Callable[[str], bool], *, keep: bool = True
) -> str:
    """What is kept beside the secrets under this name; what `make` gives where there is nothing, or what there is is no longer
    `good`, thrown away again unless `keep`. Raises Unknown."""
    try:
        file = _place(name, *_opened(name, environment))
        if not keep:
            found = _read(file, name) if file.exists() else ""
            return found if found and good(found) else make()
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _turn(file.parent):
            if not file.exists() or not good(_read(file, name)):
                _write(file, make(), anew=True)
        return _read(file, name)
    except OSError as error:
        raise Unknown(str(error)) from error
    except LajurError as error:
        raise Unknown(failure(Output(language_of(environment)), error).text) from error


def _own(name: str, environment: Mapping[str, str], *, keep: bool) -> str:
    settings, truth = _opened(name, environment)
    if written := _written(name, truth):
        return resolve(written, environment, device=name)
    file = _place(name, settings, truth)
    try:
        if not file.exists():
            made = secrets.token_urlsafe(_BYTES)
            if not keep:
                return made
            _write(file, made)
        return _read(file, name)
    except OSError as error:
        raise Refused("credentials.no_file", device=name, file=str(file), reason=error.strerror) from error


def _opened(name: str, environment: Mapping[str, str]) -> tuple[Settings, Regency]:
    if not _NAME.fullmatch(name):
        raise Refused("playing.secret_name", name=name[:100])
    settings = Settings.read(environment, Path.home())
    return settings, wiring.open_regency(settings, settings.regency)


def _place(name: str, settings: Settings, truth: Regency) -> Path:
    _, lab, _ = wiring.reached(truth, "auto", settings.lab, strict=False)
    return state_folder(settings, truth, lab) / "secrets" / name


def _read(file: Path, name: str) -> str:
    if file.stat().st_mode & 0o077:
        raise Refused("credentials.open_file", device=name, file=str(file))
    with file.open(encoding="utf-8") as found:
        return found.read(_LARGEST).strip()


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One at a time: what replaces another is made once."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _written(name: str, truth: Regency) -> str | None:
    """Where the truth says that it is."""
    kind, _, rest = name.partition("/")
    key, _, part = rest.partition("/")
    workload = next((each for each in truth.workloads if each.key == key and each.tls is not None), None)
    if kind != "tls" or workload is None or workload.tls is None:
        return None
    return {"certificate": workload.tls.certificate, "key": workload.tls.key}.get(part)


def _write(file: Path, text: str, *, anew: bool = False) -> None:
    """Whole or not at all, and the first of several that make it at once decides, unless it is made `anew`."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w") as made:
            made.write(f"{text.strip()}\n")
            made.flush()
            os.fsync(made.fileno())
        if anew:
            part.replace(file)
            return
        with suppress(FileExistsError):
            os.link(part, file)
    finally:
        part.unlink(missing_ok=True)
