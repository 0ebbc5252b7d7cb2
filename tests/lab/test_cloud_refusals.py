"""What a lab's real control plane says no to: each names the input or the limit, the thing, the cloud and what to do next, in
both languages; and once its cause is gone the next run does what was left."""

from __future__ import annotations

from typing import Any

import pytest

from network.lab.lab import LabState
from tests.lab.cloud_runs import NETWORK, PUBLIC, Operator, There, counts, failures, of, said, server, shows, until
from tests.lab.cloud_way import Call, Way

pytestmark = [
    pytest.mark.lab,
    pytest.mark.cloud,
    pytest.mark.engine,
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK50Warning"),
    pytest.mark.filterwarnings("ignore::openstack.warnings.RemovedInSDK60Warning"),
]

REGENCY = "ditolak"
TWIN = ["Network", "kembar", {"cidr": "10.20.0.0/24"}, {}]
"""Of the same prefix as the first."""
FIRST = [NETWORK, TWIN]
MENDED = [
    ["Network", "lebih", {"cidr": "10.21.0.0/24"}, {}],
    ["Volume", "lebih", {"size": 1}, {}],
    ["Group", "dua", {"rules": []}, {}],
    server("lambat"),
]
"""What is right by itself, and comes once there is room, one of a name, and time."""
BAD = [
    *(each for each in MENDED if each[1] != "lambat"),
    server("lambat", seconds=0.01),
    server("lebih", flavor="huge"),
    server("luas", flavor="luas"),
    server("hilang", image="tidak-ada"),
    server("ukuran", flavor="tidak-ada"),
    server("rusak"),
    ["Router", "tumpang", {"subnets": [of("Network dalam", "subnet"), of("Network kembar", "subnet")]}, {}],
    ["Address", "ganda", {"outside": "luar-kembar"}, {}],
    ["Address", "bukan", {"outside": of("Network dalam", "id")}, {}],
    [
        "Group",
        "aturan",
        {"rules": [{"protocol": "icmp", "peer": "10.0.0.0/8"}, {"protocol": "tcp", "peer": "group:tidak-ada"}]},
        {},
    ],
    ["Volume", "jenis", {"size": 1, "type": "tidak-ada"}, {}],
]
EXPECTED = {
    "Network lebih": ("quota", "network", "2/2"),
    "Volume lebih": ("quota", "volumes", "(0)"),
    "Server lebih": ("quota", "cores", "64", "0, 0 of 20"),
    "Server luas": ("no_room", "No valid host"),
    "Server hilang": ("unoffered", "image: ", "tidak-ada"),
    "Server ukuran": ("unoffered", "flavor: ", "tidak-ada"),
    "Server lambat": ("timeout", "ACTIVE"),
    "Server rusak": ("failed", "ERROR"),
    "Router tumpang": ("field", "subnets: ", "overlaps with cidr 10.20.0.0/24"),
    "Address ganda": ("twice", "outside: ", "luar-kembar"),
    "Address bukan": ("field", "outside: ", "not a valid external network"),
    "Group dua": ("twice",),
    "Group aturan": ("missing", "rules[1]: ", "tidak-ada"),
    "Volume jenis": ("missing", "type: ", "tidak-ada"),
}
"""The code, and what the reason names."""
WITHOUT_REQUEST = {"Server hilang", "Server ukuran", "Server lambat", "Address ganda", "Group dua"}
"""Nothing was asked of the cloud that it refused."""


