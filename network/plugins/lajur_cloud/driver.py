"""Nova's way to the servers of a lab: each is one of its systemd-nspawn machines, made and ended by whoever listens on a socket.

Everything that a machine has no part in (claims, volumes, snapshots) is as in Nova's own driver in memory.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Any

from nova import exception
from nova.compute import power_state
from nova.virt import fake

SOCKET = "LAJUR_HYPERVISOR"
"""The environment's name for the path of the socket."""

_PATIENCE = 120.0
_LONGEST = 4 * 1024 * 1024
_ALIVE = {"running": power_state.RUNNING, "stopped": power_state.SHUTDOWN}


class LabDriver(fake.FakeDriverWithoutFakeNodes):
    def spawn(self, context: Any, instance: Any, *args: Any, network_info: Any = None, **words: Any) -> None:
        super().spawn(context, instance, *args, network_info=network_info, **words)
        try:
            _ask("spawn", instance, **_wanted(instance, network_info or ()))
        except Exception:
            super().destroy(context, instance, network_info)
            raise

    def destroy(self, context: Any, instance: Any, network_info: Any, *args: Any, **words: Any) -> None:
        _ask("destroy", instance)
        if instance.uuid in self.instances:
            super().destroy(context, instance, network_info, *args, **words)

    def power_off(self, instance: Any, timeout: int = 0, retry_interval: int = 0) -> None:
        super().power_off(instance, timeout, retry_interval)
        _ask("stop", instance)

    def power_on(self, context: Any, instance: Any, *args: Any, **words: Any) -> None:
        super().power_on(context, instance, *args, **words)
        _ask("start", instance)

    def reboot(self, context: Any, instance: Any, *args: Any, **words: Any) -> None:
        _ask("stop", instance)
        self.power_on(context, instance, None)

    def get_info(self, instance: Any, use_cache: bool = True) -> Any:
        info = super().get_info(instance, use_cache)
        info.state = _ALIVE.get(_ask("state", instance)["state"], power_state.NOSTATE)
        return info

    def get_console_output(self, context: Any, instance: Any) -> str:
        return str(_ask("console", instance)["text"])


def _wanted(instance: Any, network_info: Any) -> dict[str, Any]:
    networks = []
    for vif in network_info:
        for subnet in vif["network"]["subnets"]:
            gateway = (subnet.get("gateway") or {}).get("address")
            networks += [
                {"network": vif["network"]["id"], "cidr": subnet["cidr"], "gateway": gateway, "address": ip["address"]}
                for ip in subnet["ips"]
            ]
    return {
        "name": instance.hostname,
        "key": instance.key_data or "",
        "user_data": instance.user_data or "",
        "networks": networks,
        "cpus": instance.flavor.vcpus,
        "memory": instance.flavor.memory_mb * 2**20,
        "disk": instance.flavor.root_gb * 2**30,
    }


def _ask(do: str, instance: Any, **words: Any) -> dict[str, Any]:
    """What the lab answers. Raises InstancePowerOnFailure with its reason where it could not."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE)
        connection.connect(os.environ[SOCKET])
        with connection.makefile("rwb") as lines:
            lines.write(json.dumps({"do": do, "uuid": instance.uuid, **words}).encode() + b"\n")
            lines.flush()
            answer: dict[str, Any] = json.loads(lines.readline(_LONGEST))
    if "problem" in answer:
        raise exception.InstancePowerOnFailure(reason=answer["problem"])
    return answer
