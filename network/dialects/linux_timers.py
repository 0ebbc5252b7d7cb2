"""Timers on a Linux device: going back by itself when nobody confirms, and returning when a window has ended.

A record is a directory under `/var/lib/lajur` with the seconds left and a script; a detached sh loop counts them down by
the kernel's uptime, so neither the session's end nor a wrong clock matters. Renaming a directory is atomic and decides
every race:

    armed              the timer of a run, and the device's lock (made by mkdir)
    confirmed.<run>    cancelled by its owner
    reverting.<run>    going back now          reverted.<run>     went back; `log` has what the device said
    returns/<name>.*   a return timer          returning.<name>   returning now       returned.<name>   returned
    lock               held by whatever changes anything, so that a late script never mixes with another
    turn               counts those; a script that was sent at another turn than it is now does nothing

A return timer has the run that left it. It is the run's only once that is confirmed: confirming cancels all others, going
back cancels it.

`boot` finishes what is pending after a restart and is called once by whatever starts the device: a run that was armed
goes back at once, a return timer goes on counting from what was left.

Pure text. Never uses a date, and never lets a return write over a run that is under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zlib import crc32

from network.dialects.linux_shell import HOME, checked_name, quoted, script

_END: Final = "LAJUR_END"

LOCK_TRIES: Final = 60
"""Fifths of a second for which a script waits for another one's end: less than anybody waits for its answer."""

_PATH: Final = "PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH"

_ALIVE: Final = r"""
alive() { # record: its own loop runs; a number that another process has been given does not count
  words=
  read -r pid due 2>/dev/null <"$1/pid" && read -r words 2>/dev/null <"/proc/$pid/cmdline"
  case $words in *"$1"*) return 0 ;; esac
  return 1
}
"""

_RETURNS: Final = r"""
timers_of() { # run, yes or no: cancel the return timers that it left, or all others
  for left_one in returns/*; do
    [ -d "$left_one" ] || continue
    by=
    read -r by 2>/dev/null <"$left_one/run"
    if [ "$by" = "$1" ]; then own=yes; else own=no; fi
    [ $own != "$2" ] || { mv "$left_one" "cancelled.$$" && rm -rf "cancelled.$$"; }
  done
}
settle() { # what a confirmed run left takes the place of all others, also when its confirming was cut short
  for over in confirmed.*; do
    [ -f "$over/returns" ] || continue
    timers_of "${over#*.}" no
    rm -f "$over/returns"
  done
}
"""

_TURN: Final = rf"""
read_turn() {{
  turn=0
  read -r turn 2>/dev/null <{HOME}/turn
  case $turn in '' | *[!0-9]*) turn=0 ;; esac
}}
next_turn() {{ turn=$((turn + 1)) && echo "$turn" >{HOME}/turn.new && mv {HOME}/turn.new {HOME}/turn; }}
"""

TURNS: Final = rf"""{_TURN}
alone() {{ # one script at a time changes anything; whoever waits finds another turn
  [ -d {HOME}/returns ] || mkdir -p {HOME}/returns 2>/dev/null
  {{ : >>{HOME}/lock; }} 2>/dev/null || {{ say refused - 'write {HOME}/lock'; exit 1; }}
  exec 9>>{HOME}/lock
  tries=0
  until flock -n 9; do
    tries=$((tries + 1))
    [ $tries -le {LOCK_TRIES} ] || {{ say refused - 'flock {HOME}/lock'; exit 1; }}
    sleep 0.2
  done
  read_turn
}}
bump() {{ next_turn 2>/dev/null || {{ say refused - 'write {HOME}/turn'; exit 1; }}; }}
"""
"""Functions that part scripts in time. `alone` holds the lock until the script ends: what it starts and leaves behind must
close descriptor 9."""

_LOOP: Final = rf"""#!/bin/sh
# loop RECORD DOING DONE: counts RECORD/left down, then renames the record to DOING, runs its script, renames it to DONE
{_PATH}
cd {HOME} || exit 1
trap '' HUP
mine() {{ read -r pid due 2>/dev/null <"$1/pid" && [ "$pid" = $$ ]; }}
busy() {{ for other in armed reverting.*; do [ ! -d "$other" ] || return 0; done; return 1; }}
up() {{ read -r now rest </proc/uptime && now=${{now%.*}}; }}
moved() {{ read_turn && next_turn; }}
{_RETURNS}{_TURN}
read -r left <"$1/left" && up || exit 1
[ "$left" -gt 0 ] && left=$((left + 1)) # whole seconds only: rather later than sooner
echo "$$ $((now + left))" >"$1/pid" || exit 1
echo up
exec >/dev/null 2>&1
while mine "$1" && up && [ "$now" -lt "$due" ]; do
  left=$((due - now - 1))
  echo "$left" >"$1/left.new" && mv "$1/left.new" "$1/left"
  tick=1
  [ "$left" -le 60 ] || tick=5
  sleep $tick
done
{{ : >>lock; }} && exec 9>>lock
case $2 in
  returning.*)
    while flock 9; settle; mine "$1" && busy; do flock -u 9; sleep 1; done ;;
esac
mine "$1" || exit 0
[ "$1" = "$2" ] || {{ [ ! -d "$2" ] && mv "$1" "$2"; }} || exit 0
flock 9
case $2 in reverting.*) timers_of "${{2#*.}}" yes ;; esac
moved # before, and once more after: who looks meanwhile sees a half of it
sh "$2/script" </dev/null >"$2/log" 2>&1
moved
rm -rf "$3"
mv "$2" "$3"
"""

