"""What is paid for and serves nobody, told as differences: begun for a server that was never taken over, or with our mark in a
cloud and on no record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from infra.broker import Answer
from infra.errors import InfraError
from infra.facts import Difference, DifferenceKind
from infra.renting.orphans import Orphan, orphans
from infra.request import Request


def tell_begun(
    request: Request, begun: Collection[Orphan], wanted: Collection[str], leaving: Collection[str], tell: Answer
) -> None:
    """The next `up` goes on with what is wanted; what is `leaving` was being given back by a run that died. Of some servers only,
    where the request names any."""
    for each in begun:
        if request.only and each.name not in request.only:
            continue
        if each.name in leaving:
            _tell(tell, each.name, _difference(each, (), "rented_leaving", "leaving"))
        else:
            _tell(tell, each.name, _difference(each, wanted, "rented_begun", "left_truth"))


def tell_orphans(request: Request, known: Collection[str], wanted: Collection[str], tell: Answer) -> None:
    """As differences, but for the ids that are `known`: one whose name is `wanted` is taken over by the next `up`, another is for
    a person. A cloud that is away is told of as well, and keeps nobody from looking at the rest."""
    if not request.clouds:
        return
    from infra.reach.cloud import opened  # openstacksdk takes long to import

    for key, access in sorted(request.clouds.items()):
        try:
            with opened(access.document(key), "drift") as cloud:
                found = orphans(cloud, request.folder.name, known)  # the folder is named as the regency
        except InfraError as error:
            _tell(tell, key, Difference(kind="unreachable", name=key, found=error.code, reason="cloud"))
            continue
        for each in found:
            _tell(tell, each.name, _difference(each, wanted, "rented_orphan", "orphan"))


def _difference(each: Orphan, names: Collection[str], kind: DifferenceKind, unwanted: str) -> Difference:
    """`names` of what is wanted; `unwanted`: why it is for a person when nobody wants it."""
    wanted = each.name in names
    return Difference(
        kind=kind,
        name=each.kind,
        wanted="present" if wanted else "absent",
        found=each.id,
        mend="repair" if wanted else "person",
        reason="" if wanted else unwanted,
    )


def _tell(tell: Answer, server: str, difference: Difference) -> None:
    fields: dict[str, Any] = {"server": server, **difference.model_dump(mode="json")}
    tell("tell", {"event": "infra.difference", "fields": fields})
