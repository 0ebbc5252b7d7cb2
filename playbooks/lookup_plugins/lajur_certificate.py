"""The lookup `lajur_certificate`: a server's certificate and key, of the regency's own authority, made on the controller."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from network.playing.certificates import certificate
from network.playing.secrets import Unknown, meant

DOCUMENTATION = """
name: lajur_certificate
short_description: A certificate by which servers of a regency know each other
description:
  - C(lookup('lajur_certificate', 'db-1', addresses=['192.0.2.7'])) has C(authority), C(certificate) and C(key), in PEM.
  - Made at the first asking and kept beside the secrets of the regency; anew when its end is near or its addresses are others.
  - In check mode what would be made is made up for the play alone.
  - A task that takes the key has C(no_log).
options:
  _terms:
    description: Names of servers.
    required: true
  addresses:
    description: Addresses and names that it is made out to, besides its own name.
    type: list
    elements: str
    default: []
"""


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, str]]:
        self.set_options(var_options=variables, direct=kwargs)
        environment, keep = meant(variables or {}, os.environ), not (variables or {}).get("ansible_check_mode", False)
        addresses = [str(each) for each in self.get_option("addresses")]
        try:
            return [asdict(certificate(str(term), addresses, environment, keep=keep)) for term in terms]
        except Unknown as error:
            raise AnsibleError(str(error)) from None
