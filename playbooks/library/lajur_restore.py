#!/usr/bin/python3
"""A database out of its backups onto this server: to the end of what was archived, or to a moment. Refuses to overwrite one."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_database import Failed, is_name, known, pgbackrest
from ansible.module_utils.lajur_recovery import Recovery, Target

DOCUMENTATION = """
module: lajur_restore
short_description: Restores a database from its pgBackRest repository
description:
  - Files are fetched, the log is played up to the moment asked for by a PostgreSQL that nobody else can reach, and only what is
    whole becomes the database of this server. One that was cut short is gone on with by the next run.
  - A database that is here already is left alone, unless this server is named in C(over). What the same call restored before is
    left alone too; with C(latest) only for a quarter of an hour, as the end is another one later.
  - The copy archives nothing, so that it cannot get in the way of the original's backups.
options:
  state:
    description: C(restored) as the database of this server; C(scratch) as a copy that only this server's root reaches;
      C(absent) takes such a copy away. Two only look, and answer with C(refused) and why. C(free), on the server of the
      copy: whether there is something that C(restored) would leave alone. C(held), on that of the backups: whether they reach to
      C(time).
    choices: [restored, scratch, absent, free, held]
    required: true
  stanza:
    description: The name of the database in the repository.
    type: str
    required: true
  config:
    description: The file with which pgBackRest reaches the repository; without it the server's own.
    type: path
  time:
    description: C(latest), or a date and time (ISO 8601); without an offset it is of C(zone).
    type: str
    default: latest
  point:
    description: In the place of a time the name of a restore point.
    type: str
  zone:
    description: The time zone in which times are read and told.
    type: str
    default: UTC
  over:
    description: The name of the server whose database may be overwritten.
    type: str
    default: ''
  server:
    description: The name of this server.
    type: str
    required: true
  data:
    description: Where the database of this server is.
    type: path
    default: /var/lib/postgresql/15/main
  unit:
    description: Its unit of systemd, which is stopped before anything is overwritten. Starting it is left to the play.
    type: str
    default: postgresql@15-main.service
  programs:
    description: Where PostgreSQL's programs are.
    type: path
    default: /usr/lib/postgresql/15/bin
  seconds:
    description: The longest that the log may take to be played.
    type: int
    default: 3600
"""

_STATE = Path("/var/lib/lajur/restore")
_SCRATCH = Path("/var/lib/postgresql/lajur-scratch")
_SOON = 900
"""Seconds in which a copy of the end is still what a call means that was cut after it and is made again."""
_APART = 60
"""Seconds that the clocks of two servers may be apart before one takes the other's present for the future."""
_OURS = 16384
"""PostgreSQL's own databases and tables have smaller numbers."""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "state": {"choices": ["restored", "scratch", "absent", "free", "held"], "required": True},
            "stanza": {"type": "str", "required": True},
            "config": {"type": "path"},
            "time": {"type": "str", "default": "latest"},
            "point": {"type": "str"},
            "zone": {"type": "str", "default": "UTC"},
            "over": {"type": "str", "default": ""},
            "server": {"type": "str", "required": True},
            "data": {"type": "path", "default": "/var/lib/postgresql/15/main"},
            "unit": {"type": "str", "default": "postgresql@15-main.service"},
            "programs": {"type": "path", "default": "/usr/lib/postgresql/15/bin"},
            "seconds": {"type": "int", "default": 3600},
        },
        supports_check_mode=True,
    )
    try:
        module.exit_json(**_run(module))
    except Refusal as error:
        module.fail_json(msg=str(error), lajur=error.told)
    except Failed as error:
        module.fail_json(msg=str(error))


class Refusal(Failed):
    """Nothing was changed. `told`: why, as a word in C(refused) and its fields, for who says it in another language."""

    def __init__(self, word: str, text: str, **fields: str) -> None:
        super().__init__(text)
        self.told = {"refused": word, **fields}


