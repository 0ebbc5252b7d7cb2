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
from infra.text import clean
from infra.wipe_places import CREDENTIAL_TREES, CREDENTIALS, HISTORIES, OUR_TREES, SSH, SYSTEM_FILES, TLS, Kind

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
    as; `keep_passwords` are accounts whose password is the lessor's. `files` and `trees` are more paths that are ours.

    `last`: our way in goes too, after all else and only when nothing else remains: the right to become root, then the key and
    the password of `login`. Without it they stay for whoever comes to finish.
    """

    nonce: str
    keep: tuple[str, ...] = ()
    own: str | None = None
    login: str | None = None
    last: bool = True
    keep_passwords: tuple[str, ...] = ()
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
    _check(_ACCOUNT, [*wiping.keep_passwords, *([wiping.login] if wiping.login else [])])
    _check(_PATH, [*wiping.files, *wiping.trees])
    words = {
        "NONCE": wiping.nonce,
        "KEEP": " ".join(wiping.keep),
        "OWN": wiping.own or "",
        "LOGIN": wiping.login or "",
        "LAST": "yes" if wiping.last else "no",
        "ACCOUNTS": " ".join(wiping.keep_passwords),
        "SSH": _globs([f".ssh/{name}" for name in SSH]),
        "HISTORIES": _globs(HISTORIES),
        "CREDENTIALS": _globs(CREDENTIALS),
        "CREDENTIAL_TREES": _globs(CREDENTIAL_TREES),
        "SYSTEM_FILES": " ".join(SYSTEM_FILES),
        "TLS": " ".join(TLS),
        "TREES": " ".join([*OUR_TREES, *map(quote, wiping.trees)]),
        "FILES": " ".join(map(quote, wiping.files)),
    }
    return re.sub(r"@([A-Z_]+)@", lambda found: words[found[1]], _SCRIPT)


def is_account(word: str) -> bool:
    """Whether this may stand in `Wiping` as the name of an account."""
    return _ACCOUNT.fullmatch(word) is not None


def _check(allowed: re.Pattern[str], words: Iterable[str]) -> None:
    for word in words:
        if not allowed.fullmatch(word) or "/../" in f"{word}/":
            raise ValueError(f"not a word for a shell: {clean(word)!r}")


def _globs(names: Sequence[str]) -> str:
    return " ".join(f'"$home"/{name}' for name in names)


_SCRIPT: Final = r"""
lajur_wipe() {
LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin n=@NONCE@ count=0 last=@LAST@
export LC_ALL PATH n
umask 077
HISTFILE=/dev/null
report=$(mktemp) && exec 3>>"$report" || exit
trap 'rm -f -- "$report"' EXIT
told() { printf '{"proof":"%s","kind":"%s","path":"%s","before":"%s","after":"%s"}\n' \
    "$n" "$1" "$(printf %s "$2" | base64 -w 0)" "$3" "$4" >&3; }
digest() { d=$( { printf %s "$n"; cat -- "$1"; } 2>/dev/null | sha256sum) && printf %s "${d%% *}"; }

# Kind and files. Never follows a link: it goes, what it points at is not ours by that.
gone() {
    kind=$1
    shift
    for f; do
        [ -e "$f" ] || [ -L "$f" ] || continue
        before=-
        if [ -f "$f" ] && [ ! -L "$f" ]; then
            before=$(digest "$f")
            shred -n 1 -- "$f" 2>/dev/null
        elif [ -d "$f" ] && [ ! -L "$f" ]; then
            tree "$kind" "$f"
            continue
        fi
        rm -f -- "$f" 2>/dev/null
        if [ -e "$f" ] || [ -L "$f" ]; then told "$kind" "$f" "$before" remains; else told "$kind" "$f" "$before" gone; fi
    done
}
tree() {
    [ -d "$2" ] && [ ! -L "$2" ] || { [ ! -e "$2" ] && [ ! -L "$2" ] || gone "$1" "$2"; return 0; }
    walk "$1" "$2"
    rmdir -- "$2" 2>/dev/null
}
walk() {
    for f in "$2"/* "$2"/.[!.]* "$2"/..?*; do
        if [ -d "$f" ] && [ ! -L "$f" ]; then
            walk "$1" "$f"
            rmdir -- "$f" 2>/dev/null
        else
            gone "$1" "$f"
        fi
    done
}

# The lines of a file of keys whose fingerprints are in $2; a file without any is gone.
only() {
    [ -f "$1" ] && [ ! -L "$1" ] || { gone authorized_keys "$1"; return 0; }
    new=$(mktemp -- "$1.XXXXXXXX") || { told authorized_keys "$1" - remains; return 0; }
    dropped=0 state=own
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in '' | '#'*) continue ;; esac
        seal=$(printf '%s\n' "$line" | ssh-keygen -lf - 2>/dev/null | { read -r _ s _ && printf %s "$s"; })
        case " @KEEP@ " in *" ${seal:-none} "*) state=kept ;; esac
        case " $2 " in
            *" ${seal:-none} "*) printf '%s\n' "$line" ;;
            *) dropped=1 ;;
        esac
    done <"$1" >"$new"
    if [ ! -s "$new" ]; then
        rm -f -- "$new"
        gone authorized_keys "$1"
    elif [ $dropped = 0 ]; then
        rm -f -- "$new"
        [ "${3-}" = last ] || told authorized_keys "$1" "$(digest "$1")" $state
    else
        before=$(digest "$1")
        if chown --reference="$1" -- "$new" && chmod --reference="$1" -- "$new" &&
            ln -- "$1" "$new.old" && mv -T -- "$new" "$1"; then
            shred -n 1 -- "$new.old" 2>/dev/null
            rm -f -- "$new.old"
            told authorized_keys "$1" "$before" $state
        else
            rm -f -- "$new" "$new.old"
            told authorized_keys "$1" "$before" remains
        fi
    fi
}
# Every file that sshd takes keys from, as its configuration says.
key_files() {
    wanted=$(sed -n 's/^[[:space:]]*[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Ee][Dd][Kk][Ee][Yy][Ss][Ff][Ii][Ll][Ee][[:space:]=]*//p' \
        /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | tr -d '"')
    set -f
    for f in .ssh/authorized_keys .ssh/authorized_keys2 $wanted; do
        path=
        while :; do
            case $f in *%*) path=$path${f%%"%"*} f=${f#*"%"} ;; *) path=$path$f; break ;; esac
            case $f in h*) path=$path$home f=${f#h} ;; u*) path=$path$user f=${f#u} ;; %*) path=$path% f=${f#%} ;; esac
        done
        case $path in /*) ;; *) path=$home/$path ;; esac
        [ ! -e "$path" ] && [ ! -L "$path" ] || only "$path" "$1" "${2-}"
    done
    set +f
}
each_home() {
    seen=:
    while IFS=: read -r user _ _ _ _ home _; do
        case $home in /*) ;; *) continue ;; esac
        [ -d "$home" ] || continue
        home=${home%/}
        "$@"
    done </etc/passwd
}
home_of() {
    case $seen in *":$home:"*) return ;; esac
    seen=$seen$home:
    for f in "$home"/.ssh/*; do
        [ -f "$f" ] && [ ! -L "$f" ] && head -c 4096 -- "$f" | grep -qa 'PRIVATE KEY' && gone private_key "$f"
    done
    for f in @SSH@; do
        case $f in
            */known_hosts*) gone known_hosts "$f" ;;
            */config | */environment | */rc) gone credential "$f" ;;
            *) gone private_key "$f" ;;
        esac
    done
    gone history @HISTORIES@
    gone credential @CREDENTIALS@
    for t in @CREDENTIAL_TREES@; do tree credential "$t"; done
}

