"""What somebody does to a regency's things in a cloud without telling us, and what there is of them: `CLOUDS DEED`, in `noc`."""

from __future__ import annotations

import json
import sys
from typing import Any

from openstack.config import OpenStackConfig
from openstack.connection import Connection

PREFIX = "lajur-manokwari_"


def ours(cloud: Any) -> dict[str, list[str]]:
    """By kind, the names of what bears our name."""
    network, compute = cloud.network, cloud.compute
    there = {
        "network": network.networks(),
        "router": network.routers(),
        "group": network.security_groups(),
        "port": (each for each in network.ports() if each.name),
        "volume": cloud.block_storage.volumes(),
        "key": compute.keypairs(),
    }
    found = {kind: sorted(each.name for each in things if each.name.startswith(PREFIX)) for kind, things in there.items()}
    found["server"] = sorted(each.name for each in compute.servers())
    found["address"] = sorted(each.floating_ip_address for each in network.ips())
    return {kind: names for kind, names in found.items() if names}


def do(cloud: Any, deed: str) -> None:
    compute, network = cloud.compute, cloud.network
    server = next(iter(compute.servers()), None)
    match deed:
        case "open":
            group = next(each for each in network.security_groups() if each.name.startswith(PREFIX))
            rule = {"protocol": "tcp", "port_range_min": 8080, "port_range_max": 8080, "remote_ip_prefix": "0.0.0.0/0"}
            network.create_security_group_rule(security_group_id=group.id, direction="ingress", ethertype="IPv4", **rule)
        case "stop":
            compute.stop_server(server)
            compute.wait_for_server(server, "SHUTOFF", wait=400)
        case "delete":
            compute.delete_server(server)
            compute.wait_for_delete(server, wait=400)
        case "detach":
            pair = next(iter(compute.volume_attachments(server)))
            compute.delete_volume_attachment(server, pair.volume_id)
        case "move":
            network.update_ip(next(iter(network.ips())), port_id=None)
        case "unmark":
            network.set_tags(next(each for each in network.networks() if each.name.startswith(PREFIX)), [])


def main() -> None:
    file, deed = sys.argv[1:]
    config: Any = OpenStackConfig(config_files=[file], load_envvars=False)
    cloud: Any = Connection(config=config.get_one(cloud="lab"))
    do(cloud, deed)
    sys.stdout.write(json.dumps(ours(cloud)))


if __name__ == "__main__":
    main()
