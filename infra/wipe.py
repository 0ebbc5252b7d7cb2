"""A machine without our credentials, before it is given back: the shell text that wipes them and prints a proof, and the proof
read. Text only, standard library only, so that playbooks use it as the builder does.

Files are overwritten once, then unlinked. On flash, on copy-on-write and behind a RAID controller's cache overwriting is no
guarantee that nothing can be read back: the proof says what was done, not what a laboratory could find.

The proof is one JSON line for each thing, with a nonce that the caller chose, and an end line with their number. Digests are
salted with that nonce, which the proof does not keep: nobody can guess a weak password against a printed report.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from shlex import quote
from typing import Final, Literal, get_args

from infra.errors import OutputError
from infra.record import RETURNING
from infra.text import clean
from infra.wipe_places import CREDENTIAL_TREES, CREDENTIALS, HISTORIES, OUR_TREES, SSH, SYSTEM_FILES, TLS, Kind
from infra.wipe_script import SCRIPT

_NONCE: Final = re.compile(r"[0-9a-f]{16,64}")
_SEAL: Final = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_PATH: Final = re.compile(r"(/[A-Za-z0-9_.@+-]{1,100}){2,20}")
_ACCOUNT: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
_MOST_LINES: Final = 50_000
LARGEST: Final = 16 * 2**20

After = Literal["gone", "kept", "own", "shut", "locked", "vacuumed", "remains"]
"""Of a file of keys: `kept`, some of the lessor's stay in it; `own`, ours alone are still in it, as long as we have to come in;
`shut`, that was so when it was last seen, and since then a login with our key is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiping:
    """What stays, and what is ours.

    `keep` are fingerprints of the lessor's SSH keys, `own` that of the key that we came with and `login` the account that we came
    as. `returning` is what says on the machine, between the halves, that it is being given back. `files` and `trees` are more
    paths that are ours, for a playbook that knows what it put on the machine.

    `last`: our way in goes too, after all else and only when nothing else remains: the right to become root, then the password
    of `login` and the key. Without it they stay for whoever comes to finish.
    """

    nonce: str
    keep: tuple[str, ...] = ()
    own: str | None = None
    login: str | None = None
    last: bool = True
    returning: str = ""
    files: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiped:
    """One thing. `before` is the salted digest of what was there, `-` where there was no content to be had."""

    kind: Kind
    path: str
    before: str
    after: After


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`whole`: it went on to its end, and nothing that should be gone remains. `remains` names what does."""

    wiped: tuple[Wiped, ...]
    ended: bool

    @property
    def remains(self) -> tuple[Wiped, ...]:
        return tuple(one for one in self.wiped if one.after == "remains")

    @property
    def whole(self) -> bool:
        return self.ended and not self.remains

    def plain(self) -> dict[str, object]:
        """For JSON, as it is stored and put out."""
        return {"whole": self.whole, "ended": self.ended, "wiped": [asdict(one) for one in self.wiped]}


def wipe_script(wiping: Wiping) -> str:
    """For `sh -s` as root. May be run again: what is gone is not named a second time. Raises ValueError for words that may not
    come near a shell."""
    _check(_NONCE, [wiping.nonce])
    _check(_SEAL, [*wiping.keep, *([wiping.own] if wiping.own else [])])
    _check(_ACCOUNT, [wiping.login] if wiping.login else [])
    _check(_PATH, [*wiping.files, *wiping.trees])
    words = {
        "NONCE": wiping.nonce,
        "KEEP": " ".join(wiping.keep),
        "OWN": wiping.own or "",
        "LOGIN": wiping.login or "",
        "MARK": RETURNING,
        "RETURNING": quote(wiping.returning),
        "LAST": "yes" if wiping.last else "no",
        "SSH": _globs([f".ssh/{name}" for name in SSH]),
        "HISTORIES": _globs(HISTORIES),
        "CREDENTIALS": _globs(CREDENTIALS),
        "CREDENTIAL_TREES": _globs(CREDENTIAL_TREES),
        "SYSTEM_FILES": " ".join(SYSTEM_FILES),
        "TLS": " ".join(TLS),
        "TREES": " ".join([*OUR_TREES, *map(quote, wiping.trees)]),
        "FILES": " ".join(map(quote, wiping.files)),
    }
    return re.sub(r"@([A-Z_]+)@", lambda found: words[found[1]], SCRIPT)


def is_account(word: str) -> bool:
    """Whether this may stand in `Wiping` as the name of an account."""
    return _ACCOUNT.fullmatch(word) is not None


def _check(allowed: re.Pattern[str], words: Iterable[str]) -> None:
    for word in words:
        if not allowed.fullmatch(word) or "/../" in f"{word}/":
            raise ValueError(f"not a word for a shell: {clean(word)!r}")


def _globs(names: Sequence[str]) -> str:
    return " ".join(f'"$home"/{name}' for name in names)


def proof_of(output: bytes, nonce: str) -> Proof:
    """The proof in what the script printed; untrusted. Lines without the nonce are passed over, they are somebody else's.

    Raises OutputError when a line of the proof cannot be read. A proof that breaks off is no error: it says so itself.
    """
    if len(output) > LARGEST:
        raise OutputError("infra.output_too_long", section="proof", most=LARGEST)
    mark = f'{{"proof":"{nonce}",'.encode()
    wiped: list[Wiped] = []
    ended: int | None = None
    for raw in output.split(b"\n"):
        if not raw.startswith(mark):
            continue
        if ended is not None or len(wiped) >= _MOST_LINES:
            raise OutputError("infra.output_unreadable", section="proof", line=clean(raw))
        line = _object(raw)
        if "end" in line:
            ended = int(line["end"]) if re.fullmatch(r"[0-9]{1,6}", line["end"]) else -1
        else:
            wiped.append(_wiped(line, raw))
    last = {(one.kind, one.path): one for one in wiped}  # a file of keys is told again when our own goes
    return Proof(wiped=tuple(last.values()), ended=ended == len(wiped))


def _object(raw: bytes) -> dict[str, str]:
    try:
        found = json.loads(raw.decode("utf-8")) if len(raw) < 20_000 else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise OutputError("infra.output_unreadable", section="proof", line=clean(raw))
    return {name: str(value) for name, value in found.items()}


def _wiped(line: dict[str, str], raw: bytes) -> Wiped:
    kind = next((one for one in get_args(Kind) if one == line.get("kind")), None)
    after = next((one for one in get_args(After) if one == line.get("after")), None)
    before = line.get("before", "")
    try:
        path = base64.b64decode(line.get("path", ""), validate=True)
    except (binascii.Error, ValueError):
        path = b""
    if kind is None or after is None or not path or not re.fullmatch(r"-|[0-9a-f]{64}", before):
        raise OutputError("infra.output_unreadable", section="proof", line=clean(raw))
    return Wiped(kind=kind, path=clean(path, 500), before=before, after=after)
