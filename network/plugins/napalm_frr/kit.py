"""What runs on the device: commit, confirm, revert, and the timer that reverts when nobody confirms. Pure text, POSIX sh.

Everything is under `/var/lib/napalm_frr`. A record is a directory, made whole under another name and put in place by one
rename; renames decide every race and name the state:

    armed      a commit under way or waiting to be confirmed; also the lock: another commit is refused while it is there
    reverting  going back now              reverted   went back; `said` has what was refused, `outcome` how it ended
    saving     confirmed, being written to the start-up configuration
    last       the last change that was kept: what `rollback` goes back from
    lock       held (flock) by whatever changes anything
    mtu        what the start-up configuration cannot hold: set again at boot

A record has `before` (the running configuration, whole), `kernel` (addresses, routes, MTU and state of the interfaces that
are touched), `forward` and `inverse` (lines for vtysh), `who`, `message`, `token`, `left` (seconds), `pid`.

The timer is a detached sh loop that counts the kernel's uptime, so that neither the session's end nor a wrong clock
matters. `boot` is called once when the device has started, before or after FRR's daemons: what was armed goes back, what
was confirmed but not yet written is carried out again and written.
"""

from __future__ import annotations

from typing import Final
from zlib import crc32

HOME: Final = "/var/lib/napalm_frr"

_HEAD: Final = r"""#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr:$PATH
LC_ALL=C
export PATH LC_ALL
umask 077
"""