_BOOT: Final = rf"""#!/bin/sh
# Called once when the device has started: finishes what was pending when it stopped
{_PATH}
cd {HOME} || exit 0
{_ALIVE}{_RETURNS}
count() {{ setsid sh {HOME}/loop "$@" </dev/null >/dev/null 2>&1 9>&- & }}
settle
if [ -s armed/pid ] && read -r run <armed/run; then
  alive armed || {{ echo 0 >armed/left; count armed "reverting.$run" "reverted.$run"; }}
elif [ -d armed ]; then
  rm -rf armed # the timer had not begun, so nothing was changed under it
fi
for record in reverting.* returning.*; do
  [ -d "$record" ] && ! alive "$record" || continue
  case $record in reverting.*) done=reverted.${{record#*.}} ;; *) done=returned.${{record#*.}} ;; esac
  echo 0 >"$record/left"
  count "$record" "$record" "$done"
done
for record in returns/*; do
  [ -s "$record/pid" ] && ! alive "$record" || continue
  name=${{record#returns/}}
  count "$record" "returning.${{name%.*}}" "returned.${{name%.*}}"
done
"""

_KIT: Final = f"{crc32((_LOOP + _BOOT).encode()):08x}"
"""Names this version of the two programs, so that a device that has them is not sent to its disk each time."""

_FUNCTIONS: Final = rf"""
{_ALIVE}{_RETURNS}{TURNS}
failed() {{ say refused - "$1"; exit 1; }}
place() {{ # file: what comes in, in one rename, so that a loop that runs from the old file is not disturbed
  cat >"$1.$$" && mv "$1.$$" "$1" || failed "write {HOME}/$1"
}}
home() {{
  [ -d {HOME}/returns ] || mkdir -p {HOME}/returns
  cd {HOME} || failed "mkdir {HOME}"
  [ -f kit.{_KIT} ] && [ -f loop ] && [ -f boot ] && return 0
  place loop <<'{_END}'
{_LOOP}{_END}
  place boot <<'{_END}'
{_BOOT}{_END}
  rm -f kit.*
  : >kit.{_KIT}
}}
begin() {{ # record, name while it is done, name after: fails unless the loop says that it counts
  [ "$(setsid sh {HOME}/loop "$@" </dev/null 2>/dev/null 9>&- &)" = up ]
}}
clean() {{ tr -cd 'a-z0-9-' | cut -c1-64; }}
taken() {{ # a record stands in the way; one whose loop has died is finished now, for whoever comes next
  alive "$1" || sh {HOME}/boot </dev/null >/dev/null 2>&1 9>&-
  say armed "$2" "$3"
  exit 1
}}
clear_way() {{ # raises the lock, or names who has it
  if ! mkdir armed 2>/dev/null; then
    [ -s armed/pid ] || sleep 1
    if [ -s armed/pid ]; then taken armed "$(clean <armed/left)" "$(clean <armed/run)"; fi
    if read -r owner 2>/dev/null <armed/owner && [ -d "/proc/$owner" ]; then say armed 0; exit 1; fi
    rm -rf armed # whoever made it died before the timer began, so nothing was changed under it
    mkdir armed 2>/dev/null || failed "mkdir {HOME}/armed"
  fi
  echo $$ >armed/owner
  for record in reverting.* returning.*; do
    [ -d "$record" ] || continue
    rm -rf armed
    taken "$record" 0 "$(printf '%s' "${{record#*.}}" | clean)"
  done
  rm -rf confirmed.* reverted.*
}}
"""

_AGAIN: Final = """held=
read -r held 2>/dev/null <armed/run
if [ "$held" = "$run" ] && [ -s armed/pid ] && alive armed; then
  %stimers_of "$run" yes
  rm -f armed/returns
  bump
  say done "$turn"
  exit 0
fi"""

_CONFIRM: Final = """held=
read -r held 2>/dev/null <armed/run
[ "$held" = "$run" ] || { say expired; exit 1; }"""

_CONFIRMED: Final = """if mv armed "confirmed.$run" 2>/dev/null; then settle; say done "$turn"; exit 0; fi
say expired
exit 1"""

_SWEEP: Final = """for record in returns/*; do
  [ -d "$record" ] || continue
  case " $kept " in *" $record "*) continue ;; esac
  by=
  read -r by 2>/dev/null <"$record/run"
  [ -n "$run" ] && [ "$by" != "$run" ] || { mv "$record" "cancelled.$$" && rm -rf "cancelled.$$"; }
done
rm -rf returned.*
say done "$turn"
"""

