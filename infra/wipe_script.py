"""The shell text that `infra.wipe` fills in: what is wiped, in which order, and how it is told. For dash, as root.

What it makes for itself has `lajur-` in its name, by which the next run finds what one that was killed left. The second name of
a file lies beside it, as `mv` and `ln` are whole only within a filesystem.
"""

from __future__ import annotations

from typing import Final

SCRIPT: Final = r"""
lajur_wipe() {
LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin n=@NONCE@ count=0 last=@LAST@
export LC_ALL PATH n
umask 077
HISTFILE=/dev/null
old='' new='' report=''
# One name of several is taken away and its content left: it may be the file that is in use.
drop() {
    for d; do
        [ -f "$d" ] && [ ! -L "$d" ] || continue
        [ "$(stat -c %h -- "$d")" != 1 ] || shred -n 1 -- "$d" 2>/dev/null
        rm -f -- "$d"
    done
}
# What one that was killed left behind, then what this one would.
drop /run/lajur-wipe.* /etc/shadow.lajur-*
trap 'drop "$report" "$new" ${new:+"$new.old"} "$old"' EXIT
trap 'exit 1' HUP INT PIPE TERM
stays=@MARK@ mark=@RETURNING@
report=$(mktemp /run/lajur-wipe.XXXXXXXX) && exec 3>>"$report" || exit
told() { printf '{"proof":"%s","kind":"%s","path":"%s","before":"%s","after":"%s"}\n' \
    "$n" "$1" "$(printf %s "$2" | base64 -w 0)" "$3" "$4" >&3; }
digest() { d=$( { printf %s "$n"; cat -- "$1"; } 2>/dev/null | sha256sum) && printf %s "${d%% *}"; }

# Never a device, and nothing of the kernel's: no secret is in it, and the machine is broken without it.
kernels() {
    [ ! -b "$1" ] && [ ! -c "$1" ] || [ -L "$1" ] || return 0
    case $(readlink -f -- "${1%/*}/")/ in /dev/* | /proc/* | /sys/*) return 0 ;; esac
    return 1
}
# Kind and files. Never follows a link: it goes, what it points at is not ours by that.
gone() {
    kind=$1
    shift
    for f; do
        [ -e "$f" ] || [ -L "$f" ] || continue
        ! kernels "$f" || continue
        [ "$f" != "$stays" ] || continue
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
}
walk() {
    for f in "$2"/* "$2"/.[!.]* "$2"/..?*; do
        if [ -d "$f" ] && [ ! -L "$f" ]; then
            walk "$1" "$f"
        else
            gone "$1" "$f"
        fi
    done
    rmdir -- "$2" 2>/dev/null
}

sealed() { printf '%s\n' "$1" | ssh-keygen -lf - 2>/dev/null | { read -r _ s _ && printf %s "$s"; }; }
# Whether our own key lets in by this file.
has_own() {
    [ -n "@OWN@" ] || return
    while IFS= read -r line || [ -n "$line" ]; do
        [ "$(sealed "$line")" != "@OWN@" ] || return 0
    done <"$1"
    return 1
}
# The lines of a file of keys whose fingerprints are in $2; a file without any is gone. Nothing but a file or a link to one is a
# file of keys. A link by which we come in stays till the last.
only() {
    [ -L "$1" ] || [ -f "$1" ] || return 0
    case $(readlink -f -- "$1") in /dev/* | /proc/* | /sys/*) return 0 ;; esac
    if [ -L "$1" ]; then
        if [ "${3-}" != last ] && [ -f "$1" ] && has_own "$1"; then
            told authorized_keys "$1" "$(digest "$1")" own
        else
            gone authorized_keys "$1"
        fi
        return 0
    fi
    new=$(mktemp -- "$1.lajur-XXXXXXXX") || { told authorized_keys "$1" - remains; return 0; }
    dropped=0 state=own
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in '' | '#'*) continue ;; esac
        seal=$(sealed "$line")
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
            drop "$new.old"
            told authorized_keys "$1" "$before" $state
        else
            drop "$new" "$new.old"
            told authorized_keys "$1" "$before" remains
        fi
    fi
}
# Every file that sshd takes keys from, as its configuration says.
key_files() {
    wanted=$(sed -n 's/^[[:space:]]*[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Ee][Dd][Kk][Ee][Yy][Ss][Ff][Ii][Ll][Ee][[:space:]=]*//p' \
        /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | sed 's/[[:space:]]#.*//' | tr -d '"')
    set -f
    for f in .ssh/authorized_keys .ssh/authorized_keys2 $wanted; do
        path=
        case $f in [Nn][Oo][Nn][Ee]) continue ;; esac
        while :; do
            case $f in *%*) path=$path${f%%"%"*} f=${f#*"%"} ;; *) path=$path$f; break ;; esac
            case $f in h*) path=$path$home f=${f#h} ;; u*) path=$path$user f=${f#u} ;; %*) path=$path% f=${f#%} ;; esac
        done
        case $path in /*) ;; *) path=$home/$path ;; esac
        set +f
        case $(readlink -f -- "${path%/*}/")/ in /dev/* | /proc/* | /sys/*) ;; *) drop "$path".lajur-* ;; esac
        only "$path" "$1" "${2-}"
        set -f
    done
    set +f
}
# Those of the account that we come as, and those of all others.
keys_of_login() { [ "$user" != "@LOGIN@" ] || key_files "$@"; }
keys_of_others() { [ "$user" = "@LOGIN@" ] || key_files "$@"; }
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

if [ $last = no ] && [ -n "$mark" ]; then
    mkdir -p -- "${stays%/*}" && printf '%s\n' "$mark" >"$stays.part" && mv -T -- "$stays.part" "$stays"
fi
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
    old=$(mktemp -u /etc/shadow.lajur-XXXXXXXX)
    new=$(mktemp /etc/shadow.lajur-XXXXXXXX)
    ln -- /etc/shadow "$old"
    awk -F : -v OFS=: -v kept=" $spared " \
        '$2 !~ /^(|\*|!|!!|!\*|x)$/ && index(kept, " " $1 " ") == 0 { $2 = "*" } { print }' /etc/shadow >"$new" &&
        chown --reference=/etc/shadow -- "$new" && chmod --reference=/etc/shadow -- "$new" && mv -T -- "$new" /etc/shadow
    drop "$new"
    if [ -n "$(with_hash /etc/shadow starred)" ]; then after=remains; else after=locked; fi
    with_hash "$old" salted $after
    drop "$old"
}
hashes "@LOGIN@"
gone credential /etc/shadow- /etc/gshadow-
if command -v journalctl >/dev/null && [ -d /run/systemd/system ]; then
    journalctl -q --rotate 2>/dev/null && journalctl -q --vacuum-time=1s 2>/dev/null && told journal /var/log/journal - vacuumed
fi
each_home key_files "@KEEP@ @OWN@"
# What is above is out before our own key goes: after this nobody of us can ask again.
cat "$report"
count=$(wc -l <"$report")
# Without a report nobody knows.
remains() { [ ! -f "$report" ] || grep -q '"after":"remains"}$' "$report"; }
# The right to become root before the way in: whoever is not let in any more has lost it too. This shell is root till it ends.
# Our way in stays while anything remains: whoever is locked out cannot take it away. Our key is the very last of it, so that
# whoever is refused with it knows the rest gone.
if [ $last = yes ] && ! remains; then
    stays=''
    gone ours @MARK@
    rmdir -- /var/lib/lajur 2>/dev/null
    gone credential /etc/sudoers.d/lajur*
    if ! remains; then
        hashes ""
        if [ -n "@OWN@" ] && ! remains; then
            each_home keys_of_others "@KEEP@" last
            remains || each_home keys_of_login "@KEEP@" last
        fi
    fi
fi
tail -n +$((count + 1)) -- "$report"
count=$(wc -l <"$report")
printf '{"proof":"%s","end":%d}\n' "$n" "$count"
}
lajur_wipe </dev/null
"""
