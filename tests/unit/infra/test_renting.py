"""What is rented: its inputs are checked by field, it is found by its mark, made once, and changed in place or replaced."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from infra.errors import CloudError, CloudRefused, CloudUnfinished, Refused
from infra.renting import life, telling
from infra.renting.kind import Task
from infra.renting.kinds import KINDS, TYPE
from infra.renting.orphans import orphans
from tests.unit.infra.cloud import Fake

PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUrYW9u0gqPlpUUg2tXHSUYUmTzZb1Xv0u3YkO0wJ1x"
GOOD: dict[str, dict[str, Any]] = {
    "Network": {"cidr": "10.20.0.0/24"},
    "Router": {"outside": "internet", "subnets": ["subnet-1"]},
    "Group": {"rules": [{"protocol": "tcp", "ports": "22", "peer": "10.0.0.0/8"}]},
    "Key": {"publicKey": PUBLIC},
    "Volume": {"size": 2},
    "Attachment": {"server": "server-1", "volume": "volume-1"},
    "Server": {"flavor": "small", "image": "debian-12", "ports": [{"network": "network-1"}]},
    "Address": {"outside": "internet"},
}


def inputs(kind: str, **other: Any) -> dict[str, Any]:
    return {"cloud": "awan", "regency": "manokwari", "name": "web", **GOOD[kind], **other}


def task(cloud: Fake, kind: str, seconds: float = 0.0, **other: Any) -> Task:
    return Task(kind=KINDS[TYPE + kind], inputs=inputs(kind, **other), cloud=cloud, seconds=seconds)


@pytest.mark.parametrize("kind", GOOD)
def test_good_inputs_fit_also_before_they_are_known(kind: str) -> None:
    made = KINDS[TYPE + kind]
    assert life.misfits(made, inputs(kind), whole=True) == {}
    unknown = dict.fromkeys(GOOD[kind])
    assert life.misfits(made, inputs(kind, **unknown)) == {}
    required = {name for name, each in made.own.items() if each.required}
    assert set(life.misfits(made, inputs(kind, **unknown), whole=True)) == required
    assert set(life.misfits(made, {})) == required | {"cloud", "regency", "name"}


@pytest.mark.parametrize(
    ("kind", "wrong", "place"),
    [
        ("Network", {"name": "Web Server"}, "name"),
        ("Network", {"cidr": "10.1.0.0/99"}, "cidr"),
        ("Network", {"cidr": "10.1.0.1/24"}, "cidr"),
        ("Network", {"gateway": "10.21.0.1"}, "gateway"),
        ("Network", {"resolvers": ["10.20.0.1", "x"]}, "resolvers[1]"),
        ("Network", {"dhcp": "yes"}, "dhcp"),
        ("Network", {"sidr": "x"}, "sidr"),
        ("Router", {"subnets": ["a", "a"]}, "subnets[1]"),
        ("Server", {"checksum": "sha512:" + "a" * 127}, "checksum"),
        ("Group", {"rules": [{"protocol": "tcp", "ports": "70000"}]}, "rules[0].ports"),
        ("Group", {"rules": [{"protocol": "tcp", "ports": "9-8"}]}, "rules[0].ports"),
        ("Group", {"rules": [{"protocol": "icmp", "ports": "1"}]}, "rules[0].ports"),
        ("Group", {"rules": [{"protocol": "gre"}]}, "rules[0].protocol"),
        ("Group", {"rules": [{"ports": "22"}]}, "rules[0].protocol"),
        ("Group", {"rules": [{"protocol": "tcp", "peer": "10.0.0.1/8"}]}, "rules[0].peer"),
        ("Group", {"rules": [{"protocol": "tcp", "from": "x"}]}, "rules[0].from"),
        ("Group", {"rules": [{"protocol": "tcp"}, {"protocol": "tcp", "peer": "0.0.0.0/0"}]}, "rules[1]"),
        ("Key", {"publicKey": "ssh-ed25519 AAAA"}, "publicKey"),
        ("Key", {"publicKey": "PuTTY-User-Key-File-3: ssh-ed25519"}, "publicKey"),
        ("Volume", {"size": 0}, "size"),
        ("Volume", {"size": True}, "size"),
        ("Server", {"ports": []}, "ports"),
        ("Server", {"ports": [{"network": "n", "address": "x"}]}, "ports[0].address"),
        ("Server", {"power": "standby"}, "power"),
        ("Server", {"metadata": {"lajur_told": "x"}}, "metadata.lajur_told"),
        ("Server", {"userData": "x" * 60000}, "userData"),
        ("Address", {"outside": ""}, "outside"),
    ],
)
def test_what_is_wrong_is_said_of_the_very_field(kind: str, wrong: dict[str, Any], place: str) -> None:
    assert list(life.misfits(KINDS[TYPE + kind], inputs(kind, **wrong))) == [place]


MADE = {"Network": "network", "Volume": "volume", "Server": "server", "Address": "ip"}


@pytest.fixture
def cloud() -> Fake:
    return Fake()


@pytest.mark.parametrize("kind", MADE)
def test_a_preview_changes_nothing_and_what_has_the_mark_is_never_made_twice(cloud: Fake, kind: str) -> None:
    before = cloud.count(MADE[kind])
    life.create(task(cloud, kind), preview=True)
    assert cloud.done == []
    first = life.create(task(cloud, kind))
    assert cloud.count(MADE[kind]) == before + 1
    done = list(cloud.done)
    assert life.create(task(cloud, kind)) == first
    assert cloud.done == done, "found again, and as it should be"
    assert life.changed(KINDS[TYPE + kind], first, inputs(kind)) == ([], [])
    life.remove(task(cloud, kind), first["id"])
    life.remove(task(cloud, kind), first["id"])
    assert cloud.count(MADE[kind]) == before
    assert cloud.count("port") == 0
    assert life.look(task(cloud, kind), first["id"]) is None


@pytest.mark.parametrize(
    ("kind", "broken"),
    [
        *(("Network", call) for call in ("create_network", "set_tags", "create_subnet")),
        *(("Server", call) for call in ("create_port", "set_tags", "create_server")),
        *(("Address", call) for call in ("create_ip", "set_tags")),
        ("Volume", "create_volume"),
    ],
)
def test_what_a_run_that_died_left_half_made_is_finished(cloud: Fake, kind: str, broken: str) -> None:
    cloud.broken = broken
    with pytest.raises(ConnectionResetError):
        life.create(task(cloud, kind))
    cloud.broken = ""
    made = life.create(task(cloud, kind))
    creates = [each for each in cloud.done if each.startswith("create")]
    assert len(creates) == len(set(creates))
    assert made["owner"] == "manokwari/web"


def test_two_with_our_mark_are_named_and_none_is_touched(cloud: Fake) -> None:
    twins = [cloud.put("network", tags=["lajur=manokwari/web"]).id for _ in range(2)]
    with pytest.raises(CloudRefused) as raised:
        life.create(task(cloud, "Network"))
    assert raised.value.code == "infra.cloud_twice"
    assert all(each in str(raised.value.fields["reason"]) for each in twins)
    assert cloud.done == []


def test_one_with_our_mark_that_is_another_than_is_wanted_is_left_as_it_is(cloud: Fake) -> None:
    life.create(task(cloud, "Network"))
    done = list(cloud.done)
    with pytest.raises(CloudRefused) as raised:
        life.create(task(cloud, "Network", cidr="10.30.0.0/24"))
    assert raised.value.code == "infra.cloud_other"
    assert "cidr: 10.20.0.0/24 > 10.30.0.0/24" in str(raised.value.fields["reason"])
    assert cloud.done == done


def test_what_bears_another_s_mark_is_neither_changed_nor_deleted(cloud: Fake) -> None:
    other = cloud.put("network", tags=["lajur=bontang/web"]).id
    for step in (life.change, life.remove):
        with pytest.raises(CloudRefused) as raised:
            step(task(cloud, "Network"), other)
        assert raised.value.code == "infra.cloud_foreign"
    assert cloud.done == []


@pytest.mark.parametrize(("regency", "left"), [("manokwari", 0), ("bontang", 1)])
def test_a_router_of_the_same_regency_lets_go_of_a_network_that_is_given_back(cloud: Fake, regency: str, left: int) -> None:
    made = life.create(task(cloud, "Network"))
    router = cloud.put("router", tags=[f"lajur={regency}/pintu"])
    cloud.put("port", network_id=made["id"], device_id=router.id, device_owner="network:router_interface")
    life.remove(task(cloud, "Network"), made["id"])
    assert cloud.count("port") == left


def test_one_that_is_imported_is_given_our_mark(cloud: Fake) -> None:
    kind = KINDS[TYPE + "Network"]
    key = cloud.put("network", tags=["of-theirs"]).id
    subnet = cloud.network.create_subnet(network_id=key, cidr="10.20.0.0/24", dns_nameservers=[], is_dhcp_enabled=True)
    state = life.look(task(cloud, "Network"), key)
    assert state is not None
    assert state["subnet"] == subnet.id
    assert life.changed(kind, state, inputs("Network")) == (["owner"], [])
    now = life.change(task(cloud, "Network"), key)
    assert cloud.things["network"][key].tags == ["of-theirs", "lajur=manokwari/web"]
    assert life.changed(kind, now, inputs("Network")) == ([], [])


def differing(kind: str, was: dict[str, Any], now: dict[str, Any]) -> tuple[list[str], list[str]]:
    made = KINDS[TYPE + kind]
    state = {**life.completed(made, inputs(kind, **was)), "owner": "manokwari/web"}
    return life.changed(made, state, inputs(kind, **now))


PORT = {"network": "network-1", "address": "10.20.0.5"}


@pytest.mark.parametrize(
    ("kind", "was", "now", "expected"),
    [
        ("Network", {"gateway": "10.20.0.1"}, {}, ([], [])),
        ("Network", {}, {"resolvers": ["10.20.0.9"]}, (["resolvers"], [])),
        ("Network", {"resolvers": ["1.1.1.1", "1.0.0.1"]}, {"resolvers": ["1.0.0.1", "1.1.1.1"]}, ([], [])),
        ("Network", {}, {"cidr": "10.9.0.0/24"}, (["cidr"], ["cidr"])),
        ("Network", {}, {"name": "app"}, (["name"], ["name"])),
        ("Router", {}, {"outside": "", "subnets": []}, (["outside", "subnets"], [])),
        ("Key", {"publicKey": f"{PUBLIC} me@here"}, {"publicKey": f"{PUBLIC}\n"}, ([], [])),
        ("Key", {"publicKey": f"{PUBLIC[:-1]}y"}, {}, (["publicKey"], ["publicKey"])),
        ("Volume", {}, {"size": 3}, (["size"], [])),
        ("Volume", {}, {"size": 1}, (["size"], ["size"])),
        ("Volume", {"type": "std"}, {}, ([], [])),
        ("Volume", {"type": "std"}, {"type": "fast"}, (["type"], ["type"])),
        ("Attachment", {}, {"volume": "volume-2"}, (["volume"], ["volume"])),
        ("Server", {"ports": [PORT]}, {}, ([], [])),
        ("Server", {"ports": [PORT]}, {"ports": [{"network": "network-2"}]}, (["ports"], ["ports"])),
        ("Server", {"ports": [PORT]}, {"ports": [{**PORT, "address": "10.20.0.6"}]}, (["ports"], ["ports"])),
        ("Server", {"power": "off", "ports": [PORT]}, {}, (["power"], [])),
        ("Server", {"userData": "a"}, {"userData": "b"}, (["userData"], ["userData"])),
        ("Server", {}, {"groups": ["g"], "metadata": {"a": "b"}}, (["groups", "metadata"], [])),
        ("Server", {"groups": ["default"]}, {}, ([], [])),
        ("Address", {}, {"port": "port-1"}, (["port"], [])),
    ],
)
def test_what_is_changed_in_place_and_what_is_replaced(
    kind: str, was: dict[str, Any], now: dict[str, Any], expected: tuple[list[str], list[str]]
) -> None:
    assert differing(kind, was, now) == expected


def test_rules_are_a_set_in_one_form() -> None:
    short = [{"protocol": "tcp", "ports": "22-22", "peer": "0.0.0.0/0"}, {"protocol": "icmp"}]
    whole = [
        {"direction": "in", "family": "IPv4", "protocol": "icmp", "ports": "", "peer": ""},
        {"direction": "in", "family": "IPv4", "protocol": "tcp", "ports": "22", "peer": ""},
        {"direction": "out", "family": "IPv6", "protocol": "any", "ports": "", "peer": ""},
        {"direction": "out", "family": "IPv4", "protocol": "any", "ports": "", "peer": ""},
    ]
    assert differing("Group", {"rules": whole}, {"rules": short}) == ([], [])
    shut = [*short, {"direction": "out", "protocol": "tcp", "ports": "443"}]
    assert differing("Group", {"rules": whole}, {"rules": shut}) == (["rules"], [])


def test_user_data_is_in_no_state(cloud: Fake) -> None:
    made = life.create(task(cloud, "Server", userData="#!/bin/sh\nhush"))
    assert "hush" not in str(made)
    assert life.changed(KINDS[TYPE + "Server"], made, inputs("Server", userData="#!/bin/sh\nhush")) == ([], [])


def test_one_that_is_entered_is_ready_once_it_told_its_host_keys_and_is_asked_for_them_once(cloud: Fake) -> None:
    with pytest.raises(CloudUnfinished):
        life.create(task(cloud, "Server", entered=True))
    cloud.said = f"noise\n-----BEGIN SSH HOST KEY KEYS-----\n{PUBLIC} root@web\n-----END SSH HOST KEY KEYS-----\n"
    made = life.create(task(cloud, "Server", entered=True))
    assert (made["hostKeys"], cloud.count("server")) == ([PUBLIC], 1)
    cloud.said = ""  # a console forgets
    again = life.look(Task(kind=KINDS[TYPE + "Server"], inputs=made, cloud=cloud, seconds=0.0, known=made), made["id"])
    assert again is not None
    assert again["hostKeys"] == [PUBLIC]


def test_of_a_server_that_is_a_record_only_nobody_waits_for_host_keys(cloud: Fake) -> None:
    cloud.said = "FAKE CONSOLE OUTPUT\nANOTHER\nLAST LINE"
    with pytest.raises(CloudUnfinished, match="cloud_records"):
        life.create(task(cloud, "Server", entered=True))
    assert cloud.count("server") == 1, "it stands, and the next run finds it"


def test_what_differs_is_told_in_words_and_of_a_list_only_the_members() -> None:
    made = {**inputs("Group"), "owner": "manokwari/web"}
    opened = [*made["rules"], {"direction": "in", "family": "IPv4", "protocol": "tcp", "ports": "8080", "peer": ""}]
    group = KINDS[TYPE + "Group"]
    assert telling.unlike(group, made, inputs("Group")) == ()
    (found,) = telling.unlike(group, {**made, "rules": opened}, inputs("Group"))
    assert (found.name, found.wanted, found.found, found.mend) == ("group.rules", "–", "in IPv4 tcp 8080", "repair")
    (marked,) = telling.unlike(group, {**made, "owner": ""}, inputs("Group"))
    assert (marked.name, marked.wanted, marked.found) == ("group.owner", "manokwari/web", "–")
    assert telling.gone(KINDS[TYPE + "Server"]).name == "machine"


def test_a_server_for_which_there_is_no_room_leaves_nothing(cloud: Fake) -> None:
    usual = cloud.compute.usual["server"]
    usual |= {"status": "ERROR", "launched_at": None, "fault": {"message": "No valid host was found. "}}
    with pytest.raises(CloudError) as raised:
        life.create(task(cloud, "Server"))
    assert raised.value.code == "infra.cloud_no_room"
    assert (cloud.count("server"), cloud.count("port")) == (0, 0)
    usual |= {"status": "ACTIVE", "launched_at": "2026", "fault": None}
    life.create(task(cloud, "Server"))


def test_who_waits_too_long_or_is_stopped_says_so(cloud: Fake) -> None:
    cloud.volumes.usual["volume"]["status"] = "creating"
    with pytest.raises(CloudUnfinished) as raised:
        life.create(task(cloud, "Volume"))
    assert raised.value.code == "infra.cloud_timeout"
    stop = threading.Event()
    stop.set()
    stopped = Task(kind=KINDS[f"{TYPE}Volume"], inputs=inputs("Volume"), cloud=cloud, seconds=9, stop=stop)
    with pytest.raises(Refused):
        life.create(stopped)
    cloud.things["volume"]["volume-4"].status = "available"
    assert life.create(task(cloud, "Volume"))["id"] == "volume-4"


def test_what_was_not_known_when_it_was_checked_is_checked_before_it_is_made(cloud: Fake) -> None:
    with pytest.raises(CloudRefused) as raised:
        life.create(task(cloud, "Attachment", server=None))
    assert raised.value.fields["reason"] == "server: it is required"


def test_what_bears_our_mark_and_is_on_no_record_is_found(cloud: Fake) -> None:
    network = life.create(task(cloud, "Network"))
    cloud.put("network", name="lajur-manokwari_half-made")
    cloud.put("network", name="lajur-bontang-web", tags=["lajur=bontang/web"])
    cloud.put("server", metadata={"lajur": "manokwari/app-1"})
    cloud.put("server", metadata={"lajur": "bontang/app-1"})
    cloud.put("volume", metadata={})
    cloud.put("port", tags=["lajur=manokwari/app-1"], device_id="server-9")
    cloud.put("port", tags=["lajur=manokwari/app-1"], device_id="")
    cloud.put("keypair", name="lajur-manokwari_web")
    found = orphans(cloud, "manokwari", {network["id"]})
    assert [(each.name, each.kind) for each in found] == [
        ("app-1", "machine"), ("app-1", "port"), ("half-made", "network"), ("web", "key"),
    ]  # fmt: skip
    assert {each.kind for each in orphans(cloud, "manokwari", ())} == {"machine", "port", "network", "key"}


@pytest.mark.parametrize("held", [{"hash_value": "b" * 128}, {"hash_algo": "sha256"}, {"hash_algo": None, "hash_value": None}])
def test_no_server_is_made_of_an_image_with_another_checksum(held: dict[str, Any]) -> None:
    cloud, checksum = Fake(), f"sha512:{'a' * 128}"
    (image,) = cloud.things["image"].values()
    vars(image).update(held)
    with pytest.raises(CloudRefused, match=r"infra\.cloud_image_other") as raised:
        life.create(task(cloud, "Server", checksum=checksum))
    assert "debian-12" in str(raised.value.fields["reason"])
    assert cloud.done == [], "not even a port"
    vars(image).update(hash_algo="sha512", hash_value="a" * 128)
    made = life.create(task(cloud, "Server", checksum=checksum))
    assert made["checksum"] == checksum
    later = inputs("Server", checksum=f"sha512:{'b' * 128}")
    assert life.changed(KINDS[TYPE + "Server"], made, later) == (["checksum"], []), "what stands was made of the right one"