_FUNCTIONS: Final = r"""
vty() { timeout 60 vtysh "$@" </dev/null; }
up() { read -r now rest </proc/uptime && now=${now%.*}; }
alive() { # record: its own loop runs; a number that another process has been given does not count
  words= pid=
  read -r pid due 2>/dev/null <"$1/pid" && read -r words 2>/dev/null <"/proc/$pid/cmdline"
  case $words in *napalm_frr/loop*) return 0 ;; esac
  return 1
}
alone() { # one script at a time; fails after tries fifths of a second
  exec 9>>lock
  tries=${1:-150}
  until flock -n 9; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.2
  done
}
flat() { # configuration as lines that stand for themselves, in one order
  awk '
    /^ *(!|#|$)/ || /^ *(exit(-.*)?|end)$/ || /^(Building|Current) configuration/ { next }
    { match($0, /[^ ]/); depth = RSTART; for (each in at) if (each + 0 >= depth) delete at[each]
      at[depth] = $0; out = ""; for (i = 1; i <= depth; i++) if (i in at) out = out at[i] "\t"; print out }' "$1" | sort -u
}
same() { # two files: the same configuration
  flat "$1" >"$1.flat" && flat "$2" >"$2.flat" && cmp -s "$1.flat" "$2.flat"
}
kernel() { # interfaces: what the kernel holds for them, one thing a line
  for nic; do
    ip -o link show dev "$nic" 2>/dev/null | awk -v nic="$nic" '
      { split($3, flag, /[<>]/); for (i = 4; i < NF; i++) if ($i == "mtu") print "mtu", nic, $(i + 1)
        print "set", nic, ("," flag[2] ",") ~ /,UP,/ ? "up" : "down" }'
    ip -o address show dev "$nic" 2>/dev/null | awk -v nic="$nic" '
      / dynamic / || $4 ~ /^fe80:/ { next } { print "addr", nic, $5 == "peer" ? $4 " peer " $6 : $4 }'
    for family in -4 -6; do
      ip "$family" route show dev "$nic" 2>/dev/null | awk -v nic="$nic" -v family="$family" '
        / proto / && !/ proto (boot|static) / { next } /^fe80:|^(multicast|ff00)/ { next }
        { gsub(/ (linkdown|dead|pref medium)/, ""); print "route", nic, family, $0 }'
    done
  done
}
route_back() { # family and the words of a route
  family=$1
  shift
  ip "$family" route replace "$@"
}
kernel_back() { # a file that `kernel` made: the kernel as it says; touches only what differs
  [ -s "$1" ] || return 0
  kernel $(awk '$1 == "mtu" { print $2 }' "$1") >"$1.now"
  while read -r what nic rest; do
    case $what in addr) grep -Fxq "$what $nic $rest" "$1" || ip address del $rest dev "$nic" ;; esac
  done <"$1.now"
  kernel $(awk '$1 == "mtu" { print $2 }' "$1") >"$1.now" # with its first address an interface may lose others
  while read -r what nic rest; do
    grep -Fxq "$what $nic $rest" "$1.now" && [ "$what" != route ] && continue
    case $what in
      mtu) ip link set dev "$nic" mtu "$rest" ;;
      set) ip link set dev "$nic" "$rest" ;;
      addr) ip address add $rest dev "$nic" ;;
      route) route_back $rest dev "$nic" ;;
    esac
  done <"$1"
}
name_host() { # the host's name is the system's, whatever FRR is told
  [ -n "$1" ] || return 0
  if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null; then hostnamectl set-hostname "$1"; else
    echo "$1" >/proc/sys/kernel/hostname
  fi
}
apply() { # record: carry it out; fails at the first thing that is refused, `said` has the words
  while read -r what one two; do
    case $what in
      mtu) ip link set dev "$one" mtu "$two" >"$1/said" 2>&1 || { echo "kernel $what $one $two" >>"$1/said"; return 1; } ;;
      up) ip link set dev "$one" up >"$1/said" 2>&1 || { echo "kernel $what $one" >>"$1/said"; return 1; } ;;
      hostname) name_host "$one" >"$1/said" 2>&1 || { echo "kernel $what $one" >>"$1/said"; return 1; } ;;
    esac
  done <"$1/words"
  [ ! -s "$1/forward" ] || vty -f "$1/forward" >"$1/said" 2>&1
}
restore() { # record: as it was before, text and kernel; `outcome` is same, reloaded or differs
  [ ! -s "$1/inverse" ] || vty -f "$1/inverse" >"$1/log" 2>&1
  name=
  read -r name 2>/dev/null <"$1/hostname"
  [ "$name" = "$(cat /proc/sys/kernel/hostname)" ] || name_host "$name"
  kernel_back "$1/kernel" >>"$1/log" 2>&1
  outcome=same
  vty -c 'show running-config' >"$1/now" 2>>"$1/log"
  if ! same "$1/now" "$1/before"; then
    outcome=differs
    sed '/^Building configuration/d; /^Current configuration/d' "$1/before" >"$1/before.conf"
    for reload in /usr/lib/frr/frr-reload.py /usr/sbin/frr-reload.py; do
      # It plans to take everything away when it is given a line that it cannot read, so that is found out first.
      [ -f "$reload" ] && vty -C -f "$1/before.conf" >>"$1/log" 2>&1 || continue
      timeout 120 python3 "$reload" --reload "$1/before.conf" </dev/null >>"$1/log" 2>&1
      kernel_back "$1/kernel" >>"$1/log" 2>&1
      vty -c 'show running-config' >"$1/now" 2>>"$1/log"
      ! same "$1/now" "$1/before" || outcome=reloaded
      break
    done
  fi
  echo "$outcome" >"$1/outcome"
}
back() { # what is armed goes back
  [ -d reverting ] || mv armed reverting || return 1
  restore reverting
  rm -rf reverted
  mv reverting reverted
}
save() { # record: to the start-up configuration; fails when that could not be written
  touch mtu
  awk '$1 == "mtu" { print $2 }' "$1/kernel" | while read -r nic; do
    ip -o link show dev "$nic" | awk -v nic="$nic" '
      /link\/ether/ { for (i = 4; i < NF; i++) if ($i == "mtu" && $(i + 1) != 1500) print nic, $(i + 1) }'
  done >mtu.new
  awk 'FNR == 1 { file++ } file == 1 && $1 == "mtu" { touched[$2] = 1 } file == 2 && !($1 in touched)' "$1/kernel" mtu >>mtu.new
  mv mtu.new mtu
  vty -c 'write memory' >"$1/said" 2>&1 || return 1
  ! grep -Eiq "can't|cannot|unable|failed" "$1/said"
}
keep() { # the record of a confirmed change becomes the one that rollback goes back from
  save saving || return 1
  rm -rf last
  mv saving last
}
settle() { # finish what was cut short when the device, or whoever did it, died; the lock is held
  if [ -d reverting ]; then back; fi
  if [ -d armed ] && ! alive armed; then back; fi
  if [ -d saving ]; then keep; fi
}
ready() { # every daemon that ran when the change was made
  running=" $(vty -c 'show daemons' 2>/dev/null) "
  for daemon in $(cat armed/daemons reverting/daemons saving/daemons 2>/dev/null) zebra; do
    case $running in *" $daemon "*) ;; *) return 1 ;; esac
  done
}
held() { # the record that stands in the way, to be said
  read -r left 2>/dev/null <"$1/pid" && up && left=${left#* } && left=$((left - now - 1))
  [ "${left:-0}" -gt 0 ] 2>/dev/null || left=0
  say "$2" "$left"
  cat "$1/token" "$1/who" "$1/message" 2>/dev/null
}
"""

