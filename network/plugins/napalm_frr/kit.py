"""What runs on the device: commit, confirm, revert, and the timer that reverts when nobody confirms. Pure text, POSIX sh.

Everything is under `/var/lib/napalm_frr`. A record is a directory, made whole under another name and put in place by one
rename; renames decide every race and name the state:

    armed      a commit under way or waiting to be confirmed; also the lock: another commit is refused while it is there
    reverting  going back now              reverted   went back; `said` has what was refused, `outcome` how it ended
    saving     confirmed, being written to the start-up configuration
    unsaved    kept, but the start-up configuration could not be written: what is to be carried out again at boot, until it is
               written at a later commit or confirmation
    last       the last change that was kept: what `rollback` goes back from
    lock       held (flock) by whatever changes anything
    mtu        what the start-up configuration cannot hold: set again at boot

A record has `before` (the running configuration, whole), `kernel` (addresses, routes, MTU and state of the interfaces that
are touched), `forward` and `inverse` (lines for vtysh), `who`, `message`, `token`, `left` (seconds), `pid`.

The timer is a detached sh loop that counts the kernel's uptime, so that neither the session's end nor a wrong clock
matters. `boot` is called once when the device has started, before or after FRR's daemons: what was armed goes back, what
was confirmed but not yet written is carried out again and written, unless somebody has written the start-up configuration
since.
"""

from __future__ import annotations

from typing import Final
from zlib import crc32

from napalm_frr.direct import ASK
from napalm_frr.words import word

HOME: Final = "/var/lib/napalm_frr"

_HEAD: Final = """\
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr:$PATH
LC_ALL=C
export PATH LC_ALL
umask 077
"""