each_home home_of
gone credential @SYSTEM_FILES@
gone ours @FILES@
for t in @TREES@; do tree ours "$t"; done
# Keys of services that no package brought: somebody put them there, and that was us.
for t in @TLS@; do
    [ -d "$t" ] || continue
    grep -rlaIsE --null -- '-----BEGIN ([A-Z]+ )*PRIVATE KEY-----' "$t" | tr '\0\n' '\n\001' | while IFS= read -r f; do
        dpkg -S "$f" >/dev/null 2>&1 || gone tls_key "$f"
    done
done
# A hash is a credential too, locked or not. A star lets keys in and no password.
with_hash() {
    shadow=$1
    shift
    while IFS=: read -r user hash _; do
        case $hash in '' | '*' | '!' | '!!' | '!*' | 'x') continue ;; esac
        case " $spared " in *" $user "*) continue ;; esac
        "$@"
    done <"$shadow"
}
starred() { printf '%s\n' "$user"; }
salted() {
    before=$(printf %s "$n$hash" | sha256sum)
    told password "$user" "${before%% *}" "$1"
}
# All but those of these accounts.
hashes() {
    spared=$1
    [ -n "$(with_hash /etc/shadow starred)" ] || return 0
    old=$(mktemp -u /etc/shadow.XXXXXXXX)
    new=$(mktemp /etc/shadow.XXXXXXXX)
    ln -- /etc/shadow "$old"
    awk -F : -v OFS=: -v kept=" $spared " \
        '$2 !~ /^(|\*|!|!!|!\*|x)$/ && index(kept, " " $1 " ") == 0 { $2 = "*" } { print }' /etc/shadow >"$new" &&
        chown --reference=/etc/shadow -- "$new" && chmod --reference=/etc/shadow -- "$new" && mv -T -- "$new" /etc/shadow
    rm -f -- "$new"
    if [ -n "$(with_hash /etc/shadow starred)" ]; then after=remains; else after=locked; fi
    with_hash "$old" salted $after
    [ $after = remains ] || shred -n 1 -- "$old" 2>/dev/null
    rm -f -- "$old"
}
hashes "@ACCOUNTS@ @LOGIN@"
gone credential /etc/shadow- /etc/gshadow-
if command -v journalctl >/dev/null && [ -d /run/systemd/system ]; then
    journalctl -q --rotate 2>/dev/null && journalctl -q --vacuum-time=1s 2>/dev/null && told journal /var/log/journal - vacuumed
fi
each_home key_files "@KEEP@ @OWN@"
# What is above is out before our own key goes: after this nobody of us can ask again.
cat "$report"
count=$(wc -l <"$report")
remains() { grep -q '"after":"remains"}$' "$report"; }
# The right to become root before the way in: whoever is not let in any more has lost it too. This shell is root till it ends.
# Our way in stays while anything remains: whoever is locked out cannot take it away.
if [ $last = yes ] && ! remains; then
    gone credential /etc/sudoers.d/lajur*
    if ! remains; then
        [ -z "@OWN@" ] || each_home key_files "@KEEP@" last
        hashes "@ACCOUNTS@"
    fi
fi
tail -n +$((count + 1)) -- "$report"
count=$(wc -l <"$report")
printf '{"proof":"%s","end":%d}\n' "$n" "$count"
}
lajur_wipe </dev/null
"""


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
