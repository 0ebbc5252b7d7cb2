"""The lookup `lajur_handed`: the secrets that a controller's service is handed."""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from network.playing.secrets import Unknown, meant
from network.playing.steering import handed

DOCUMENTATION = """
name: lajur_handed
short_description: What the truth calls env:NAME, by NAME
description:
  - A dictionary with the logins and SNMPv3 pass phrases of the regency's devices, and the logins of its servers. What the truth
    refers to is resolved where this play is given; a lab brings its own.
  - A task that takes it has C(no_log).
"""


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, str]]:
        environment = meant(variables or {}, os.environ)
        try:
            return [handed(environment)]
        except Unknown as error:
            raise AnsibleError(str(error)) from None
