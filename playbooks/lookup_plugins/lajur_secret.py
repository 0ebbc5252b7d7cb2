"""The lookup `lajur_secret`: a secret by its name, found or made on the controller."""

from __future__ import annotations

import os
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from network.playing.secrets import Unknown, meant, secret

DOCUMENTATION = """
name: lajur_secret
short_description: A secret by its name, from where the truth says or from this machine's own
description:
  - C(lookup('lajur_secret', 'database/gateway')) is the secret of that name in the state of the regency, made at first.
  - In check mode one that was never made is made up for the play alone.
  - With C(reference), C(env:NAME) or C(file:PATH) as the truth writes it, what that stands for.
  - A task that takes one has C(no_log).
options:
  _terms:
    description: Names of secrets, such as C(database/gateway).
    required: true
  reference:
    description: Where the secret is; without it this machine's own of that name.
    type: str
"""


class LookupModule(LookupBase):
    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        self.set_options(var_options=variables, direct=kwargs)
        environment, keep = meant(variables or {}, os.environ), not (variables or {}).get("ansible_check_mode", False)
        try:
            return [secret(str(term), self.get_option("reference"), environment, keep=keep) for term in terms]
        except Unknown as error:
            raise AnsibleError(str(error)) from None
