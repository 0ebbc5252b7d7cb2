"""The queues of a regency as a play looks at them and carries them out, in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from network.playing.queues import queues
from tests.unit.playing.conftest import Play


def test_looking_changes_nothing_and_a_second_time_there_is_nothing_to_do(play: Play) -> None:
    looked = queues(play.about(check=True), play.told.append)
    assert looked.changed
    assert not looked.failed
    assert "Dinas Penanaman Modal dan PTSP" in looked.plan
    assert queues(play.about(check=True), play.told.append).changed

    done = queues(play.about(), play.told.append)
    assert done.changed
    assert "Dinas Penanaman Modal dan PTSP" in done.plan
    assert any("Armed" in line or "armed" in line for line in play.told)

    again = queues(play.about(), play.told.append)
    assert (again.changed, again.failed, again.plan) == (False, False, "")
    assert not queues(play.about(check=True), play.told.append).changed


def test_a_part_of_the_offices_can_be_looked_at(play: Play) -> None:
    looked = queues(play.about("r-dpmptsp", check=True, language="id"), play.told.append)
    assert looked.changed
    assert "hanya 1 dari 12 kantor" in looked.plan
    assert "Dinas Penanaman Modal dan PTSP" in looked.plan
    assert "Dinas Kesehatan" not in looked.plan


@pytest.mark.parametrize(("language", "said"), [("id", "tidak ada yang diubah"), ("en", "nothing was changed")])
def test_a_part_of_the_offices_is_not_carried_out(play: Play, language: str, said: str) -> None:
    refused = queues(play.about("r-dpmptsp", "hub-krb", language=language), play.told.append)
    assert (refused.code, refused.exit_code, refused.changed) == ("playing.queues_whole", 3, False)
    assert said in refused.text
    assert "--limit core" in refused.text
    assert queues(play.about(check=True), play.told.append).changed


def test_the_device_of_the_queues_stands_for_all(play: Play) -> None:
    assert queues(play.about("core"), play.told.append).changed
    assert not queues(play.about(check=True), play.told.append).changed


@pytest.mark.parametrize(
    ("via", "code"), [("pigeon", "playing.via"), ("lab", "wiring.no_lab"), ("direct", "wiring.illustrative")]
)
def test_a_way_that_is_not_open(play: Play, via: str, code: str) -> None:
    failed = queues(replace(play.about(check=True), via=via), play.told.append)
    assert (failed.failed, failed.code) == (True, code)
    result = failed.as_result()
    assert (result["failed"], result["changed"], result["exit_code"]) == (True, False, failed.exit_code)
    assert "diff" not in result
