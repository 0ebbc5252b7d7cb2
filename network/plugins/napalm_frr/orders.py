"""What a device is told to do with its kit: begin a commit, carry it out, keep it, go back. Pure text, bodies of scripts.

A commit is a conversation in one exec: BEGIN tells what runs and listens; CARRY, MORE, WAIT, KEEP and BACK are what it is told
then. It holds the lock until it has applied; while it listens after that the timer may win, and then it is told so.
"""

from __future__ import annotations

from typing import Final

_ALONE: Final = "alone || fail 'another commit is under way and takes long'\n"

LISTENS: Final = "hear"
"""The word that a script says when it listens."""

BEGIN: Final = f"""\
hear() {{
  rest=$(timeout 30 sh -c 'read -r count && exec head -c "$count"')
  [ -n "$rest" ]
}}
again() {{ # the lock once more, unless the timer was faster
  of=
  alone && read -r of 2>/dev/null <armed/token && [ "$of" = "$token" ] || {{ say reverted; exit 1; }}
}}
refused() {{ back; say refused "$1 $(cat reverted/outcome)"; cat reverted/said; exit 1; }}
need vtysh ip flock setsid timeout awk grep sort cmp sed head
{_ALONE}settle
for record in armed reverting; do [ ! -d $record ] || {{ held $record; exit 1; }}; done
shown=$(told) || fail "$shown"
links=$(ip -o link show)
say running; printf '%s\\n' "$shown"
say links; printf '%s\\n' "$links"
while say {LISTENS} && hear; do eval "$rest"; done
"""
"""A commit begins: nobody else is at it until the session ends. It tells what runs and listens for what is to be done."""

_MAKE: Final = """\
[ ! -d making ] || rm -rf making
mkdir making || fail 'mkdir making'
if [ -z "$direct" ] && [ -n "$given$forward$inverse" ]; then
  printf '%s%s%s' "$given" "$forward" "$inverse" >making/all
  vty -C -f making/all >making/said 2>&1 || { say bad; cat making/said; return 0; }
fi
before=${shown#*
}
kernel=$(kernel $interfaces)
read -r name </proc/sys/kernel/hostname
put() { printf "$1" "$2" >making/"$3" || fail "write /var/lib/napalm_frr/making/$3"; }
put '%s\n' "${shown%%
*}" daemons
put '%s\n' "$before" before
put %s "$kernel${kernel:+
}" kernel
put '%s\n' "$name" hostname
put '%s!\n' "$forward" forward
put %s "$inverse" inverse
put %s "$words" words
put '%s\n' "$who" who
put '%s\n' "$message" message
put '%s\n' "$token" token
put '%s\n' "$left" left
put '%s\n' "$((${#before} + 1 + ${#kernel} + (${#kernel} > 0) + ${#name} + 1))" whole
mv making armed || fail 'mv making armed'
if [ "$(setsid sh "$PWD/kit" loop </dev/null 2>/dev/null 9>&- &)" != up ]; then rm -rf armed; fail 'the timer does not start'; fi
words armed || refused words
"""
_APPLY: Final = """\
carried=
if [ -n "$direct" ]; then
  shown=$(frr "$direct")
  case $? in
    0) carried=yes ;;
    2) printf '%s\n' "$shown" >armed/said; refused file ;;
  esac
fi
if [ "$file" = yes ]; then from armed/forward armed/said || refused file; fi
if [ -n "$carried" ]; then :
elif [ "$file" = yes ] || [ -z "$forward" ]; then
  shown=$(told)
else
  shown=$(vty -E -c 'configure terminal' -c "$forward" -c end -c 'show daemons' -c 'show running-config' 2>&1) ||
    { printf '%s\n' "$shown" >armed/said; refused typed; }
fi
[ -z "$undo" ] || kernel_back "$undo/kernel"
[ -z "$safety" ] || later "$safety"
[ ! -s armed/words ] || links=$(ip -o link show)
say carried; printf '%s\n' "$shown"
say links; printf '%s\n' "$links"
exec 9>&- # while it listens the timer may run out
"""
CARRY: Final = _MAKE + _APPLY
"""Checks every line, also of the way back; arms the timer; applies and tells what runs then. Goes back at once when something
is refused."""

MORE: Final = (
    """\
again
printf '%s%s' "$forward" "$inverse" >armed/all
vty -C -f armed/all >armed/said 2>&1 || refused check
printf '%s!\n' "$forward" >>armed/forward && printf '%s' "$inverse" >armed/inverse || refused write
"""
    + _APPLY
)
"""More of the same change: what was not foreseen. `inverse` leads back from the end of it."""

BACK: Final = """\
again
: >armed/said
refused left
"""

WAIT: Final = """\
again
{ printf '%s' "$inverse" >armed/inverse.new && mv armed/inverse.new armed/inverse; } || fail "write armed"
say done
exit 0
"""
"""The change stands until the timer; `inverse`, where given, is the better one."""

KEEP: Final = """\
again
[ ! -d saving ] && mv armed saving || fail 'mv armed saving'
said=$(keep)
written=$?
[ -z "$undo" ] || rm -rf last
[ $written = 0 ] || { say unsaved; echo "$said"; exit 1; }
say done
exit 0
"""

CONFIRM: Final = f"""\
{_ALONE}if [ -d armed ]; then
  read -r of <armed/token
  [ -z "$token" ] || [ "$token" = "$of" ] || {{ held armed; exit 1; }}
  [ ! -d saving ] || keep >/dev/null
  [ ! -d saving ] && mv armed saving || fail 'mv armed saving'
elif [ -d reverting ] || {{ [ -n "$token" ] && [ "$(cat reverted/token 2>/dev/null)" = "$token" ]; }}; then
  say reverted; exit 1
elif [ -d unsaved ] && [ ! -d saving ]; then
  said=$(save) || {{ say unsaved; echo "$said"; exit 1; }}
  say done; exit 0
elif [ ! -d saving ]; then
  [ -n "$token" ] && [ "$(cat last/token 2>/dev/null)" = "$token" ] && {{ say done; exit 0; }}
  say nothing; exit 1
fi
said=$(keep) || {{ say unsaved; echo "$said"; exit 1; }}
say done
"""

PENDING: Final = """\
if { { [ -d armed ] && ! alive armed; } || [ -d reverting ]; } && alone 1; then settle; fi
for record in armed reverting; do [ ! -d $record ] || { held $record; exit 0; }; done
say nothing
"""

REVERT: Final = f"""\
waits= of=
if [ -d armed ] || [ -d reverting ]; then waits=yes; fi
{_ALONE}if [ -n "$token" ] && [ -d armed ] && read -r of <armed/token && [ "$token" != "$of" ]; then waits=
elif [ -d armed ] || [ -d reverting ]; then back
elif [ ! -d reverted ]; then waits=; fi
if [ -n "$waits" ]; then # gone back by now, if not by this then by itself
  say done "$(cat reverted/outcome)"
  exit 0
fi
[ -d last ] && [ -z "$pending" ] || {{ say nothing; exit 1; }}
whole last || fail 'the record of the last change is not whole'
say last; cat last/before; say kernel; cat last/kernel; say links; ip -o link show
"""
"""`pending`: nothing but what waits, and with `token` only that."""