def _run(module: AnsibleModule) -> dict[str, Any]:
    asked = module.params
    for name in (asked["stanza"], asked["point"]):
        if name and not is_name(name):
            raise Failed(f"{name}: no name of a database or a moment. Nothing was changed.")
    if asked["state"] in ("free", "held"):
        return {"changed": False, "lajur": _looked(module)}
    scratch = asked["state"] != "restored"
    recovery = Recovery(module, _SCRATCH / "data" if scratch else Path(asked["data"]), Path(asked["programs"]))
    if asked["state"] == "absent":
        return {"changed": _take_away(module, recovery)}
    if module.check_mode and shutil.which("pgbackrest") is None:
        return {"changed": True}
    with _alone(asked["stanza"]):
        return _restore(module, recovery, scratch=scratch)


def _looked(module: AnsibleModule) -> dict[str, Any]:
    """Why it would be refused, C(refused) empty for nothing."""
    asked = module.params
    try:
        if asked["state"] == "free":
            _done(module, Path(asked["data"]))
        elif shutil.which("pgbackrest") is None:
            raise _no_backup(asked)
        else:
            # What the original has not sent yet it sends before the copy is made.
            _target(asked, until=_clock(module))
    except Refusal as error:
        return error.told
    return {"refused": ""}


def _done(module: AnsibleModule, data: Path) -> dict[str, Any] | None:
    """What the same call restored before, if that holds; None where nothing is in the way. Raises Refusal where something is."""
    asked = module.params
    before = _read(_STATE / f"{asked['stanza']}.json")
    over = asked["over"] == asked["server"]
    if not over and before.get("asked") == _wanted(asked, data) and before.get("done") and _still_holds(module, before):
        return dict(before["done"])
    if not (before.get("begun") and not _is_running(module)):
        _leave_alone(asked, data, before)
    return None


def _wanted(asked: dict[str, Any], data: Path) -> dict[str, Any]:
    return {"time": asked["time"], "point": asked["point"], "data": str(data)}


def _restore(module: AnsibleModule, recovery: Recovery, *, scratch: bool) -> dict[str, Any]:
    asked = module.params
    kept, wanted = _STATE / f"{asked['stanza']}.json", _wanted(asked, recovery.data)
    if not scratch and (done := _done(module, recovery.data)) is not None:
        return {"changed": False, "lajur": done}
    target = _target(asked)
    if module.check_mode:
        line = f"{asked['stanza']}: restored to {target.told(asked['zone'])} in {recovery.data}\n"
        return {"changed": True, "diff": {"before": "", "after": line}}
    began = time.perf_counter()
    if not scratch:
        _write(kept, {"asked": wanted, "begun": True})
        module.run_command(["systemctl", "stop", asked["unit"]])
    recovery.fetch(asked["stanza"], asked["config"], target)
    fetched = time.perf_counter() - began
    recovery.play(target, asked["zone"], asked["seconds"])
    found = {**recovery.facts(asked["zone"]), "fetched": round(fetched, 1)}
    found["seconds"] = round(time.perf_counter() - began, 1)
    if not scratch:
        recovery.stop()
        _write(kept, {"asked": wanted, "done": found, "at": _clock(module)})
    return {"changed": True, "lajur": found}


def _still_holds(module: AnsibleModule, before: dict[str, Any]) -> bool:
    """A moment stays what it was. The end does not: an old copy of it lacks what was written since."""
    asked, at = module.params, before.get("at")
    return asked["time"] != "latest" or bool(asked["point"]) or (isinstance(at, int) and 0 <= _clock(module) - at < _SOON)


def _clock(module: AnsibleModule) -> int:
    """Unix time of this server, as every program here sees it."""
    return int(module.run_command(["date", "+%s"], check_rc=True)[1])


def _is_running(module: AnsibleModule) -> bool:
    """Somebody started what lies here: whatever it is, it is no longer what a restore left behind."""
    code, _, _ = module.run_command(["systemctl", "is-active", "--quiet", module.params["unit"]])
    return int(code) == 0


