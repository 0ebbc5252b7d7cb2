"""Equal diffs are one diff, every device is in one group, and no two sequences of lines share a digest by their shape."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from network.core.collapse import collapse, digest

LINES = st.lists(st.text(max_size=8), max_size=4)


def test_devices_with_the_same_lines_share_a_group_in_the_order_given() -> None:
    groups = collapse({"r-c": ["+ mtu 9000"], "r-a": [], "r-b": ["+ mtu 9000"], "r-d": ["- mtu 9000"], "r-e": []})
    assert [(each.devices, each.lines) for each in groups] == [
        (("r-c", "r-b"), ("+ mtu 9000",)),
        (("r-a", "r-e"), ()),
        (("r-d",), ("- mtu 9000",)),
    ]


def test_nothing_collapses_to_nothing() -> None:
    assert collapse({}) == ()


@given(st.dictionaries(st.text(min_size=1, max_size=4), LINES))
def test_every_device_keeps_its_lines_and_stands_once(diffs: dict[str, list[str]]) -> None:
    groups = collapse(diffs)
    assert {device: list(each.lines) for each in groups for device in each.devices} == diffs
    assert sum(len(each.devices) for each in groups) == len(diffs)
    assert len({each.lines for each in groups}) == len({each.digest for each in groups}) == len(groups)


def test_a_digest_knows_where_a_line_ends() -> None:
    assert len({digest(lines) for lines in (["ab"], ["a", "b"], ["a\nb"], ["", "ab"], [])}) == 5
