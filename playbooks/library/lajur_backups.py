"""The module `lajur_backups`: how old the backups are that a server holds."""

from __future__ import annotations

import os
import re

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: lajur_backups
short_description: How old the backups of databases are that a server holds
description:
  - Reads what the role C(database) tells node_exporter of its repository after each attempt of a backup.
  - The result is C(lajur), a document with C(now) and C(databases) (by name when the last backup ended, 0 for never), in Unix
    time by this server's clock. A server that holds none has no databases.
options:
  path:
    description: The file.
    type: path
    default: /var/lib/lajur/metrics/backup.prom
  repository:
    description: Where the backups lie. Of a database that has none there nothing is told, whatever the file says.
    type: path
    default: /var/lib/pgbackrest/backup
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Read how the backups are
  lajur_backups:
"""

RETURN = r"""
lajur:
  description: When the last backup of each database ended.
  type: dict
  returned: always
"""

_LAST = re.compile(r'^lajur_backup_last_seconds\{database="([a-z][a-z0-9_-]{0,62})"\} ([0-9]{1,11})$', re.MULTILINE)
_LONGEST = 1_000_000


def known(text: str) -> dict[str, int]:
    return {name: int(last) for name, last in _LAST.findall(text)}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "default": "/var/lib/lajur/metrics/backup.prom"},
            "repository": {"type": "path", "default": "/var/lib/pgbackrest/backup"},
        },
        supports_check_mode=True,
    )
    text = ""
    try:
        with open(module.params["path"], encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - Ansible gives a text
            text = file.read(_LONGEST)
    except FileNotFoundError:
        pass
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: {error.strerror}")
    kept = set(os.listdir(module.params["repository"])) if os.path.isdir(module.params["repository"]) else set()  # noqa: PTH112, PTH208
    now = int(module.run_command(["date", "+%s"], check_rc=True)[1])
    there = {name: last for name, last in known(text).items() if name in kept}
    module.exit_json(changed=False, lajur={"now": now, "databases": there})


if __name__ == "__main__":
    main()
