"""`python tests/lab/cloud_engine.py CLOUDS FOLDER`, inside the `noc` of a lab with a cloud: the real engine, over what the
provider rents. What was seen is told as one JSON document."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import openstack
import pulumi
from pulumi import automation

from infra import broker
from infra.components import RentedThing
from infra.engine.binary import find

HEAD: Final = {"cloud": "awan", "regency": "manokwari"}


class Command(automation.PulumiCommand):
    """This very binary, whose version is known."""

    def __init__(self, path: str, version: Any) -> None:
        self.command, self.version = path, version


class Engine:
    """A stack of its own for each `stack` name, in one folder."""

    def __init__(self, folder: Path, address: str) -> None:
        found = find()
        assert found is not None
        home, passphrase = folder / "home", folder / "passphrase"
        passphrase.write_text("enam-belas-kunci")
        self._command = Command(str(found.path), found.version)
        self._options = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            broker.ADDRESS: address,
        }
        self._home = home

    def stack(self, name: str, program: Callable[[], None]) -> automation.Stack:
        options = automation.LocalWorkspaceOptions(
            env_vars=self._options, pulumi_home=str(self._home), pulumi_command=self._command
        )
        return automation.create_or_select_stack(name, project_name="lajur", program=program, opts=options)


def network(cidr: str, key: str = "") -> Callable[[], None]:
    """A network with a router; with `key` the network is one that is there, by its id."""

    def run() -> None:
        taken = pulumi.ResourceOptions(import_=key) if key else None
        inner = RentedThing("Network", "dalam", {**HEAD, "cidr": cidr, "gateway": ""}, taken)
        if not key:
            RentedThing("Router", "pintu", {**HEAD, "outside": "internet", "subnets": [inner.subnet]})
        pulumi.export("network", inner.id)
        pulumi.export("subnet", inner.subnet)

    return run


def main(clouds: str, folder: str) -> None:
    os.environ["OS_CLIENT_CONFIG_FILE"] = clouds
    cloud: Any = openstack.connect(cloud="lab")
    failed: list[Any] = []

    def answer(word: str, fields: dict[str, Any]) -> dict[str, Any]:
        if word == "cloud":
            return {"key": "awan", "clouds": clouds, "cloud": "lab"}
        if fields["event"] == "infra.failed":
            failed.append(fields["fields"])
        return {}

    with broker.serve(answer) as address:
        seen = story(Engine(Path(folder), address), cloud)
    sys.stdout.write(json.dumps({**seen, "failed": failed}))


def story(engine: Engine, cloud: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    stack = engine.stack("manokwari", network("10.20.0.0/24"))
    seen["preview"] = {str(getattr(op, "value", op)): count for op, count in stack.preview().change_summary.items()}
    seen["after preview"] = len(list(cloud.network.routers()))
    first = stack.up(refresh=True)
    seen["up"] = changes(first)
    seen["again"] = changes(stack.up(refresh=True))
    cloud.network.update_subnet(first.outputs["subnet"].value, dns_nameservers=["9.9.9.9"])
    seen["drift"] = changes(stack.up(refresh=True))
    (subnet,) = cloud.network.subnets(network_id=first.outputs["network"].value)
    seen["resolvers"] = list(subnet.dns_nameservers)
    stack = engine.stack("manokwari", network("10.30.0.0/24"))
    moved = stack.up(refresh=True)
    seen["replaced"] = changes(moved)
    seen["another"] = moved.outputs["network"].value != first.outputs["network"].value
    stack.destroy()
    seen["left"] = [each.name for each in [*cloud.network.routers(), *cloud.network.networks()] if "lajur" in each.name]
    made = cloud.network.create_network(name="theirs")
    cloud.network.create_subnet(network_id=made.id, ip_version=4, cidr="10.40.0.0/24")
    taken = engine.stack("manokwari", network("10.40.0.0/24", made.id))
    seen["import"] = changes(taken.up())
    seen["imported"] = taken.up().outputs["network"].value == made.id
    seen["marked"] = cloud.network.get_network(made.id).tags
    taken.destroy()
    return seen


def changes(result: Any) -> dict[str, int]:
    """Of an operation, how many of each; the stack itself is a resource to the engine."""
    return {str(getattr(op, "value", op)): count for op, count in sorted((result.summary.resource_changes or {}).items())}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
