"""How long a neighbour may look well after a change: until the old dead time or the new one is over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.core.links.difference import Line
from network.core.links.intent import EndIntent, LinkIntent, Routing
from network.core.links.plan import EndPlan, LinkPlan, settles_after
from tests.unit.core.links.test_verify import END


def _plan(intent: EndIntent, *lines: str) -> EndPlan:
    said = tuple(Line(sign=line[0], section="i", section_shape="i", text=line[1:], shape=line[1:]) for line in lines)
    return EndPlan(intent=intent, candidate="x" if lines else "", lines=said, digest="")


def _settles(platform: str, hello: int, dead: int, *lines: str) -> int:
    end = replace(END, platform=platform, routing=Routing(area="0", hello=hello, dead=dead))
    intent = LinkIntent(key="l", depth=1, far=end, near=end)
    return settles_after(LinkPlan(intent=intent, far=_plan(end, *lines), near=_plan(end)))


@pytest.mark.parametrize(
    ("platform", "hello", "dead", "lines", "seconds"),
    [
        ("frr", 1, 4, (), 0),
        ("frr", 1, 4, ("-description dead 90", "+description hello 90"), 0),
        ("frr", 1, 4, ("+ip ospf cost 5",), 5),
        ("frr", 1, 4, ("+ip ospf hello-interval 1",), 41),
        ("frr", 1, 4, ("-ip ospf hello-interval 20", "+ip ospf hello-interval 1"), 81),
        ("frr", 5, 40, ("-ip ospf hello-interval 20", "+ip ospf hello-interval 5", "-ip ospf dead-interval 9"), 41),
        ("frr", 5, 7, ("+ip ospf dead-interval 7",), 21),
        ("huawei_vrp", 5, 7, ("-ospf timer hello 30", "+ospf timer hello 5"), 121),
        ("mikrotik_routeros", 5, 7, ("+dead-interval=7s",), 41),
        ("mikrotik_routeros", 5, 20, ("-hello-interval=30s", "+hello-interval=5s"), 41),
    ],
)
def test_a_change_settles_when_the_longer_dead_time_is_over(
    platform: str, hello: int, dead: int, lines: tuple[str, ...], seconds: int
) -> None:
    assert _settles(platform, hello, dead, *lines) == seconds
