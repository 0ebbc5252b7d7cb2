"""What a cloud does on bad days, in memory: an image that is gone, a server that broke, what is made beside a thing, refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openstack.exceptions as sdk
import pytest

from infra.errors import CloudError, CloudRefused
from infra.provider.rented import RENTED, schema
from infra.reach.answers import Answers
from infra.reach.cloud import Cloud, _count, understood
from infra.renting import life
from infra.renting.kind import about
from infra.renting.kinds import KINDS, TYPE
from infra.renting.owner import Owner
from tests.unit.infra.cloud import Fake
from tests.unit.infra.test_cloud_errors import answer
from tests.unit.infra.test_renting import inputs, task


@pytest.fixture
def cloud() -> Fake:
    return Fake()


def test_no_two_owners_give_the_same_name() -> None:
    pairs = [("manokwari", "selatan-web"), ("manokwari-selatan", "web")]
    assert len({Owner(*pair).called for pair in pairs}) == 2


@pytest.mark.parametrize("gone", [True, False])
def test_an_image_that_is_gone_or_has_another_name_is_no_change_of_what_was_made_of_it(cloud: Fake, gone: bool) -> None:
    made = life.create(task(cloud, "Server"))
    image = made["imageId"]
    if gone:
        del cloud.things["image"][image]
    else:
        cloud.things["image"][image].name = "debian-12-old"
    known = replace(task(cloud, "Server"), known=made)
    now = life.look(known, made["id"])
    assert now is not None
    assert life.changed(KINDS[f"{TYPE}Server"], now, inputs("Server")) == ([], [])
    assert life.change(known, made["id"])["image"] == "debian-12"
    other = life.look(replace(known, known={**made, "imageId": "another"}), made["id"])
    assert other is not None
    assert (other["image"] == "debian-12") is False, "one that was made of another image by hand is another"


def test_a_server_in_error_is_left_to_a_person_with_its_fault(cloud: Fake) -> None:
    made = life.create(task(cloud, "Server"))
    server = cloud.things["server"][made["id"]]
    server.status, server.fault = "ERROR", {"message": "disk gone"}
    cloud.put("server_action", request_id="req-0f3a5a3e")
    done = list(cloud.done)
    with pytest.raises(CloudError) as raised:
        life.change(task(cloud, "Server"), made["id"])
    assert raised.value.code == "infra.cloud_failed"
    assert raised.value.fields["reason"] == f"{made['id']}: disk gone"
    assert raised.value.fields["request"] == "req-0f3a5a3e"
    assert cloud.done == done


def late(times: int, do: Callable[..., Any]) -> Callable[..., Any]:
    """What comes to nothing so many times before it is done."""
    left = [times]

    def called(*words: Any, **values: Any) -> Any:
        if left[0]:
            left[0] -= 1
            return None
        do(*words, **values)
        return True

    return called


def test_an_address_waits_for_the_router_that_is_made_beside_it(cloud: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    port, create = cloud.put("port").id, cloud.network.create_ip
    monkeypatch.setattr("infra.renting.kind._BETWEEN", 0.0)
    cloud.network.create_ip = lambda **values: create(**values) if "port_id" not in values else cloud.network.get_ip("unreached")
    cloud.network.update_ip = late(3, lambda *words, **values: cloud.network._update("ip", *words, **values))
    made = life.create(task(cloud, "Address", port=port, seconds=9))
    assert made["port"] == port


def test_an_address_that_leads_to_its_port_at_once_is_asked_for_once(cloud: Fake) -> None:
    port = cloud.put("port").id
    assert life.create(task(cloud, "Address", port=port))["port"] == port
    assert cloud.done == ["create_ip", "set_tags"]


def test_a_server_that_is_being_built_is_not_looked_at(cloud: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.renting.kind._BETWEEN", 0.0)
    listed, get = cloud.compute.servers, cloud.compute.get_server
    building, looked = [True, True, False], list[int]()

    def servers(**wanted: Any) -> list[Any]:
        if "status" not in wanted:
            return list(listed(**wanted))
        return list(cloud.things["server"].values()) if building.pop(0) else []

    def get_server(key: str) -> Any:
        looked.append(len(building))
        return get(key)

    cloud.compute.servers, cloud.compute.get_server = servers, get_server
    life.create(task(cloud, "Server", seconds=9))
    assert looked[0] == 0


def test_a_router_goes_after_the_addresses_that_lead_over_it(cloud: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.renting.kind._BETWEEN", 0.0)
    router = cloud.put("router", tags=["lajur=manokwari/web"], external_gateway_info=None)
    address = cloud.put("ip", router_id=router.id)
    looked: list[str] = []

    def ips() -> list[Any]:
        looked.append("ips")
        if len(looked) == 3:
            del cloud.things["ip"][address.id]
        return list(cloud.things["ip"].values())

    cloud.network.ips = ips
    life.remove(task(cloud, "Router", seconds=9), router.id)
    assert (len(looked), cloud.count("router")) == (3, 0)


@pytest.mark.parametrize(("refused", "left"), [(True, 0), (False, 1)])
def test_what_was_made_for_one_that_is_refused_is_given_back(cloud: Fake, refused: bool, left: int) -> None:
    """What a cloud that is away made of it is found by the next run."""

    def create_subnet(**_: Any) -> None:
        raise CloudRefused("infra.cloud_field", cloud="awan", what="x", reason="x") if refused else ConnectionResetError

    cloud.network.create_subnet = create_subnet
    before = cloud.count("network")
    with pytest.raises(CloudRefused if refused else ConnectionResetError):
        life.create(task(cloud, "Network"))
    assert cloud.count("network") == before + left


def test_the_ports_of_a_server_that_is_refused_go_too(cloud: Fake) -> None:
    def create_server(**_: Any) -> None:
        raise CloudRefused("infra.cloud_quota", cloud="awan", what="x", reason="x")

    cloud.compute.create_server = create_server
    with pytest.raises(CloudRefused):
        life.create(task(cloud, "Server"))
    assert "create_port" in cloud.done
    assert cloud.count("port") == 0


def test_what_may_hold_a_secret_is_hidden_whatever_the_program_says() -> None:
    assert RENTED[f"{TYPE}Server"].manner.hidden == {"userData"}
    assert schema()[f"{TYPE}Server"]["inputProperties"]["userData"]["secret"] is True
    assert schema()[f"{TYPE}Server"]["inputProperties"]["image"]["secret"] is False


def test_the_input_that_a_refusal_is_of_is_named() -> None:
    with pytest.raises(sdk.HttpException) as raised, about("subnets"):
        raise answer(400, "overlaps with cidr 10.20.0.0/24")
    assert understood(raised.value, "awan", "Router pintu").fields["reason"] == "subnets: overlaps with cidr 10.20.0.0/24"


class Counted:
    """A connection that knows how many there are."""

    current_project_id = "p"

    def __init__(self) -> None:
        self.network = self.compute = self
        self.absolute = self
        self.keypairs_most = 3

    def get_quota(self, project: str, details: bool) -> Any:
        return self

    def to_dict(self) -> dict[str, Any]:
        return {"networks": {"used": 2, "limit": 2}, "floating_ips": {"used": 1, "limit": 5}}


@pytest.mark.parametrize(
    ("words", "counted"),
    [
        ("Quota exceeded for resources: ['network'].", " (network: 2/2)"),
        ("Quota exceeded for resources: ['network', 'floatingip'].", " (network: 2/2) (floatingip: 1/5)"),
        ("Quota exceeded for resources: ['of-nobody'].", ""),
    ],
)
def test_a_quota_without_a_number_is_counted(words: str, counted: str) -> None:
    foreign = answer(409, words)
    _count(foreign, Counted())
    error = understood(foreign, "awan", "Network lebih")
    assert (error.code, error.fields["reason"]) == ("infra.cloud_quota", (words + counted).removesuffix("."))


def test_what_is_no_refusal_gives_nothing_back() -> None:
    own = Cloud(type("Connection", (), dict.fromkeys(("network", "compute", "block_storage", "image")))(), "awan", Answers())
    assert own.refuses(answer(400, "bad")) is True
    assert own.refuses(answer(409, "in use")) is True
    assert own.refuses(answer(503, "Service Unavailable")) is False
    assert own.refuses(ConnectionResetError()) is False
    late_one = CloudError("infra.cloud_timeout", cloud="awan", what="x", reason="x")
    assert own.refuses(late_one) is False


@pytest.mark.parametrize("kind", ["Group", "Network"])
@pytest.mark.parametrize(("whose", "left"), [("manokwari/web", 0), ("bontang/web", 1)])
def test_a_port_that_outlived_its_server_goes_with_its_group_and_its_network(
    cloud: Fake, kind: str, whose: str, left: int
) -> None:
    own = cloud.put({"Group": "security_group", "Network": "network"}[kind], tags=["lajur=manokwari/web"])
    there = {"network_id": own.id, "security_group_ids": [own.id], "device_owner": ""}
    cloud.put("port", tags=[f"lajur={whose}"], device_id="", **there)
    cloud.put("port", tags=["lajur=manokwari/web"], device_id="server-9", **there)
    life.remove(task(cloud, kind), own.id)
    assert cloud.count("port") == 1 + left