_ASK: Final = f"ask={word(ASK)}\n"
_KIT: Final = (
    _ASK
    + r"""frr() { perl -e "$ask" "$@" 2>/dev/null; }
told() { frr || vty -c 'show daemons' -c 'show running-config' 2>&1; } # the daemons in a line, then what runs
vty() { timeout 60 vtysh "$@" </dev/null; }
from() { # a file of lines, which may take FRR long: whoever listens is told meanwhile that it goes on
  while sleep 1 </dev/null >/dev/null && kill -0 $$ && say works; do :; done 9>&- 2>/dev/null &
  timeout 600 vtysh -f "$1" </dev/null >>"$2" 2>&1
  set -- $?
  kill $!
  return "$1"
}
up() { read -r now rest </proc/uptime && now=${now%.*}; }
alive() { # record: its own loop runs; a number that another process has been given does not count
  words= pid=
  read -r pid due 2>/dev/null <"$1/pid" && read -r words 2>/dev/null <"/proc/$pid/cmdline"
  case $words in *napalm_frr/kit*loop*) return 0 ;; esac
  return 1
}
alone() { # one script at a time; fails after so many fifths of a second, and says every second that it waits
  exec 9>>lock
  tries=${1:-150}
  until flock -n 9; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    [ $((tries % 5)) -gt 0 ] || say works
    sleep 0.2
  done
}
flat() { # configuration as lines that stand for themselves, in one order
  awk '
    /^ *(!|#|$)/ || /^ *(exit(-.*)?|end)$/ || /^(Building|Current) configuration/ { next }
    { match($0, /[^ ]/); depth = RSTART; for (each in at) if (each + 0 >= depth) delete at[each]
      if ($0 ~ /^ description / && at[1] ~ /^interface / && described[at[1]]++) next # that of zebra, which comes first
      at[depth] = $0; out = ""; for (i = 1; i <= depth; i++) if (i in at) out = out at[i] "\t"; print out }' "$1"
}
same() { # record: what runs now is what ran before
  told | sed 1d >"$1/now"
  flat "$1/now" >"$1/now.flat" && flat "$1/before" >"$1/before.flat"
  sort -u "$1/now.flat" >"$1/now.sorted" && sort -u "$1/before.flat" | cmp -s - "$1/now.sorted"
}
mend() { # record: away, from the last on, with what is not to be there, but nothing twice; then all that is lacking
  awk -F'\t' '
    function say(last,   i) { for (i = 1; i < NF - 1; i++) print $i; print last; print "end" }
    { lines[FILENAME == ARGV[2], ++count[FILENAME == ARGV[2]]] = $0; has[FILENAME == ARGV[2], $0] }
    END {
      for (n = count[0]; n; n--) { $0 = lines[0, n]; last = $(NF - 1); sub(/^ +/, "", last)
        above = substr($0, 1, length($0) - length($(NF - 1)) - 1)
        if ((1, $0) in has || (above != "" && !((1, above) in has))) continue
        if (!sub(/^no /, "", last)) last = "no " last
        say(last) }
      for (n = 1; n <= count[1]; n++) { $0 = lines[1, n]; if (!((0, $0) in has)) say($(NF - 1)) }
    }' "$1/now.flat" "$1/before.flat" >"$1/mend"
  from "$1/mend" "$1/log"
}
kernel() { # interfaces: what the kernel holds for them, one thing a line
  [ $# -gt 0 ] || return 0
  {
    ip -o link show
    echo ==
    ip -o address show
    for nic; do
      echo "== $nic -4"
      ip -o -4 route show dev "$nic" 2>/dev/null
      [ -s /proc/net/if_inet6 ] || continue
      echo "== $nic -6"
      ip -o -6 route show dev "$nic" 2>/dev/null
    done
  } | awk -v wanted=" $* " '
    /^==/ { part++; nic = $2; family = $3; next }
    part < 2 { name = $2; sub(/[@:].*/, "", name); if (!index(wanted, " " name " ")) next }
    part == 0 { for (i = 4; i < NF; i++) if ($i == "mtu") print "mtu", name, $(i + 1)
      split($3, flag, /[<>]/); print "set", name, ("," flag[2] ",") ~ /,UP,/ ? "up" : "down"; next }
    part == 1 { if (!/ dynamic / && $4 !~ /^fe80:/) print "addr", name, $5 == "peer" ? $4 " peer " $6 : $4; next }
    / proto / && !/ proto (boot|static) / { next }
    /^(fe80:|multicast|ff00)/ || /nexthop/ { next } # a route over several interfaces is none of this one
    { gsub(/ (linkdown|dead|pref medium)/, ""); print "route", nic, family, $0 }'
}
route_back() { # family and the words of a route
  family=$1
  shift
  ip "$family" route replace "$@"
}
kernel_back() { # a file that `kernel` made: the kernel as it says; touches only what differs
  [ -s "$1" ] || return 0
  nics=$(awk '$1 == "mtu" { print $2 }' "$1")
  kernel $nics >"$1.now"
  while read -r what nic rest; do
    case $what in addr) grep -Fxq "$what $nic $rest" "$1" || ip address del $rest dev "$nic" ;; esac
  done <"$1.now"
  kernel $nics >"$1.now" # with its first address an interface may lose others
  while read -r what nic rest; do
    [ "$what" != route ] && grep -Fxq "$what $nic $rest" "$1.now" && continue
    case $what in
      mtu) ip link set dev "$nic" mtu "$rest" ;;
      set) ip link set dev "$nic" "$rest" ;;
      addr) ip address add $rest dev "$nic" ;;
    esac
  done <"$1"
  while read -r what nic rest; do # at last: an interface that goes down, or loses an address, loses its routes
    case $what in route) route_back $rest dev "$nic" ;; esac
  done <"$1"
}
name_host() { # the host's name is the system's, whatever FRR is told
  [ -n "$1" ] || return 0
  if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null; then hostnamectl set-hostname -- "$1"; else
    echo "$1" >/proc/sys/kernel/hostname
  fi
}
words() { # record: what FRR has no command for; fails at the first that is refused
  while read -r what one two; do
    case $what in
      mtu) ip link set dev "$one" mtu "$two" ;;
      up) ip link set dev "$one" up ;;
      hostname) name_host "$one" ;;
    esac >"$1/said" 2>&1 || { echo "kernel $what $one $two" >>"$1/said"; return 1; }
  done <"$1/words"
}
whole() { # record: what is to be restored is there to its last byte, also after a loss of power
  read -r size <"$1/whole" && [ "$(cat "$1/before" "$1/kernel" "$1/hostname" | wc -c)" -eq "$size" ]
} 2>/dev/null
complete() { # file of lines: the last one is there
  [ "$(tail -n 1 "$1")" = '!' ]
}
restore() { # record: as it was before, text and kernel; `outcome` is same, mended or differs
  whole "$1" || { echo 'the record is not whole; nothing was done' >>"$1/log"; echo differs >"$1/outcome"; return; }
  [ ! -s "$1/inverse" ] || from "$1/inverse" "$1/log"
  name= is=
  read -r name 2>/dev/null <"$1/hostname"
  read -r is </proc/sys/kernel/hostname
  [ "$name" = "$is" ] || name_host "$name"
  kernel_back "$1/kernel" >>"$1/log" 2>&1
  outcome=same
  for try in 1 2 3; do # what goes may have taken something else with it
    same "$1" && break
    outcome=mended
    mend "$1"
    kernel_back "$1/kernel" >>"$1/log" 2>&1
  done
  [ "$outcome" = same ] || same "$1" || outcome=differs
  echo "$outcome" >"$1/outcome"
}
back() { # what is armed goes back
  [ -d reverting ] || mv armed reverting || return 1
  restore reverting
  rm -rf reverted
  mv reverting reverted
}
save_mtus() { # record: what the start-up configuration cannot hold, for boot
  touch mtu
  kernel $(awk '$1 == "mtu" { print $2 }' "$1/kernel") >"$1/kept"
  awk '$1 == "mtu" && $2 != "lo" && $3 != 1500 { print $2, $3 }' "$1/kept" >mtu.new
  while read -r nic mtu; do grep -q "^mtu $nic " "$1/kernel" || echo "$nic $mtu"; done <mtu >>mtu.new
  mv mtu.new mtu
}
own_files() { # whether every daemon keeps a start-up file of its own, as vtysh decides it
  [ ! -e /etc/frr/frr.conf ] || return 1
  [ -r /etc/frr/vtysh.conf ] || return 0
  while read -r line; do case $line in 'service integrated'*) return 1 ;; esac; done </etc/frr/vtysh.conf
}
save() { # what runs, to the start-up configuration; says why it cannot
  anew || { echo 'vtysh does not answer'; return 1; }
  if ! own_files || ! frr '' 'each write memory' >/dev/null; then
    refusal=$(vty -c 'write memory' 2>&1) || { echo "${refusal:-vtysh fails and says nothing}"; return 1; }
    case $refusal in *[Cc]an\'t* | *annot* | *nable* | *ailed*) echo "$refusal"; return 1 ;; esac
  fi
  [ ! -d unsaved ] || rm -rf unsaved
}
owe() { # the record of a confirmed change is noted, to be written later
  mkdir -p unsaved && cat saving/forward >>unsaved/forward && cat saving/words >>unsaved/words || return 1
  cat saving/daemons >unsaved/daemons && : >unsaved/since
}
anew() { # after a restart: what is owed is carried out again, once vtysh answers
  [ -e unsaved/again ] || return 0
  vty -c 'show daemons' >/dev/null 2>&1 || return 1
  words unsaved
  ! complete unsaved/forward || from unsaved/forward unsaved/log
  rm -f unsaved/again
}
keep() { # the record of a confirmed change is written to the start-up configuration; rollback goes back from it
  { [ ! -s mtu ] && [ ! -s saving/words ]; } || save_mtus saving
  if said=$(save); then written=yes; else written= && owe || { echo "write unsaved; $said"; return 1; }; fi
  [ ! -d last ] || rm -rf last
  mv saving last
  [ -n "$written" ] || { echo "$said"; return 1; }
}
settle() { # finish what was cut short when the device, or whoever did it, died; the lock is held
  if [ -d reverting ]; then back; fi
  if [ -d armed ] && ! alive armed; then back; fi
  if [ -d saving ]; then keep >/dev/null; elif [ -d unsaved ]; then save >/dev/null; fi
}
ready() { # every daemon that ran when the change was made
  running=" $(vty -c 'show daemons' 2>/dev/null) "
  for daemon in $(cat armed/daemons reverting/daemons saving/daemons unsaved/daemons 2>/dev/null) zebra; do
    case $running in *" $daemon "*) ;; *) return 1 ;; esac
  done
}
held() { # the record that stands in the way, to be said
  left=
  read -r left 2>/dev/null <"$1/pid" && up && left=${left#* } && left=$((left - now - 1))
  [ "${left:-0}" -gt 0 ] 2>/dev/null || left=0
  say held "$left"
  cat "$1/token" "$1/who" "$1/message" 2>/dev/null
}
mine() { read -r pid due 2>/dev/null <armed/pid && [ "$pid" = $$ ]; }
later() { # seconds: what is armed counts down anew
  read -r pid due <armed/pid && up && echo "$pid $((now + $1 + 1))" >armed/pid.new && mv armed/pid.new armed/pid
}
loop() { # counts what is armed down, then goes back
  read -r left <armed/left && up || exit 1
  echo "$$ $((now + left + 1))" >armed/pid || exit 1 # whole seconds: rather later than sooner
  echo up
  exec >/dev/null 2>&1
  while mine; do
    if up && [ "$now" -lt "$due" ]; then
      if [ $((due - now)) -lt 4 ]; then sleep 1; else sleep 3; fi # and looks again: it may be put off, or kept
      continue
    fi
    alone || continue
    mine && [ "$now" -ge "$due" ] && back # what held the lock may have put it off
    exec 9>&-
  done
}
boot() { # goes back from what was not confirmed, at once where FRR's daemons answer already
  if [ -s mtu ]; then while read -r nic mtu; do ip link set dev "$nic" mtu "$mtu" 2>/dev/null; done <mtu; fi
  for record in armed reverting; do [ ! -d "$record" ] || alive "$record" || kernel_back "$record/kernel" 2>/dev/null; done
  if [ -d unsaved ]; then
    if find /etc/frr -name '*.conf' -newer unsaved/since 2>/dev/null | grep -q .; then rm -rf unsaved; else : >unsaved/again; fi
  fi
  [ -d armed ] || [ -d reverting ] || [ -d saving ] || [ -d unsaved ] || exit 0
  if ready; then finish; else setsid sh "$PWD/kit" finish </dev/null >/dev/null 2>&1 & fi
}
finish() { # after a restart, once the daemons answer that answered before
  alone || exit 1
  up
  deadline=$((now + 120))
  until ready || [ "$now" -gt "$deadline" ]; do sleep 0.2; up; done
  anew
  if [ -d saving ] && complete saving/forward; then words saving; from saving/forward /dev/null; fi
  settle
}
"""
)

