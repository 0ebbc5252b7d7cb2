"""The lookup `lajur_snmp`: as whom each device of the regency is asked by SNMPv3."""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from network.playing.secrets import Unknown, meant, snmp_logins

DOCUMENTATION = """
name: lajur_snmp
short_description: The SNMPv3 users of the regency's devices
description:
  - A dictionary with C(user), C(auth) and C(privacy) for each device, by the name that C(lajur_watch) has for it. What the truth
    refers to is resolved on the controller; a lab brings its own.
  - A task that takes it has C(no_log).
"""


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        environment = meant(variables or {}, os.environ)
        try:
            return [snmp_logins(environment)]
        except Unknown as error:
            raise AnsibleError(str(error)) from None