_LOOP: Final = rf"""{_HEAD}
# Counts what is armed down, then goes back
trap '' HUP
cd {HOME} || exit 1
. {HOME}/kit
mine() {{ read -r pid due 2>/dev/null <armed/pid && [ "$pid" = $$ ]; }}
read -r left <armed/left && up || exit 1
echo "$$ $((now + left + 1))" >armed/pid.new && mv armed/pid.new armed/pid || exit 1 # whole seconds: rather later than sooner
echo up
exec >/dev/null 2>&1
while mine && up && [ "$now" -lt "$due" ]; do sleep 1; done
until alone; do mine || exit 0; done
mine && back
"""

_BOOT: Final = rf"""{_HEAD}
# To be called once when the device has started, before or after FRR's daemons: goes back from what was not confirmed
cd {HOME} 2>/dev/null || exit 0
. {HOME}/kit
if [ -s mtu ]; then while read -r nic mtu; do ip link set dev "$nic" mtu "$mtu" 2>/dev/null; done <mtu; fi
for record in armed reverting; do [ ! -d "$record" ] || alive "$record" || kernel_back "$record/kernel" 2>/dev/null; done
[ -d armed ] || [ -d reverting ] || [ -d saving ] || exit 0
if ready; then sh {HOME}/settle </dev/null >/dev/null 2>&1; else setsid sh {HOME}/settle </dev/null >/dev/null 2>&1 & fi
"""

_SETTLE: Final = rf"""{_HEAD}
# Once FRR's daemons answer that answered before
trap '' HUP
cd {HOME} || exit 1
. {HOME}/kit
alone || exit 1
up
deadline=$((now + 120))
until ready || [ "$now" -gt "$deadline" ]; do sleep 0.2; up; done
if [ -d saving ]; then apply saving; fi
settle
"""

_PROGRAMS: Final = {"kit": _FUNCTIONS, "loop": _LOOP, "boot": _BOOT, "settle": _SETTLE}
_VERSION: Final = f"{crc32(''.join(_PROGRAMS.values()).encode()):08x}"


def script(body: str, nonce: str) -> str:
    """A whole script: all of it stands in one function that the last line calls, so that one which arrives in part does
    nothing. It answers in lines that begin with a mark of its own, made of `nonce`.

    It goes on when its session ends, and puts the programs on the device where they are not there yet."""
    return (
        f"{_HEAD}{_FUNCTIONS}say() {{ printf '\\n@%s %s\\n' {nonce} \"$*\"; }}\n"
        "fail() { say failed; printf '%s\\n' \"$*\"; exit 1; }\n"
        'need() { for tool; do command -v "$tool" >/dev/null 2>&1 || { say lacks "$tool"; exit 3; }; done; }\n'
        f"main() {{\ntrap '' HUP PIPE\n{_install(nonce)}{body}\n}}\nmain\n"
    )


def document(name: str, text: str, nonce: str) -> str:
    """Lines that write `text` to a file."""
    mark = f"END_{nonce}"
    if mark in text:
        raise ValueError("a text may not hold the mark of its own end")
    body = text if not text or text.endswith("\n") else f"{text}\n"
    return f"cat >{name} <<'{mark}' || fail 'write {HOME}/{name}'\n{body}{mark}\n"


def _install(nonce: str) -> str:
    files = "".join(document(f"{name}.new", text, nonce) + f"mv {name}.new {name}\n" for name, text in _PROGRAMS.items())
    return (
        f"[ -d {HOME} ] || mkdir -p {HOME} || fail 'mkdir {HOME}'\ncd {HOME} || fail 'cd {HOME}'\n"
        f"if [ ! -f version.{_VERSION} ]; then\n{files}rm -f version.*\n: >version.{_VERSION}\nfi\n"
    )


