"""Where the engine keeps its state: as a person finds it, and what a full disk leaves there."""

from __future__ import annotations

import json
from pathlib import Path

from infra.request import Request


def state_file(request: Request) -> str:
    """The file of the stack, or its key in the table of the database."""
    key = f".pulumi/stacks/{request.project}/{request.stack}.json"
    folder = _folder(request)
    return str(folder / key) if folder else f"pulumi_state: {key}"


def half_locks(request: Request) -> list[Path]:
    """Files among the locks that are no whole lock: somebody could not finish writing them, so nobody holds them. The engine
    cannot read them and then works no more."""
    folder = _folder(request)
    if folder is None:
        return []
    locks = folder / ".pulumi" / "locks" / "organization" / request.project / request.stack
    return [path for path in sorted(locks.glob("*")) if not path.name.endswith(".attrs") and not _is_whole(path)]


def _folder(request: Request) -> Path | None:
    kind, _, path = request.state.partition("://")
    return Path(path) if kind == "file" else None


def _is_whole(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True
