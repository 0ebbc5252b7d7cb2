"""The links of a play's hosts, looked at and carried out in memory; and what each host is told."""

from __future__ import annotations

import os
from functools import reduce
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from network.errors import DeviceError
from network.playing import links as playing
from network.playing.asking import Outcome
from network.playing.links import ALL, links, without_link
from network.services.links.rollout import Failed, Rollout
from network.settings import Settings
from network.wiring import open_ledger
from tests.unit.playing.conftest import Play


def test_looking_changes_nothing_and_a_second_time_there_is_nothing_to_do(play: Play) -> None:
    looked = links(play.about(check=True), play.told.append)
    assert set(looked) == set(play.asked.hosts) - {"core"}
    assert all(outcome.changed and not outcome.failed for outcome in looked.values())
    assert [host for host, outcome in looked.items() if outcome.plan] == ["border"]
    assert links(play.about(check=True), play.told.append) == looked

    done = links(play.about(), play.told.append)
    assert all(outcome.changed for outcome in done.values())
    assert any(line.startswith("krb-") for line in play.told)

    again = links(play.about(), play.told.append)
    assert not any(outcome.changed or outcome.failed or outcome.plan for outcome in again.values())


def test_what_a_play_carried_out_and_saw_is_proven(play: Play) -> None:
    settings = Settings.read(os.environ, Path.home())
    links(play.about("r-dpmptsp", check=True), play.told.append)
    with open_ledger(settings) as ledger:
        assert ledger.proofs("memory").proofs(play.asked.regency) == {}
    links(play.about("r-dpmptsp"), play.told.append)
    with open_ledger(settings) as ledger:
        assert set(ledger.proofs("memory").proofs(play.asked.regency)) == {"krb-dpmptsp"}
        assert ledger.proofs("direct").proofs(play.asked.regency) == {}


def test_only_the_links_of_the_named_hosts_are_touched(play: Play) -> None:
    assert set(links(play.about("r-dpmptsp", "core"), play.told.append)) == {"r-dpmptsp"}
    left = links(play.about(check=True), play.told.append)
    assert {host for host, outcome in left.items() if not outcome.changed} == {"r-dpmptsp"}


def test_a_plan_shows_no_secret(play: Play) -> None:
    (outcome,) = links(play.about("r-dpmptsp", check=True), play.told.append).values()
    assert "message-digest-key 1 md5 ********" in outcome.plan
    assert "env:" not in repr(outcome.as_result())


@pytest.mark.parametrize(("language", "said"), [("id", "belum dikenal"), ("en", "are not known")])
def test_a_link_that_cannot_be_planned_spoils_itself_only(play: Play, language: str, said: str) -> None:
    """A Linux router whose routing is not FRR's: nobody here knows its words."""
    text = (play.folder / "devices.yaml").read_text()
    head, _, rest = text.partition("- key: r-dpmptsp")
    (play.folder / "devices.yaml").write_text(f"{head}- key: r-dpmptsp{rest.replace('    services: {routing: frr}', '', 1)}")
    looked = links(play.about("r-dpmptsp", "r-setda", check=True, language=language), play.told.append)
    assert looked["r-setda"].changed
    assert looked["r-dpmptsp"].code == "links.no_dialect"
    assert said in looked["r-dpmptsp"].text


def test_a_failed_link_fails_its_host_and_says_who_was_not_begun(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {"interface": "wan0", "seen": "down", "wanted": "up", "other": "hub-krb o2"}
    dark = DeviceError("links.bad_carrier", device="r-setda", step="krb-setda", **seen)

    def stopped(*_: Any, **__: Any) -> Rollout:
        return Rollout(
            failed=(Failed(links=("krb-setda",), error=dark),), nothing=("krb-kominfo",), not_begun=("krb-bappeda",), planned=()
        )

    monkeypatch.setattr(playing, "roll_out", stopped)
    found = links(play.about("r-kominfo", "r-setda", "r-bappeda"), play.told.append)
    results = {host: outcome.as_result() for host, outcome in found.items()}
    assert (results["r-setda"]["failed"], results["r-setda"]["exit_code"]) == (True, 4)
    assert (results["r-kominfo"]["failed"], results["r-kominfo"]["changed"]) == (False, False)
    assert (results["r-bappeda"]["skipped"], results["r-bappeda"]["failed"]) == (True, False)
    assert "krb-setda" in results["r-bappeda"]["msg"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_several_links_on_a_host_the_gravest_stands_for_all(order: tuple[int, ...]) -> None:
    failed = Outcome(text="failed", code="links.half", exit_code=5)
    of_one_host = [Outcome(changed=True, text="changed"), Outcome(text="nothing"), failed]
    joined = reduce(playing._joined, [of_one_host[at] for at in order])
    assert (joined.failed, joined.changed, joined.exit_code) == (True, True, 5)
    assert joined.text == "failed\nchanged"


def test_what_is_wrong_with_all_stands_apart(play: Play) -> None:
    (play.folder / "links.yaml").write_text("links: 3\n")
    found = links(play.about(check=True), play.told.append)
    assert set(found) == {ALL}
    assert "links.yaml:1" in found[ALL].text


def test_a_host_without_links_has_a_result() -> None:
    assert (without_link()["changed"], without_link()["failed"]) == (False, False)
