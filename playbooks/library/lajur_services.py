"""Many units of systemd in one task: running, started at boot, and begun again when what they read has changed."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_units import OPTIONS, keep

DOCUMENTATION = """
module: lajur_services
short_description: Units that run with the settings that lie there now
description:
  - Starts and enables units, and restarts (or reloads) each whose files differ from those that it was last started with. That is
    kept on the server, so that a play which was cut between writing a file and restarting is caught up with by the next one,
    where a handler would be lost.
options:
  units:
    description:
      - By the name of a unit, C(files) that it reads (patterns of glob; folders with all that lies in them), and C(change), what
        is done when they change, C(restart), C(reload) or C(none); with C(running) false the unit is only enabled, and with
        C(unless_masked) one that somebody has masked is left alone.
      - What a timer starts need not be said; systemd reads it again when its file has changed.
    type: dict
    required: true
"""


def main() -> None:
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.exit_json(**keep(module))


if __name__ == "__main__":
    main()
