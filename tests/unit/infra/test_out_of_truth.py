"""A server that left the truth before it was given back: both kinds of resource are looked at, and nobody tries to enter them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import pytest

from infra import adopting, controlling
from infra.adopting import Task
from infra.complaints import failed
from infra.controlling import INPUTS, Control
from infra.errors import UnknownServer
from infra.releasing import release
from infra.watch import Failure, Heard
from tests.unit.infra.test_adopting import INPUTS as SERVER

ACCESS = {"code": "infra.unknown_server", "today": "2026-11-26", "now": "2026-11-26T08:00:00Z", "lost": "", "wiped": {}}
STATE = {**SERVER, "facts": {}, "acceptance": {}, "baseline": "{}", "drift": [], "adopted": "2026-10-01T08:00:00Z"}
CONTROLLER = {**dict.fromkeys(INPUTS, ""), "server": "app-1", "held": {}, "machine": {}, "drift": []}

Told = list[tuple[str, dict[str, Any]]]


def nobody(*_: object) -> NoReturn:
    raise AssertionError("nobody knows how to enter it")


def task(told: Told, state: Mapping[str, Any] = STATE, **access: Any) -> Task:
    return Task(state, {**ACCESS, **access}, nobody, lambda event, fields: told.append((event, dict(fields))))


def control(told: Told, **access: Any) -> Control:
    return Control(CONTROLLER, {**ACCESS, **access}, nobody, lambda event, fields: told.append((event, dict(fields))))


def test_looking_at_it_is_no_failure_and_keeps_what_is_known() -> None:
    told: Told = []
    server = adopting.look(task(told), STATE)
    controller = controlling.look(control(told), CONTROLLER)
    found = [(each["kind"], each["found"]) for each in (*server["drift"], *controller["drift"])]
    assert found == [("unreachable", "infra.unknown_server"), ("controller_unreachable", "infra.unknown_server")]
    assert {**server, "drift": []} == STATE
    assert {**controller, "drift": []} == CONTROLLER
    assert [event for event, _ in told] == ["infra.difference", "infra.difference"]


def test_its_lease_goes_on_ending() -> None:
    found = adopting.look(task([], today="2029-01-01"), STATE)["drift"]
    assert [each["kind"] for each in found] == ["lease_expired", "unreachable"]


def test_it_is_neither_given_back_nor_mended() -> None:
    told: Told = []
    with pytest.raises(UnknownServer):
        release(task(told), STATE)
    with pytest.raises(UnknownServer):
        release(task(told, {**STATE, "entered": False}), STATE)
    with pytest.raises(UnknownServer):
        adopting.mend(task(told), STATE)
    with pytest.raises(UnknownServer):
        controlling.release(control(told), CONTROLLER)
    with pytest.raises(UnknownServer):
        controlling.carry(control(told), CONTROLLER)
    assert told == []


def test_when_it_is_lost_nobody_asks_how_to_enter_it() -> None:
    told: Told = []
    release(task(told, lost="burnt"), STATE)
    controlling.release(control(told, lost="burnt"), {**CONTROLLER, "media": "http://192.0.2.1/a.iso"})
    ((event, fields),) = told
    assert (event, fields["proof"]["lost"], fields["proof"]["whole"]) == ("infra.released", "burnt", False)


def test_what_is_protected_is_one_error_and_beside_others_one_of_several() -> None:
    alone = failed(Heard(protected={"db-1", "app-1"}))
    assert (alone.code, alone.exit_code, alone.fields) == ("infra.protected", 3, {"servers": "app-1, db-1"})
    other = Failure("mon-1", "infra.no_ssh", {"address": "192.0.2.1"}, 4)
    beside = failed(Heard(protected={"app-1", "mon-1"}, failures={"mon-1": other}))
    assert (beside.code, beside.exit_code, beside.fields["servers"]) == ("infra.several_failed", 4, "app-1, mon-1")


def test_a_cloud_that_lets_nobody_in_is_told_of_once_and_for_the_server() -> None:
    heard = Heard()
    for what in ("Network awan", "Group web-1", "Server web-1", "Volume web-1", "Server web-2"):
        fields = {"cloud": "awan", "what": what, "reason": "401", "request": "–"}
        heard.failures[what] = Failure(what.split()[1], "infra.cloud_login", fields, 3)
    one = failed(heard)
    assert (one.code, one.fields["what"], one.exit_code) == ("infra.cloud_login", "Server web-1", 3)
    heard.failures["Server far-1"] = Failure("far-1", "infra.cloud_login", {"cloud": "jauh", "what": "Server far-1"}, 3)
    for server in ("web-3", "web-4"):
        heard.failures[f"Volume {server}"] = Failure(
            server, "infra.cloud_quota", {"cloud": "awan", "what": f"Volume {server}"}, 3
        )
    several = failed(heard)
    assert (several.code, several.fields["servers"]) == ("infra.several_failed", "awan, far-1, web-1, web-2, web-3, web-4")
    told: Any = several.fields["failures"]
    assert [each["server"] for each in told] == ["far-1", "web-1", "web-3", "web-4"]
