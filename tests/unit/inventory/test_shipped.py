"""The three regencies that ship: whole, invented, and a window never takes from those whom it protects."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction
from ipaddress import IPv4Network

import pytest

from inventory import rules, views
from inventory.cloud_views import standing
from inventory.findings import Severity
from inventory.load import SHIPPED, check, load_regency
from inventory.model import Medium, Office, Platform, Uplink, UplinkKind
from inventory.policy import PolicyChange, Window
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction

KEYS = ("manokwari", "bontang", "tolikara")
TODAY = date(2026, 7, 1)


@pytest.fixture(params=KEYS)
def regency(request: pytest.FixtureRequest) -> Regency:
    return load_regency(SHIPPED / request.param)


def test_exactly_these_ship() -> None:
    assert sorted(each.name for each in SHIPPED.iterdir()) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_found_wrong(key: str) -> None:
    found = check(SHIPPED / key, today=TODAY)
    assert {each.severity for each in found} == {Severity.INFO}
    stages = [each.fields["stage"] for each in found if each.code == "stage.untrained"]
    assert sorted(stages) == ([] if key == "bontang" else ["fibre", "pilot", "remote"])
    assert [each.code for each in found if each.code != "stage.untrained"] == ["link.local"]


def test_all_are_invented_and_say_so(regency: Regency) -> None:
    assert regency.head.illustrative
    for file in (SHIPPED / regency.head.key).glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert "Illustrative" in text
        assert "rekaan" in text
    bounds = IPv4Network("100.64.0.0/10"), IPv4Network("198.18.0.0/15")
    for office in regency.offices:
        assert office.lan == IPv4Network(f"100.64.{office.id}.0/24")
        assert all(member.role.startswith("Petugas TI ") for member in office.it_staff)
    for application in regency.applications:
        assert all(prefix.subnet_of(bounds[1]) for prefix in application.destinations)
    assert all(device.address in bounds[0] and device.platform is Platform.LINUX for device in regency.devices)
    assert all(server.address in bounds[0] for server in regency.servers)
    assert all(name.endswith(".example") for server in regency.servers for name in server.names)
    assert all("contoh" in lease.lessor for lease in regency.leases)
    assert all("contoh" in cloud.provider for cloud in regency.clouds)
    assert all(name.endswith(".example") for server in regency.cloud_servers for name in server.names)
    assert all((entry.domain or "example").endswith("example") for entry in regency.capacity)


def test_in_manokwari_two_servers_come_for_the_plan_deadline_and_go_when_it_has_passed() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    deadline = datetime(2026, 9, 12, 17, tzinfo=regency.zone)

    def there(moment: datetime) -> list[str]:
        return [each.key for each in standing(regency, moment)]

    assert there(deadline - timedelta(days=3, seconds=1)) == ["practice-1"]
    assert there(deadline - timedelta(days=3)) == ["app-plan-1", "app-plan-2", "practice-1"]
    assert there(deadline) == ["practice-1"]
    assert {each.entry.stage for each in standing(regency, deadline)} == {"pilot"}


def test_every_link_has_a_network_of_its_own_and_routes_with_a_key(regency: Regency) -> None:
    for number, link in enumerate(regency.links):
        assert str(link.network) == f"100.66.0.{2 * number}/31"
        ospf = views.link_ospf(regency, link)
        assert ospf is not None
        assert ospf.authentication is not None


def test_in_manokwari_the_light_on_every_fibre_to_an_office_was_measured() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    uplinks = {uplink.link for uplink in regency.uplinks}
    for link in regency.links:
        fibre = link.medium is Medium.FIBRE and link.key not in uplinks
        assert all((end.optics is not None) == fibre for end in link.ends), link.key


def test_manokwari_is_the_one_of_the_stories() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    assert regency.head.timezone == "Asia/Jayapura"
    assert [office.id for office in regency.offices] == list(range(1, 39))
    assert Counter(office.service_class for office in regency.offices) == {
        "core": 1, "public_service": 7, "planning_finance": 2, "light_service": 9, "back_office": 10, "branch": 9,
    }  # fmt: skip
    assert [(hub.id, hub.key) for hub in regency.hubs] == [(1, "sgg"), (2, "brs"), (3, "sow")]
    assert [(uplink.key, str(uplink.rate.down), str(uplink.rate.up)) for uplink in regency.uplinks] == [
        ("domestic", "200 Mbit/s", "200 Mbit/s"),
        ("international", "20 Mbit/s", "20 Mbit/s"),
    ]
    assert {window.key: window.confirmed for window in regency.windows} == {
        "musrenbang-distrik": True, "rka-skpd": True, "akhir-tahun": False,
    }  # fmt: skip


def test_bontang_and_tolikara_prove_that_nothing_is_hard_wired() -> None:
    bontang, tolikara = load_regency(SHIPPED / "bontang"), load_regency(SHIPPED / "tolikara")
    assert (bontang.head.timezone, len(bontang.offices)) == ("Asia/Makassar", 25)
    assert (tolikara.head.timezone, len(tolikara.offices), len(tolikara.policy.classes)) == ("Asia/Jayapura", 12, 1)
    (one,), (other,) = bontang.uplinks, tolikara.uplinks
    assert (one.kind, one.rate.down) == (UplinkKind.SINGLE, Bandwidth.parse("1 Gbit/s"))
    assert (other.kind, other.rate.down) == (UplinkKind.SINGLE, Bandwidth.parse("20 Mbit/s"))
    assert "si-peri-etnik" in {application.key for application in bontang.applications}
    assert bontang.windows
    assert tolikara.windows


def test_some_hub_binds_and_some_does_not() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    for uplink in regency.uplinks:
        parts = {hub.key: views.link_part(regency, views.hub_link(regency, hub), uplink, Direction.DOWN) for hub in regency.hubs}
        shaped = views.shaped_rate(uplink, Direction.DOWN)
        assert {key for key, part in parts.items() if part < shaped} == {"brs", "sow"}


def share(regency: Regency, office: Office, change: PolicyChange) -> int:
    base = regency.policy.classes[office.service_class]
    for each in (change.offices.get(office.key), change.classes.get(office.service_class), base):
        if each is not None and each.share is not None:
            return each.share
    raise AssertionError


def guarantees(regency: Regency, uplink: Uplink, direction: Direction, window: Window | None) -> dict[str, Fraction]:
    """Each office's guarantee by the law of sharing, in rationals: floors, reserves, then by share under all ceilings."""
    change = window.policy if window else PolicyChange()
    reserves = {(each.application, each.uplink): each for each in (*regency.policy.reserves, *change.reserves)}
    offices = {office.key: office for office in regency.offices}
    shares = {key: share(regency, office, change) for key, office in offices.items()}
    set_aside = sum(each.rate.of(direction) for each in reserves.values() if each.uplink == uplink.key)
    given = dict.fromkeys(offices, Fraction(regency.policy.floors[uplink.key].of(direction)) + Fraction(set_aside, len(offices)))

    def part(link: str) -> Fraction:
        return Fraction(views.link_part(regency, regency.link(link), uplink, direction))

    ceilings = [
        (set(offices), Fraction(views.shaped_rate(uplink, direction) - views.default_class(uplink, direction))),
        *(({o.key for o in views.offices_of(regency, hub)}, part(views.hub_link(regency, hub).key)) for hub in regency.hubs),
        *(({key}, part(views.access_link(regency, office).key)) for key, office in offices.items()),
    ]
    growing = {key for key, each in shares.items() if each}
    while growing:
        rises = (
            (ceiling - sum(given[key] for key in below)) / sum(shares[key] for key in below & growing)
            for below, ceiling in ceilings
            if below & growing
        )
        rise = min(rises)
        for key in growing:
            given[key] += rise * shares[key]
        full = [below for below, ceiling in ceilings if sum(given[key] for key in below) >= ceiling]
        growing = {key for key in growing if not any(key in below for below in full)}
    return given


