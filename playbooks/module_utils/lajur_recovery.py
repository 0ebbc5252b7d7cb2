"""A PostgreSQL that nobody else can reach plays the log of a restored copy up to a moment: then it is the database of then."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ansible.module_utils.lajur_database import OWNER, Failed, connected, pgbackrest, rows

FOLDER = Path("/var/lib/postgresql/lajur-restore")
"""The private server's settings, socket and log."""
PORT = 5499
UNIT = "lajur-restore.service"

_ENDED_EARLY = "recovery ended before configured recovery target was reached"
_LAST = re.compile(r"last completed transaction was at log time (\S+ \S+)")
_LEFT_BEHIND = ("restore_command", "recovery_target", "recovery_target_time", "recovery_target_name", "recovery_target_action")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A moment, a restore point, or (neither) the end of what was archived."""

    moment: datetime | None = None
    point: str | None = None

    def words(self) -> list[str]:
        if self.moment is not None:
            told = self.moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S.%f+00")
            return ["--type=time", f"--target={told}", "--target-action=promote"]
        return ["--type=name", f"--target={self.point}", "--target-action=promote"] if self.point else ["--type=default"]

    def told(self, zone: str) -> str:
        if self.moment is not None:
            return self.moment.astimezone(ZoneInfo(zone)).isoformat()
        return self.point or "the end of what was archived"


class Recovery:
    """One copy in the folder `data`, from its files to a database that takes connections on a socket of its own."""

    def __init__(self, module: Any, data: Path, programs: Path) -> None:
        self.module = module
        self.data = data
        self.programs = programs

    def fetch(self, stanza: str, config: str | None, target: Target, *more: str) -> None:
        """The files of a backup before the moment: what is here already and the same is not fetched again. `more` words go to
        pgBackRest, now and when it fetches the log."""
        self.stop()
        for folder in (self.data.parent, self.data):
            folder.mkdir(mode=0o700, exist_ok=True)
            shutil.chown(folder, OWNER, OWNER)
        words = [f"--stanza={stanza}", f"--pg1-path={self.data}", "--archive-mode=off", *target.words(), *more]
        # Only a folder that has files of a database is compared with; into an empty one everything is fetched.
        delta = ["--delta"] if (self.data / "PG_VERSION").exists() or (self.data / "backup.manifest").exists() else []
        if not delta:
            self._empty()
        pgbackrest(["--log-level-console=warn", *words, *delta, "restore"], config=config)

    def _empty(self) -> None:
        for each in self.data.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()

    def play(self, target: Target, zone: str, seconds: int) -> None:
        """Raises Failed when the log does not reach as far as was asked, saying how far it does."""
        self._begin()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._is_through():
                self._forget()
                return
            if self._state() not in ("active", "activating"):
                raise Failed(self._why(target, zone))
            time.sleep(0.1)
        self.stop()
        raise Failed(
            f"The log was not played within {seconds} s. The same call goes on where this one stopped.\n{self._log()[-1000:]}"
        )

    def _begin(self) -> None:
        """With few promises, so that it starts on a smaller server too; nobody is let in before it is through."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(mode=0o700)
        (FOLDER / "log").touch(mode=0o600)
        (FOLDER / "postgresql.conf").write_text(
            f"data_directory = '{self.data}'\nlisten_addresses = ''\nport = {PORT}\nunix_socket_directories = '{FOLDER}'\n"
            f"hba_file = '{FOLDER}/pg_hba.conf'\nident_file = '{FOLDER}/pg_ident.conf'\nhot_standby = off\narchive_mode = off\n"
            "ssl = off\nlc_messages = 'C'\nlog_timezone = 'UTC'\nautovacuum = off\nmax_wal_size = 2GB\n"
        )
        (FOLDER / "pg_hba.conf").write_text("local all all peer\n")
        (FOLDER / "pg_ident.conf").touch()
        for each in (FOLDER, *FOLDER.iterdir()):
            shutil.chown(each, OWNER, OWNER)
        self.module.run_command(["systemctl", "reset-failed", UNIT])
        run = ["systemd-run", f"--unit={UNIT}", "--service-type=exec", f"--uid={OWNER}", f"--gid={OWNER}", "--quiet"]
        run += ["--property=KillMode=mixed", "--property=KillSignal=SIGINT", "--property=TimeoutStopSec=300"]
        run += [f"--property=StandardError=append:{FOLDER}/log", f"--property=WorkingDirectory={FOLDER}"]
        program = [str(self.programs / "postgres"), "-c", f"config_file={FOLDER}/postgresql.conf"]
        code, _, err = self.module.run_command([*run, *program])
        if code != 0:
            raise Failed(f"The restored copy could not be started: {err.strip()[-1000:]}")

    def _is_through(self) -> bool:
        try:
            with connected("postgres", host=str(FOLDER), port=PORT) as connection:
                return rows(connection, "SELECT pg_is_in_recovery()")[0][0] is False
        except Failed:
            return False

    def _forget(self) -> None:
        """What told it how to recover is of no use any more, and names a file that will be gone. It goes on archiving nothing."""
        with connected("postgres", host=str(FOLDER), port=PORT) as connection:
            for name in _LEFT_BEHIND:
                rows(connection, f"ALTER SYSTEM RESET {name}")

    def facts(self, zone: str) -> dict[str, Any]:
        """What it is now: the time of the last change that it has, its size in bytes, the branch of its log."""
        with connected("postgres", host=str(FOLDER), port=PORT) as connection:
            size, timeline = rows(
                connection,
                "SELECT (SELECT sum(pg_database_size(oid)) FROM pg_database)::bigint,"
                " (SELECT timeline_id FROM pg_control_checkpoint())",
            )[0]
        return {"reached": self._reached(zone), "bytes": int(size), "timeline": int(timeline)}

    def stop(self) -> None:
        self.module.run_command(["systemctl", "stop", UNIT])

    def _state(self) -> str:
        _, out, _ = self.module.run_command(["systemctl", "show", "--property=ActiveState", "--value", UNIT])
        return str(out).strip()

    def _log(self) -> str:
        try:
            return (FOLDER / "log").read_text(errors="replace")
        except OSError:
            return ""

    def _reached(self, zone: str) -> str:
        """When the last change was made that was played; empty when there was none since the backup."""
        last = _LAST.findall(self._log())
        return datetime.fromisoformat(last[-1]).astimezone(ZoneInfo(zone)).isoformat() if last else ""

    def _why(self, target: Target, zone: str) -> str:
        log = self._log()
        if _ENDED_EARLY in log:
            last = self._reached(zone)
            reach = f"the last change that was archived is of {last}" if last else "nothing was changed since the backup"
            return (
                f"The archived log does not reach {target.told(zone)}: {reach}. This server has no database until a restore is "
                "through. Ask for that moment or an earlier one, or for the end: -e restore_time=latest"
            )
        lines = [line for line in log.splitlines() if "FATAL" in line or "PANIC" in line or "ERROR" in line]
        said = "\n".join(lines or log.splitlines())[-1200:]
        return (
            f"The restored copy did not come up. There is no database here until a restore is through; do the same again.\n{said}"
        )
