"""A volume, and its place in a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from infra.renting import fields
from infra.renting.complaint import code_of
from infra.renting.fields import Field
from infra.renting.kind import Kind, State, Task, Values, about
from infra.renting.owner import of_metadata

_READY: Final = ("available", "in-use")
_LARGEST: Final = 64 * 1024


class Volume(Kind):
    """`size` in GiB: it grows where it stands, and another one takes its place to become smaller. `type`: the cloud's word."""

    name = "Volume"
    own: ClassVar[Mapping[str, Field]] = {
        "size": Field(check=fields.whole(1, _LARGEST), required=True),
        "type": Field(check=fields.text, replaces=True, free=True),
    }

    def demands(self, name: str, was: Any, now: Any) -> bool:
        smaller = name == "size" and isinstance(was, int) and isinstance(now, int) and now < was
        return smaller or super().demands(name, was, now)

    def owned(self, task: Task) -> list[str]:
        """One that never came to be counts where there is no other."""
        there = [each for each in task.cloud.volumes.volumes(details=True) if of_metadata(each.metadata) == task.owner.text]
        living = [each for each in there if each.status != "deleting"]
        return [each.id for each in living if each.status != "error"] or [each.id for each in living]

    def make(self, task: Task, found: str | None) -> str:
        """One that never came to be is given back and made anew."""
        wanted, own = task.inputs, task.cloud.volumes
        if found and own.get_volume(found).status == "error":
            self.remove(task, found)
            found = None
        if found is None:
            kind = {"volume_type": wanted["type"]} if wanted.get("type") else {}
            with about("type" if kind else "size"):
                made = own.create_volume(size=wanted["size"], name=task.owner.called, metadata=task.owner.metadata, **kind)
            found = str(made.id)
        status = self._settled(task, found)
        if status == "error":
            self.remove(task, found)
            raise task.error("infra.cloud_no_room", "error: the cloud made none of it, and nothing is left of it")
        if status not in _READY:
            raise task.error("infra.cloud_failed", f"{found}: {status}")
        return found

    def look(self, task: Task, key: str) -> State | None:
        found = task.cloud.there(lambda: task.cloud.volumes.get_volume(key))
        if found is None:
            return None
        servers = sorted(str(each.get("server_id") or "") for each in found.attachments or ())
        kept = {"size": int(found.size), "type": found.volume_type or ""}
        return {**kept, "status": found.status, "servers": servers, "owner": of_metadata(found.metadata)}

    def change(self, task: Task, key: str, now: Values) -> None:
        own, wanted = task.cloud.volumes, task.inputs
        if now["owner"] != task.owner.text:
            own.set_volume_metadata(key, **task.owner.metadata)
        if wanted["size"] > now["size"]:
            own.extend_volume(key, wanted["size"])
            status = self._settled(task, key)
            if status in _READY and own.get_volume(key).size != wanted["size"]:
                raise task.error("infra.cloud_no_room", f"{key}: {now['size']} > {wanted['size']} GiB")
            if status not in _READY:
                raise task.error("infra.cloud_failed", f"{key}: size {wanted['size']}: {status}")

    def remove(self, task: Task, key: str) -> None:
        task.cloud.volumes.delete_volume(key)

        def gone() -> bool | None:
            found = task.cloud.there(lambda: task.cloud.volumes.get_volume(key))
            if found is not None and found.status == "error_deleting":
                raise task.error("infra.cloud_failed", f"{key}: error_deleting")
            return True if found is None else None

        task.until(gone, "delete")

    def _settled(self, task: Task, key: str) -> str:
        """Its status, once it is none of those that pass."""

        def status() -> str | None:
            found = str(task.cloud.volumes.get_volume(key).status)
            return found if found in _READY or found.startswith("error") else None

        return task.until(status, "available")


class Attachment(Kind):
    """Its id is the server's and the volume's, with a slash; that pair is also what it is found by."""

    name = "Attachment"
    marked = False
    own: ClassVar[Mapping[str, Field]] = {
        "server": Field(check=fields.given, required=True, replaces=True),
        "volume": Field(check=fields.given, required=True, replaces=True),
    }

    def owned(self, task: Task) -> list[str]:
        server, volume = task.inputs.get("server"), task.inputs.get("volume")
        if not server or not volume:
            return []  # not known yet
        there = self._attached(task, server, volume)
        return [f"{server}/{volume}"] if there is not None else []

    def make(self, task: Task, found: str | None) -> str:
        server, volume = str(task.inputs["server"]), str(task.inputs["volume"])
        if found is None:
            task.cloud.compute.create_volume_attachment(server, volume)

        def status() -> str | None:
            now = str(task.cloud.volumes.get_volume(volume).status)
            return now if now == "in-use" or now.startswith("error") or (now == "available" and self._lost(task)) else None

        now = task.until(status, "in-use")
        if now != "in-use":
            raise task.error(code_of(None, now), f"{volume}: {now}")
        return f"{server}/{volume}"

    def look(self, task: Task, key: str) -> State | None:
        server, _, volume = key.partition("/")
        found = self._attached(task, server, volume)
        if found is None:
            return None
        return {"server": server, "volume": volume, "device": found.device or "", "owner": task.owner.text}

    def change(self, task: Task, key: str, now: Values) -> None:
        """There is nothing about it that could be changed."""

    def remove(self, task: Task, key: str) -> None:
        server, _, volume = key.partition("/")
        task.cloud.there(lambda: task.cloud.compute.delete_volume_attachment(server, volume))
        task.until_gone(lambda: self._attached(task, server, volume))

        def free() -> bool | None:
            found = task.cloud.there(lambda: task.cloud.volumes.get_volume(volume))
            return True if found is None or found.status not in ("detaching", "in-use") else None

        task.until(free, "available")

    def _attached(self, task: Task, server: str, volume: str) -> Any:
        """None also where the server is gone."""
        listed = task.cloud.there(lambda: list(task.cloud.compute.volume_attachments(server)))
        return next((each for each in listed or () if each.volume_id == volume), None)

    def _lost(self, task: Task) -> bool:
        """Whether the server no longer has it: attaching came to nothing."""
        return self._attached(task, str(task.inputs["server"]), str(task.inputs["volume"])) is None
