"""Told of every cloud of a request: what bears our mark there and is on no record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from infra.broker import Answer
from infra.errors import InfraError
from infra.facts import Difference
from infra.renting.orphans import Orphan, orphans
from infra.request import Request


def tell_orphans(request: Request, known: Collection[str], tell: Answer) -> None:
    """As differences: one that is wanted is taken over by the next `up`, another is for a person. A cloud that is away is told of
    as well, and keeps nobody from looking at the rest."""
    if not request.clouds:
        return
    from infra.reach.cloud import opened  # openstacksdk takes long to import

    for key, access in sorted(request.clouds.items()):
        document = {"clouds": access.clouds.get_secret_value(), "cloud": access.cloud, "key": key}
        try:
            with opened(document, "drift") as cloud:
                found = orphans(cloud, request.folder.name, known)  # the folder is named as the regency
        except InfraError as error:
            _tell(tell, key, Difference(kind="unreachable", name=key, found=error.code, reason="unreachable"))
            continue
        for each in found:
            _tell(tell, each.name, _difference(each, request))


def _difference(each: Orphan, request: Request) -> Difference:
    wanted = each.name in request.rented
    return Difference(
        kind="rented_orphan",
        name=each.kind,
        wanted="absent",
        found=each.id,
        mend="repair" if wanted else "person",
        reason="" if wanted else "orphan",
    )


def _tell(tell: Answer, server: str, difference: Difference) -> None:
    fields: dict[str, Any] = {"server": server, **difference.model_dump(mode="json")}
    tell("tell", {"event": "infra.difference", "fields": fields})
