"""Bad days of what is rented: the real engine against a lab's real control plane, on whose way things happen."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from network.lab.lab import LabState
from tests.infra.site import Answer
from tests.lab.cloud_runs import (
    NETWORK,
    ONE_OF_EACH,
    PUBLIC,
    TEMPLATE,
    TOLD,
    WHOLE,
    Operator,
    There,
    counts,
    failures,
    said,
    shows,
)
from tests.lab.cloud_way import Call, Way

pytestmark = [
    pytest.mark.lab,
    pytest.mark.cloud,
    pytest.mark.engine,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK50Warning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK60Warning"),
]


@pytest.fixture(scope="module")
def operator(with_fake_cloud: LabState, there: There, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(with_fake_cloud, tmp_path_factory.mktemp("operator"), there.clouds)


@pytest.fixture(scope="module")
def begun(operator: Operator, there: There, _whole_way: Way) -> dict[str, Any]:
    """All of it, rented in one run: while its server is made its token is withdrawn, and somebody else begins."""
    seen: dict[str, Any] = {}

    def before(call: Call) -> None:
        if call.token and call.token == seen.get("withdrawn") and not call.status:  # as services say that have not kept it
            call.status, call.answer = 401, b'{"error": {"code": 401, "message": "The request requires authentication."}}'
            seen["refused"].append(call.words)

    def after(call: Call) -> None:
        being_made = "status=BUILD" in call.path and b'"id"' in call.answer
        if call.service == "nova" and being_made and "refused" not in seen:
            seen["refused"] = []
            seen["second"] = Operator(operator.lab, operator.folder, operator.clouds, home="their-home").run(WHOLE)
            there.do(lambda cloud: cloud.identity.delete("/auth/tokens", headers={"X-Subject-Token": call.token}))
            seen["withdrawn"] = call.token

    _whole_way.before, _whole_way.after = before, after
    seen["up"] = operator.up(WHOLE)
    _whole_way.free()
    return seen


def test_a_token_that_is_withdrawn_in_mid_run_is_asked_for_anew_and_the_run_goes_on(begun: dict[str, Any], there: There) -> None:
    assert begun["up"] == {"create": len(WHOLE)}
    assert begun["refused"]
    assert all(" GET " in each for each in begun["refused"]), "it was waited for"
    assert counts(there.marked()) == ONE_OF_EACH


def test_of_two_operators_at_once_the_second_is_told_who_is_at_work_and_since_when(begun: dict[str, Any]) -> None:
    second: Answer = begun["second"]
    assert second.code == "infra.state_locked", second.last
    fields = second.last["fields"]
    assert "@" in fields["holder"]
    assert fields["since"].startswith("20")
    assert fields["pid"] > 0


@pytest.mark.usefixtures("begun")
def test_braces_stay_text_and_no_secret_is_kept_or_shown(operator: Operator, there: There) -> None:
    (key,) = there.marked()["servers"]
    held = there.run(lambda cloud: cloud.compute.get_server(key))
    assert base64.b64decode(held.user_data).decode() == TOLD
    assert held.metadata["untuk"] == TEMPLATE
    assert shows(operator.folder, there.password, "sandi-pangkalan") == []
    assert operator.up(WHOLE) == {}, "nothing of it is taken for a change"


@pytest.mark.usefixtures("begun")
def test_two_regencies_in_one_cloud_never_touch_each_other_s(operator: Operator, there: There) -> None:
    """Also where the names of one begin as the other's."""
    first = there.marked()
    mine = [*WHOLE, ["Key", "selatan-web", {"publicKey": PUBLIC}, {}]]
    theirs = [NETWORK, ["Key", "web", {"publicKey": PUBLIC}, {}], ["Group", "web", {"rules": []}, {}]]
    other = Operator(operator.lab, operator.folder / "other", there.clouds, regency="manokwari-selatan")
    runs = [operator.start(mine), other.start(theirs)]
    assert [run.ended().last["event"] for run in runs] == ["done", "done"]
    assert counts(there.marked(other.regency)) == {"networks": 1, "subnets": 1, "security_groups": 1, "keys": 1}
    runs = [operator.start(WHOLE), other.start([])]
    assert [run.ended().last["event"] for run in runs] == ["done", "done"]
    assert there.marked(other.regency) == {}
    assert there.marked() == first


@pytest.mark.usefixtures("begun")
def test_an_image_that_is_taken_away_replaces_no_server_and_one_in_error_is_left_to_a_person(
    operator: Operator, there: There
) -> None:
    (key,) = there.marked()["servers"]
    image = there.run(lambda cloud: cloud.image.find_image("debian-12"))
    there.run(lambda cloud: cloud.image.update_image(image, name="debian-12-lama"))
    there.run(lambda cloud: cloud.compute.reset_server_state(key, "error"))
    try:
        failed = failures(operator.run(WHOLE))
    finally:
        there.run(lambda cloud: cloud.image.update_image(image, name="debian-12"))
        there.run(lambda cloud: cloud.compute.reset_server_state(key, "active"))
    assert {name: each["code"] for name, each in failed.items()} == {"Server web": "infra.cloud_failed"}
    assert failed["Server web"]["request"].startswith("req-")
    assert key in said(failed["Server web"])
    assert there.marked()["servers"] == [key]


def by_hand(cloud: Any, found: dict[str, list[str]]) -> None:
    """Somebody deletes what can be deleted beside a server."""
    network, (router,) = cloud.network, found["routers"]
    (volume,), (own,) = found["volumes"], found["servers"]
    cloud.compute.delete_volume_attachment(own, volume)
    network.delete_ip(found["ips"][0])
    network.remove_interface_from_router(router, subnet_id=found["subnets"][0])
    network.delete_router(router)
    cloud.compute.delete_keypair(found["keys"][0])
    cloud.block_storage.wait_for_status(cloud.block_storage.get_volume(volume), "available", interval=0.2)
    cloud.block_storage.delete_volume(volume)


def the_rest(cloud: Any, found: dict[str, list[str]]) -> None:
    """And the server itself, with what it stood in."""
    own = cloud.compute.get_server(found["servers"][0])
    cloud.compute.delete_server(own)
    cloud.compute.wait_for_delete(own, interval=0.2)
    for port in found["ports"]:
        cloud.network.delete_port(port)
    cloud.network.remove_interface_from_router(found["routers"][0], subnet_id=found["subnets"][0])
    cloud.network.delete_network(found["networks"][0])
    cloud.network.delete_security_group(found["security_groups"][0])


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("do", "made"), [(by_hand, 5), (the_rest, 4)])
def test_what_somebody_deleted_is_made_anew_and_once(do: Any, made: int, operator: Operator, there: There) -> None:
    found = there.marked()
    there.do(lambda cloud: do(cloud, found))
    done = operator.up(WHOLE)
    assert done.get("create") == made, done
    assert counts(there.marked()) == ONE_OF_EACH


@pytest.mark.usefixtures("begun")
def test_all_of_it_is_given_back(operator: Operator, there: There) -> None:
    assert operator.up([]) == {"delete": len(WHOLE)}
    assert there.marked() == {}