COMMIT: Final = """
need vtysh ip flock setsid timeout awk sha256sum cmp
alone || fail 'flock: another commit is under way'
settle
for record in armed reverting; do [ ! -d $record ] || { held $record held; exit 1; }; done
rm -rf making now.*
vty -c 'show daemons' -c 'show running-config' >now.all 2>&1 || fail "$(tail -n 3 now.all)"
sed 1d now.all >now.text
ip -o link show >now.links || fail 'ip link show'
if [ "$(sha256sum <now.text)" != "$expected  -" ]; then
  say moved; cat now.all; say links; cat now.links; exit 1
fi
mkdir making
"""
"""Begins a commit: nobody else is at it, and the device runs what the change was computed for."""

CHECK: Final = """
cat making/given making/forward making/inverse >making/all
if [ -s making/all ]; then
  vty -C -f making/all >making/said 2>&1 || { say bad; cat making/said; rm -rf making; exit 1; }
fi
head -n 1 now.all >making/daemons
mv now.text making/before
kernel $interfaces >making/kernel
cat /proc/sys/kernel/hostname >making/hostname
printf '%s\\n' "$who" >making/who
printf '%s\\n' "$message" >making/message
printf '%s\\n' "$token" >making/token
printf '%s\\n' "$seconds" >making/left
mv making armed || fail 'mv making armed'
if [ "$(setsid sh $PWD/loop </dev/null 2>/dev/null 9>&- &)" != up ]; then rm -rf armed; fail 'the timer does not start'; fi
if ! apply armed; then
  back
  say refused "$(cat reverted/outcome)"; cat reverted/said; exit 1
fi
[ -z "$undo" ] || kernel_back "$undo/kernel"
"""
"""Checks every line, also of the way back, arms the timer, applies; goes back at once when something is refused."""

FINISH: Final = """
if [ "$keep" = yes ]; then
  mv armed saving
  keep || { say unsaved; cat saving/said; exit 1; }
  [ -z "$undo" ] || rm -rf last
fi
vty -c 'show daemons' -c 'show running-config' >now.all 2>&1
ip -o link show >now.links
say done; cat now.all; say links; cat now.links
"""

CONFIRM: Final = """
alone || fail 'flock: another commit is under way'
if [ -d armed ]; then
  read -r held_token <armed/token
  [ -z "$token" ] || [ "$token" = "$held_token" ] || { held armed held; exit 1; }
  mv armed saving || fail 'mv armed saving'
elif [ -d reverting ] || { [ -n "$token" ] && [ "$(cat reverted/token 2>/dev/null)" = "$token" ]; }; then
  say reverted; exit 1
elif [ ! -d saving ]; then
  [ -n "$token" ] && [ "$(cat last/token 2>/dev/null)" = "$token" ] && { say done; exit 0; }
  say nothing; exit 1
fi
keep || { say unsaved; cat saving/said; exit 1; }
say done
"""

PENDING: Final = """
if [ -d armed ] && ! alive armed && alone 1; then settle; fi
for record in armed reverting; do [ ! -d $record ] || { held $record held; exit 0; }; done
say nothing
"""

REVERT: Final = """
waits=
if [ -d armed ] || [ -d reverting ]; then waits=yes; fi
alone || fail 'flock: another commit is under way'
if [ -d armed ] || [ -d reverting ]; then back; elif [ ! -d reverted ]; then waits=; fi
if [ -n "$waits" ]; then # gone back by now, if not by this then by itself
  outcome=$(cat reverted/outcome)
  vty -c 'show daemons' -c 'show running-config' >now.all 2>&1
  ip -o link show >now.links
  say done "$outcome"; cat now.all; say links; cat now.links
  exit 0
fi
[ -d last ] || { say nothing; exit 1; }
say last; cat last/before; say hostname; cat last/hostname; say kernel; cat last/kernel
"""

CORRECT: Final = """
alone || fail 'flock: another commit is under way'
[ -d armed ] && [ "$(cat armed/token)" = "$token" ] || { say nothing; exit 1; }
"""
"""Before a better inverse is put into the record of a commit that waits."""

CORRECTED: Final = """
mv armed/inverse.new armed/inverse || fail 'mv armed/inverse'
say done
"""
