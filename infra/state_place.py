"""Where the engine keeps its state: as a person finds it, and what a full disk leaves there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from infra.request import Request


def address(request: Request) -> str:
    """As the engine is given it. In a folder it would write a file of attributes beside every other, not at once with it: killed
    between the two, it would leave a state that it cannot read."""
    return f"{request.state}?metadata=skip" if _folder(request) else request.state


def state_file(request: Request) -> str:
    """The file of the stack, or its key in the table of the database."""
    key = f".pulumi/stacks/{request.project}/{request.stack}.json"
    folder = _folder(request)
    return str(folder / key) if folder else f"pulumi_state: {key}"


def whole_backup(request: Request) -> str:
    """The newest copy of it that can be read; empty where there is none. In a database it cannot be told from here."""
    file, folder = state_file(request), _folder(request)
    if folder is None:
        return f"{file}.bak"
    older = sorted((folder / ".pulumi" / "backups" / request.project / request.stack).glob("*.json"), reverse=True)
    return next((str(path) for path in (Path(f"{file}.bak"), *older) if _is_whole(path)), "")


def locks(request: Request) -> list[Path]:
    """The files of its locks, also half ones, which a full disk leaves and which keep the engine from any work. None in a
    database."""
    folder = _folder(request)
    if folder is None:
        return []
    return sorted((folder / ".pulumi" / "locks" / "organization" / request.project / request.stack).glob("*"))


def is_folder(request: Request) -> bool:
    """Whether the state lies in files that can be read here."""
    return _folder(request) is not None


def lock_place(request: Request, url: str) -> str:
    """Where a person finds the lock that the engine names with this address, which may hold a login."""
    key = ".pulumi/" + url.partition(".pulumi/")[2]
    folder = _folder(request)
    return str(folder / key) if folder else f"pulumi_state: {key}"


def half_place(request: Request) -> str:
    """Where what the engine cannot read to its end may lie: its locks of this stack, and the stack itself."""
    folder = _folder(request)
    stands = "" if folder is None else f"{folder}/"
    return f"{stands}.pulumi/locks/organization/{request.project}/{request.stack}/, {state_file(request)}"


def notes(request: Request) -> Path:
    """The folder of the notes that the engines at work on this stack hold."""
    return request.home / "work" / request.stack / "holders"


def _folder(request: Request) -> Path | None:
    kind, _, path = request.state.partition("://")
    return Path(path) if kind == "file" else None


def resources_of(request: Request) -> list[dict[str, Any]] | None:
    """What the state has, read where it lies: the engine needs a good part of a second to export it. None where only the engine
    can read it, or say what is wrong with it."""
    if not is_folder(request):
        return None
    try:
        latest = json.loads(Path(state_file(request)).read_bytes())["checkpoint"].get("latest") or {}
        return list(latest.get("resources") or [])
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _is_whole(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True
