"""A floating address, and the port that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

from infra.errors import CloudUnfinished
from infra.renting import fields, marking
from infra.renting.fields import Field
from infra.renting.kind import BESIDE, Kind, State, Task, Values, about
from infra.renting.networks import network_id, network_name
from infra.renting.owner import of_tags


class Address(Kind):
    """`outside`: the network that it is of, by name or id. `port`: where it leads; nowhere when it is empty. What a cloud calls
    its status says nothing to us: it may be down for ever where it leads all the same."""

    name = "Address"
    own: ClassVar[Mapping[str, Field]] = {
        "outside": Field(check=fields.given, required=True, replaces=True),
        "port": Field(check=fields.text),
    }

    def owned(self, task: Task) -> list[str]:
        return marking.owned(task, task.cloud.network.ips, description=task.owner.tag)

    def make(self, task: Task, found: str | None) -> str:
        """What cannot be led to its port at once is led there by `change`, which waits, and says why not."""
        address = task.cloud.network.get_ip(found) if found else self._made(task)
        marking.mark(task, address)
        return str(address.id)

    def _made(self, task: Task) -> Any:
        own, port = task.cloud.network, task.inputs.get("port")
        with about("outside"):
            asked = {"floating_network_id": network_id(task, task.inputs["outside"]), "description": task.owner.tag}
        if port:
            try:
                return own.create_ip(**asked, port_id=port)
            except Exception as error:
                if not task.cloud.refuses(error):
                    raise
        with about("outside"):
            return own.create_ip(**asked)

    def look(self, task: Task, key: str) -> State | None:
        found = task.cloud.there(lambda: task.cloud.network.get_ip(key))
        if found is None:
            return None
        return {
            "outside": network_name(task, found.floating_network_id, task.inputs.get("outside")),
            "port": found.port_id or "",
            "address": found.floating_ip_address,
            "owner": of_tags(found.tags),
        }

    def change(self, task: Task, key: str, now: Values) -> None:
        own, port = task.cloud.network, task.inputs.get("port", "")
        found = own.get_ip(key)
        marking.mark(task, found)
        if port != now["port"]:
            self._lead(task, found, port)

    def _lead(self, task: Task, address: Any, port: str) -> None:
        """Where no router leads to the port yet, one may be made beside us: it is waited for a while."""
        own = task.cloud.network

        def led() -> bool | None:
            return True if task.cloud.there(lambda: own.update_ip(address, port_id=port or None)) is not None else None

        with about("port"):
            if port:
                own.get_port(port)
            with suppress(CloudUnfinished):
                replace(task, seconds=min(task.seconds, BESIDE)).until(led, "port")
                return
            own.update_ip(address, port_id=port or None)  # which says why

    def remove(self, task: Task, key: str) -> None:
        task.cloud.network.delete_ip(key)
        task.until_gone(lambda: task.cloud.network.get_ip(key))
