"""How much of a cloud's quotas is there and how much is taken, for our project. Changes nothing, and needs no engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final, TypeAlias

from infra.errors import CloudError, InfraError
from infra.events import Teller
from infra.reach.cloud import opened
from infra.request import CloudAccess

_WHAT: Final = "quotas"

Entered: TypeAlias = Callable[[], AbstractContextManager[Any]]
"""How a cloud is entered, anew for each of its services: what one of them lacks ends that alone."""

Told: TypeAlias = dict[str, dict[str, int]]
"""By name: `limit` (below 0: none) and `used`. Memory in MiB, the size of volumes in GiB, as clouds count them."""


def tell_quotas(clouds: Mapping[str, CloudAccess], teller: Teller) -> dict[str, object]:
    """Of every cloud what it says, or why it says nothing; one that is away stops no other."""
    for key, access in sorted(clouds.items()):
        try:
            found = quotas(partial(opened, access.document(key), _WHAT))
        except InfraError as error:
            teller.tell("infra.no_quotas", cloud=key, code=error.code, why=dict(error.fields))
        else:
            teller.tell("infra.quotas", cloud=key, quotas=found)
    return {}


def quotas(entered: Entered) -> Told:
    """What the cloud has no service for is left out. Raises CloudError."""
    found: Told = {}
    for part in (_compute, _volumes, _addresses):
        try:
            with entered() as cloud:
                found |= part(cloud)
        except CloudError as error:
            if error.code != "infra.cloud_lacks":
                raise
    return found


def _compute(cloud: Any) -> Told:
    said = cloud.compute.get_limits().absolute
    return {
        "instances": _quota(said.instances, said.instances_used),
        "cores": _quota(said.total_cores, said.total_cores_used),
        "memory": _quota(said.total_ram, said.total_ram_used),
    }


def _volumes(cloud: Any) -> Told:
    said = cloud.volumes.get_limits().absolute
    return {
        "volumes": _quota(said.max_total_volumes, said.total_volumes_used),
        "volume_size": _quota(said.max_total_volume_gigabytes, said.total_gigabytes_used),
    }


def _addresses(cloud: Any) -> Told:
    said = cloud.network.get_quota(cloud.project, details=True).floating_ips
    used = int(said.get("used") or 0) + int(said.get("reserved") or 0)
    return {"addresses": _quota(said.get("limit"), used)}


def _quota(limit: Any, used: Any) -> dict[str, int]:
    return {"limit": -1 if limit is None else int(limit), "used": int(used or 0)}
