"""The module `lajur_edge_map`: which networks an edge lets in, from this moment on, where offices are opened in stages."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_hands import talk

DOCUMENTATION = r"""
module: lajur_edge_map
short_description: Which networks an edge lets in to a workload
description:
  - The file is what HAProxy reads when it starts; the HAProxy that runs is told at once, all of it in one step, and without a
    reload.
options:
  key:
    description: The workload.
    type: str
    required: true
  opened:
    description: Offices that are let in, by their network.
    type: dict
    required: true
  folder:
    description: The folder of the files.
    type: path
    default: /etc/haproxy/lajur
  socket:
    description: HAProxy's runtime socket with level admin.
    type: path
    default: /run/haproxy/admin.sock
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Let in the offices of the first stage
  lajur_edge_map:
    key: gateway
    opened: {10.20.1.0/24: dpmptsp}
"""

RETURN = r"""
lajur:
  description: How many networks are let in, and what HAProxy has against it.
  type: dict
  returned: always
"""

_AT_ONCE = 200
"""Lines in one command: HAProxy reads no longer ones than its buffer."""


class Untold(Exception):
    """HAProxy does not take the new map. The one before holds."""


def lines_of(opened: Mapping[str, Any]) -> list[str]:
    """Raises ValueError for what is no network, or no key of an office."""
    found = []
    for network, office in opened.items():
        if not str(office).replace("-", "").replace("_", "").isalnum():
            raise ValueError(f"{ascii(str(office))[:80]}: not a key")
        found.append(f"{ip_network(network)} {office}")
    return sorted(found)


def tell(say: Callable[[str], str], path: Path, lines: list[str]) -> None:
    """Let HAProxy take the new map in the place of the old. Raises Untold, OSError."""
    said = say(f"prepare map {path}")
    number = said.rpartition(":")[2].strip()
    if not number.isdecimal():
        raise Untold(said.strip()[:200])
    for at in range(0, len(lines), _AT_ONCE):
        if said := say(f"add map @{number} {path} <<\n" + "\n".join(lines[at : at + _AT_ONCE]) + "\n").strip():
            raise Untold(said[:200])
    if said := say(f"commit map @{number} {path}").strip():
        raise Untold(said[:200])


def holding(say: Callable[[str], str], path: Path) -> list[str] | None:
    """The map of the HAProxy that runs, as lines of a file; None where none runs, or it knows of no such map yet."""
    try:
        said = say(f"show map {path}")
    except OSError:
        return None
    if said.startswith("Unknown map"):
        return None
    return sorted(line.partition(" ")[2] for line in said.splitlines() if line.startswith("0x"))


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "key": {"type": "str", "required": True, "no_log": False},
            "opened": {"type": "dict", "required": True},
            "folder": {"type": "path", "default": "/etc/haproxy/lajur"},
            "socket": {"type": "path", "default": "/run/haproxy/admin.sock"},
        },
        supports_check_mode=True,
    )
    path = Path(module.params["folder"]) / f"{module.params['key']}.map"

    def say(command: str) -> str:
        said: str = talk(module.params["socket"], command)
        return said

    try:
        lines = lines_of(module.params["opened"])
        before = path.read_text("utf-8") if path.exists() else ""
        held = holding(say, path)
        after = "".join(f"{line}\n" for line in lines)
        changed = before != after or not path.exists() or held not in (None, lines)
        if changed and not module.check_mode:
            if held not in (None, lines):
                tell(say, path, lines)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(after, "utf-8")
            os.replace(part, path)  # noqa: PTH105
    except (OSError, ValueError, Untold) as error:
        module.fail_json(msg=f"{path}: {error}. What was let in before still is; whoever asks again begins anew.")
    else:
        found = {"networks": len(lines)}
        module.exit_json(changed=changed, lajur=found, diff={"before": before, "after": after})


if __name__ == "__main__":
    main()
