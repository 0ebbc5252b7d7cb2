"""Every route of an app against every kind of caller: what the table says they may, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from network.core.access import RIGHTS, Right, Role
from qos_api.security import Guarded

OPEN = "open"
KNOWN = "known"


class Needed(NamedTuple):
    """What a route takes: a right (or `known`: any caller, `open`: nobody in particular), in a regency or everywhere."""

    what: str
    everywhere: bool = False


Table = Mapping[tuple[str, str], Needed]


def routes(app: FastAPI) -> dict[tuple[str, str], Needed]:
    """What the routes of an app really take."""
    found: dict[tuple[str, str], Needed] = {}
    for each in iter_route_contexts(app.routes):
        own = each.original_route
        needs = own.needs if isinstance(own, Guarded) else None
        what = OPEN if needs is None else KNOWN if needs.right is None else needs.right.value
        for method in each.methods or ():
            found[method, str(each.path)] = Needed(what, needs is not None and needs.everywhere)
    return found


class Case(NamedTuple):
    method: str
    path: str
    role: Role
    everywhere: bool
    """Whether the caller has the role in every regency, or in one."""

    status: int | None
    """What they must be answered; None: anything but a refusal of who they are."""


def cases(table: Table, regency: str) -> Iterator[Case]:
    """Each route for each role, held in one regency and in all."""
    for (method, path), needed in table.items():
        if needed.what == OPEN:
            continue
        for role in Role:
            for everywhere in (False, True):
                there = everywhere or not needed.everywhere
                may = needed.what == KNOWN or (there and Right(needed.what) in RIGHTS[role])
                yield Case(method, filled(path, regency), role, everywhere, None if may else 403)


def filled(path: str, regency: str) -> str:
    """An address of that route: the regency, and something that is not there for the rest."""
    parts = (each if not each.startswith("{") else regency if each == "{regency}" else "nothing-here" for each in path.split("/"))
    return "/".join(parts)
