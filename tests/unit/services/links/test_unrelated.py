"""A run that somebody left on a hub keeps nobody from the other links there, whatever it is that it cannot be ended for now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.core.ports import RunRecord
from network.errors import DeviceArmed, DeviceBusy, LajurError, RunReturned
from network.services.links.apply import LinkReport, apply_link
from network.services.links.hands import LinkStage
from tests.unit.services.links.conftest import Links, die_at

LINK, FAR, NEAR = "sgg-bappeda", "r-bappeda", "hub-sgg"
OTHER = "sgg-dpmptsp"
LONG = 3600.0


def _left(links: Links, monkeypatch: pytest.MonkeyPatch) -> RunRecord:
    """Its far end is kept, and the near one has gone back by itself."""
    die_at(links, monkeypatch, LinkStage.CONFIRMED_FAR, LINK)
    links.clock.sleep(LONG)
    (record,) = links.ledger.links.unfinished(links.regency.head.key)
    return record


def _applied(links: Links, key: str, patience: float = 5.0) -> LinkReport | LajurError:
    try:
        return apply_link(links.link(key), links.wish(patience), links.hands())
    except LajurError as error:
        return error


def _is_done(found: LinkReport | LajurError) -> bool:
    return isinstance(found, LinkReport) and found.result == "done"


def test_a_second_engineer_on_a_device_of_the_run(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    record = _left(links, monkeypatch)
    box = links.net.boxes[FAR]
    box.before, box.run, box.until = {}, "somebody else", links.clock.monotonic() + LONG
    assert _is_done(_applied(links, OTHER))
    assert box.run == "somebody else"
    assert links.ledger.links.unfinished(record.regency) == (record,)
    assert isinstance(_applied(links, LINK), DeviceArmed)


def test_the_end_of_the_run_fails_and_is_taken_back(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    record = _left(links, monkeypatch)
    links.net.dark.add((FAR, "wan0"))
    assert _is_done(_applied(links, OTHER))
    assert links.ledger.links.unfinished(record.regency) == (record,)
    assert isinstance(_applied(links, LINK), RunReturned)


def test_somebody_is_at_another_device_of_the_run(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    record = _left(links, monkeypatch)
    with links.hands().runner.hold([FAR], "alive"):
        assert _is_done(_applied(links, OTHER, 0.4))
        assert isinstance(_applied(links, LINK, 0.4), DeviceBusy)
    assert links.ledger.links.unfinished(record.regency) == (record,)
    assert isinstance(_applied(links, LINK), LinkReport)
    assert "running" not in links.results()


def test_somebody_who_brings_the_run_to_its_end_meanwhile_is_waited_for(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    """As two lanes of one batch find it: one settles it, and goes on to hold its own devices for links of its own."""
    die_at(links, monkeypatch, LinkStage.CONFIRMED_FAR, LINK, OTHER)
    links.clock.sleep(LONG)
    (record,) = links.ledger.links.unfinished(links.regency.head.key)
    sleep, waits = links.clock.sleep, 0

    def until_it_is_over(seconds: float) -> None:
        nonlocal waits
        sleep(seconds)
        waits += 1
        if waits == 2:
            links.ledger.links.finish(record.id, "done", links.clock.now())

    monkeypatch.setattr(links.clock, "sleep", until_it_is_over)
    waited: list[int] = []
    hands = replace(links.hands(), listen=lambda event: waited.append(waits))
    with hands.runner.hold([FAR], "other lane"):
        assert apply_link(links.link(OTHER), links.wish(), hands).result == "done"
    assert waited[0] == 2
    assert links.results() == ["done", "done"]
