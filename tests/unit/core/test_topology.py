"""The picture of a network: a tree that has every device once, and a drawing in which nothing lies over anything else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from inventory.load import load_regency
from inventory.model import LinkEnd
from inventory.regency import Regency
from network.core.link_states import LinkState, Word
from network.core.topology import Topology, topology
from network.core.topology_svg import STYLES, svg
from network.messages import CATALOGUE, text

FOLDER = Path(__file__).parents[3] / "inventory" / "regencies"
NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=["manokwari", "bontang", "tolikara"])
def regency(request: pytest.FixtureRequest) -> Regency:
    return load_regency(FOLDER / str(request.param))


def states(regency: Regency) -> dict[str, LinkState]:
    """Every state somewhere."""
    words = list(Word)
    return {
        link.key: LinkState(link=link.key, word=words[number % len(words)], since=50.0, heard=99.0)
        for number, link in enumerate(regency.links)
    }


def drawn(regency: Regency) -> Topology:
    return topology(regency, states(regency), 100.0)


def picture(seen: Topology, language: str = "id", subtitle: str = "") -> ET.Element:
    def say(code: str, **fields: object) -> str:
        return text(code, "id" if language == "id" else "en", fields)

    return ET.fromstring(svg(seen, say, subtitle=subtitle))


def test_every_device_and_every_link_is_there_once(regency: Regency) -> None:
    seen = drawn(regency)
    assert sorted(node.device for node in seen.nodes) == sorted(device.key for device in regency.devices)
    assert [edge.link for edge in seen.edges] == [link.key for link in regency.links]
    depths = {node.device: node.depth for node in seen.nodes}
    assert {depths[office.device] for office in regency.offices} == {3}
    for node in seen.nodes:
        if node.above is not None:
            assert depths[node.above] == node.depth - 1
            assert seen.between(node.above, node.device)


def _linked(regency: Regency, *, first: tuple[tuple[str, str], ...] = (), last: tuple[tuple[str, str], ...] = ()) -> Regency:
    """The same with more links between devices, before and behind those that it has."""
    extra = [
        regency.links[0].model_copy(
            update={
                "key": f"ring-{number}",
                "ends": (LinkEnd(device=near, interface=f"r{number}"), LinkEnd(device=far, interface=f"r{number}")),
            }
        )
        for number, (near, far) in enumerate((*first, *last))
    ]
    return regency.model_copy(update={"links": (*extra[: len(first)], *regency.links, *extra[len(first) :])})


def test_a_ring_is_read_the_same_wherever_it_stands_in_the_file() -> None:
    regency = load_regency(FOLDER / "manokwari")
    ring = (("hub-sow", "hub-brs"),)
    for seen in (drawn(_linked(regency, first=ring)), drawn(_linked(regency, last=ring))):
        assert seen.nodes == drawn(regency).nodes
        assert len(list(picture(seen).iter(f"{NAMESPACE}rect"))) > len(seen.nodes)
        for node in seen.nodes:
            assert node.above is None or seen.between(node.above, node.device)
            assert seen.reached(node) in Word


@pytest.mark.parametrize("first", [True, False])
def test_two_links_in_opposite_directions_hide_nobody_and_end(first: bool) -> None:
    regency = load_regency(FOLDER / "manokwari")
    back = (("hub-sgg", "core"), ("core", "border"))
    seen = drawn(_linked(regency, first=back) if first else _linked(regency, last=back))
    assert seen.nodes == drawn(regency).nodes
    assert {seen.reached(node) for node in seen.nodes} <= set(Word)
    assert picture(seen) is not None


def test_a_ring_to_which_nothing_leads_is_there_too() -> None:
    regency = load_regency(FOLDER / "manokwari")
    alone = {"hub-sow", "hub-brs"}
    kept = tuple(link for link in regency.links if link.ends[1].device not in alone)
    seen = drawn(_linked(regency.model_copy(update={"links": kept}), last=(("hub-sow", "hub-brs"), ("hub-brs", "hub-sow"))))
    assert len(seen.nodes) == len(regency.devices)
    (below,) = [node for node in seen.nodes if node.device in alone and node.above is not None]
    assert below.above in alone
    assert picture(seen) is not None


def test_states_have_ages(regency: Regency) -> None:
    edge = drawn(regency).edges[0]
    assert (edge.since, edge.age) == (50.0, 1.0)
    assert topology(regency, {}, 0.0).edges[0].state is Word.UNKNOWN


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def _labels(root: ET.Element) -> list[Box]:
    """The boxes of devices, the notes beside lines, and the lines of text at the top, by a generous guess of their widths."""
    boxes = []
    for each in root.iter(f"{NAMESPACE}rect"):
        x, y, width, height = (float(each.get(name, "0")) for name in ("x", "y", "width", "height"))
        if x:
            boxes.append(Box(x, y, x + width, y + height))
    for each in root.iter(f"{NAMESPACE}text"):
        if each.get("text-anchor") == "end":
            x, y = float(each.get("x", "0")), float(each.get("y", "0"))
            boxes.append(Box(x - 7 * len(each.text or ""), y - 9, x, y + 1))
    return boxes


def test_no_label_lies_over_another_and_all_are_on_the_page(regency: Regency) -> None:
    root = picture(drawn(regency), subtitle="Kam 2026-11-26 07:06 WIT · 32 dari 38 kantor pada serat yang hidup (84,2 %)")
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    labels = _labels(root)
    assert len(labels) >= len(regency.devices)
    assert not [pair for pair in combinations(labels, 2) if pair[0].meets(pair[1])]
    assert all(box.left >= 0 and box.right <= width and box.top > 60 and box.bottom <= height for box in labels)


def test_text_fits_into_its_box(regency: Regency) -> None:
    for group in picture(drawn(regency)).iter(f"{NAMESPACE}g"):
        box, label = group.find(f"{NAMESPACE}rect"), group.find(f"{NAMESPACE}text")
        if box is not None and label is not None:
            assert 6.9 * len(label.text or "") < float(box.get("width", "0")) + 16


def test_a_state_is_told_by_colour_and_by_dashes(regency: Regency) -> None:
    assert len({colour for colour, _ in STYLES.values()}) == len(Word)
    assert len({dashes for _, dashes in STYLES.values()}) == len(Word)
    seen = drawn(regency)
    for group in picture(seen).iter(f"{NAMESPACE}g"):
        line, title = group.find(f"{NAMESPACE}path"), group.findtext(f"{NAMESPACE}title") or ""
        if line is not None:
            edge = next(edge for edge in seen.edges if title.startswith(f"{edge.link}: "))
            assert (line.get("stroke"), line.get("stroke-dasharray") or "") == STYLES[edge.state]


def test_whoever_is_cut_off_is_marked_and_not_only_where_it_was_cut() -> None:
    regency = load_regency(FOLDER / "manokwari")
    up = {link.key: LinkState(link=link.key, word=Word.UP) for link in regency.links}
    cut = {"core-brs": Word.DOWN, "brs-dinkes": Word.UNKNOWN, "sgg-kominfo": Word.ONE_WAY, "border-domestic": Word.DOWN}
    seen = topology(regency, {**up, **{key: LinkState(link=key, word=word) for key, word in cut.items()}}, 100.0)
    found = {node.office: seen.reached(node) for node in seen.nodes if node.office}
    for office in regency.offices:
        wanted = Word.DOWN if office.hub == "brs" else Word.ONE_WAY if office.key == "kominfo" else Word.UP
        assert found[office.key] is wanted, office.key
    assert seen.reached(next(node for node in seen.nodes if node.device == "core")) is Word.UP, "by its other link"
    boxes = {}
    for group in picture(seen).iter(f"{NAMESPACE}g"):
        box, label = group.find(f"{NAMESPACE}rect"), group.findtext(f"{NAMESPACE}text")
        if box is not None and label is not None:
            boxes[label] = box.get("stroke")
    assert boxes["Dinas Kesehatan"] == boxes["Borarsi"] == STYLES[Word.DOWN][0]
    assert boxes["Inspektorat Daerah"] not in {colour for colour, _ in STYLES.values()}


def test_the_legend_counts_links(regency: Regency) -> None:
    seen = drawn(regency)
    words = [each.text for each in picture(seen, "en").iter(f"{NAMESPACE}text")]
    for word, said in ((Word.UP, "up"), (Word.DOWN, "down"), (Word.ONE_WAY, "one way"), (Word.UNKNOWN, "unknown")):
        assert f"{said} ({sum(edge.state is word for edge in seen.edges)})" in words


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_is_dark_on_light_and_lines_stand_out(regency: Regency) -> None:
    root = picture(drawn(regency))
    grounds = {each.get("fill", "") for each in root.iter(f"{NAMESPACE}rect")}
    inks = {each.get("fill") or root.get("fill") or "" for each in root.iter(f"{NAMESPACE}text")}
    assert all((_light(ground) + 0.05) / (_light(ink) + 0.05) >= 7 for ground in grounds for ink in inks)
    assert all(1.05 / (_light(colour) + 0.05) >= 3 for colour, _ in STYLES.values())


def test_two_links_between_the_same_devices_are_two_lines(regency: Regency) -> None:
    seen = drawn(regency)
    twins = [edge for edge in seen.edges if edge.near == "border"]
    paths = [each.get("d") for each in picture(seen).iter(f"{NAMESPACE}path")]
    assert len(twins) == len(regency.uplinks)
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_legend_speaks_the_readers_language(regency: Regency, language: str) -> None:
    words = " ".join(each.text or "" for each in picture(drawn(regency), language).iter(f"{NAMESPACE}text"))
    for word in Word:
        message = CATALOGUE[f"topology.state.{word}"]
        assert (message.id if language == "id" else message.en) in words


def test_names_are_text_and_never_markup(regency: Regency) -> None:
    office = regency.offices[0].model_copy(update={"name": '<script>alert("1")</script> & \x07\u202e]]>'})
    spoiled = regency.model_copy(update={"offices": (office, *regency.offices[1:])})
    root = picture(drawn(spoiled))
    assert not list(root.iter(f"{NAMESPACE}script"))
    labels = [each.text or "" for each in root.iter(f"{NAMESPACE}text")]
    (label,) = [label for label in labels if "alert" in label]
    assert not re.search("[\x00-\x1f\u202e]", label)


def test_a_ring_does_not_run_in_circles(regency: Regency) -> None:
    hubs = [hub.device for hub in regency.hubs][:2]
    first = regency.links[0]
    ends = tuple(first.ends[0].model_copy(update={"device": hub, "interface": f"x{n}"}) for n, hub in enumerate(hubs))
    ring = first.model_copy(update={"key": "ring", "ends": ends})
    back = first.model_copy(update={"key": "back", "ends": ends[::-1]})
    round_it = regency.model_copy(update={"links": (*regency.links, ring, back)})
    seen = drawn(round_it)
    assert len(seen.nodes) == len(regency.devices)
    assert len(list(picture(seen).iter(f"{NAMESPACE}path"))) == len(seen.edges) + len(Word)
