"""`python -m lajur_cloud.seed identity|rest`: whom a new cloud knows and what it offers. One JSON document on standard input.

`identity` once Keystone answers, `rest` once everything does. Both find what is there already.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from typing import Any

import openstack

_FACES = ("public", "internal", "admin")
_SIZES = {"small": (1, 1024, 10), "medium": (2, 2048, 20), "large": (4, 8192, 40), "huge": (64, 1048576, 100_000_000)}
"""By name: processors, memory in MiB, disk in GiB. Nobody has room for the last."""
_IMAGE = b"An image of a lab: what it boots is the lab's own Debian.\n" * 1024


def identity(cloud: Any, told: Mapping[str, Any]) -> None:
    """The services and their endpoints, who they are among themselves, and whom the cloud is rented for."""
    own = cloud.identity
    roles = {role.name: role for role in own.roles()}
    for project, user, password, given in (
        ("service", "services", told["services"], ("admin", "service")),
        (told["project"], told["user"], told["tenant"], ("member",)),
    ):
        made = own.find_project(project, domain_id="default") or own.create_project(name=project, domain_id="default")
        who = own.find_user(user, domain_id="default")
        who = who or own.create_user(name=user, password=password, domain_id="default")
        for role in given:
            own.assign_project_role_to_user(made, who, roles[role])
    there = {service.name for service in own.services()}
    for each in told["endpoints"]:
        if each["name"] not in there:
            service = own.create_service(name=each["name"], type=each["kind"])
            for face in _FACES:
                own.create_endpoint(service_id=service.id, interface=face, url=each["url"], region_id=told["region"])


def rest(cloud: Any, told: Mapping[str, Any]) -> None:
    """Sizes of servers, an image, and the network that floating addresses are of."""
    for name, (processors, memory, disk) in _SIZES.items():
        if not cloud.compute.find_flavor(name):
            cloud.compute.create_flavor(name=name, vcpus=processors, ram=memory, disk=disk)
    if not cloud.image.find_image("debian-12"):
        words = {"disk_format": "raw", "container_format": "bare", "visibility": "public"}
        cloud.image.create_image(name="debian-12", data=io.BytesIO(_IMAGE), validate_checksum=False, **words)
    if not cloud.network.find_network("internet"):
        outside: dict[str, Any] = {
            "is_router_external": True,
            "provider_network_type": "flat",
            "provider_physical_network": "outside",
        }
        made = cloud.network.create_network(name="internet", **outside)
        addresses: dict[str, Any] = {"name": "internet", "ip_version": 4, "cidr": told["floating"], "is_dhcp_enabled": False}
        cloud.network.create_subnet(network_id=made.id, **addresses)


if __name__ == "__main__":
    said = json.load(sys.stdin)
    {"identity": identity, "rest": rest}[sys.argv[1]](openstack.connect(cloud="lab-admin"), said)