def protected_never_lose(regency: Regency) -> None:
    for uplink in regency.uplinks:
        for direction in Direction:
            base = guarantees(regency, uplink, direction, None)
            for window in regency.windows:
                inside = guarantees(regency, uplink, direction, window)
                for office in regency.offices:
                    if regency.policy.classes[office.service_class].protected:
                        assert inside[office.key] >= base[office.key], (window.key, office.key, uplink.key, direction)


def test_a_window_takes_nothing_from_the_protected(regency: Regency) -> None:
    protected_never_lose(regency)


@pytest.mark.parametrize("count", [1, 3, 6, 11, 20])
def test_nor_in_a_small_copy(count: int) -> None:
    protected_never_lose(views.small_copy(load_regency(SHIPPED / "manokwari"), count))


def test_the_e_planning_window_moves_bandwidth() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    domestic = regency.uplink("domestic")
    window = next(window for window in regency.windows if window.key == "rka-skpd")
    base, inside = (guarantees(regency, domestic, Direction.UP, each) for each in (None, window))
    assert inside["bappeda"] > Fraction(13, 10) * base["bappeda"]
    assert inside["setda"] < base["setda"]
    assert inside["distrik-sidey"] > base["distrik-sidey"]
    assert sum(inside.values()) == sum(base.values()) == views.shaped_rate(domestic, Direction.UP) - 1_000_000


def test_every_small_copy_is_whole(regency: Regency) -> None:
    for count in range(1, len(regency.offices) + 1):
        small = views.small_copy(regency, count)
        assert len(small.offices) == count
        assert [each for each in rules.check(small) if each.severity is not Severity.INFO] == []
