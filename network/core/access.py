"""Who may do what: roles, the rights that each gives, and the regencies in which. Pure; denies unless something allows.

How a caller is known (a bearer token of an issuer, a token of ours) is the door's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EVERYWHERE: Final = "*"


class Role(StrEnum):
    VIEWER = "viewer"
    ENGINEER = "engineer"
    APPROVER = "approver"
    OPERATOR = "operator"
    SCHEDULER = "scheduler"


class Right(StrEnum):
    """`request`: boosts, windows and plans. `administer`: tokens and subscriptions."""

    READ = "read"
    REQUEST = "request"
    APPROVE = "approve"
    APPLY = "apply"
    SHIFT = "shift"
    AUDIT = "audit"
    ADMINISTER = "administer"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.ENGINEER: frozenset({Right.READ, Right.REQUEST}),
    Role.APPROVER: frozenset({Right.READ, Right.APPROVE, Right.AUDIT}),
    Role.OPERATOR: frozenset({Right.READ, Right.REQUEST, Right.APPLY, Right.SHIFT, Right.AUDIT, Right.ADMINISTER}),
    Role.SCHEDULER: frozenset({Right.READ, Right.REQUEST, Right.SHIFT}),
}
"""Who approves cannot ask, and nobody approves what they asked for themselves (`network.services.bookings`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody known. `name` as the record shows it (`oidc:<issuer's subject>`, `token:<id>`, `os:<user>`)."""

    name: str
    grants: Mapping[str, frozenset[Role]]

    def may(self, right: Right, regency: str) -> bool:
        roles = self.grants.get(regency, frozenset()) | self.grants.get(EVERYWHERE, frozenset())
        return any(right in RIGHTS[role] for role in roles)

    def knows(self, regency: str) -> bool:
        """Whether the regency exists as far as this caller is concerned."""
        return bool(self.grants.get(regency) or self.grants.get(EVERYWHERE))
