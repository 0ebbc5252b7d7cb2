#!/usr/bin/python3
"""The roles and databases of a PostgreSQL server, and that its settings are those that were written down, in one task."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import secrets
import unicodedata
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_database import Failed, connected, is_name, rows

DOCUMENTATION = """
module: lajur_postgres
short_description: Roles, databases, owners and settings of a PostgreSQL server
description:
  - Makes what is missing and changes what differs, over the local socket as PostgreSQL's own user. Removes nothing.
  - A password is compared with what PostgreSQL keeps of it, and handed over in that form (SCRAM-SHA-256), so that it stands
    neither in a log of the server nor in a diff.
  - A database is its owner's, and nobody else's to enter. What was set by hand (ALTER SYSTEM) past the settings that are written
    down is taken back; settings that wait for a restart get one.
options:
  passwords:
    description: Who may log in, and by what; passwords by the names of roles.
    type: dict
    default: {}
  databases:
    description: Owners by the names of databases.
    type: dict
    default: {}
  settings:
    description: Names of settings that the configuration file decides.
    type: list
    elements: str
    default: []
  unit:
    description: The unit of systemd that is restarted when settings wait for it.
    type: str
    required: true
  port:
    description: The port that names the socket.
    type: int
    default: 5432
"""

_ITERATIONS = 4096
_OWN = ("postgres", "template0", "template1")


class Server:
    """One server as it is led to what is wanted; `lines` tells what was or would be done."""

    def __init__(self, module: AnsibleModule, connection: Any) -> None:
        self.module = module
        self.connection = connection
        self.lines: list[str] = []

    def ask(self, statement: Any, values: tuple[Any, ...] = ()) -> list[Any]:
        found: list[Any] = rows(self.connection, statement, values)
        return found

    def do(self, line: str, statement: Any, values: tuple[Any, ...] | None = None) -> None:
        self.lines.append(line)
        if not self.module.check_mode:
            rows(self.connection, statement, values)

    def role(self, name: str, password: str) -> None:
        from psycopg2 import sql

        found = self.ask(
            "SELECT rolpassword, rolcanlogin AND rolinherit AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication"
            " OR rolbypassrls) FROM pg_authid WHERE rolname = %s",
            (name,),
        )
        verb = sql.SQL("ALTER" if found else "CREATE")
        rights = sql.SQL("LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
        whole = sql.SQL("{} ROLE {} {} PASSWORD {}").format(
            verb, sql.Identifier(name), rights, sql.Literal(_verifier(password, secrets.token_bytes(16), _ITERATIONS))
        )
        if not found:
            self.do(f"role {name}: made", whole)
        elif not _fits(password, found[0][0]):
            self.do(f"role {name}: another password", whole)
        elif not found[0][1]:
            self.do(f"role {name}: rights as meant", sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(name), rights))

    def database(self, name: str, owner: str) -> None:
        from psycopg2 import sql

        found = self.ask(
            "SELECT pg_get_userbyid(datdba), has_database_privilege('public', oid, 'CONNECT') FROM pg_database"
            " WHERE datname = %s",
            (name,),
        )
        words = (sql.Identifier(name), sql.Identifier(owner))
        if not found:
            self.do(f"database {name}: made, of {owner}", sql.SQL("CREATE DATABASE {} OWNER {}").format(*words))
        elif found[0][0] != owner:
            self.do(f"database {name}: of {owner}, was of {found[0][0]}", sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*words))
        if not found or found[0][1]:
            statement = sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
            self.do(f"database {name}: its owner's alone", statement)

    def settings(self, names: list[str]) -> None:
        """Those of the file hold: nothing stands before them."""
        from psycopg2 import sql

        past = self.ask(
            "SELECT DISTINCT name FROM pg_file_settings WHERE sourcefile LIKE '%%/postgresql.auto.conf' AND name = ANY(%s)"
            " ORDER BY 1",
            (names,),
        )
        for (name,) in past:
            statement = sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name))
            self.do(f"setting {name}: as the configuration file has it", statement)
        if past and not self.module.check_mode:
            self.ask("SELECT pg_reload_conf()")
        waits = "setting could not be applied"
        wrong = self.ask(
            "SELECT sourcefile, sourceline, name, error FROM pg_file_settings WHERE error IS NOT NULL AND error <> %s LIMIT 5",
            (waits,),
        )
        if wrong:
            said = "\n".join(f"{file}:{line}: {name}: {error}" for file, line, name, error in wrong)
            raise Failed(f"PostgreSQL does not take these settings, and those before hold. Mend them and play again.\n{said}")

    def waiting(self) -> list[str]:
        """Settings that hold after a restart only. The files are asked, because a reload takes its time to arrive."""
        found = self.ask(
            "SELECT name FROM pg_file_settings WHERE error = 'setting could not be applied'"
            " UNION SELECT name FROM pg_settings WHERE pending_restart ORDER BY 1"
        )
        return [str(name) for (name,) in found]


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "passwords": {"type": "dict", "default": {}, "no_log": True},
            "databases": {"type": "dict", "default": {}},
            "settings": {"type": "list", "elements": "str", "default": []},
            "unit": {"type": "str", "required": True},
            "port": {"type": "int", "default": 5432},
        },
        supports_check_mode=True,
    )
    lines: list[str] = []
    try:
        _check(module.params)
        lines = _bare(module.params) if module.check_mode and _is_bare(module.params["port"]) else _lead(module)
    except Failed as error:
        module.fail_json(msg=str(error))
    diff = {"before": "", "after": "".join(f"{line}\n" for line in lines)}
    module.exit_json(changed=bool(lines), diff=diff, lajur={"changed": lines})


def _check(wanted: dict[str, Any]) -> None:
    names = [str(name) for name in (*wanted["passwords"], *wanted["databases"], *wanted["databases"].values())]
    strange = sorted({name for name in names if not is_name(name) or name in _OWN or name.startswith("pg_")})
    if strange:
        raise Failed(f"No name for a role or database of ours: {', '.join(strange)}. Nothing was changed.")


def _is_bare(port: int) -> bool:
    """Whether nothing can be looked at yet, because packages are missing or the server never ran."""
    if importlib.util.find_spec("psycopg2") is None:
        return True
    try:
        with connected("postgres", port=port):
            return False
    except (Failed, KeyError):
        return True


def _bare(wanted: dict[str, Any]) -> list[str]:
    roles = [f"role {name}: made" for name in wanted["passwords"]]
    return roles + [f"database {name}: made, of {owner}" for name, owner in wanted["databases"].items()]


def _lead(module: AnsibleModule) -> list[str]:
    wanted = module.params
    with connected("postgres", port=wanted["port"]) as connection:
        server = Server(module, connection)
        server.settings(wanted["settings"])
        for name, password in wanted["passwords"].items():
            server.role(name, str(password))
        for name, owner in wanted["databases"].items():
            server.database(name, owner)
        waiting = server.waiting()
        server.lines.extend(f"restart for {name}" for name in waiting)
    if waiting and not module.check_mode:
        code, _, err = module.run_command(["systemctl", "restart", wanted["unit"]])
        if code != 0:
            raise Failed(
                f"PostgreSQL did not start again with {', '.join(waiting)}. See: journalctl -u {wanted['unit']}\n{err[-1000:]}"
            )
    return server.lines


def _verifier(password: str, salt: bytes, iterations: int) -> str:
    """What PostgreSQL keeps of a password (RFC 5803), from which nobody can log in."""
    salted = hashlib.pbkdf2_hmac("sha256", unicodedata.normalize("NFKC", password).encode(), salt, iterations)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${iterations}:{parts[0]}${parts[1]}:{parts[2]}"


def _fits(password: str, kept: str | None) -> bool:
    try:
        kind, turns, _ = (kept or "").split("$")
        iterations, salt = turns.split(":")
        again = _verifier(password, base64.b64decode(salt), int(iterations))
    except ValueError:
        return False
    return kind == "SCRAM-SHA-256" and hmac.compare_digest(again, kept or "")


if __name__ == "__main__":
    main()
