"""What the modules about databases share: PostgreSQL as its own user sees it, and pgBackRest as that user runs it."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import re
import subprocess
from collections.abc import Iterator
from typing import Any

OWNER = "postgres"
CRASHED = (139, -11)
"""How pgBackRest 2.45 may end when it reads a repository with another secret than the one it was made with."""

_LONGEST = 1500
_OTHER = 99
"""The state of a stanza that is there and cannot be read."""
_SIGNS = (
    ("unable to find hostname", "The certificate of the other server is not made out to its address."),
    (
        "HostConnect",
        "The other server does not answer: is it up, does pgbackrest.service run there, does its firewall let us in?",
    ),
    (
        "unable to connect",
        "The other server does not answer: is it up, does pgbackrest.service run there, does its firewall let us in?",
    ),
    ("access denied", "The other server does not let this one at these backups: play site.yml, which writes down who may."),
    ("No space left", "The disk is full. What was there before is as it was: make room, then do the same again."),
    ("unable to acquire lock", "Another run of pgBackRest is at work: wait until it is through, then do the same again."),
)


class Failed(Exception):
    """Its text says what happened, what was done about it and what to do next."""


def pgbackrest(words: list[str], *, config: str | None = None, seconds: float | None = None) -> str:
    """What pgBackRest says on its standard output. Raises Failed with what it says of an error, and what to do about it."""
    command = ["pgbackrest", *([f"--config={config}"] if config else []), "--log-level-file=off", *words]
    done = as_owner(command, seconds=seconds)
    if done.returncode == 0:
        return done.stdout
    said = (done.stderr.strip() or done.stdout.strip())[-_LONGEST:]
    raise Failed(
        f"pgBackRest: {said or f'ended with {done.returncode}'}\n{_next(done.returncode, done.stdout + done.stderr)}".strip()
    )


def as_owner(command: list[str], *, seconds: float | None = None) -> subprocess.CompletedProcess[str]:
    """A program run as PostgreSQL's user, from its home."""
    home = pwd.getpwnam(OWNER)
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home.pw_dir, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return subprocess.run(
        command,
        user=OWNER,
        group=home.pw_gid,
        extra_groups=os.getgrouplist(OWNER, home.pw_gid),
        cwd=home.pw_dir,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
    )


def _next(code: int, said: str) -> str:
    if code in CRASHED:
        return (
            "It ends like this when the secret of the repository is not the one that the repository was made with. Give it the "
            "old secret back. A repository cannot take another: to begin anew, move the old one away on the server that holds it."
        )
    return next((what for sign, what in _SIGNS if sign in said), "")


def known(stanza: str, *, config: str | None = None) -> dict[str, Any]:
    """What the repository knows of a stanza, as `pgbackrest info` gives it. Raises Failed."""
    text = pgbackrest(["info", f"--stanza={stanza}", "--output=json"], config=config)
    found = json.loads(text or "[]", strict=False)
    if not found:
        return {"backup": [], "status": {"code": 1}}
    if found[0]["status"]["code"] == _OTHER:
        # With another secret what is kept makes no sense, or ends the program.
        raise Failed(f"pgBackRest cannot read what is kept of {stanza}.\n{_next(CRASHED[0], '')}")
    return dict(found[0])


@contextlib.contextmanager
def connected(database: str, *, port: int, host: str = "/var/run/postgresql") -> Iterator[Any]:
    """A connection by the local socket, each statement for itself, as PostgreSQL's own user. Raises Failed."""
    import psycopg2

    with _being_owner():
        try:
            connection = psycopg2.connect(
                dbname=database, host=host, port=port, user=OWNER, connect_timeout=10, application_name="lajur"
            )
        except psycopg2.Error as error:
            raise Failed(f"PostgreSQL does not answer on {host}, port {port}: {str(error).strip()[-_LONGEST:]}") from None
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def _being_owner() -> Iterator[None]:
    """PostgreSQL lets in who asks by the user that asks: for as long as that takes, we are its owner."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(pwd.getpwnam(OWNER).pw_uid)
    try:
        yield
    finally:
        os.seteuid(before)


def rows(connection: Any, statement: Any, values: tuple[Any, ...] | None = None) -> list[Any]:
    """Raises Failed with what PostgreSQL says."""
    import psycopg2

    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []
    except psycopg2.Error as error:
        raise Failed(f"PostgreSQL: {str(error).strip()[-_LONGEST:]}") from None


def is_name(text: str) -> bool:
    """Whether it may name a stanza, a database or a role: what stands in commands and file names is never more than that."""
    return re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", text) is not None
