"""A new regency's files onto the disk: all of them or none, and never over what is there."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from pathlib import Path as FilePath
from secrets import token_hex

from inventory.findings import Finding, finding_at
from inventory.load import Judgement, TruthInvalid, judge


def judged(files: Mapping[str, str]) -> Judgement:
    """What `lajur inventory check` would say of these files."""
    return judge({name: text.encode() for name, text in files.items()}, [])


def taken(folder: FilePath) -> Finding | None:
    """Why nothing may be written to `folder`; None when it is absent or empty."""
    try:
        if not folder.is_symlink() and (not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))):
            return None
    except OSError as error:
        return finding_at("folder.unwritable", "", folder=folder, reason=_reason(error))
    return finding_at("folder.taken", "", folder=folder)


def write(folder: FilePath, files: Mapping[str, str]) -> None:
    """Make `folder` with these files in one step. Raises TruthInvalid, nothing written, when something is there already."""
    held = taken(folder)
    if held is not None:
        raise TruthInvalid((held,))
    draft = folder.with_name(f".{folder.name}.{token_hex(4)}")
    try:
        draft.mkdir(parents=True)
        for name, text in files.items():
            file = draft / name
            file.parent.mkdir(exist_ok=True)
            with file.open("w", encoding="utf-8") as opened:
                opened.write(text)
                opened.flush()
                os.fsync(opened.fileno())
        draft.rename(folder)  # the kernel refuses it over a folder that is not empty
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        full = error.errno in (errno.ENOTEMPTY, errno.EEXIST)
        code = "folder.taken" if full else "folder.unwritable"
        fields = {"folder": folder} if full else {"folder": folder, "reason": _reason(error)}
        raise TruthInvalid((finding_at(code, "", **fields),)) from error


def _reason(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "?")
