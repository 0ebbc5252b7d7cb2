"""A server with its ports: made with ports of our own, so that groups can be changed and addresses be told beforehand."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from infra.renting import fields, marking
from infra.renting.complaint import code_of
from infra.renting.console import host_keys, is_fake
from infra.renting.fields import Field
from infra.renting.kind import Kind, State, Task, Values, about, as_said
from infra.renting.owner import KEY, TOLD, of_metadata, of_tags

_PORT: Final = fields.record(("network",), {"network": fields.given, "address": fields.address})
_POWER: Final = {"ACTIVE": "on", "SHUTOFF": "off"}
_DIGEST: Final = "sha256:"
_SHOWN: Final = 39
"""Characters of a checksum that tell it from another one: its kind, and 32 digits."""
_SAME: Final = 5.0
"""Seconds in which a size and an image are what they were: of many servers that are asked for at once each asks for them."""
IMAGE_ID: Final = "imageId"
"""Of the state: which image it was made of, whatever it is called by now."""


class Server(Kind):
    """`flavor`, `image`: by name or id. `key`: the id of a key pair. `ports`: one for each network, whose `address` the cloud
    chooses where none is said. `groups`: on all of its ports; none leaves the choice to the cloud. `checksum`: of the image,
    held against the cloud's (`os_hash_value`) before a server is made of it. `userData` is kept and compared as its digest, and
    stands in no state. One that is to be `entered` is ready once it told its host keys, which it puts out; they are asked for
    that once only, as a console forgets."""

    name = "Server"
    wait = 600.0
    own: ClassVar[Mapping[str, Field]] = {
        "flavor": Field(check=fields.given, required=True, replaces=True),
        "image": Field(check=fields.given, required=True, replaces=True),
        "checksum": Field(check=fields.checksum, free=True),
        "zone": Field(check=fields.text, replaces=True, free=True),
        "key": Field(check=fields.text, replaces=True),
        "userData": Field(check=fields.told, replaces=True, hidden=True),
        "ports": Field(check=fields.each(_PORT), required=True, replaces=True),
        "groups": Field(check=fields.each(fields.given), default=[], free=True),
        "metadata": Field(check=fields.metadata, default={}),
        "power": Field(check=fields.one_of("on", "off"), default="on"),
        "entered": Field(check=fields.yes_no, default=False),
    }

    def together(self, inputs: Values) -> Iterator[tuple[str, str]]:
        if inputs.get("ports") == []:
            yield "ports", "it needs one at least"

    def plain(self, name: str, value: Any) -> Any:
        return digest(value) if name == "userData" and isinstance(value, str) else super().plain(name, value)

    def same(self, name: str, was: Any, now: Any) -> bool:
        return _fits(was, now) if name == "ports" else super().same(name, was, now)

    def owned(self, task: Task) -> list[str]:
        there = [each for each in task.cloud.compute.servers() if of_metadata(each.metadata) == task.owner.text]
        return [each.id for each in there if each.task_state != "deleting"]

    def ahead(self, task: Task) -> None:
        for name, ask in (("flavor", _size), ("image", _checked)):
            if task.inputs.get(name) is not None:
                ask(task)

    def make(self, task: Task, found: str | None) -> str:
        """One that never started is given back and made anew: it would never come to be."""
        if found and _never_was(task.cloud.compute.get_server(found)):
            self.remove(task, found)
            found = None
        if found is None:
            found = self._begun(task)
        server = self._settled(task, found)
        if server.status == "ERROR":
            reason, request = _fault(server), _request(task, found)
            if not _never_was(server):
                raise task.error("infra.cloud_failed", f"{found}: {reason}", request)
            self.remove(task, found)
            raise task.error(code_of(None, reason), reason, request)
        if task.inputs.get("entered"):
            task.until(lambda: _told(task, found, awaited=True) or None, "SSH HOST KEY KEYS")
        return found

    def look(self, task: Task, key: str) -> State | None:
        server = task.cloud.there(lambda: task.cloud.compute.get_server(key))
        if server is None or server.status in ("DELETED", "SOFT_DELETED"):
            return None
        ports = sorted(task.cloud.network.ports(device_id=key), key=lambda each: (each.name or "", each.id))
        held = server.metadata or {}
        return {
            "flavor": _flavor(task, server),
            "image": _image(task, server),
            "checksum": str(task.inputs.get("checksum") or ""),
            "zone": server.availability_zone or "",
            "key": server.key_name or "",
            "userData": held.get(TOLD, ""),
            "ports": [{"network": each.network_id, "address": _first(each)} for each in ports],
            "groups": sorted({group for each in ports for group in each.security_group_ids or ()}),
            "metadata": {name: value for name, value in held.items() if name not in (KEY, TOLD)},
            "power": _POWER.get(server.status, str(server.status).lower()),
            "entered": bool(task.inputs.get("entered")),
            "hostKeys": list(task.known.get("hostKeys") or (_told(task, key) if task.inputs.get("entered") else ())),
            "portIds": [each.id for each in ports],
            IMAGE_ID: _image_id(server),
            "address": _first(ports[0]) if ports else "",
            "owner": of_metadata(held),
        }

    def change(self, task: Task, key: str, now: Values) -> None:
        wanted, compute, network = task.inputs, task.cloud.compute, task.cloud.network
        given = {**wanted.get("metadata", {}), **task.owner.metadata}
        if now["owner"] != task.owner.text or now["metadata"] != wanted.get("metadata", {}):
            gone = [name for name in now["metadata"] if name not in given]
            compute.set_server_metadata(key, **given)
            if gone:
                compute.delete_server_metadata(key, gone)
        if wanted.get("groups") and sorted(wanted["groups"]) != now["groups"]:
            for port in now["portIds"]:
                network.update_port(port, security_group_ids=list(wanted["groups"]))
        power = wanted.get("power", "on")
        if now["power"] == "error":
            raise task.error("infra.cloud_failed", f"{key}: {_fault(compute.get_server(key))}", _request(task, key))
        if power != now["power"]:
            (compute.start_server if power == "on" else compute.stop_server)(key)
            self._settled(task, key, power)

    def remove(self, task: Task, key: str) -> None:
        """Its ports go after it, also those of one that is gone already."""
        compute = task.cloud.compute
        compute.delete_server(key)

        def gone() -> bool | None:
            found = task.cloud.there(lambda: compute.get_server(key))
            return True if found is None or found.status in ("DELETED", "SOFT_DELETED") else None

        task.until(gone, "delete")
        self.clear(task)

    def clear(self, task: Task) -> None:
        network = task.cloud.network
        for port in _own_ports(task):
            network.delete_port(port)
            task.until_gone(lambda port=port: network.get_port(port))  # type: ignore[misc]

    def _begun(self, task: Task) -> str:
        wanted, compute = task.inputs, task.cloud.compute
        flavor, image = _size(task), _checked(task)
        asked: dict[str, Any] = {
            "name": task.owner.name,
            "flavor_id": flavor,
            "image_id": image,
            "networks": [{"port": port} for port in self._ports(task)],
            "metadata": {**wanted.get("metadata", {}), **task.owner.metadata},
        }
        named = {"key_name": wanted.get("key"), "availability_zone": wanted.get("zone")}
        asked |= {name: value for name, value in named.items() if value}
        if wanted.get("userData"):
            asked["user_data"] = base64.b64encode(str(wanted["userData"]).encode()).decode()
            asked["metadata"][TOLD] = digest(wanted["userData"])
        return str(compute.create_server(**asked).id)

    def _ports(self, task: Task) -> Iterator[str]:
        """One for each that is wanted: what a run that died had made of them, or a new one."""
        network, called = task.cloud.network, task.owner.called
        there = {each.name: each for each in (network.get_port(key) for key in _own_ports(task))}
        groups = {"security_group_ids": list(task.inputs["groups"])} if task.inputs.get("groups") else {}
        for number, each in enumerate(task.inputs["ports"]):
            name, address = f"{called}-{number}", each.get("address") or ""
            port = there.get(name)
            if port is not None and not _fits([{"network": port.network_id, "address": _first(port)}], [each]):
                network.delete_port(port)
                port = None
            if port is None:
                fixed = {"fixed_ips": [{"ip_address": address}]} if address else {}
                with about(f"ports[{number}]"):
                    port = network.create_port(network_id=each["network"], name=name, **groups, **fixed)
            marking.mark(task, port)
            yield str(port.id)

    def _settled(self, task: Task, key: str, power: str = "") -> Any:
        """The server once it is on or off (as `power` says, where it says anything), or broken."""

        def settled() -> Any:
            if not power and key in _built(task):
                return None
            server = task.cloud.compute.get_server(key)
            held = _POWER.get(server.status)
            ready = held is not None and server.task_state is None and held in (power or held)
            return server if ready or server.status == "ERROR" else None

        return task.until(settled, power or "ACTIVE")


def _built(task: Task) -> frozenset[str]:
    """The ids of those that the cloud is at work on, a second ago: one answer for all who wait for theirs. Of a server itself it
    tells much more, for which it asks its network every time."""
    asked = {"details": False, "status": "BUILD"}
    return task.cloud.lately("built", 1.0, lambda: frozenset(str(each.id) for each in task.cloud.compute.servers(**asked)))


def _size(task: Task) -> str:
    """The id of the flavor."""
    return str(_offered(task, "flavor", task.cloud.compute.find_flavor).id)


def _offered(task: Task, name: str, find: Callable[[str], Any]) -> Any:
    """What the cloud has under the name that this input says. Raises CloudRefused where it has none."""
    said = task.inputs[name]
    with about(name):
        found = task.cloud.lately(f"{name} {said}", _SAME, lambda: find(said))
    if found is None:
        raise task.error("infra.cloud_unoffered", f"{name}: {said}")
    return found


def _checked(task: Task) -> str:
    """The id of the image. Raises CloudRefused for one with another checksum than is wanted: it is another image."""
    said, wanted = task.inputs["image"], task.inputs.get("checksum")
    image = _offered(task, "image", task.cloud.images.find_image)
    if wanted and wanted != f"{image.hash_algo}:{image.hash_value}":
        there = f"{image.hash_algo}:{image.hash_value}"[:_SHOWN] + "…" if image.hash_value else "–"
        raise task.error("infra.cloud_image_other", f"{said}: {there} > {wanted[:_SHOWN]}…")
    return str(image.id)


def _told(task: Task, key: str, *, awaited: bool = False) -> list[str]:
    """The host keys on its console; none while it said none, nor where the cloud keeps no console. Raises CloudUnfinished where
    they are `awaited` and can never come."""
    said = task.cloud.there(lambda: task.cloud.compute.get_server_console_output(key))
    shown = str((said or {}).get("output") or "")
    if awaited and is_fake(shown):
        raise task.error("infra.cloud_records", key)
    return host_keys(shown)


def digest(told: str) -> str:
    """Of user data; a digest stays what it is."""
    return told if not told or told.startswith(_DIGEST) else _DIGEST + hashlib.sha256(told.encode()).hexdigest()


def _own_ports(task: Task) -> list[str]:
    """With our tag, or with a name that only we give and no tag of anybody yet."""
    network, called = task.cloud.network, task.owner.called
    tagged = [each.id for each in network.ports(tags=task.owner.tag)]
    count = range(len(task.inputs.get("ports") or ()))
    named = [each for number in count for each in network.ports(name=f"{called}-{number}") if not of_tags(each.tags)]
    return list(dict.fromkeys([*tagged, *(each.id for each in named)]))


def _fits(was: Any, now: Any) -> bool:
    """Whether these ports are as they are wanted: an address that is not said may be any."""
    if not isinstance(was, Sequence) or not isinstance(now, Sequence) or len(was) != len(now):
        return False
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = list(zip(was, now, strict=True))
    return all(
        held.get("network") == each.get("network") and (each.get("address") or "") in ("", held.get("address"))
        for held, each in pairs
    )


def _first(port: Any) -> str:
    return str((port.fixed_ips or [{}])[0].get("ip_address") or "")


def _fault(server: Any) -> str:
    return str((server.fault or {}).get("message") or "ERROR")


def _request(task: Task, key: str) -> str:
    """The number of the last request that something was done with it for, which its own answers no longer tell."""
    done = task.cloud.there(lambda: list(task.cloud.compute.server_actions(key))) or []
    return str(done[0].request_id or "") if done else ""


def _never_was(server: Any) -> bool:
    return server.status == "ERROR" and not server.launched_at


def _flavor(task: Task, server: Any) -> str:
    """Newer clouds tell its name only, older ones its id."""
    held, said = server.flavor, str(task.inputs.get("flavor") or "")
    called, key = held.original_name or held.name or "", held.id or ""
    if said not in ("", called, key):
        meant = task.cloud.compute.find_flavor(said)
        if meant is not None and (meant.name == called or meant.id == key):
            return said
    return as_said(said, key, called)


def _image(task: Task, server: Any) -> str:
    """Its name, as long as it is the one on record, is what it was when the server was made of it: clouds take images away, and
    give their names to newer ones."""
    key, said = _image_id(server), str(task.inputs.get("image") or "")
    if key in ("", said):
        return key
    if key == task.known.get(IMAGE_ID):
        return str(task.known.get("image") or key)
    held = task.cloud.there(lambda: task.cloud.images.get_image(key))
    return as_said(said, key, held.name if held else key)


def _image_id(server: Any) -> str:
    return str((server.image or {}).get("id") or "")
