"""One file of the truth into its new text: whole or not at all. Writes no file that changed since it was read."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path as FilePath

from inventory.findings import finding_at
from inventory.load import TruthInvalid, read_folder


def replace_file(folder: FilePath, name: str, before: bytes, after: bytes, *, moved: str, unwritable: str) -> None:
    """Write `after` in one step: the old file or the new one, never a part.

    Raises TruthInvalid, nothing written, with the code `moved` when the file is no longer `before`, with `unwritable` when the
    system would not write.
    """
    path = folder / name
    files, _ = read_folder(folder)
    if files.get(name) != before:
        raise TruthInvalid((finding_at(moved, name),))
    if after == before:
        return
    draft: FilePath | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{name}.", delete=False) as file:
            draft = FilePath(file.name)
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, draft)
        was = path.stat()
        if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(draft, was.st_uid, was.st_gid)  # a change by root leaves the file to whom it belongs
        draft.replace(path)
    except OSError as error:
        if draft is not None:
            draft.unlink(missing_ok=True)
        reason = errno.errorcode.get(error.errno or 0, "?")
        raise TruthInvalid((finding_at(unwritable, name, reason=reason),)) from error
