"""A key pair, of which the cloud is given the public half only. It has no tags: it is known by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from infra.renting import fields
from infra.renting.fields import Field
from infra.renting.kind import Kind, State, Task, Values, about


class Key(Kind):
    name = "Key"
    marked = False
    own: ClassVar[Mapping[str, Field]] = {"publicKey": Field(check=fields.public_key, required=True, replaces=True)}

    def plain(self, name: str, value: Any) -> Any:
        """Without the comment at its end."""
        return " ".join(str(value).split()[:2]) if name == "publicKey" and value else super().plain(name, value)

    def owned(self, task: Task) -> list[str]:
        there = task.cloud.there(lambda: task.cloud.compute.get_keypair(task.owner.called))
        return [task.owner.called] if there is not None else []

    def make(self, task: Task, found: str | None) -> str:
        if found is None:
            with about("publicKey"):
                task.cloud.compute.create_keypair(name=task.owner.called, public_key=str(task.inputs["publicKey"]).strip())
        return task.owner.called

    def look(self, task: Task, key: str) -> State | None:
        found = task.cloud.there(lambda: task.cloud.compute.get_keypair(key))
        if found is None:
            return None
        return {"publicKey": found.public_key.strip(), "fingerprint": found.fingerprint, "owner": task.owner.text}

    def change(self, task: Task, key: str, now: Values) -> None:
        """There is nothing about it that could be changed."""

    def remove(self, task: Task, key: str) -> None:
        task.cloud.compute.delete_keypair(key)
        task.until_gone(lambda: task.cloud.compute.get_keypair(key))