@pytest.fixture(scope="module")
def operator(with_fake_cloud: LabState, there: There, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(with_fake_cloud, tmp_path_factory.mktemp("operator"), there.clouds, regency=REGENCY)


def narrow(cloud: Any, project: str) -> None:
    cloud.set_network_quotas(project, network=2)
    cloud.set_volume_quotas(project, volumes=0)
    cloud.compute.create_flavor(name="luas", vcpus=1, ram=64, disk=100_000_000)
    for number in range(2):
        wire = {"provider_network_type": "flat", "provider_physical_network": f"luar{number}"}
        cloud.network.create_network(name="luar-kembar", is_router_external=True, **wire)


def widen(cloud: Any, project: str) -> None:
    cloud.delete_network_quotas(project)
    cloud.set_volume_quotas(project, volumes=10)
    cloud.compute.delete_flavor(cloud.compute.find_flavor("luas"))
    for each in cloud.network.networks(name="luar-kembar"):
        cloud.network.delete_network(each)


@pytest.fixture(scope="module")
def refused(operator: Operator, there: There, _whole_way: Way) -> dict[str, dict[str, Any]]:
    """All at once, each of its own cause."""
    assert operator.up(FIRST) == {"create": 2}
    project = there.project
    there.run(lambda cloud: narrow(cloud, project))
    groups = there.do(lambda cloud: [cloud.network.create_security_group(name=f"lajur-{REGENCY}_dua") for _ in range(2)])
    broken: list[str] = []

    def after(call: Call) -> None:
        """One breaks once it runs."""
        key = call.path.rpartition("/")[2]
        listed = key == "detail" or not call.words.startswith("nova GET /v2.1/servers/")
        looked = not listed and b'"rusak"' in call.answer
        if looked and b'"ACTIVE"' in call.answer and not broken:
            broken.append(key)
            there.run(lambda cloud: cloud.compute.reset_server_state(key, "error"))
            call.answer = call.answer.replace(b'"ACTIVE"', b'"ERROR"')

    _whole_way.after = after
    try:
        found = failures(operator.run([*FIRST, *BAD]))
    finally:
        _whole_way.free()
        there.run(lambda cloud: widen(cloud, project))
        there.do(lambda cloud: [cloud.network.delete_security_group(each) for each in groups])
    return found


@pytest.mark.parametrize("thing", EXPECTED)
def test_a_refusal_names_the_input_or_the_limit_and_what_to_do(thing: str, refused: dict[str, dict[str, Any]]) -> None:
    assert set(refused) == set(EXPECTED)
    failure, (code, *named) = refused[thing], EXPECTED[thing]
    assert (failure["code"], failure["cloud"], failure["what"]) == (f"infra.cloud_{code}", "awan", thing)
    for words in named:
        assert words in failure["reason"]
    assert failure["request"].startswith("req-") != (thing in WITHOUT_REQUEST), failure
    said(failure)


def test_once_the_cause_is_gone_the_next_run_does_what_was_left_and_nothing_twice(
    refused: dict[str, dict[str, Any]], operator: Operator, there: There
) -> None:
    """Of what was refused nothing was left; what was begun bears its mark, and is deleted here by somebody, or waited for."""
    begun = {"networks": 2, "subnets": 2, "ports": 2, "servers": 2}
    assert counts(there.marked(REGENCY)) == begun
    (broken,) = (key for key in there.marked(REGENCY)["servers"] if key in refused["Server rusak"]["reason"])
    there.do(lambda cloud: cloud.compute.delete_server(broken))
    until(lambda: len(there.marked(REGENCY)["servers"]) == 1, "it is gone")
    assert operator.up([*FIRST, *MENDED, server("rusak")]) == {"create": 5}
    found = counts(there.marked(REGENCY))
    assert found == {"networks": 3, "subnets": 3, "ports": 2, "servers": 2, "volumes": 1, "security_groups": 1}
    assert operator.up([]) == {"delete": 7}
    assert there.marked(REGENCY) == {}


def test_who_is_not_let_in_and_what_no_name_can_be_are_told_before_anything_is_made(
    with_fake_cloud: LabState, there: There, operator: Operator
) -> None:
    own, folder = there.password, operator.folder
    stranger = Operator(with_fake_cloud, folder / "stranger", there.clouds.replace(own, "kata-lama"), regency=REGENCY)
    careless = Operator(with_fake_cloud, folder / "careless", there.clouds, regency=REGENCY)
    runs = [
        stranger.start([["Key", "x", {"publicKey": PUBLIC}, {}]]),
        careless.start([["Network", "{{ 6*7 }}", {"cidr": "10.9.0.0/24"}, {}]]),
    ]
    (login,), (named,) = (failures(run.ended()).values() for run in runs)
    assert (login["code"], named["code"]) == ("infra.cloud_login", "infra.cloud_field")
    assert login["request"].startswith("req-")
    assert "clouds.yaml" in said(login)
    assert named["reason"].startswith("name: "), named
    assert "Network {{ 6*7 }}" in said(named)
    assert shows(folder, own, "kata-lama") == []