OBSERVE: Final = rf"""
{_ALIVE}{_TURN}
timer() {{ # kind, seconds left, name
  case $2$3 in *[!a-z0-9-]*) return 0 ;; esac
  if [ "$2" -gt 0 ]; then say timer "$1" "$2" "$3"; else say timer "$1" 0 "$3"; fi
}}
timers() {{
  cd {HOME} 2>/dev/null || return 0
  read_turn
  say turn "$turn"
  read -r now rest </proc/uptime
  now=${{now%.*}}
  for record in armed reverting.*; do
    [ -s "$record/pid" ] || continue
    read -r left <"$record/left" && read -r run <"$record/run" || continue
    if alive "$record"; then left=$((due - now - 1)); fi
    timer armed "$left" "$run"
  done
  for record in returns/*; do
    alive "$record" || continue
    name=${{record#returns/}}
    timer return "$((due - now - 1))" "${{name%.*}}"
  done
}}
"""
"""Functions that let a script print the turn, before all else, and the timers: `timer armed|return <seconds left> <name>`."""


def arm_script(run: str, seconds: int, restore: str, seen: int | None = None) -> str:
    """Take the device's lock and set the timer of `run`; `restore` is a whole script. Answers done, armed or moved.

    When `run` has the device already, it takes the next turn and loses the return timers that it left.
    """
    stale = "" if seen is None else f'[ "$turn" = {_turn(seen)} ] || {{ rm -rf armed; say moved; exit 1; }}\n'
    body = f"""run={checked_name(run)}
need setsid flock tc ip
home
alone
settle
{_AGAIN % _at(seen)}
clear_way
{stale}bump
printf '%s\\n' "$run" >armed/run && printf '%s\\n' {_seconds(seconds)} >armed/left && cat >armed/script <<'{_END}'
{_heredoc(restore)}{_END}
if [ -s armed/script ] && begin armed "reverting.$run" "reverted.$run"; then say done "$turn"; exit 0; fi
rm -rf armed
failed 'write {HOME}/armed'"""
    return script(body, functions=_FUNCTIONS)


def confirm_script(run: str, turn: int | None = None) -> str:
    """Cancel the timer of `run`. Answers done, also when it was cancelled before; expired when the device went back; moved
    when it is not at `turn`."""
    body = f"""run={checked_name(run)}
need flock
cd {HOME} 2>/dev/null || {{ say expired; exit 1; }}
alone
[ -d "confirmed.$run" ] && {{ settle; say done "$turn"; exit 0; }}
{_CONFIRM}
{_at(turn)}bump
{_CONFIRMED}"""
    return script(body, functions=f"{_RETURNS}{TURNS}")


def held_by(run: str, turn: int | None) -> str:
    """Lines that end a script with `expired` unless the timer of `run` still stands (with no run: whatever stands), and with
    `moved` unless the device is at `turn`; else it takes the next turn, alone."""
    if not run:
        return "alone\nbump"
    return f"""alone
held=
read -r held 2>/dev/null <{HOME}/armed/run
[ "$held" = {quoted(checked_name(run))} ] || {{ say expired; exit 1; }}
{_at(turn)}bump"""


def leave_script(returns: Sequence[tuple[str, int, str]], run: str = "", turn: int | None = None) -> str:
    """Make these (name, seconds, whole script) the return timers: all of them count before any other is cancelled.

    Under the timer of `run` the others are cancelled when it is confirmed.
    """
    parts = ["need setsid flock mktemp", "home", held_by(run, turn), "settle", f"kept= run={run}"]
    if run:
        parts.append(f": >armed/returns || failed 'write {HOME}/armed'")
    for name, seconds, text in returns:
        named = quoted(checked_name(name))
        parts.append(
            f"""record=$(mktemp -d returns/{named}.XXXXXX) || failed 'mktemp {HOME}/returns'
printf '%s\\n' "$run" >"$record/run"
printf '%s\\n' {_seconds(seconds)} >"$record/left" && cat >"$record/script" <<'{_END}'
{_heredoc(text)}{_END}
if [ ! -s "$record/script" ] || ! begin "$record" returning.{named} returned.{named}; then
  rm -rf "$record" $kept
  failed 'write {HOME}/returns'
fi
kept="$kept $record" """
        )
    parts.append(_SWEEP)
    return script("\n".join(parts), functions=_FUNCTIONS)


def _at(turn: int | None) -> str:
    return "" if turn is None else f'[ "$turn" = {_turn(turn)} ] || {{ say moved; exit 1; }}\n'


def _turn(turn: int) -> int:
    if not 0 <= turn < 2**62:
        raise ValueError(f"not a turn of a device: {turn!r}")
    return turn


def _seconds(seconds: int) -> int:
    if not 0 <= seconds < 10**8:
        raise ValueError(f"not a duration for a timer: {seconds!r}")
    return seconds


def _heredoc(text: str) -> str:
    if _END in text:
        raise ValueError("a script may not hold the mark of its own end")
    return text if text.endswith("\n") else text + "\n"
