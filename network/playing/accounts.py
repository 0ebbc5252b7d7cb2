"""First passwords of the chat's accounts, as a play asks for them. Knows nothing of Ansible."""

from __future__ import annotations

from collections.abc import Iterable

from network.core.accounts import first_password


def first_passwords(master: str, names: Iterable[str], domain: str) -> dict[str, str]:
    """By the name of the account; `master` is the regency's secret `chat/KEY`."""
    return {name: first_password(master, name, domain) for name in names}
