"""What a cloud says of its quotas, as plain numbers; of what it has no service for nothing is said."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from infra import quotas as module
from infra.errors import CloudError
from infra.events import Teller
from infra.quotas import quotas, tell_quotas
from infra.request import CloudAccess


def cloud(**more: Any) -> Any:
    compute = {
        "instances": 10, "instances_used": 2, "total_cores": -1, "total_cores_used": 4, "total_ram": 4096, "total_ram_used": 0
    }  # fmt: skip
    volumes = {
        "max_total_volumes": 5, "total_volumes_used": None, "max_total_volume_gigabytes": 100, "total_gigabytes_used": 20
    }  # fmt: skip
    floating = {"limit": 3, "used": 1, "reserved": 1}
    usual = {
        "project": "p",
        "compute": SimpleNamespace(get_limits=lambda: SimpleNamespace(absolute=SimpleNamespace(**compute))),
        "volumes": SimpleNamespace(get_limits=lambda: SimpleNamespace(absolute=SimpleNamespace(**volumes))),
        "network": SimpleNamespace(get_quota=lambda project, details: SimpleNamespace(floating_ips=floating)),
    }
    return SimpleNamespace(**{**usual, **more})


def entered(found: Any) -> Any:
    @contextmanager
    def enter() -> Iterator[Any]:
        yield found

    return enter


def lacks() -> Any:
    raise CloudError("infra.cloud_lacks", cloud="awan", what="quotas", reason="-")


def test_they_are_numbers_and_no_limit_is_below_zero() -> None:
    assert quotas(entered(cloud())) == {
        "instances": {"limit": 10, "used": 2},
        "cores": {"limit": -1, "used": 4},
        "memory": {"limit": 4096, "used": 0},
        "volumes": {"limit": 5, "used": 0},
        "volume_size": {"limit": 100, "used": 20},
        "addresses": {"limit": 3, "used": 2},
    }


def test_a_cloud_without_volumes_says_the_rest() -> None:
    bare = cloud(volumes=SimpleNamespace(get_limits=lacks))
    assert set(quotas(entered(bare))) == {"instances", "cores", "memory", "addresses"}


def test_one_that_is_away_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(access: dict[str, Any], what: str) -> Any:
        if access["key"] == "awan":
            raise CloudError("infra.cloud_away", cloud="awan", what=what, reason="gone")
        return entered(cloud())()

    monkeypatch.setattr(module, "opened", opened)
    said = io.StringIO()
    access = {key: CloudAccess(clouds=SecretStr("/x"), cloud="lab") for key in ("awan", "biru")}
    assert tell_quotas(access, Teller(said)) == {}
    first, second = (json.loads(line) for line in said.getvalue().splitlines())
    assert (first["event"], first["fields"]["code"]) == ("infra.no_quotas", "infra.cloud_away")
    assert (second["event"], second["fields"]["quotas"]["instances"]) == ("infra.quotas", {"limit": 10, "used": 2})
