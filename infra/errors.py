"""Everything that can go wrong while servers are taken over or rented, watched and given back.

    InfraError                  exit  every error: a `code` under `infra.` and its fields
    ├── Refused                    3   nothing was begun, and what would allow it
    │   └── ShortOfContract            the machine is less than its contract promises; `lines` says where
    ├── ReachError                 4   `server` could not be spoken to; `address` where there is one
    │   ├── Severed                5   the connection broke in the middle: what was done stays
    │   ├── HostKeyRefused         3   nobody pinned a key of this address, or another one answers
    │   ├── UnknownServer          3   the truth does not have it, so nobody knows how it is entered
    │   └── BmcError                   its management controller did not do as asked
    ├── CloudError                 4   `cloud` did not do as asked: its own `reason` and `request` number
    │   ├── CloudRefused           3   it would not begin, or we would not
    │   └── CloudUnfinished        5   what was begun there stays, and is found again by its tag
    ├── OutputError                4   what a machine said cannot be understood; `section` says which part
    └── NeedsPerson                5   done as far as it goes, and the rest is for a person

A code names a template in the catalogue of the command, which renders it in the reader's language. Fields never hold a secret,
and what a machine said stands in them bounded and without control characters (`infra.text.clean`).
"""

from __future__ import annotations

from typing import ClassVar


class InfraError(Exception):
    """Base. `code` begins with `infra.`; both languages use the same fields."""

    exit_code: ClassVar[int] = 4

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields

    def __str__(self) -> str:
        return f"{self.code}: " + ", ".join(f"{name}={value}" for name, value in self.fields.items())


class Refused(InfraError):
    exit_code = 3


class ShortOfContract(Refused):
    """`fields["lines"]` names each line that falls short, with what was promised and found; the whole report was told before."""


class ReachError(InfraError):
    """`server` is always in `fields`."""

    def __init__(self, code: str, *, server: str, **fields: object) -> None:
        super().__init__(code, server=server, **fields)
        self.server = server


class Severed(ReachError):
    exit_code = 5


class HostKeyRefused(ReachError):
    exit_code = 3


class UnknownServer(ReachError):
    exit_code = 3


class BmcError(ReachError):
    pass


class CloudError(InfraError):
    """`request` is a dash where the cloud gave no number."""

    def __init__(self, code: str, *, cloud: str, what: str, reason: str, request: str = "–") -> None:
        super().__init__(code, cloud=cloud, what=what, reason=reason, request=request)


class CloudRefused(CloudError):
    exit_code = 3


class CloudUnfinished(CloudError):
    exit_code = 5


class OutputError(InfraError):
    """`section` is always in `fields`: the part of the output that could not be understood."""

    def __init__(self, code: str, *, section: str, **fields: object) -> None:
        super().__init__(code, section=section, **fields)
        self.section = section


class NeedsPerson(InfraError):
    exit_code = 5
