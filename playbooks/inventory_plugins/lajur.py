"""The inventory plugin `lajur`: hosts and groups computed from a regency, never written down a second time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

from network.playing.hosts import Unlisted, hosts

DOCUMENTATION = """
name: lajur
short_description: The devices and servers of a regency, from its truth
description:
  - One host for each device. Groups are C(office_KEY), C(hub_KEY), C(stage_KEY), C(platform_NAME), C(role_NAME) and
    C(class_NAME), with C(_) for every C(-) of a key. A hub's group holds its own router and those of its offices.
  - One host for each leased server, where they can be reached. Groups are C(servers), C(server_role_ROLE), C(workload_KEY) and
    C(runs_ROLE); devices are in C(devices). What the builder put out of a server is its C(lajur_observed).
  - Hosts carry facts of the truth only, neither secrets nor references to them. What comes from a machine is never a template.
  - Where a lab of the regency is up with fewer offices, the devices of the lab are the hosts; C(LAJUR_LAB) names the lab
    when several are up. Errors come in the language of C(LAJUR_LANG).
options:
  plugin:
    description: This plugin's name.
    required: true
    choices: [lajur]
  regency:
    description: Key of the regency; C(LAJUR_REGENCY) unless given.
    type: str
  regencies:
    description: The folder above the regency's, as seen from the inventory file; C(LAJUR_REGENCIES) unless given.
    type: str
"""


class InventoryModule(BaseInventoryPlugin):
    """Found beside the playbooks, or by `inventory_plugins` of ansible.cfg."""

    NAME = "lajur"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith((".yml", ".yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        folder = self.get_option("regencies")
        try:
            listed = hosts(
                os.environ,
                regency=self.get_option("regency"),
                regencies=str(Path(path).parent / folder) if folder else None,
            )
        except Unlisted as error:
            raise AnsibleParserError(str(error)) from None
        if listed.unread:
            self.display.warning(listed.unread)
        for host in listed.hosts:
            for group in host.groups:
                inventory.add_host(host.name, inventory.add_group(group))
            for name, value in host.facts.items():
                inventory.set_variable(host.name, name, value)
        for group, facts in listed.groups.items():
            for name, value in facts.items():
                inventory.set_variable(group, name, value)
