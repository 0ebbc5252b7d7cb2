"""Every kind of thing that is rented, by the name that the engine has for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from infra.renting.addresses import Address
from infra.renting.groups import Group
from infra.renting.keys import Key
from infra.renting.kind import Kind
from infra.renting.networks import Network, Router
from infra.renting.servers import Server
from infra.renting.volumes import Attachment, Volume

TYPE: Final = "lajur:cloud:"
KINDS: Final[Mapping[str, Kind]] = {
    f"{TYPE}{kind.name}": kind for kind in (Network(), Router(), Group(), Key(), Volume(), Attachment(), Server(), Address())
}
