#!/usr/bin/python3
"""How many rows every table has and what they add up to: of a database at one moment, and of a copy that was restored to it."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_database import Failed, is_name
from ansible.module_utils.lajur_sums import sums

DOCUMENTATION = """
module: lajur_table_sums
short_description: Rows and checksums of all tables
description:
  - With C(point), marks that moment in the database's log (a restore point) and sums up what held exactly then. Writers wait
    while the mark is set, for milliseconds; the summing up holds up nobody.
  - Without it, sums up what is there now. Reads only.
options:
  point:
    description: The name of the moment.
    type: str
  host:
    description: The folder of the socket.
    type: path
    default: /var/run/postgresql
  port:
    description: The port that names the socket.
    type: int
    default: 5432
  patience:
    description: For so many seconds writers that are at work already are waited for.
    type: int
    default: 10
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "point": {"type": "str"},
            "host": {"type": "path", "default": "/var/run/postgresql"},
            "port": {"type": "int", "default": 5432},
            "patience": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    point = module.params["point"]
    if point and not is_name(point):
        module.fail_json(msg=f"{point}: no name for a moment.")
    if module.check_mode:
        module.exit_json(changed=False, lajur={"tables": {}})
    try:
        module.exit_json(changed=False, lajur={"tables": sums(**module.params)})
    except Failed as error:
        module.fail_json(msg=str(error))


if __name__ == "__main__":
    main()
