"""The owner's mark on what Neutron keeps: a tag, put on right after a thing is made; until then its name tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from infra.renting.kind import Task
from infra.renting.owner import KEY, of_tags


def owned(task: Task, listed: Callable[..., Iterable[Any]], **known: str) -> list[str]:
    """The ids of those with our tag, and of those without any that are what `known` says, their name where it says nothing."""
    tagged = [each.id for each in listed(tags=task.owner.tag)]
    made = [each.id for each in listed(**(known or {"name": task.owner.called})) if not of_tags(each.tags)]
    return list(dict.fromkeys([*tagged, *made]))


def mark(task: Task, thing: Any) -> None:
    """Other tags stay. Does nothing to what has ours."""
    if of_tags(thing.tags) != task.owner.text:
        others = [each for each in thing.tags or () if not each.startswith(f"{KEY}=")]
        task.cloud.network.set_tags(thing, [*others, task.owner.tag])