_PROGRAM: Final = f"""#!/bin/sh
# Of NAPALM's driver for FRR. `boot` is to be called once when the device has started; `loop` and `finish` call themselves.
{_HEAD}trap '' HUP
cd {HOME} 2>/dev/null || exit 0
say() {{ :; }}
{_KIT}case $1 in loop | boot | finish) $1 ;; esac
"""
_BOOT: Final = f"#!/bin/sh\nexec sh {HOME}/kit boot\n"
_VERSION: Final = f"{crc32(_PROGRAM.encode()):08x}"

_INSTALL: Final = f"""\
[ -d {HOME} ] || mkdir -p {HOME} || fail 'mkdir {HOME}'
cd {HOME} || fail 'cd {HOME}'
if [ ! -f version.{_VERSION} ]; then
  printf '%s' "$program" >kit.new && mv kit.new kit && printf '%s' {word(_BOOT)} >boot || fail 'write {HOME}/kit'
  rm -f version.*
  : >version.{_VERSION}
fi
"""


_ENTER: Final = f"cd {HOME} 2>/dev/null || {{ say nothing; exit 0; }}\n"


def script(body: str, nonce: str, *, install: bool = False) -> str:
    """A whole script: all of it stands in one function that the last line calls, so that one which arrives in part does
    nothing. It answers in lines that begin with a mark of its own, made of `nonce`.

    It goes on when its session ends. `install` puts the programs on the device where they are not there yet; without, a
    device that has none says `nothing` and is left alone."""
    begin = _INSTALL if install else _ENTER
    program = f"program={word(_PROGRAM)}\n" if install else ""
    return (
        f"{_HEAD}{program}{_KIT}"
        f"say() {{ printf '\\n@%s %s\\n' {nonce} \"$*\"; }}\n"
        "fail() { say failed; printf '%s\\n' \"$*\"; exit 1; }\n"
        'need() { for tool; do command -v "$tool" >/dev/null 2>&1 || { say lacks "$tool"; exit 3; }; done; }\n'
        f"main() {{\ntrap '' HUP PIPE\n{begin}{body}}}\nmain\n"
    )


def heard(body: str) -> str:
    """What is said to a script that listens, its length before it. Cut off anywhere it is no whole function and does nothing."""
    text = f"go() {{\n{body}}}\ngo\n"
    return f"{len(text.encode('utf-8', 'surrogateescape')):011d}\n{text}"


def given(variables: dict[str, str]) -> str:
    """Lines that set variables of the shell."""
    return "".join(f"{name}={word(value)}\n" for name, value in variables.items())
