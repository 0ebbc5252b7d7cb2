"""What a device shows beside what the truth says: each difference once, with what to do about it, the gravest first."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address

import pytest

from inventory.load import SHIPPED, load_regency
from inventory.regency import Regency
from inventory.views import link_addresses
from network.core.inspection import Facts, Held, Hook, Offset, Stranger, Weight, judge
from network.core.observed import ArmedTimer, ReturnTimer
from network.messages import text

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def regency() -> Regency:
    return load_regency(SHIPPED / "tolikara")


def right(regency: Regency, name: str, **more: object) -> Facts:
    """What a device shows that is as the truth says."""
    device = regency.device(name)
    held, interfaces = [Held("lo", IPv4Address("127.0.0.1"), 8), Held("lo", device.address, 32)], {"lo"}
    for link in regency.links:
        for end, written in zip(link.ends, link_addresses(regency, link) or (), strict=False):
            if end.device == name:
                interfaces.add(end.interface)
                held.append(Held(end.interface, IPv4Address(written.partition("/")[0]), 31))
    held += [Held("lan0", office.lan[1], 24) for office in regency.offices if office.device == name]
    facts: dict[str, object] = {"interfaces": frozenset(interfaces), "addresses": tuple(held), "strangers": (), **more}
    return Facts(platform="linux", version="Linux", **facts)  # type: ignore[arg-type]


def codes(regency: Regency, name: str, **more: object) -> list[tuple[str, Weight]]:
    found = judge(regency, regency.device(name), right(regency, name, **more))
    for remark in found:
        for language in ("id", "en"):
            assert text(remark.what.code, language, remark.what.fields)
            assert text(remark.next.code, language, {**remark.next.fields, "device": name})
    return [(remark.what.code, remark.weight) for remark in found]


def test_a_device_that_is_as_it_should_be_has_nothing_to_say(regency: Regency) -> None:
    for device in regency.devices:
        assert codes(regency, device.key) == []


@pytest.mark.parametrize(
    ("seconds", "code"), [(90, "check.clock_ahead"), (-90, "check.clock_behind"), (5, None), (-5, None), (6, "check.clock_ahead")]
)
def test_a_clock_may_differ_by_seconds_and_not_by_minutes(regency: Regency, seconds: int, code: str | None) -> None:
    offset = Offset(seconds * SECOND, 0.5 * SECOND)
    assert codes(regency, "core", offset=offset) == ([(code, Weight.MEND)] if code else [])


def test_a_slow_answer_is_no_wrong_clock(regency: Regency) -> None:
    assert codes(regency, "core", offset=Offset(14 * SECOND, 10 * SECOND)) == []


def test_another_platform_is_told_and_nothing_else(regency: Regency) -> None:
    facts = Facts(platform="mikrotik_routeros", version="SSH-2.0-ROSSSH", lacks=("tc",))
    assert [each.what.code for each in judge(regency, regency.device("core"), facts)] == ["check.platform"]


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("RB4011iGS+ RouterOS 6.49.10", "RouterOS 6.49"),
        ("RB4011iGS+ RouterOS 7.1", None),
        ("Debian GNU/Linux 11 (bullseye), Linux 5.10.0, iproute2 5.10.0, FRR 7.5.1", "FRR 7.5"),
        ("Debian GNU/Linux 9 (stretch), Linux 4.9.0, iproute2 4.9.0", "iproute2 4.9"),
        ("Debian GNU/Linux 12 (bookworm), Linux 6.1.0, iproute2 6.1.0, FRR 8.4.4", None),
        ("nothing that anybody knows", None),
    ],
)
def test_a_version_that_is_too_old_for_us_is_told(regency: Regency, version: str, old: str | None) -> None:
    found = judge(regency, regency.device("core"), Facts(platform="linux", version=version))
    told = [f"{each.what.fields['program']} {each.what.fields['shown']}" for each in found if each.what.code == "check.old"]
    assert told == ([old] if old else [])


def test_what_is_missing_is_named(regency: Regency) -> None:
    assert codes(regency, "core", lacks=("tc", "root")) == [("check.lacks", Weight.MEND)] * 2
    assert codes(regency, "core", silent=("vtysh",)) == [("check.silent", Weight.MEND)]
    there = right(regency, "core").interfaces or frozenset()
    assert codes(regency, "core", interfaces=there - {"h1"}) == [("check.interface", Weight.MEND)]


def test_a_hook_that_nothing_calls_is_told_with_the_command_that_has_it_called(regency: Regency) -> None:
    hook = Hook("/var/lib/x/boot", "systemctl enable x")
    assert codes(regency, "core", hooks=(hook,)) == [("check.hook", Weight.MEND)]
    (remark,) = judge(regency, regency.device("core"), right(regency, "core", hooks=(hook,)))
    for language in ("id", "en"):
        assert hook.path in text(remark.what.code, language, remark.what.fields)
        assert hook.install in text(remark.next.code, language, {**remark.next.fields, "device": "core"})


def test_addresses_that_are_missing(regency: Regency) -> None:
    office = regency.offices[0]
    held = right(regency, office.device).addresses or ()
    lo, management, link, lan = held
    assert codes(regency, office.device, addresses=(lo, management, lan)) == [("check.address_absent", Weight.MEND)]
    assert codes(regency, office.device, addresses=(lo, management, link)) == [("check.lan_absent", Weight.MEND)]
    assert codes(regency, office.device, addresses=(lo, link, lan)) == [("check.address_other", Weight.NOTE)]


def test_addresses_that_are_another_s_and_addresses_that_nobody_knows(regency: Regency) -> None:
    name = regency.offices[0].device
    held = right(regency, name).addresses or ()
    others = (
        regency.device("border").address,
        regency.offices[1].lan[7],
        IPv4Address((link_addresses(regency, regency.links[0]) or ("", ""))[0].partition("/")[0]),
    )
    for address in others:
        assert codes(regency, name, addresses=(*held, Held("eth9", address, 24))) == [("check.address_taken", Weight.MEND)]
    stranger = Held("eth9", IPv4Address("203.0.113.7"), 24)
    assert codes(regency, name, addresses=(*held, stranger)) == [("check.address_strange", Weight.NOTE)]


def test_queues_of_others_weigh_more_where_ours_stand(regency: Regency) -> None:
    strangers = (Stranger("isp1", "tbf 8001:"), Stranger("up1", "cake 8002:", shaping=True))
    assert codes(regency, "core", strangers=strangers) == [
        ("check.queue_in_way", Weight.MEND),
        ("check.queue_beside", Weight.NOTE),
    ]


def test_timers_that_count_down(regency: Regency) -> None:
    found = codes(regency, "core", armed=ArmedTimer("run-1", 12), returns=(ReturnTimer("return-1", 600),))
    assert found == [("check.armed", Weight.MEND), ("check.return", Weight.NOTE)]


def test_what_was_not_asked_is_not_judged(regency: Regency) -> None:
    assert judge(regency, regency.device("core"), Facts(platform="linux", version="")) == ()
