"""What readers are given: places, parts of links, a smaller copy."""

from __future__ import annotations

import pytest

from inventory import views
from inventory.load import SHIPPED, load_regency
from inventory.model import Optics, Rates
from inventory.regency import Regency
from inventory.units import Bandwidth, Direction
from tests.unit.inventory.small import FILES, judged


@pytest.fixture
def small() -> Regency:
    regency = judged(FILES).regency
    assert regency is not None
    return regency


def rate(text: str) -> Bandwidth:
    return Bandwidth.parse(text)


def test_a_shaper_stands_at_the_cores_end(small: Regency) -> None:
    ends = [views.shaper_end(small, each) for each in small.uplinks]
    assert [(end.device, end.interface) for end in ends] == [("core", "up1"), ("core", "up2")]
    assert (views.core_device(small), views.border_device(small)) == ("core", "border")


def test_links_are_found_from_offices_and_hubs(small: Regency) -> None:
    assert views.access_link(small, small.office("distrik")).key == "selatan-distrik"
    assert views.hub_link(small, small.hub("selatan")).key == "core-selatan"
    assert [office.key for office in views.offices_of(small, small.hub("utara"))] == ["izin", "dinkes"]


def test_a_link_is_divided_by_contracted_rate(small: Regency) -> None:
    domestic, international = small.uplinks
    link = small.link("core-utara")
    assert views.link_part(small, link, domestic, Direction.DOWN) == rate("20 Mbit/s")
    assert views.link_part(small, link, international, Direction.DOWN) == rate("10 Mbit/s")


def test_a_link_is_divided_by_shares_after_local(small: Regency) -> None:
    domestic, international = small.uplinks
    link = small.link("core-selatan")
    assert views.link_part(small, link, domestic, Direction.UP) == rate("8.4 Mbit/s")
    assert views.link_part(small, link, international, Direction.UP) == rate("5.6 Mbit/s")


def test_a_link_may_differ_by_direction(small: Regency) -> None:
    link = small.link("utara-dinkes")
    parts = {way: sum(views.link_part(small, link, each, way) for each in small.uplinks) for way in Direction}
    assert parts[Direction.DOWN] <= rate("10 Mbit/s")
    assert parts[Direction.UP] <= rate("8 Mbit/s")


def test_an_uplinks_own_link_is_not_divided(small: Regency) -> None:
    assert views.link_part(small, small.link("border-domestic"), small.uplinks[0], Direction.UP) == rate("1 Gbit/s")


def test_headroom_and_default_class(small: Regency) -> None:
    uplink = small.uplinks[0]
    assert views.shaped_rate(uplink, Direction.UP) == rate("19.4 Mbit/s")
    assert views.default_class(uplink, Direction.UP) == rate("128 kbit/s")
    wide = uplink.model_copy(update={"rate": Rates(down=rate("50 Mbit/s"), up=rate("49 Mbit/s"))})
    assert views.default_class(wide, Direction.DOWN) == rate("1 Mbit/s")
    assert views.default_class(wide, Direction.UP) == rate("128 kbit/s")
    assert views.default_class(uplink.model_copy(update={"default_class": rate("64 kbit/s")}), Direction.UP) == rate("64 kbit/s")


def test_a_small_copy_keeps_the_offices_of_the_stories() -> None:
    regency = load_regency(SHIPPED / "manokwari")
    three = views.small_copy(regency, 3)
    assert {"dpmptsp", "bappeda"} <= {office.key for office in three.offices}
    assert len({office.hub for office in three.offices}) == 2
    assert {office.service_class for office in views.small_copy(regency, 7).offices} == set(regency.policy.classes)
    assert {hub.key for hub in views.small_copy(regency, 4).hubs} == {"sgg", "brs", "sow"}


def test_a_small_copy_has_no_device_or_link_of_the_others() -> None:
    three = views.small_copy(load_regency(SHIPPED / "manokwari"), 3)
    devices = {device.key for device in three.devices}
    assert devices == {"core", "border", *(o.device for o in three.offices), *(h.device for h in three.hubs)}
    assert {end.device for link in three.links for end in link.ends} == devices
    assert len(three.links) == len(three.uplinks) + len(three.hubs) + 3


def test_a_small_copy_of_all_is_the_regency_itself(small: Regency) -> None:
    assert views.small_copy(small, 3) is small
    with pytest.raises(ValueError, match="at least one"):
        views.small_copy(small, 0)


