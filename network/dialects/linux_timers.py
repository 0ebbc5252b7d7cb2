"""Timers on a Linux device: going back by itself when nobody confirms, and returning when a window has ended.

A record is a directory under `/var/lib/lajur` with the seconds left and a script; a detached sh loop counts them down by
the kernel's uptime, so neither the session's end nor a wrong clock matters. Renaming a directory is atomic and decides
every race:

    armed              the timer of a run, and the device's lock (made by mkdir)
    confirmed.<run>    cancelled by its owner
    reverting.<run>    going back now          reverted.<run>     went back; `log` has what the device said
    returns/<name>.*   a return timer          returning.<name>   returning now       returned.<name>   returned

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

_PATH: Final = "PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH"

_ALIVE: Final = r"""
alive() { # record: its own loop runs; a number that another process has been given does not count
  words=
  read -r pid due 2>/dev/null <"$1/pid" && read -r words 2>/dev/null <"/proc/$pid/cmdline"
  case $words in *"$1"*) return 0 ;; esac
  return 1
}
"""

_LOOP: Final = rf"""#!/bin/sh
# loop RECORD DOING DONE: counts RECORD/left down, then renames the record to DOING, runs its script, renames it to DONE
{_PATH}
cd {HOME} || exit 1
trap '' HUP
mine() {{ read -r pid due 2>/dev/null <"$1/pid" && [ "$pid" = $$ ]; }}
busy() {{ for other in armed reverting.*; do [ ! -d "$other" ] || return 0; done; return 1; }}
up() {{ read -r now rest </proc/uptime && now=${{now%.*}}; }}
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
case $2 in
  returning.*) while busy; do sleep 1; mine "$1" || exit 0; done ;;
esac
mine "$1" || exit 0
[ "$1" = "$2" ] || {{ [ ! -d "$2" ] && mv "$1" "$2"; }} || exit 0
sh "$2/script" </dev/null >"$2/log" 2>&1
rm -rf "$3"
mv "$2" "$3"
"""

_BOOT: Final = rf"""#!/bin/sh
# Called once when the device has started: finishes what was pending when it stopped
{_PATH}
cd {HOME} || exit 0
{_ALIVE}
count() {{ setsid sh {HOME}/loop "$@" </dev/null >/dev/null 2>&1 & }}
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
{_ALIVE}
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
  [ "$(setsid sh {HOME}/loop "$@" </dev/null 2>/dev/null &)" = up ]
}}
clean() {{ tr -cd 'a-z0-9-' | cut -c1-64; }}
taken() {{ # a record stands in the way; one whose loop has died is finished now, for whoever comes next
  alive "$1" || sh {HOME}/boot </dev/null >/dev/null 2>&1
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

_CONFIRM: Final = rf"""cd {HOME} 2>/dev/null || {{ say expired; exit 1; }}
[ -d "confirmed.$run" ] && {{ say done; exit 0; }}
read -r held 2>/dev/null <armed/run
if [ "$held" = "$run" ] && mv armed "confirmed.$run" 2>/dev/null; then say done; exit 0; fi
say expired
exit 1"""

_SWEEP: Final = """for record in returns/*; do
  [ -d "$record" ] || continue
  case " $kept " in *" $record "*) ;; *) mv "$record" "cancelled.$$" && rm -rf "cancelled.$$" ;; esac
done
rm -rf returned.*
say done"""

OBSERVE: Final = rf"""
{_ALIVE}
timer() {{ # kind, seconds left, name
  case $2$3 in *[!a-z0-9-]*) return 0 ;; esac
  if [ "$2" -gt 0 ]; then say timer "$1" "$2" "$3"; else say timer "$1" 0 "$3"; fi
}}
timers() {{
  cd {HOME} 2>/dev/null || return 0
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
"""Functions that let a script print the timers: `timer armed|return <seconds left> <name>`."""


def arm_script(run: str, seconds: int, restore: str) -> str:
    """Take the device's lock and set the timer of `run`; `restore` is a whole script. Answers done or armed."""
    body = f"""run={checked_name(run)}
need setsid tc ip
home
clear_way
printf '%s\\n' "$run" >armed/run && printf '%s\\n' {_seconds(seconds)} >armed/left && cat >armed/script <<'{_END}'
{_heredoc(restore)}{_END}
if [ -s armed/script ] && begin armed "reverting.$run" "reverted.$run"; then say done; exit 0; fi
rm -rf armed
failed 'write {HOME}/armed'"""
    return script(body, functions=_FUNCTIONS)


def confirm_script(run: str) -> str:
    """Cancel the timer of `run`. Answers done, also when it was cancelled before; expired when the device went back."""
    return script(f"run={checked_name(run)}\n{_CONFIRM}")


def still_armed(run: str) -> str:
    """Lines that end a script with `expired` unless the timer of `run` still stands."""
    return f"""held=
read -r held 2>/dev/null <{HOME}/armed/run
[ "$held" = {quoted(checked_name(run))} ] || {{ say expired; exit 1; }}"""


def leave_script(returns: Sequence[tuple[str, int, str]]) -> str:
    """Make these (name, seconds, whole script) the return timers: all of them count before any other is cancelled."""
    parts = ["need setsid mktemp", "home", "kept="]
    for name, seconds, text in returns:
        named = quoted(checked_name(name))
        parts.append(
            f"""record=$(mktemp -d returns/{named}.XXXXXX) || failed 'mktemp {HOME}/returns'
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


def _seconds(seconds: int) -> int:
    if not 0 <= seconds < 10**8:
        raise ValueError(f"not a duration for a timer: {seconds!r}")
    return seconds


def _heredoc(text: str) -> str:
    if _END in text:
        raise ValueError("a script may not hold the mark of its own end")
    return text if text.endswith("\n") else text + "\n"
