"""`python tests/lab/cloud_lives.py CLOUDS KEY`, inside the `noc` of a lab with a cloud: every kind of thing that the provider
rents, through its whole life. What was seen is told as one JSON document."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import openstack

from infra.errors import InfraError
from infra.provider.kinds import LIVES
from infra.provider.lives import Place
from infra.renting.kinds import TYPE

HEAD: Final = {"cloud": "awan", "regency": "manokwari"}
RULES: Final = [{"protocol": "tcp", "ports": "22"}, {"protocol": "icmp"}]
OUTSIDE: Final = "internet"


class Site:
    """What was made, by kind, and what it was made of."""

    def __init__(self, clouds: str) -> None:
        self.access = {"clouds": clouds, "cloud": "lab", "key": "awan"}
        self.inputs: dict[str, dict[str, Any]] = {}
        self.states: dict[str, dict[str, Any]] = {}

    def create(self, kind: str, **own: Any) -> dict[str, Any]:
        inputs = {**HEAD, "name": "web", **own}
        assert LIVES[TYPE + kind].misfits(inputs) == {}
        LIVES[TYPE + kind].create(inputs, self.access, tell, preview=True)
        self.inputs[kind] = inputs
        self.states[kind] = LIVES[TYPE + kind].create(inputs, self.access, tell, preview=False)
        return self.states[kind]

    def update(self, kind: str, **own: Any) -> None:
        self.inputs[kind] = {**self.inputs[kind], **own}
        self.states[kind] = LIVES[TYPE + kind].update(self.inputs[kind], self.states[kind], self.access, tell, preview=False)

    def look(self) -> dict[str, Any]:
        """By kind, what differs now."""
        found: dict[str, Any] = {}
        for kind, state in self.states.items():
            seen = LIVES[TYPE + kind].look(state, self.access, tell)
            if seen is None:
                found[kind] = ["gone"]
                continue
            self.states[kind] = seen
            names = self.differing(kind, self.inputs[kind]).names
            found |= {kind: names} if names else {}
        return found

    def differing(self, kind: str, inputs: Mapping[str, Any]) -> Any:
        return LIVES[TYPE + kind].manner.differing(TYPE + kind, self.states[kind], inputs)

    def release(self, kind: str) -> None:
        LIVES[TYPE + kind].release(self.states[kind], self.access, tell)

    def ids(self) -> dict[str, str]:
        return {kind: state["id"] for kind, state in self.states.items()}


def tell(event: str, fields: Mapping[str, Any]) -> None:
    """Nobody listens."""


def all_of(site: Site, key: str) -> None:
    """Every kind, in the order in which one needs the other."""
    network = site.create("Network", cidr="10.20.0.0/24")
    site.create("Router", outside=OUTSIDE, subnets=[network["subnet"]])
    group = site.create("Group", rules=RULES)
    pair = site.create("Key", publicKey=Path(f"{key}.pub").read_text())
    volume = site.create("Volume", size=1)
    server = site.create(
        "Server",
        flavor="small",
        image="debian-12",
        key=pair["id"],
        userData="#!/bin/sh\necho told > /root/told\n",
        ports=[{"network": network["id"]}],
        groups=[group["id"]],
        metadata={"use": "test"},
    )
    site.create("Attachment", server=server["id"], volume=volume["id"])
    site.create("Address", outside=OUTSIDE, port=server["portIds"][0])


def changed_in_place(site: Site) -> None:
    site.update("Network", resolvers=["10.20.0.53"], dhcp=False)
    site.update("Address", port="")
    site.update("Router", subnets=[])
    site.update("Router", subnets=[site.states["Network"]["subnet"]])
    site.update("Group", rules=[*RULES, {"protocol": "udp", "ports": "5000-5010", "peer": "10.0.0.0/8"}])
    site.update("Server", metadata={"use": "other"}, power="off")
    site.update("Server", power="on")
    site.update("Address", port=site.states["Server"]["portIds"][0])


def by_hand(site: Site, cloud: Any) -> None:
    """What somebody does without us."""
    rules = cloud.network.security_group_rules(security_group_id=site.states["Group"]["id"], direction="ingress")
    cloud.network.delete_security_group_rule(next(iter(rules)))
    server = site.states["Server"]["id"]
    cloud.compute.stop_server(server)
    cloud.compute.wait_for_server(cloud.compute.get_server(server), status="SHUTOFF", interval=0.5)
    cloud.network.update_ip(site.states["Address"]["id"], port_id=None)


def imported(site: Site) -> dict[str, list[str]]:
    """Of each that is known by its id alone: what differs from what it was made of; nothing, as it should be."""
    found = {}
    for kind, key in site.ids().items():
        life = LIVES[TYPE + kind]
        known = life.manner.known({}, {}, Place(id=key, name="web", stack="manokwari"))
        seen = life.look(known, site.access, tell)
        assert seen is not None
        found[kind] = life.manner.differing(TYPE + kind, seen, site.inputs[kind]).names
    return {kind: names for kind, names in found.items() if names}


def replaced(site: Site) -> dict[str, Any]:
    """The volume becomes smaller, so another one takes its place: as the engine goes about it, the old one first."""
    site.release("Attachment")
    site.update("Volume", size=2)
    grown = dict(site.states["Volume"])
    smaller = {**site.inputs["Volume"], "size": 1}
    demands = site.differing("Volume", smaller).replaces
    site.release("Volume")
    now = site.create("Volume", size=1)
    site.create("Attachment", server=site.states["Server"]["id"], volume=now["id"])
    return {"grown": grown["size"], "demands": demands, "another": now["id"] != grown["id"], "size": now["size"]}


def refused(site: Site, kind: str, access: Mapping[str, Any] | None = None, **own: Any) -> list[Any]:
    inputs = {**HEAD, "name": "more", **own}
    try:
        LIVES[TYPE + kind].create(inputs, {**site.access, **(access or {})}, tell, preview=False)
    except InfraError as error:
        return [error.code, str(error.fields.get("reason")), str(error.fields.get("request"))]
    return ["made"]


def refusals(site: Site, clouds: str, project: str) -> dict[str, list[Any]]:
    text = Path(clouds).read_text()
    password = openstack.config.OpenStackConfig(config_files=[clouds]).get_one(cloud="lab").config["auth"]["password"]
    server: dict[str, Any] = {"image": "debian-12", "ports": [{"network": site.states["Network"]["id"]}]}
    quota = refused(site, "Server", flavor="huge", **server)
    admin = openstack.connect(cloud="lab-admin")
    admin.set_compute_quotas(project, cores=-1, ram=-1)
    no_room = refused(site, "Server", flavor="huge", **server)
    admin.delete_compute_quotas(project)  # others have this cloud after us
    return {
        "quota": quota,
        "login": refused(site, "Network", {"clouds": text.replace(password, "wrong-one")}, cidr="10.9.0.0/24"),
        "unknown": refused(site, "Network", {"cloud": "nowhere"}, cidr="10.9.0.0/24"),
        "no room": no_room,
        "no flavor": refused(site, "Server", flavor="nope", **server),
        "not outside": refused(site, "Address", outside=site.states["Network"]["id"]),
        "too late": refused(site, "Server", {"seconds": 0.01}, flavor="small", **server),
        "late, again": refused(site, "Server", flavor="small", **server),
        "in use": in_use(site),
    }


def in_use(site: Site) -> list[Any]:
    try:
        site.release("Group")
    except InfraError as error:
        return [error.code, str(error.fields.get("reason")), str(error.fields.get("request"))]
    return ["deleted"]


def left(cloud: Any) -> dict[str, list[str]]:
    """Everything with a mark of ours, and every key pair of our name."""
    network = cloud.network
    kinds = (network.networks, network.subnets, network.ports, network.routers, network.security_groups, network.ips)
    found = {kind.__name__: [each.id for each in kind() if any("lajur=" in tag for tag in each.tags or ())] for kind in kinds}
    found["servers"] = [each.id for each in cloud.compute.servers() if "lajur" in each.metadata]
    found["volumes"] = [each.id for each in cloud.volume.volumes() if "lajur" in each.metadata]
    found["keys"] = [each.name for each in cloud.compute.keypairs() if each.name.startswith("lajur-")]
    return {kind: ids for kind, ids in found.items() if ids}


def main(clouds: str, key: str) -> None:
    os.environ["OS_CLIENT_CONFIG_FILE"] = clouds
    cloud: Any = openstack.connect(cloud="lab")
    seen: dict[str, Any] = {}
    site = Site(clouds)
    all_of(site, key)
    seen["after creation"] = site.look()
    first, there = site.ids(), left(cloud)
    site = Site(clouds)  # the state is lost
    all_of(site, key)
    seen["made twice"] = [kind for kind, each in site.ids().items() if first[kind] != each]
    seen["more than before"] = left(cloud) != there
    seen["imported"] = imported(site)
    changed_in_place(site)
    seen["same ones"] = site.ids() == first
    seen["after changes"] = site.look()
    by_hand(site, cloud)
    seen["by hand"] = site.look()
    for kind in seen["by hand"]:
        site.update(kind)
    seen["mended"] = site.look()
    seen["replaced"] = replaced(site)
    seen["refused"] = refusals(site, clouds, cloud.current_project_id)
    late = Site(clouds)
    late.create("Server", name="more", flavor="small", image="debian-12", ports=[{"network": site.states["Network"]["id"]}])
    late.release("Server")
    for kind in reversed(site.ids()):
        site.release(kind)
    seen["left"] = left(cloud)
    for kind in reversed(site.ids()):
        site.release(kind)
    seen["looked at when gone"] = sorted({name for names in site.look().values() for name in names})
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