def test_a_changed_copy_does_not_remember_the_original(small: Regency) -> None:
    assert small.office("izin").hub == "utara"
    assert views.access_link(small, small.office("izin")).key == "utara-izin"
    fewer = small.model_copy(update={"offices": small.offices[1:], "links": small.links[:4]})
    with pytest.raises(KeyError):
        fewer.office("izin")
    with pytest.raises(KeyError):
        views.access_link(fewer, small.office("izin"))


def linked(**changes: str) -> Regency:
    """The small regency with pieces of its links.yaml replaced."""
    text = FILES["links.yaml"]
    for old, new in changes.items():
        text = text.replace({"top": "links:\n", "dinkes": "length_km: 2.5"}[old], new, 1)
    regency = judged({**FILES, "links.yaml": text}).regency
    assert regency is not None
    return regency


@pytest.mark.parametrize(
    ("network", "addresses"),
    [
        ("100.66.0.6/31", ("100.66.0.6/31", "100.66.0.7/31")),
        ("100.66.0.8/30", ("100.66.0.9/30", "100.66.0.10/30")),
    ],
)
def test_the_near_end_has_the_first_address_of_a_links_network(network: str, addresses: tuple[str, str]) -> None:
    regency = linked(dinkes=f"network: {network}")
    assert views.link_addresses(regency, regency.link("utara-dinkes")) == addresses
    assert views.link_addresses(regency, regency.link("utara-izin")) is None


def test_a_link_runs_what_all_links_run_and_its_own_over_it() -> None:
    top = "ospf: {area: '1', dead: 30, authentication: {key_id: 7, key: 'env:ALL'}}\nlinks:\n"
    regency = linked(top=top, dinkes="ospf: {cost: 25, area: 0.0.0.9, authentication: {key: 'file:own'}}")
    every, own = (views.link_ospf(regency, regency.link(key)) for key in ("utara-izin", "utara-dinkes"))
    assert every is not None
    assert own is not None
    assert (every.area, every.hello, every.dead, every.cost) == ("1", 10, 30, None)
    assert (own.area, own.hello, own.dead, own.cost) == ("0.0.0.9", 10, 30, 25)
    assert every.authentication is not None
    assert own.authentication is not None
    assert [(each.key_id, each.key) for each in (every.authentication, own.authentication)] == [(7, "env:ALL"), (1, "file:own")]


def test_without_a_word_on_ospf_no_link_routes(small: Regency) -> None:
    assert all(views.link_ospf(small, link) is None for link in small.links)


def test_an_end_says_which_link_it_is_and_where_it_leads(small: Regency) -> None:
    link = small.link("utara-izin")
    assert [views.description(small, link, end) for end in link.ends] == [
        "lajur utara-izin: r-izin wan0 (Dinas Perizinan)",
        "lajur utara-izin: hub-utara o1 (Utara)",
    ]
    uplink = small.link("border-domestic")
    assert views.description(small, uplink, uplink.ends[1]) == "lajur border-domestic: border core1"


@pytest.mark.parametrize("name", ["Kantor “Éco” #1; reload?\\n!", "x" * 200, "北", "Pos & Giro (kota)"])
def test_a_description_is_short_ascii_that_means_nothing_to_a_command_line(small: Regency, name: str) -> None:
    offices = tuple(office.model_copy(update={"name": name}) for office in small.offices)
    regency = small.model_copy(update={"offices": offices})
    said = views.description(regency, regency.link("utara-izin"), regency.link("utara-izin").ends[0])
    assert said.startswith("lajur utara-izin: r-izin wan0")
    assert len(said) <= 80
    assert not set(said) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:/()_&+-")
    assert said == said.strip()


def test_the_longest_keys_still_give_a_description_of_eighty(small: Regency) -> None:
    link = small.link("utara-izin")
    far = link.ends[1].model_copy(update={"device": "d" * 32, "interface": "i" * 32})
    long = link.model_copy(update={"key": "k" * 32, "ends": (link.ends[0], far)})
    assert len(views.description(small, long, link.ends[0])) == 80


def test_light_may_fall_by_the_margin_but_not_below_the_receiver() -> None:
    assert Optics(handover=-6).least == -9
    assert Optics(handover=-6, margin=10, floor=-14.5).least == -14.5
