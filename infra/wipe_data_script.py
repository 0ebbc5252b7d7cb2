"""The shell text that `infra.wipe_data` fills in: what roles of ours brought is stopped, and their data wiped tree by tree. For
dash, as root.

It works for some seconds and then says how far it came, so that whoever asked hears of it and asks again. How much was wiped of
each tree stands in a file on the machine: whoever is killed, on either side, goes on where he was.

A file is overwritten and then unlinked, a large one from its end and shortened by what was overwritten. Names are handed from
program to program with a zero byte after each, so that no name has a meaning.
"""

from __future__ import annotations

from typing import Final

SCRIPT: Final = r"""
lajur_data() {
LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin n=@NONCE@ count=0 look=@LOOK@ roles=' @ROLES@ ' started=$(date +%s)
export LC_ALL PATH
umask 077
HISTFILE=/dev/null
tally=@TALLY@ stays=@MARK@ mark=@RETURNING@ work=''
trap 'rm -rf -- "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM
work=$(mktemp -d /run/lajur-data.XXXXXXXX) || exit
if [ $look = yes ]; then
    if [ -e "$tally" ]; then cp -- "$tally" "$work/tally"; else : >"$work/tally"; fi
    tally=$work/tally
else
    mkdir -p -- "${tally%/*}" || exit
    # One that nobody waits for any more may still be at work.
    exec 9<"${tally%/*}" && flock -w 90 9 || exit
    for f in /run/lajur-data.*; do [ "$f" = "$work" ] || rm -rf -- "$f"; done
    [ -e "$tally" ] || : >"$tally"
    [ -z "$mark" ] || { printf '%s\n' "$mark" >"$stays.part" && mv -T -- "$stays.part" "$stays"; }
fi
b64() { printf %s "$1" | base64 -w 0; }
said() { count=$((count + 1)); printf "$@"; }
is_up() { [ $(($(date +%s) - started)) -ge @SECONDS@ ]; }

# What is ours here: by the truth, or by what a role of ours laid down. It is written down before anything is taken away.
there() { for f in $1; do if [ -e "$f" ] || [ -L "$f" ]; then return 0; fi; done; return 1; }
role() {
    case $roles in *" $1 "*) ;; *) there "$2" || return 0 ;; esac
    for t in $3; do
        [ -e "$t" ] || [ -L "$t" ] || continue
        case $t in *[!A-Za-z0-9_.@+/-]*) continue ;; esac
        grep -q "^[a-z]* $t " "$tally" || printf '%s %s 0 0 0 going -\n' "$1" "$t" >>"$tally"
    done
}
@BROUGHT@
units=$(cut -d ' ' -f 1 "$tally" | sort -u | while read -r r; do
    case $r in
@UNITS@
    esac
done)

# Of data that is to go nothing needs to be written down: what does not stop is killed.
active() {
    set -f
    systemctl list-units --all --plain --no-legend $units 2>/dev/null | awk '
        $1 ~ /\.(service|socket|timer|path)$/ && $3 ~ /^(active|activating|reloading|deactivating)$/ { print $1 }'
    set +f
}
stop() {
    [ -n "$units" ] && [ -d /run/systemd/system ] && command -v systemctl >/dev/null || return 0
    set -f
    enabled=$(systemctl list-unit-files --plain --no-legend $units 2>/dev/null | awk '$2 ~ /^enabled/ { print $1 }')
    set +f
    [ -z "$enabled" ] || systemctl -q disable $enabled >/dev/null 2>&1
    names=$(active)
    [ -n "$names" ] || return 0
    timeout 50 systemctl stop $names >/dev/null 2>&1
    late=$(active)
    [ -z "$late" ] || { systemctl kill --signal=KILL $late; timeout 20 systemctl stop $late; } >/dev/null 2>&1
    late=" $(active | tr '\n' ' ') "
    for u in $names; do
        case $late in *" $u "*) after=remains ;; *) after=stopped ;; esac
        said '{"proof":"%s","kind":"unit","path":"%s","after":"%s"}\n' "$n" "$(b64 "$u")" $after
    done
    [ "$late" = '  ' ]
}

keep() {
    awk -v t="$t" -v s="$files $bytes $missed $state $why" '$2 == t { print $1, $2, s; next } { print }' "$tally" \
        >"$tally.part" && mv -T -- "$tally.part" "$tally"
}
# So many files at once of those that fit, overwritten and unlinked. 1: there is none; 2: they do not go.
batch() {
    most=$1
    shift
    find "$t" -xdev -type f "$@" -printf '%s\0%p\0' 2>/dev/null | head -z -n $((2 * most)) >"$work/list"
    [ -s "$work/list" ] || return 1
    # Once for all of them: what was written is on the disk before the names go.
    set -- $(xargs -0 -s 1200000 sh -c '
        left=$(($# / 2)) files=$(($# / 2)) bytes=0 missed=0
        while [ $left -gt 0 ]; do
            head -c "$1" /dev/urandom 1<>"$2" || missed=$((missed + 1))
            left=$((left - 1)) bytes=$((bytes + $1)) path=$2
            shift 2
            set -- "$@" "$path"
        done
        sync -f -- "$1" || missed=$files
        rm -f -- "$@" && echo $files $bytes $missed || echo stuck' - <"$work/list" 2>/dev/null)
    [ $# = 3 ] || return 2
    files=$((files + $1)) bytes=$((bytes + $2)) missed=$((missed + $3))
    keep
}
# The end of a large file.
piece() {
    find "$t" -xdev -type f -size +131072k -print0 2>/dev/null | head -z -n 1 >"$work/list"
    [ -s "$work/list" ] || return 1
    set -- $(xargs -0 sh -c '
        s=$(stat -c %s -- "$1") && o=$(((s - 1) / 134217728 * 134217728)) || exit
        dd if=/dev/urandom of="$1" bs=1048576 seek=$((o / 1048576)) count=$(((s - o + 1048575) / 1048576)) iflag=fullblock \
            conv=notrunc,fdatasync status=none 2>/dev/null
        w=$?
        truncate -s $o -- "$1" 2>/dev/null && echo $((s - o)) $((w != 0))' - <"$work/list")
    [ $# = 2 ] || return 2
    bytes=$((bytes + $1)) missed=$((missed + $2))
    keep
}
# What another name leads to is not all ours: the name goes, and nothing is overwritten.
names_elsewhere() {
    find "$t" -xdev -type f -links +1 -printf '%n %i\n' 2>/dev/null | sort | uniq -c | awk '$1 < $2 { print $3 }' |
        while read -r i; do find "$t" -xdev -type f -inum "$i" -delete -printf x 2>/dev/null; done | wc -c
}
# Why a tree is not ours to go through; nothing when it is.
unfit() {
    [ ! -L "$t" ] || { echo link; return; }
    case $(stat -f -c %T -- "$t" 2>/dev/null) in
        nfs* | smb* | cifs* | fuse* | ceph* | afs* | v9fs | gfs* | gpfs | ocfs2 | lustre | panfs | vboxsf) echo shared; return ;;
    esac
    [ ! -r /proc/self/mountinfo ] || awk -v t="$t/" 'FILENAME != "/proc/self/mountinfo" { own[$2]; next }
        index($5, t) == 1 && !($5 in own) { print "mount"; exit }' "$tally" /proc/self/mountinfo
}
# Until it is gone, does not go, or time is up.
tree() {
    state=going why=-
    if [ ! -e "$t" ] && [ ! -L "$t" ]; then state=gone; keep; return; fi
    why=$(unfit)
    [ -z "$why" ] || { state=remains; keep; return; }
    why=-
    files=$((files + $(names_elsewhere)))
    while :; do
        ! is_up || return
        batch 256 -size -1025k && continue
        [ $? = 1 ] || break
        batch 4 -size -131073k && continue
        [ $? = 1 ] || break
        piece || break
    done
    find "$t" -xdev ! -type f ! -type d -delete 2>/dev/null
    [ ! -d "$t" ] || find "$t" -xdev -depth -mindepth 1 -type d -delete 2>/dev/null
    [ ! -d "$t" ] || rmdir -- "$t" 2>/dev/null
    # Of folders only those stay on which something is mounted, which is empty.
    state=gone
    [ -z "$(find "$t" -xdev ! -type d -print -quit 2>/dev/null)" ] || state=remains why=stuck
    keep
}
measured() { find "$@" -xdev -type f -printf '%s\n' 2>/dev/null | awk '{ n++; s += $1 } END { printf "%d %.0f", n, s }'; }

if [ $look = no ] && stop; then
    cp -- "$tally" "$work/todo"
    while read -r r t files bytes missed state why <&4; do
        ! is_up || break
        tree
    done 4<"$work/todo"
fi
while read -r r t files bytes missed state why <&4; do
    if [ $look = yes ]; then
        set -- $(measured "$t")
        files=$1 bytes=$2 state=found
    fi
    said '{"proof":"%s","kind":"data","role":"%s","path":"%s","files":%s,"bytes":%s,"missed":%s,"after":"%s","why":"%s"}\n' \
        "$n" "$r" "$(b64 "$t")" "$files" "$bytes" "$missed" "$state" "$why"
done 4<"$tally"
# /srv/lajur holds what is below it, too: counted once.
set -- $(cut -d ' ' -f 2 "$tally" | sort | awk '{ for (p in seen) if (index($0, p "/") == 1) next; seen[$0]; print }')
[ $# = 0 ] && set -- 0 0 || set -- $(measured "$@")
printf '{"proof":"%s","end":%d,"files":%s,"bytes":%s}\n' "$n" "$count" "$1" "$2"
}
lajur_data </dev/null
"""
