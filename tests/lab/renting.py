"""`python tests/lab/renting.py CLOUDS KEY COUNT`, inside the `noc` of a lab with a cloud: rents servers as anybody would, looks
at them, gives them back. What was seen is told as one JSON document."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import openstack

SCRIPT = b"#!/bin/sh\necho 'as told {{ 6*7 }}' > /root/told\n"
ASK = "hostname; cat /root/told; head -1 /proc/meminfo"
BEGIN = "-----BEGIN SSH HOST KEY KEYS-----"


def main(clouds: str, key: str, count: int) -> None:
    os.environ["OS_CLIENT_CONFIG_FILE"] = clouds
    cloud: Any = openstack.connect(cloud="lab")
    compute, network = cloud.compute, cloud.network
    compute.create_keypair(name="own", public_key=Path(f"{key}.pub").read_text())
    inner = network.create_network(name="inner")
    subnet = network.create_subnet(network_id=inner.id, ip_version=4, cidr="10.20.0.0/24")
    outside = network.find_network("internet")
    router = network.create_router(external_gateway_info={"network_id": outside.id})
    network.add_interface_to_router(router, subnet_id=subnet.id)
    wanted = {
        "flavor_id": compute.find_flavor("small").id,
        "image_id": cloud.image.find_image("debian-12").id,
        "networks": [{"uuid": inner.id}],
        "key_name": "own",
        "user_data": base64.b64encode(SCRIPT).decode(),
    }
    asked = [compute.create_server(name=f"web-{number}", **wanted) for number in range(count)]
    servers = [compute.wait_for_server(server, interval=0.5, wait=400) for server in asked]
    floating = network.create_ip(floating_network_id=outside.id)
    (port,) = network.ports(device_id=servers[0].id)
    network.update_ip(floating, port_id=port.id)
    console = compute.get_server_console_output(servers[0].id)["output"]
    host_key = console.rpartition(BEGIN)[2].strip().splitlines()[0]
    there = (key, floating.floating_ip_address, host_key)
    seen: dict[str, Any] = {"states": [server.status for server in servers], "told": ssh(*there, attempts=30)}
    compute.stop_server(servers[0])
    compute.wait_for_server(servers[0], status="SHUTOFF", interval=0.5, wait=400)
    seen["stopped"] = ssh(*there, attempts=4)
    for server in servers:
        compute.delete_server(server)
    for server in servers:
        compute.wait_for_delete(server, interval=0.5, wait=400)
    network.delete_ip(floating)
    network.remove_interface_from_router(router, subnet_id=subnet.id)
    network.delete_router(router)
    network.delete_network(inner)
    compute.delete_keypair("own")
    # Others rent here after this.
    things = (compute.servers(), network.ips(), network.routers(), network.networks(is_router_external=False), compute.keypairs())
    seen["left"] = [each.name for kind in things for each in kind]
    sys.stdout.write(json.dumps(seen))


def ssh(key: str, address: str, host_key: str, *, attempts: int) -> str:
    """What it says to who knows its host key from the console; empty when nobody answers. An attempt takes two seconds."""
    with tempfile.NamedTemporaryFile("w") as known:
        known.write(f"{address} {host_key}\n")
        known.flush()
        said = {"UserKnownHostsFile": known.name, "StrictHostKeyChecking": "yes", "BatchMode": "yes", "ConnectTimeout": "2"}
        options = [word for name, value in said.items() for word in ("-o", f"{name}={value}")]
        words = ["ssh", "-i", key, *options, "-o", f"ConnectionAttempts={attempts}", f"root@{address}", ASK]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
