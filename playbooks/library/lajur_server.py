"""What a role keeps on a server, in one task: files, packages, what its firewall lets in, and units that run with all that."""

from __future__ import annotations

from typing import Any

from ansible.module_utils import lajur_apt, lajur_laying, lajur_nft, lajur_units
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: lajur_server
short_description: Files, packages, firewall and units of a role in one task
description:
  - As C(lajur_files), C(lajur_packages), C(lajur_firewall) and C(lajur_services), in this order and each only as far as it is
    said. Every task costs a start of Python and of Ansible on every server, which is most of a play that has nothing to do.
  - Files come before packages, so that a program starts for the first time as it is meant to; those that belong to a user whom a
    package brings are for a task after it.
options:
  folders: {description: As of C(lajur_files)., type: list, elements: dict, default: []}
  files: {description: As of C(lajur_files)., type: list, elements: dict, default: []}
  links: {description: As of C(lajur_files)., type: list, elements: dict, default: []}
  absent: {description: As of C(lajur_files)., type: list, elements: path, default: []}
  only: {description: As of C(lajur_files)., type: list, elements: dict, default: []}
  packages: {description: C(names) of C(lajur_packages)., type: list, elements: str, default: []}
  firewall:
    description:
      - C(state) of C(lajur_firewall). After C(loaded) the rules wait to be confirmed where C(lajur.pending) says so; units are
        then for a task after that.
    choices: [included, loaded]
    type: str
  seconds: {description: As of C(lajur_firewall)., type: int, default: 60}
  units: {description: As of C(lajur_services)., type: dict, default: {}}
"""

_PATIENCE = 300
"""Seconds for another apt to end."""

_OWN: dict[str, Any] = {
    "packages": {"type": "list", "elements": "str", "default": []},
    "firewall": {"choices": ["included", "loaded"], "type": "str"},
    "seconds": {"type": "int", "default": 60},
    "units": {"type": "dict", "default": {}},
}


def main() -> None:
    module = AnsibleModule(argument_spec={**lajur_laying.OPTIONS, **_OWN}, supports_check_mode=True)
    told = module.params
    parts = [lajur_laying.keep(module)]
    if told["packages"]:
        parts.append(lajur_apt.keep(module, told["packages"], _PATIENCE))
    if told["firewall"]:
        rules = {**lajur_nft.DEFAULTS, "state": told["firewall"], "seconds": told["seconds"]}
        parts.append(lajur_nft.load(module, rules))
    if told["units"]:
        parts.append(lajur_units.keep(module))
    module.exit_json(**_together(parts))


def _together(parts: list[dict[str, Any]]) -> dict[str, Any]:
    diffs: list[dict[str, str]] = []
    for each in parts:
        diff = each.get("diff") or []
        diffs += diff if isinstance(diff, list) else [diff]
    names = [name for each in parts for name in each["lajur"].get("changed", [])]
    names += ["firewall" for each in parts if "pending" in each["lajur"] and each["changed"]]
    pending = any(each["lajur"].get("pending") for each in parts)
    changed = any(each["changed"] for each in parts)
    return {"changed": changed, "diff": diffs, "lajur": {"changed": names, "pending": pending}}


if __name__ == "__main__":
    main()