def _leave_alone(asked: dict[str, Any], data: Path, before: dict[str, Any]) -> None:
    """Raises Refusal where something is here that somebody may need."""
    found = _databases(data)
    if not found or asked["over"] == asked["server"]:
        return
    reached = str(before["done"].get("reached") or "–") if before.get("done") else ""
    was = f" It is a copy that was restored to {before['done'].get('reached') or 'its backup'}." if reached else ""
    raise Refusal(
        "restore_copy" if reached else "restore_here",
        f"{asked['server']}: there is a database in {data} already ({found}), and nothing was changed.{was} Restore to another "
        f"server, or say by name that this one is to be overwritten: -e restore_over={asked['server']}",
        server=asked["server"],
        found=str(data),
        reached=reached,
    )


def _databases(data: Path) -> str:
    """What of our own lies in a cluster, whether it runs or not; one that was only just made has nothing."""
    base = data / "base"
    if not base.is_dir():
        return ""
    own = [each.name for each in base.iterdir() if each.name.isdigit() and int(each.name) >= _OURS]
    if own:
        return f"databases with the numbers {', '.join(sorted(own)[:5])}"
    tables = [each for each in base.glob("5/*") if each.name.isdigit() and int(each.name) >= _OURS]
    return "tables in the database postgres" if tables else ""


def _no_backup(asked: dict[str, Any]) -> Refusal:
    text = f"{asked['stanza']}: there is no backup to restore from. Nothing was changed. Take one: backup.yml"
    return Refusal("restore_no_backup", text, database=asked["stanza"])


def _target(asked: dict[str, Any], *, until: int = 0) -> Target:
    """The moment that is asked for. Raises Failed when nothing or not that can be restored, saying how far back one can go.
    `until`: to when the log will reach, where it reaches no further yet."""
    info = known(asked["stanza"], config=asked["config"])
    backups = [each for each in info["backup"] if not each.get("error")]
    if not backups:
        raise _no_backup(asked)
    if asked["point"]:
        return Target(point=asked["point"])
    if asked["time"] == "latest":
        return Target()
    try:
        moment = datetime.fromisoformat(asked["time"])
        zone = ZoneInfo(asked["zone"])
    except (ValueError, OSError, KeyError):
        raise Refusal(
            "restore_moment",
            f"{asked['time'][:60]}: not a date and time, such as 2026-03-01T10:30:00 or 2026-03-01T10:30:00+09:00. Nothing was "
            "changed.",
            value=asked["time"][:60],
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    first = min(each["timestamp"]["stop"] for each in backups)
    last = max(first, until or _archived(asked, info))
    if not first <= moment.timestamp() <= last + (_APART if until else 0):
        begin, end = (datetime.fromtimestamp(each, zone).isoformat() for each in (first, last))
        wish = moment.astimezone(zone).isoformat()
        raise Refusal(
            "restore_span",
            f"{asked['stanza']} cannot be restored to {wish}: its backups reach from {begin} to {end}. "
            "Nothing was changed. Ask for a moment between these, or for the end: -e restore_time=latest",
            database=asked["stanza"],
            wish=wish,
            first=begin,
            last=end,
        )
    return Target(moment=moment)


def _archived(asked: dict[str, Any], info: dict[str, Any]) -> int:
    """When the newest part of the log arrived, in seconds since 1970."""
    newest = max(info["db"], key=lambda each: int(each["id"]))
    words = ["repo-ls", f"archive/{asked['stanza']}/{newest['version']}-{newest['id']}", "--recurse", "--output=json"]
    listed = json.loads(pgbackrest([*words, f"--stanza={asked['stanza']}"], config=asked["config"]) or "{}")
    return max((int(each["time"]) for each in listed.values() if each.get("type") == "file"), default=0)


def _take_away(module: AnsibleModule, recovery: Recovery) -> bool:
    if not _SCRATCH.exists():
        return False
    if not module.check_mode:
        recovery.stop()
        shutil.rmtree(_SCRATCH)
    return True


class _alone:  # noqa: N801 - a word of its own in a with statement
    """One restore of a database at a time on a server; one whose play was cut may still be at work."""

    def __init__(self, stanza: str) -> None:
        _STATE.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = _STATE / f"{stanza}.lock"

    def __enter__(self) -> None:
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise Failed(
                "Another restore of this database is at work on this server, perhaps of a play that was cut. It goes on to its "
                "end; then do the same again, which finds it done."
            ) from None

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, value: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value))
    part.replace(path)


if __name__ == "__main__":
    main()
