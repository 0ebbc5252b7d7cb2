"""The module `lajur_journal`: packs what the journal has of some units into one file, for whoever fetches it."""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: lajur_journal
short_description: Packs what the journal has of some units into one file
description:
  - Text with times in UTC, packed by gzip, for root alone; nothing is in it that is not in the journal. The newest lines count
    where there are more than may be.
  - The result is C(lajur), a document with C(lines), C(bytes) (of the file) and C(cut) (whether older lines were left out).
options:
  units:
    description: Names of units; without any, the file is empty.
    type: list
    elements: str
    required: true
  path:
    description: The file.
    type: path
    required: true
  lines:
    description: Lines at most.
    type: int
    default: 1000000
  most:
    description: Bytes of the file at most.
    type: int
    default: 67108864
  state:
    description: V(absent) takes the file away again.
    type: str
    choices: [present, absent]
    default: present
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Pack the journals
  lajur_journal:
    units: [lajur-gateway.service]
    path: /var/lib/lajur/journal.gz
"""

RETURN = r"""
lajur:
  description: What is in the file.
  type: dict
  returned: always
"""

_PART = 1024 * 1024
_FEWEST = 1000
_LONGEST = 500


class Failed(Exception):
    """The journal could not be read; says why."""


@contextmanager
def journal(units: Sequence[str], lines: int) -> Iterator[IO[bytes]]:
    """Its newest lines, oldest first. Raises Failed."""
    words = ["journalctl", "--quiet", "--utc", "--output=short-iso-precise", f"--lines={lines}"]
    words += [f"--unit={unit}" for unit in units]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read(_LONGEST).decode(errors="replace").strip()
        if process.wait():
            raise Failed(said or f"journalctl: {process.returncode}")


Read = Callable[[Sequence[str], int], Any]


class _Full(Exception):
    """It got larger than it may be."""


def pack(units: Sequence[str], path: Path, lines: int, most: int, read: Read = journal) -> dict[str, Any]:
    """Raises Failed, OSError. Half as many lines are tried, and again, where the file gets too large."""
    wanted = lines
    while True:
        try:
            found = _packed(units, path, wanted, most, read)
        except _Full:
            wanted //= 2
            if wanted < _FEWEST:
                raise Failed(f"{path}: {_FEWEST} lines are more than {most} bytes") from None
            continue
        return {"lines": found, "bytes": path.stat().st_size, "cut": found >= wanted}


def _packed(units: Sequence[str], path: Path, lines: int, most: int, read: Read) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    found = 0
    with os.fdopen(handle, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", filename="") as packed:
        if not units:
            return 0
        with read(units, lines) as text:
            while part := text.read(_PART):
                packed.write(part)
                found += part.count(b"\n")
                if file.tell() > most:
                    raise _Full
    if path.stat().st_size > most:
        raise _Full
    return found


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "units": {"type": "list", "elements": "str", "required": True},
            "path": {"type": "path", "required": True},
            "lines": {"type": "int", "default": 1_000_000},
            "most": {"type": "int", "default": 64 * 1024 * 1024},
            "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
        },
        supports_check_mode=True,
    )
    told, path = module.params, Path(module.params["path"])
    if module.check_mode:
        module.exit_json(changed=False, lajur={})
    if told["state"] == "absent":
        there = path.exists()
        path.unlink(missing_ok=True)
        module.exit_json(changed=there, lajur={})
    try:
        found = pack(told["units"], path, told["lines"], told["most"])
    except (Failed, OSError) as error:
        path.unlink(missing_ok=True)
        module.fail_json(msg=str(error)[:_LONGEST])
    else:
        module.exit_json(changed=True, lajur=found)


if __name__ == "__main__":
    main()
