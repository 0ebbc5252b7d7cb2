"""Connected systems asked from real routers of a lab, over SSH, from addresses of the offices' LANs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inventory.regency import Regency
from network import labs, reach, wiring
from network.core.systems import Board, By, Why, Word, systems
from network.errors import LabError
from network.lab import hardware, lab
from network.lab.lab import LabState
from network.lab.outside import Manner
from network.services.systems import SystemHands, ask, last_heard
from network.settings import Settings

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]


class Site:
    def __init__(self, settings: Settings, ground: wiring.Ground, lab_id: str) -> None:
        self._ground, self._lab = ground, lab_id
        self.regency = ground.regency
        self.hands = SystemHands(
            prober=reach.prober(reach.reach(settings, ground), ground),
            runner=ground.hands.runner,
            clock=ground.hands.clock,
            observations=ground.ledger.observations(ground.hands.place),
        )

    def ask(self, *offices: str) -> Board:
        wanted = offices or tuple(each.key for each in self.regency.offices)
        return ask(self.regency, wanted, systems(self.regency), self.hands)

    @contextmanager
    def played(self, **manners: Manner) -> Iterator[None]:
        for key, manner in manners.items():
            hardware.set_system(self._lab, key, manner)
        try:
            yield
        finally:
            for key in manners:
                hardware.set_system(self._lab, key, Manner.UP)

    @contextmanager
    def route(self, office: str, *route: str) -> Iterator[None]:
        device = self.regency.office(office).device
        assert lab.exec_in(self._lab, device, ["ip", "route", "add", *route]).returncode == 0
        try:
            yield
        finally:
            assert lab.exec_in(self._lab, device, ["ip", "route", "del", *route]).returncode == 0


@pytest.fixture(scope="module")
def site(running: LabState, small: Regency, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("state")
    settings = Settings.read({"LAJUR_STATE": str(folder), "LAJUR_REGENCY": "manokwari"}, Path("/nonexistent"))
    with wiring.ground(settings, small, via="lab", lab_id=running.plan.lab) as ground:
        yield Site(settings, ground, running.plan.lab)


def codes(board: Board) -> list[str]:
    return [each.what.code for each in board.remarks]


def test_every_system_answers_every_office_from_its_own_lan(site: Site) -> None:
    board = site.ask()
    assert board.is_good, [(at, cell) for at, cell in board.cells.items() if cell.word is not Word.ANSWERS]
    assert codes(board) == []
    lans = {each.key: each.lan for each in site.regency.offices}
    for (office, _), cell in board.cells.items():
        assert cell.answer is not None
        assert cell.answer.by is By.HTTPS, "with a look at the certificate"
        assert any(cell.answer.source == str(address) for address in lans[office].hosts())
    kept = last_heard(site.regency, site.hands.observations, board.at)
    assert kept.cells == board.cells


def test_what_is_wrong_with_a_system_is_told_apart(site: Site) -> None:
    """All kinds at once: each of them is one system."""
    manners = {"oss": Manner.DOWN, "sicantik": Manner.HANG, "eplanning": Manner.SLOW}
    with site.played(**manners, **{"si-peri-etnik": Manner.ERROR, "oss-mobile": Manner.CERTIFICATE}):
        board = site.ask()
    seen = {each.key: {board.cell(office, each.key).answer for office in board.offices} for each in board.systems}
    told = {key: {(each.word, each.why) for each in answers if each is not None} for key, answers in seen.items()}
    assert told == {
        "oss": {(Word.SILENT, Why.REFUSED)},
        "sicantik": {(Word.SILENT, Why.TIMEOUT)},
        "eplanning": {(Word.SLOW, Why.NONE)},
        "si-peri-etnik": {(Word.PAGE, Why.STATUS)},
        "oss-mobile": {(Word.CERTIFICATE, Why.EXPIRED)},
    }
    assert codes(board) == ["systems.down", "systems.down", "systems.page", "systems.certificate", "systems.slow"]


def test_an_error_page_with_200_is_no_answer_where_the_truth_says_what_a_good_one_holds(site: Site) -> None:
    with site.played(sicantik=Manner.ERROR):
        board = site.ask("dpmptsp", "setda")
    answers = [board.cell(office, "sicantik").answer for office in board.offices]
    assert {(each.word, each.why, each.status) for each in answers if each} == {(Word.PAGE, Why.EXPECT, 200)}
    assert codes(board) == ["systems.page"]


def test_an_office_that_lost_its_way_to_one_system_or_to_all_is_told_apart_from_the_systems(site: Site) -> None:
    with site.route("dpmptsp", "blackhole", "198.18.10.0/24"):
        board = site.ask()
    assert codes(board) == ["systems.silent_some"]
    assert board.cell("dpmptsp", "oss").word is Word.SILENT
    with site.route("dpmptsp", "prohibit", "198.18.0.0/15"):
        board = site.ask()
    assert codes(board) == ["systems.office"]
    answers = [board.cell("dpmptsp", each.key).answer for each in board.systems]
    assert {each.why for each in answers if each is not None} == {Why.NO_ROUTE}


def test_an_office_whose_fibre_is_cut_is_named_with_its_link(site: Site, running: LabState) -> None:
    office = site.regency.office("bappeda")
    link = next(each for each in site.regency.links if any(end.device == office.device for end in each.ends))
    labs.cut(running.plan.lab, link.key)
    try:
        board = site.ask("bappeda", "dpmptsp")
    finally:
        labs.mend(running.plan.lab, link.key)
    assert set(board.unreached) == {"bappeda"}
    assert codes(board) == ["systems.unreached"]
    assert board.remarks[0].what.fields["links"] == link.key
    assert all(board.cell("dpmptsp", each.key).word is Word.ANSWERS for each in board.systems), "the others are asked"


def test_only_systems_that_the_lab_plays_can_be_told_how_to_be(running: LabState) -> None:
    with pytest.raises(LabError) as refused:
        hardware.set_system(running.plan.lab, "nobody", Manner.DOWN)
    assert refused.value.code == "lab.system_unknown"
    assert "sicantik" in str(refused.value.fields["systems"])
