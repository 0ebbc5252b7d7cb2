#!/usr/bin/python3
"""The backups of a database: that there is a place for them, that the last of its log arrives there, and one taken now."""

from __future__ import annotations

import time
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_database import CRASHED, OWNER, Failed, as_owner, connected, known, pgbackrest, rows

DOCUMENTATION = """
module: lajur_pgbackrest
short_description: Backups of a database with pgBackRest
description:
  - C(ready), on the database's server, makes its place in the repository unless there is one, and proves that its log arrives;
    that again, as a change, for as long as there is no backup and none is being taken.
  - C(archived), on the database's server, brings the log up to now into the repository.
  - C(taken), on the server that holds the repository, takes a backup and reads the whole repository against its checksums.
options:
  state:
    description: What to reach.
    choices: [ready, archived, taken]
    required: true
  stanza:
    description: The name of the database in the repository.
    type: str
    required: true
  port:
    description: The port of PostgreSQL on its own server.
    type: int
    default: 5432
  patience:
    description: For so many seconds a backup that is being taken already is waited for.
    type: int
    default: 1800
  kind:
    description: C(full) is whole; C(incr) has what changed since the last one.
    choices: [full, diff, incr]
    default: full
"""

_MISSING = (1, 3)
"""Codes of a stanza that has no folder, or no description, in the repository."""
_NO_BACKUP = 2
"""The code of a stanza with a place, of which nothing but perhaps its log is in it."""
_TAKING = "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'pgBackRest [backup]%'"
"""A backup that is being taken is connected here, whichever server it is taken on."""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "state": {"choices": ["ready", "archived", "taken"], "required": True},
            "stanza": {"type": "str", "required": True},
            "patience": {"type": "int", "default": 1800},
            "port": {"type": "int", "default": 5432},
            "kind": {"choices": ["full", "diff", "incr"], "default": "full"},
        },
        supports_check_mode=True,
    )
    if module.check_mode and not _is_there():
        module.exit_json(changed=True, lajur={"changed": [f"{module.params['stanza']}: made"]})
    reach = {"ready": _ready, "archived": _archived, "taken": _taken}[module.params["state"]]
    try:
        module.exit_json(**reach(module))
    except Failed as error:
        module.fail_json(msg=str(error))


def _is_there() -> bool:
    import pwd
    import shutil

    return shutil.which("pgbackrest") is not None and OWNER in {each.pw_name for each in pwd.getpwall()}


def _ready(module: AnsibleModule) -> dict[str, Any]:
    stanza = module.params["stanza"]
    code = known(stanza)["status"]["code"]
    if code not in (*_MISSING, _NO_BACKUP) or (code == _NO_BACKUP and _is_being_taken(module.params["port"])):
        return {"changed": False}
    if not module.check_mode:
        if code in _MISSING:
            pgbackrest([f"--stanza={stanza}", "stanza-create"])
        pgbackrest([f"--stanza={stanza}", "check"])
    line = f"{stanza}: a place in the repository, and its log arrives there"
    return {"changed": True, "lajur": {"changed": [line]}, "diff": {"before": "", "after": f"{line}\n"}}


def _is_being_taken(port: int) -> bool:
    with connected("postgres", port=port) as connection:
        return bool(rows(connection, _TAKING))


def _archived(module: AnsibleModule) -> dict[str, Any]:
    """Nothing of the database or the repository is other than before, but that the repository is up to date. An empty transaction
    goes first: a moment is found in the log only where a later change is in it too."""
    if not module.check_mode:
        with connected("postgres", port=module.params["port"]) as connection:
            rows(connection, "SELECT pg_current_xact_id()")
        pgbackrest([f"--stanza={module.params['stanza']}", "check"])
    return {"changed": False}


def _taken(module: AnsibleModule) -> dict[str, Any]:
    stanza, kind = module.params["stanza"], module.params["kind"]
    if module.check_mode:
        return {
            "changed": True,
            "diff": {"before": "", "after": f"{stanza}: a backup ({kind}), and the repository read through\n"},
        }
    began = time.perf_counter()
    pgbackrest([f"--stanza={stanza}", "check"])
    _in_turn([f"--stanza={stanza}", f"--type={kind}", "backup"], module.params["patience"])
    taken = time.perf_counter() - began
    _verify(stanza)
    last = known(stanza)["backup"][-1]
    found = {
        "label": last["label"],
        "bytes": last["info"]["size"],
        "stored": last["info"]["repository"]["size"],
        "seconds": round(taken, 1),
        "verified": round(time.perf_counter() - began - taken, 1),
    }
    return {"changed": True, "lajur": found}


def _in_turn(words: list[str], patience: int) -> None:
    """After one that is being taken already, such as the night's. Raises Failed."""
    until = time.monotonic() + patience
    while True:
        try:
            pgbackrest(words)
        except Failed as error:
            if "unable to acquire lock" not in str(error) or time.monotonic() > until:
                raise
        else:
            return
        time.sleep(1)


def _verify(stanza: str) -> None:
    """This version ends with 0 whatever it finds: what it says decides."""
    done = as_owner(["pgbackrest", f"--stanza={stanza}", "--log-level-file=off", "--log-level-console=info", "verify"])
    said = done.stdout + done.stderr
    if done.returncode in CRASHED or done.returncode != 0 or "status: error" in said or "ERROR" in said:
        lines = [
            line for line in said.splitlines() if "invalid" in line or "missing" in line or "ERROR" in line or "status" in line
        ]
        text = "\n".join(lines)[-1500:]
        raise Failed(
            f"{stanza}: the repository does not hold what it should. The new backup is there; do not rely on those that are "
            f"named here. Look at that server's disk, then take a whole one: backup.yml -e backup_kind=full\n{text}"
        )


if __name__ == "__main__":
    main()
