"""The module `lajur_migrate`: runs the migrations of a placed release, as its workload's user and with its database."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_folders import Folders
from ansible.module_utils.lajur_hands import end_of, journal_cursor, journal_since, run, secrets_in, trouble

DOCUMENTATION = r"""
module: lajur_migrate
short_description: Runs the migrations of a placed release
description:
  - The program runs in the folder of its release, in the unit C(lajur-KEY-migrate.service) of its own, and all that it
    started ends with it. One that a cut run left is waited for, and run again.
  - The result is C(lajur) with C(said) and C(trouble); a program that fails is no failure of the module.
options:
  key:
    description: The workload.
    type: str
    required: true
  release:
    description: The release whose program is run.
    type: str
    required: true
  kind:
    description: The last word that the program gets.
    type: str
    choices: [expand, contract]
    required: true
  program:
    description: The program and its words, below the release's folder or, of a package, with its whole path.
    type: list
    elements: str
    required: true
  seconds:
    description: How long it may take.
    type: int
    default: 600
  root:
    description: The folder above those of all workloads.
    type: path
    default: /srv/lajur
  credentials:
    description: The folder above those with the credentials of all workloads.
    type: path
    default: /etc/lajur/credentials
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Widen the tables
  lajur_migrate:
    key: gateway
    release: 1.4.2-0123456789ab
    kind: expand
    program: [bin/migrate]
"""

RETURN = r"""
lajur:
  description: What the program said last, and what is wrong.
  type: dict
  returned: always
"""

_PAUSE = 0.5
_LINES = 60


class Program:
    """The program of one release."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.folders = Folders(told["key"], told["root"])
        self.unit = f"lajur-{told['key']}-migrate.service"
        self.credentials = Path(told["credentials"]) / told["key"]

    def words(self) -> list[str]:
        """What is run: of a package its files beside, since it is installed when it is switched to."""
        folder = self.folders.release(self.told["release"])
        first, *rest = self.told["program"]
        inside = folder / "files" / first.lstrip("/") if first.startswith("/") else folder / first
        return [str(inside), *rest, self.told["kind"]]

    def around(self) -> list[str]:
        """What holds around it: the user, the credentials, and as little else as can be."""
        own = f"lajur-{self.told['key']}"
        folder = self.folders.release(self.told["release"])
        properties = [
            f"User={own}",
            f"Group={own}",
            f"WorkingDirectory={folder}",
            f"ReadWritePaths=-{self.folders.home / 'shared'}",
            f"RuntimeMaxSec={self.told['seconds']}",
            *("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes"),
            *("ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectControlGroups=yes", "RestrictSUIDSGID=yes"),
            *("CapabilityBoundingSet=", "RestrictNamespaces=yes", "LockPersonality=yes", "KillMode=control-group"),
            *(f"LoadCredential={each.name}:{each}" for each in sorted(self.credentials.glob("*"))),
        ]
        return [f"--property={each}" for each in properties]

    def idle(self) -> bool:
        """Wait for one that a cut run left; whether it has ended."""
        deadline = time.monotonic() + self.told["seconds"]
        while run(["systemctl", "is-active", "--quiet", self.unit])[0] == 0:
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)
        return True

    def carry_out(self) -> dict[str, Any]:
        if not self.folders.has(self.told["release"]):
            return {"said": "", "trouble": trouble("not_placed", self.told["release"])}
        if not self.idle():
            return {"said": "", "trouble": trouble("migration", self.unit)}
        secrets = secrets_in(self.credentials)
        cursor = journal_cursor()
        start = ["systemd-run", "--quiet", "--wait", "--collect", f"--unit={self.unit}", *self.around(), "--", *self.words()]
        code, _, errors = run(start, self.told["seconds"] + 60)
        run(["journalctl", "--sync"], 20)
        kept: deque[str] = deque(maxlen=_LINES)
        kept.extend(journal_since(cursor, [f"--unit={self.unit}", "_TRANSPORT=stdout"]))
        said = "\n".join(kept)
        if code:
            return {"said": "", "trouble": trouble("migration", f"{errors}\n{said}\nexit {code}", secrets)}
        return {"said": end_of(said, secrets), "trouble": None}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "key": {"type": "str", "required": True, "no_log": False},
            "release": {"type": "str", "required": True},
            "kind": {"type": "str", "required": True, "choices": ["expand", "contract"]},
            "program": {"type": "list", "elements": "str", "required": True},
            "seconds": {"type": "int", "default": 600},
            "root": {"type": "path", "default": "/srv/lajur"},
            "credentials": {"type": "path", "default": "/etc/lajur/credentials", "no_log": False},
        },
        supports_check_mode=True,
    )
    if module.check_mode:
        module.exit_json(changed=True, lajur={"said": "", "trouble": None})
    found = Program(module.params).carry_out()
    module.exit_json(changed=found["trouble"] is None, lajur=found)


if __name__ == "__main__":
    main()
