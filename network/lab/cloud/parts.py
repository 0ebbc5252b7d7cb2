"""What the cloud of a lab is made of: its services, where each answers, what each stores. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

NODE: Final = "cloud"
RENTED: Final = IPv4Network("100.68.0.0/16")
"""All that the cloud of a lab ever uses: the wire to the core, tenants' networks, floating addresses."""

WIRE: Final = IPv4Network("100.68.0.0/30")
CORE_ADDRESS: Final = WIRE[1]
ADDRESS: Final = WIRE[2]
FLOATING: Final = IPv4Network("100.68.128.0/17")

REGION: Final = "lab"
PROJECT: Final = "kominfo"
USER: Final = "lajur"
"""For whom the cloud is rented."""

HOME: Final = "/mnt"
"""Where the cloud keeps everything, in its own mount namespace: the same path in every lab, as it stands in settings."""

SOCKET: Final = f"{HOME}/hypervisor"
"""Where Nova asks for machines."""

LOOPBACK: Final = IPv4Address("127.0.0.1")
DATABASE_PORT: Final = 5432
DATABASE_USER: Final = "cloud"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`application` is what WSGI calls, as module:name; `kind` and `path` as the catalogue has them; `databases` are its own;
    `healthy` is a path that answers without a login; `after` names those that must answer before it starts."""

    name: str
    kind: str
    port: int
    application: str
    databases: tuple[str, ...]
    path: str = ""
    healthy: str = "/"
    after: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.port}{self.path}"


SERVICES: Final = (
    Service(
        name="keystone", kind="identity", port=5000, application="keystone.wsgi.api:application", databases=("keystone",),
        path="/v3", healthy="/v3",
    ),
    Service(
        name="placement", kind="placement", port=8778, application="placement.wsgi.api:application", databases=("placement",),
    ),
    Service(name="neutron", kind="network", port=9696, application="neutron.wsgi.api:application", databases=("neutron",)),
    Service(name="glance", kind="image", port=9292, application="glance.wsgi.api:application", databases=("glance",)),
    Service(
        name="nova", kind="compute", port=8774, application="lajur_cloud.compute:application",
        databases=("nova_api", "nova_cell0", "nova_cell1"), path="/v2.1", after=("keystone", "placement"),
    ),
    Service(
        name="cinder", kind="block-storage", port=8776, application="lajur_cloud.volumes:application", databases=("cinder",),
        path="/v3",
    ),
)  # fmt: skip
"""In the order in which they are started."""


def service(name: str) -> Service:
    return next(each for each in SERVICES if each.name == name)
