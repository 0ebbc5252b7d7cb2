"""What servers are to be made of is asked of their cloud before anything is rented, and nothing is changed by that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.errors import CloudError
from infra.reach import cloud as reach
from infra.rentals import Rental, rentals
from infra.renting import complaint
from infra.request import Request, Verb
from infra.untaken import Untaken
from inventory.load import SHIPPED, load_regency
from tests.unit.infra.cloud import Fake

CLOUDS = {"awan": {"clouds": "clouds: {}", "cloud": "lab"}}
SERVERS = {"practice-1"}


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Fake:
    own = Fake()

    @contextmanager
    def opened(access: Mapping[str, Any], what: str) -> Iterator[Fake]:
        assert (access["key"], access["cloud"], what.rsplit(maxsplit=1)[-1]) == ("awan", "lab", "practice-1")
        if own.broken == "login":
            raise complaint.error("infra.cloud_login", cloud="awan", what=what, reason="401")
        yield own

    monkeypatch.setattr(reach, "opened", opened)
    return own


def request(clouds: Mapping[str, Any] = CLOUDS) -> Request:
    paths = dict.fromkeys(("folder", "home", "passphrase_file", "known_hosts", "reports"), "/nowhere")
    named = {"state": "file:///nowhere", "project": "lajur", "stack": "x", "today": "2026-11-27", "now": "2026-11-27T08:00:00Z"}
    return Request.model_validate({"verb": Verb.UP, **paths, **named, "access": {}, "clouds": clouds})


def rental(checksum: str = f"sha512:{'a' * 128}", **other: str) -> dict[str, Rental]:
    truth = load_regency(SHIPPED / "manokwari")
    (one,) = rentals(truth, frozenset({"practice-1"}), datetime(2026, 11, 27, tzinfo=UTC))
    return {"practice-1": replace(one, machine={**one.machine, "flavor": "small", "checksum": checksum, **other})}


@pytest.mark.parametrize(
    ("said", "broken", "code"),
    [
        ({}, "", None),
        ({"checksum": f"sha512:{'b' * 128}"}, "", "infra.cloud_image_other"),
        ({}, "login", "infra.cloud_login"),
    ],
)
def test_what_a_cloud_lacks_is_known_before_anything_is_rented(
    there: Fake, said: dict[str, str], broken: str, code: str | None
) -> None:
    there.broken = broken
    found = Untaken(request(), rental(**said)).lacking(SERVERS)
    assert {server: error.code for server, error in found.items()} == ({"practice-1": code} if code else {})
    assert there.done == []


def test_a_cloud_that_lets_nobody_in_is_known_before_one_is_let_go_of(there: Fake) -> None:
    own = Untaken(request(), rental())
    own.enter(SERVERS)
    there.broken = "login"
    own.enter({"app-1"})  # which is not rented
    with pytest.raises(CloudError, match="cloud_login"):
        own.enter(SERVERS)
    assert there.done == []


def test_who_is_not_rented_or_whose_cloud_nobody_knows_is_left_to_others(there: Fake) -> None:
    there.broken = "login"
    assert Untaken(request({}), rental()).lacking(SERVERS) == {}
    assert Untaken(request(), rental()).lacking({"app-1"}) == {}


def test_what_a_run_that_died_left_of_one_is_given_back_and_nothing_else(there: Fake) -> None:
    mark, ours = {"lajur": "manokwari/practice-1"}, ["lajur=manokwari/practice-1"]
    port = there.put("port", tags=ours, device_id="", name="lajur-manokwari_practice-1-0")
    there.put("port", device_id="", name="lajur-manokwari_practice-1-1")  # killed before it was marked
    there.put("network", tags=["lajur=manokwari/awan"])
    there.put("network", tags=["lajur=bontang/awan"])
    recorded = there.put("volume", metadata=mark, status="available")
    left = there.put("volume", metadata=mark, status="available")
    there.put("volume", metadata={"lajur": "manokwari/app-plan-1"}, status="available")
    image, flavor = (next(iter(there.things[kind])) for kind in ("image", "flavor"))
    there.put("server", metadata=mark, status="ACTIVE", flavor_id=flavor, image_id=image, networks=[{"port": port.id}])
    Untaken(request(), rental()).give_back(SERVERS, {recorded.id})
    assert set(there.done) == {"delete_network", "delete_port", "delete_server", "delete_volume"}
    assert there.count("port") == 0
    assert there.done.index("delete_server") < there.done.index("delete_volume") < there.done.index("delete_network")
    assert left.id not in there.things["volume"]
    there.done.clear()
    Untaken(request(), rental()).give_back(SERVERS, {recorded.id})
    Untaken(request(), rental()).give_back({"app-1"}, ())
    assert there.done == []
