"""Debian packages that must be there. Where none is missing nothing is fetched: the uplink is scarce."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_apt import OPTIONS, keep

DOCUMENTATION = """
module: lajur_packages
short_description: Debian packages that must be there
description:
  - Asks dpkg what is missing and installs it, without what is only recommended. Lists of packages are fetched only when something
    is missing that the known lists do not have, or no longer have; settings of ours that lie there already are kept.
  - What an earlier run of dpkg left half done, because it was cut off, is brought to its end first.
  - Newer versions are the night's business (unattended-upgrades), not a play's.
options:
  names:
    description: Packages.
    type: list
    elements: str
    required: true
  wait:
    description: For so many seconds another apt or dpkg is waited for.
    type: int
    default: 300
"""


def main() -> None:
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.exit_json(**keep(module, module.params["names"], module.params["wait"]))


if __name__ == "__main__":
    main()
