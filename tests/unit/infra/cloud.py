"""A cloud in memory, as far as the kinds of `infra.renting` ask it: things with names, tags and metadata, and no rules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from types import SimpleNamespace
from typing import Any, TypeVar

from infra.errors import CloudRefused

T = TypeVar("T")


class Gone(Exception):
    """What it raises for what it does not have."""


class Fake:
    """`Api`. Every call that changes something is in `done`; `broken` names one that fails after it was carried out."""

    name = "awan"

    def __init__(self) -> None:
        self.things: dict[str, dict[str, SimpleNamespace]] = {}
        self.done: list[str] = []
        self.broken = ""
        self._numbers = count(1)
        self.network: Any = Service(
            self,
            {
                "port": {
                    "fixed_ips": [{"ip_address": "10.20.0.5"}],
                    "security_group_ids": ["group-1"],
                    "device_owner": "",
                    "device_id": "",
                }
            },
        )
        self.compute: Any = Service(self, {"server": {"status": "ACTIVE", "task_state": None, "launched_at": "2026"}})
        self.compute.usual["server"]["availability_zone"] = "nova"
        self.said = ""
        self.volumes: Any = Service(self, {"volume": {"status": "available", "attachments": [], "volume_type": "std"}})
        self.images: Any = Service(self, {})
        self.put("flavor", name="small", original_name="small")
        self.put("image", name="debian-12", hash_algo="sha512", hash_value="a" * 128)
        self.put("network", name="internet")

    def there(self, get: Callable[[], T]) -> T | None:
        self._finish()
        try:
            return get()
        except Gone:
            return None

    def lately(self, what: str, seconds: float, get: Callable[[], T]) -> T:
        return get()

    def refuses(self, error: Exception) -> bool:
        return isinstance(error, Gone | CloudRefused)

    def put(self, kind: str, **values: Any) -> SimpleNamespace:
        usual: dict[str, Any] = {"tags": [], "metadata": {}, "name": "", "description": "", "fault": None}
        number = f"{kind}-{next(self._numbers)}"
        made = SimpleNamespace(**{**usual, **values, "id": number})
        self.things.setdefault(kind, {})[number] = made
        return made

    def count(self, kind: str) -> int:
        return len(self.things.get(kind, {}))

    def _finish(self) -> None:
        """What a cloud adds of itself to what it was asked for."""
        for server in self.things.get("server", {}).values():
            server.flavor, server.image = self.things["flavor"][server.flavor_id], {"id": server.image_id}
            server.key_name = None
            for port in server.networks:
                vars(self.things["port"][port["port"]]).update(device_id=server.id)
        for address in self.things.get("ip", {}).values():
            vars(address).update(port_id=getattr(address, "port_id", None), floating_ip_address="100.64.0.9")

    def did(self, call: str) -> None:
        self.done.append(call)
        if call == self.broken:
            raise ConnectionResetError(call)


class Service:
    """`create_x`, `get_x`, `find_x`, `delete_x`, `update_x`, and `xs` with what must be equal."""

    def __init__(self, cloud: Fake, usual: dict[str, dict[str, Any]]) -> None:
        self._cloud, self.usual = cloud, usual

    def __getattr__(self, call: str) -> Any:
        verb, _, kind = call.partition("_")
        if verb in ("create", "get", "find", "delete", "update"):
            return lambda *words, **values: getattr(self, f"_{verb}")(kind, *words, **values)
        return lambda *of, **wanted: self._listed(call.removesuffix("s"), **wanted)

    def get_server_console_output(self, key: str) -> dict[str, str]:
        return {"output": self._cloud.said}

    def set_tags(self, thing: Any, tags: list[str]) -> None:
        thing.tags = tags
        self._cloud.did("set_tags")

    def remove_interface_from_router(self, router: str, port_id: str) -> None:
        self._delete("port", port_id)

    def _create(self, kind: str, *words: Any, **values: Any) -> SimpleNamespace:
        made = self._cloud.put(kind, **{**self.usual.get(kind, {}), **values})
        if kind == "subnet":
            made.gateway_ip = values.get("gateway_ip", "10.20.0.1")
        self._cloud.did(f"create_{kind}")
        return made

    def _get(self, kind: str, key: Any) -> SimpleNamespace:
        there = self._cloud.things.get(kind, {})
        if getattr(key, "id", key) not in there:
            raise Gone(key)
        return there[getattr(key, "id", key)]

    def _find(self, kind: str, said: str, ignore_missing: bool = True) -> SimpleNamespace | None:
        return next((each for each in self._cloud.things.get(kind, {}).values() if said in (each.id, each.name)), None)

    def _delete(self, kind: str, key: Any) -> None:
        self._cloud.things.get(kind, {}).pop(getattr(key, "id", key), None)
        self._cloud.did(f"delete_{kind}")

    def _update(self, kind: str, key: Any, **values: Any) -> None:
        vars(self._get(kind, key)).update(values)
        self._cloud.did(f"update_{kind}")

    def _listed(self, kind: str, tags: str = "", details: bool = False, **wanted: Any) -> list[SimpleNamespace]:
        there = list(self._cloud.things.get(kind, {}).values())
        mine = [each for each in there if not tags or tags in each.tags]
        return [each for each in mine if all(getattr(each, name, None) == value for name, value in wanted.items())]
