"""One link on the twin: what is carried out, and what is left when something fails at any step. Never half a link."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from network.core.links.capabilities import CAPABILITIES
from network.core.links.difference import MASK
from network.drivers.memory_links import Fault
from network.errors import DeviceArmed, DeviceBusy, KeptUnsaved, LajurError, NeedsPerson, Refused, RunReturned
from network.services.links.apply import apply_links
from network.services.links.hands import LinkStage
from network.services.links.look import look_at, plan_links
from tests.unit.services.links.conftest import KEY, Links

LINK = "sgg-bappeda"
FAR, NEAR = "r-bappeda", "hub-sgg"
OTHER, OTHER_FAR = "sgg-dpmptsp", "r-dpmptsp"
LONG = 3600.0


def test_a_link_is_carried_to_the_truth_and_stays(links: Links) -> None:
    assert links.apply(LINK).result == "done"
    (seen,) = look_at((links.link(LINK),), links.hands())
    assert seen.good
    assert links.apply(LINK).result == "nothing"
    assert links.results() == ["done"]


def test_the_far_end_comes_first_and_is_confirmed_first(links: Links) -> None:
    links.apply(LINK)
    stages = [event.stage for event in links.events if event.stage is not LinkStage.READ]
    assert stages == [
        LinkStage.COMMITTED_FAR,
        LinkStage.COMMITTED_NEAR,
        LinkStage.LOOKING,
        LinkStage.VERIFIED,
        LinkStage.CONFIRMED_FAR,
        LinkStage.CONFIRMED_NEAR,
        LinkStage.DONE,
    ]
    assert [event.device for event in links.events if event.stage is LinkStage.COMMITTED_FAR] == [FAR]


def test_the_record_knows_both_ends_and_no_secret(links: Links) -> None:
    report = links.apply(LINK)
    deeds = links.ledger.links.deeds(report.run)
    assert [(deed.device, deed.side) for deed in deeds] == [(FAR, "far"), (NEAR, "near")]
    lines = " ".join(line for deed in deeds for line in deed.lines)
    assert MASK in lines
    assert KEY not in lines
    audit = links.ledger.entries()
    assert [entry.event.action for entry in audit] == ["run.begun", "run.finished"]
    assert KEY not in repr(audit)
    assert KEY not in repr(report)


def test_lines_of_others_stay(links: Links) -> None:
    box = links.net.boxes[FAR]
    box.text = {
        "interface wan0": ["description old", "ip address 10.0.0.1/30", "ip ospf retransmit-interval 2"],
        "interface x0": ["description theirs"],
    }
    links.apply(LINK)
    text = links.net.text(FAR)
    assert "retransmit-interval 2" in text
    assert "description theirs" in text
    assert "10.0.0.1/30" not in text
    assert "description old" not in text


@pytest.mark.parametrize("device", [FAR, NEAR])
def test_a_bad_line_leaves_both_ends_as_they_were(links: Links, device: str) -> None:
    before = links.texts()
    links.net.faults.append(Fault(device=device, verb="commit", how="line"))
    with pytest.raises(RunReturned) as returned:
        links.apply(LINK)
    cause = returned.value.fields["cause"]
    assert isinstance(cause, LajurError)
    assert (cause.code, cause.fields["device"]) == ("links.line_refused", device)
    assert links.texts() == before
    assert links.results() == ["returned"]


@pytest.mark.parametrize("device", [FAR, NEAR])
def test_a_second_engineer_keeps_what_is_his(links: Links, device: str) -> None:
    before = links.texts()
    links.net.faults.append(Fault(device=device, verb="commit", how="other"))
    with pytest.raises(RunReturned) as returned:
        links.apply(LINK)
    assert isinstance(returned.value.fields["cause"], DeviceArmed)
    assert links.net.box(device).run == "somebody else"
    assert links.texts() == before


def test_a_pending_commit_of_somebody_else_stops_before_anything(links: Links) -> None:
    box = links.net.boxes[NEAR]
    box.before, box.run, box.until = {}, "somebody else", links.clock.monotonic() + LONG
    with pytest.raises(DeviceArmed):
        links.apply(LINK)
    assert links.results() == []


def test_a_near_end_that_cuts_itself_off_goes_back(links: Links) -> None:
    before = links.texts()
    links.net.cut_when[FAR] = lambda net: bool(net.boxes[NEAR].text)
    with pytest.raises(RunReturned) as returned:
        links.apply(LINK)
    cause = returned.value.fields["cause"]
    assert isinstance(cause, LajurError)
    assert cause.fields["device"] == FAR
    assert links.texts() == before


def test_a_far_end_that_is_cut_by_its_own_change_until_the_near_one_follows_is_no_failure(links: Links) -> None:
    links.net.faults.append(Fault(device=FAR, verb="commit", how="lost"))
    links.net.cut_when[FAR] = lambda net: bool(net.boxes[FAR].text) != bool(net.boxes[NEAR].text)
    assert links.apply(LINK).result == "done"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("dark", "links.bad_carrier"),
        ("wrong_end", "links.bad_neighbour"),
        ("optics", "links.bad_optics"),
    ],
)
def test_what_is_not_well_is_named_and_taken_back(links: Links, spoil: str, code: str) -> None:
    before = links.texts()
    end = (FAR, "wan0")
    if spoil == "dark":
        links.net.dark.add(end)
    elif spoil == "wrong_end":
        links.net.wrong_ends[end] = ("hub-brs", "o1")
    else:
        links.net.levels = dict.fromkeys(links.net.levels, -40.0)
    with pytest.raises(RunReturned) as returned:
        links.apply(LINK)
    cause = returned.value.fields["cause"]
    assert isinstance(cause, LajurError)
    assert cause.code == code
    assert links.texts() == before


def test_a_neighbour_from_before_the_change_proves_nothing(links: Links) -> None:
    """It looks well for a dead time although the two ends do not understand each other any more."""
    links.apply(LINK)
    before = links.texts()
    own = links.link(LINK)
    assert own.far.routing is not None
    wrong = replace(own, far=replace(own.far, routing=replace(own.far.routing, hello=2, dead=9)))
    with pytest.raises(RunReturned) as returned:
        apply_links([wrong], links.wish(1.0), links.hands())
    cause = returned.value.fields["cause"]
    assert isinstance(cause, LajurError)
    assert cause.code == "links.bad_routing"
    assert links.texts() == before


def test_a_new_text_on_a_standing_link_waits_for_nothing(links: Links) -> None:
    links.apply(LINK)
    own = links.link(LINK)
    named = replace(own, far=replace(own.far, description="another"))
    (report,) = apply_links([named], links.wish(), links.hands())
    assert report.timings[LinkStage.VERIFIED] < 1


def test_a_device_that_another_run_holds_is_left_alone(links: Links) -> None:
    with links.hands().runner.hold([NEAR], "other"), pytest.raises(DeviceBusy):
        links.apply(LINK)
    assert links.results() == []


@pytest.mark.parametrize("verb", ["read", "commit", "look", "confirm", "revert"])
@pytest.mark.parametrize("device", [FAR, NEAR])
def test_whatever_fails_wherever_the_link_is_never_half_changed(links: Links, device: str, verb: str) -> None:
    for how, at, gone in product(("before", "lost", "restart"), (1, 2, 3), (0.0, LONG)):
        links.begin_anew()
        before = links.texts()
        links.net.faults.append(Fault(device=device, verb=verb, how=how, at=at, gone=gone))
        what = f"{how} at {at}, gone {gone:g}"
        said = _applied(links, LINK)
        links.clock.sleep(LONG)  # every timer has run out, whoever was away is back
        after = {name for name in (FAR, NEAR) if links.net.text(name) != before[name]}
        if isinstance(said, NeedsPerson) and said.code in ("links.half", "links.undecided"):
            assert gone == LONG, f"{what}: only a device that never came back may be left behind"
            links.net.faults.clear()
            links.apply(LINK)
            assert not plan_links((links.link(LINK),), links.hands())[0].waits
        else:
            assert after == (set() if said else {FAR, NEAR}), f"{what}: {said}"
        assert "running" not in links.results()


@pytest.mark.parametrize("verb", ["read", "commit", "look", "confirm", "revert"])
@pytest.mark.parametrize("device", [OTHER_FAR, FAR, NEAR])
def test_links_that_are_changed_together_are_all_changed_or_none(links: Links, device: str, verb: str) -> None:
    for how, at, gone in product(("before", "lost", "restart"), (1, 2), (0.0, LONG)):
        links.begin_anew()
        before = links.texts()
        links.net.faults.append(Fault(device=device, verb=verb, how=how, at=at, gone=gone))
        what = f"{how} at {at}, gone {gone:g}"
        said = _applied(links, LINK, OTHER)
        links.clock.sleep(LONG)
        after = {name for name in (OTHER_FAR, FAR, NEAR) if links.net.text(name) != before[name]}
        if isinstance(said, NeedsPerson) and said.code in ("links.half", "links.undecided"):
            assert gone == LONG, f"{what}: only a device that never came back may be left behind"
            links.net.faults.clear()
            assert _applied(links, LINK, OTHER) is None
        else:
            assert after == (set() if said else {OTHER_FAR, FAR, NEAR}), f"{what}: {said}"


def _applied(links: Links, *keys: str) -> LajurError | None:
    try:
        apply_links([links.link(key) for key in keys], links.wish(), links.hands())
    except LajurError as error:
        return error
    return None


def test_a_device_without_a_timer_is_typed_back(links: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    links.net.boxes[FAR].text = {"interface wan0": ["description old", "ip address 10.0.0.1/30"], "router ospf": ["x y"]}
    monkeypatch.setitem(CAPABILITIES, "frr", replace(CAPABILITIES["frr"], timer=None))
    before = links.texts()
    links.net.dark.add((FAR, "wan0"))
    with pytest.raises(RunReturned):
        links.apply(LINK)
    assert _plain(links.texts()) == _plain(before)
    links.net.dark.clear()
    assert links.apply(LINK).result == "done"


def _plain(texts: dict[str, str]) -> dict[str, list[str]]:
    return {name: sorted(text.splitlines()) for name, text in texts.items()}


def test_a_failure_while_going_back_is_survived(links: Links) -> None:
    before = links.texts()
    links.net.dark.add((FAR, "wan0"))
    for device, verb, how in product((FAR, NEAR), ("read", "revert"), ("before", "lost")):
        links.net.faults += [Fault(device=device, verb=verb, how=how, at=at) for at in (2, 3)]
    with pytest.raises((RunReturned, NeedsPerson)):
        links.apply(LINK)
    links.clock.sleep(LONG)
    assert links.texts() == before


def test_a_key_that_cannot_be_used_is_refused_before_anything(links: Links) -> None:
    hands = links.hands()
    object.__setattr__(hands, "keys", lambda reference: "has a blank")
    (planned,) = plan_links((links.link(LINK),), hands)
    assert isinstance(planned.error, Refused)
    assert "blank" not in str(planned.error)


@pytest.mark.parametrize("devices", [(FAR,), (NEAR,), (FAR, NEAR)])
def test_what_cannot_be_written_for_the_next_start_is_kept_on_both_ends_and_told(links: Links, devices: tuple[str, ...]) -> None:
    for device in devices:
        links.net.faults.append(Fault(device=device, verb="confirm", how="unsaved"))
    with pytest.raises(KeptUnsaved) as told:
        links.apply(LINK)
    assert told.value.exit_code == NeedsPerson.exit_code
    assert told.value.fields["device"] == ", ".join(devices)
    assert links.apply(LINK).result == "nothing"
    assert links.results() == ["done"]
    (run,) = links.ledger.runs(links.regency.head.key)
    assert all(device in run.detail for device in devices)


def test_a_timer_that_has_run_out_is_not_waited_for(links: Links) -> None:
    links.net.faults.append(Fault(device=NEAR, verb="commit", how="line"))
    links.net.cut_when[FAR] = lambda net: net.asked(FAR, "commit") > 0 and net.asked(NEAR, "commit") > 0
    with pytest.raises(NeedsPerson) as told:
        links.apply(LINK)
    assert told.value.code == "links.gone_by"
    assert "seconds" not in told.value.fields
