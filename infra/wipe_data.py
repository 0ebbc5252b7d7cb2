"""What roles of ours brought to a machine, before it is given back: stopped, and its data wiped, tree by tree. Text only, as
`infra.wipe`, beside which it stands: this comes first, as it takes long, and what is secret besides follows.

A large database is wiped in many turns of some seconds each. Every turn says of each tree how much of it is gone in all; the
machine keeps that, so that a turn that was cut off is made up for by the next one.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from shlex import quote
from typing import Any, Final, Literal, cast, get_args

from infra.errors import OutputError
from infra.record import RETURNING
from infra.text import clean
from infra.wipe_data_script import SCRIPT
from infra.wipe_places import BACKUPS, BROUGHT, DATABASES

TALLY: Final = f"{RETURNING}.data"
"""On the machine: how much of each tree was wiped. The wiping of credentials takes it away."""

TURN: Final = 20
"""Seconds after which nothing more is begun in a turn."""

_NONCE: Final = re.compile(r"[0-9a-f]{16,64}")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_MOST_LINES: Final = 5_000
_LONGEST_LINE: Final = 2_000
LARGEST: Final = 4 * 2**20

State = Literal["gone", "going", "remains", "found"]
Why = Literal["-", "link", "shared", "mount", "stuck"]
"""Why a tree remains: its name is a link to elsewhere; it is another machine's, too; something else is mounted in it; what is in
it cannot be taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataWiping:
    """`roles` of ours that the truth has on the machine; others are found. `look`: only say what is there. `returning` is what
    says on the machine that it is being given back."""

    nonce: str
    roles: tuple[str, ...] = ()
    look: bool = False
    returning: str = ""
    seconds: int = TURN


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """`files` and `bytes` that were wiped in all, or with `found` that are there; `missed`: of the files, or of pieces of large
    ones, those that could not be overwritten and were unlinked as they were."""

    role: str
    path: str
    files: int
    bytes: int
    missed: int
    after: State
    why: Why = "-"
    kind: Literal["data"] = "data"

    def plain(self) -> dict[str, Any]:
        """For JSON, as it is stored and put out."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn said. `units` run in spite of it, `stopped` are those that it stopped; `files` and `bytes` are left."""

    trees: tuple[Tree, ...]
    stopped: tuple[str, ...]
    units: tuple[str, ...]
    files: int
    bytes: int
    ended: bool

    @property
    def remains(self) -> tuple[str, ...]:
        """What nobody but a person can take away."""
        return (*self.units, *(f"{tree.path} ({tree.why})" for tree in self.trees if tree.after == "remains"))

    @property
    def whole(self) -> bool:
        return self.ended and not self.units and all(tree.after == "gone" for tree in self.trees)

    @property
    def database(self) -> int:
        """Bytes of databases, and of backups of some, that are there."""
        return sum(tree.bytes for tree in self.trees if tree.path in (DATABASES, BACKUPS))


def data_script(wiping: DataWiping) -> str:
    """For `sh -s` as root. Raises ValueError for words that may not come near a shell."""
    if not _NONCE.fullmatch(wiping.nonce) or not set(wiping.roles) <= set(BROUGHT):
        raise ValueError(f"not a word for a shell: {clean(wiping.nonce)!r} {clean(', '.join(wiping.roles))!r}")
    words = {
        "NONCE": wiping.nonce,
        "LOOK": "yes" if wiping.look else "no",
        "ROLES": " ".join(wiping.roles),
        "SECONDS": str(int(wiping.seconds)),
        "TALLY": TALLY,
        "MARK": RETURNING,
        "RETURNING": quote(wiping.returning),
        "BROUGHT": "\n".join(f"role {name} '{' '.join(each.marks)}' '{' '.join(each.trees)}'" for name, each in BROUGHT.items()),
        "UNITS": "\n".join(f"        ({name}) echo '{' '.join(each.units)}' ;;" for name, each in BROUGHT.items()),
    }
    return re.sub(r"@([A-Z]+)@", lambda found: words[found[1]], SCRIPT)


def turn_of(output: bytes, nonce: str) -> Turn:
    """What the script printed; untrusted. Lines without the nonce are somebody else's.

    Raises OutputError when a line cannot be read. A turn that broke off is no error: it says so itself.
    """
    if len(output) > LARGEST:
        raise OutputError("infra.output_too_long", section="data", most=LARGEST)
    mark = f'{{"proof":"{nonce}",'.encode()
    said = [_object(raw) for raw in output.split(b"\n") if raw.startswith(mark)]
    if len(said) > _MOST_LINES:
        raise OutputError("infra.output_too_long", section="data", most=_MOST_LINES)
    *lines, last = said or [{}]
    if "end" not in last:
        lines.append(last)
    units = [(_path(each), each.get("after")) for each in lines if each.get("kind") == "unit"]
    trees = tuple(_tree(each) for each in lines if each.get("kind") == "data")
    return Turn(
        trees=_without_parts(trees),
        stopped=tuple(name for name, after in units if after == "stopped"),
        units=tuple(name for name, after in units if after != "stopped"),
        files=_number(last, "files"),
        bytes=_number(last, "bytes"),
        ended=_number(last, "end") == len(lines) if "end" in last else False,
    )


def merged(before: Iterable[Mapping[str, Any]], trees: Sequence[Tree]) -> list[dict[str, Any]]:
    """What is known of each tree in all: a machine whose tally was wiped counts from nothing again."""
    known = {str(each["path"]): dict(each) for each in before}
    for tree in trees:
        old = known.get(tree.path)
        more = old is not None and int(old["files"]) > tree.files
        counts = {name: old[name] for name in ("files", "bytes", "missed")} if more and old else {}
        known[tree.path] = {**tree.plain(), **counts}
    return list(known.values())


def _without_parts(trees: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Of a tree that was looked at, what is not in another one of them already."""
    found = []
    for tree in trees:
        parts = [each for each in trees if tree.after == "found" and each.path.startswith(f"{tree.path}/")]
        files, size = sum(each.files for each in parts), sum(each.bytes for each in parts)
        found.append(replace(tree, files=max(0, tree.files - files), bytes=max(0, tree.bytes - size)))
    return tuple(found)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw.decode("utf-8")) if len(raw) < _LONGEST_LINE else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise OutputError("infra.output_unreadable", section="data", line=clean(raw))
    return found


def _tree(line: Mapping[str, Any]) -> Tree:
    after, why, role = line.get("after"), line.get("why"), line.get("role")
    if after not in get_args(State) or why not in get_args(Why) or role not in BROUGHT:
        raise OutputError("infra.output_unreadable", section="data", line=clean(json.dumps(line)))
    files, size, missed = (_number(line, name) for name in ("files", "bytes", "missed"))
    path, state = _path(line), cast("State", after)
    return Tree(role=str(role), path=path, files=files, bytes=size, missed=missed, after=state, why=cast("Why", why))


def _path(line: Mapping[str, Any]) -> str:
    try:
        path = base64.b64decode(str(line.get("path", "")), validate=True)
    except (binascii.Error, ValueError):
        path = b""
    if not path:
        raise OutputError("infra.output_unreadable", section="data", line=clean(json.dumps(line)))
    return clean(path, 500)


def _number(line: Mapping[str, Any], name: str) -> int:
    text = str(line.get(name, 0))
    if not _NUMBER.fullmatch(text):
        raise OutputError("infra.output_unreadable", section="data", line=clean(json.dumps(line)))
    return int(text)
