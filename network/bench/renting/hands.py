"""What somebody does to a regency's things in a cloud without telling us, and what there is of them there.

`python -m network.bench.renting.hands CLOUDS PREFIX DEED[:SERVER] …`, in a lab's `noc`: every deed in turn, then by
kind the names of what bears our prefix. A deed for which a server is needed takes the first where none is named.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from openstack.config import OpenStackConfig
from openstack.connection import Connection

LIST: Final = "list"
WIDEN: Final = "widen"
PATIENCE: Final = 400
"""Seconds for what the cloud does meanwhile."""
_QUOTAS: Final = {"instances": -1, "cores": -1, "ram": -1}
_VOLUMES: Final = {"volumes": -1, "gigabytes": -1}


def ours(cloud: Any, prefix: str) -> dict[str, list[str]]:
    """By kind, the names of what bears our prefix; of servers and addresses all that there are."""
    network, compute = cloud.network, cloud.compute
    there = {
        "network": network.networks(),
        "router": network.routers(),
        "group": network.security_groups(),
        "port": (each for each in network.ports() if each.name),
        "volume": cloud.block_storage.volumes(),
        "key": compute.keypairs(),
    }
    found = {kind: sorted(each.name for each in things if each.name.startswith(prefix)) for kind, things in there.items()}
    found["server"] = sorted(each.name for each in compute.servers())
    found["address"] = sorted(each.floating_ip_address for each in network.ips())
    return {kind: names for kind, names in found.items() if names}


def do(cloud: Any, prefix: str, deed: str, name: str) -> None:
    """One deed. Raises what the SDK raises, and ValueError for a deed that nobody knows."""
    compute, network = cloud.compute, cloud.network
    server = next((each for each in compute.servers() if name in ("", each.name)), None)
    match deed:
        case "open":
            group = next(each for each in network.security_groups() if each.name.startswith(prefix))
            rule = {"protocol": "tcp", "port_range_min": 8080, "port_range_max": 8080, "remote_ip_prefix": "0.0.0.0/0"}
            network.create_security_group_rule(security_group_id=group.id, direction="ingress", ethertype="IPv4", **rule)
        case "stop":
            compute.stop_server(server)
            compute.wait_for_server(server, "SHUTOFF", wait=PATIENCE)
        case "delete":
            compute.delete_server(server)
            compute.wait_for_delete(server, wait=PATIENCE)
        case "detach":
            pair = next(iter(compute.volume_attachments(server)))
            compute.delete_volume_attachment(server, pair.volume_id)
        case "move":
            ports = {each.id for each in network.ports(device_id=server.id)} if server else set()
            network.update_ip(next(each for each in network.ips() if each.port_id in ports), port_id=None)
        case "unmark":
            network.set_tags(next(each for each in network.networks() if each.name.startswith(prefix)), [])
        case _:
            raise ValueError(deed)


def widen(file: str, project: str) -> None:
    """As who runs the cloud: no limits for the tenant."""
    admin = _connection(file, "lab-admin")
    admin.set_compute_quotas(project, **_QUOTAS)
    admin.set_volume_quotas(project, **_VOLUMES)


def _connection(file: str, name: str) -> Any:
    config: Any = OpenStackConfig(config_files=[file], load_envvars=False)
    return Connection(config=config.get_one(cloud=name))


def main() -> None:
    file, prefix, *deeds = sys.argv[1:]
    cloud = _connection(file, "lab")
    for each in deeds:
        deed, _, name = each.partition(":")
        if deed == WIDEN:
            widen(file, cloud.current_project_id)
        elif deed != LIST:
            do(cloud, prefix, deed, name)
    sys.stdout.write(json.dumps(ours(cloud, prefix)))


if __name__ == "__main__":
    main()
