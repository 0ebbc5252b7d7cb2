"""What the verbs do with rented servers that nobody took over yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.errors import NeedsPerson, Refused
from infra.renting import complaint
from tests.unit.infra.ground import Ground

PROOF = {"wiped": [], "own": "SHA256:x", "adopted": "2026-11-26T08:00:00Z"}


NEW = {"web-1": (), "web-2": ()}
OTHER = complaint.error("infra.cloud_image_other", cloud="awan", what="Server web-1", reason="sha512:0 > sha512:1")


def test_of_what_a_cloud_lacks_nothing_is_begun_and_the_others_go_on(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "up", NEW, new=["web-1", "web-2"])
    ground.lacks = {"web-1": OTHER}
    with pytest.raises(Refused, match="image_other") as refused:
        ground.verbs.carry_out()
    assert refused.value.fields["server"] == "web-1"
    assert (ground.asked, ground.engine.did) == ([{"web-1", "web-2"}], ["up app-1 mon-1 web-2"])
    alone = Ground(tmp_path, "up", NEW, new=["web-1"], only=["web-1"])
    alone.lacks = {"web-1": OTHER}
    with pytest.raises(Refused, match="image_other"):
        alone.verbs.carry_out()
    assert alone.engine.did == []
    assert json.loads(alone.said.getvalue().splitlines()[0])["fields"]["status"] == "failed"


def test_a_cloud_is_asked_of_no_machine_that_it_made_and_of_nothing_in_a_preview(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "up", NEW, new=["web-1"], only=["web-1"])
    ground.engine.made, ground.lacks = ("web-1",), {"web-1": OTHER}
    ground.verbs.carry_out()
    assert (ground.asked, ground.engine.did) == ([set()], ["up web-1"])
    for verb, new in (("preview", ["web-1"]), ("up", [])):
        other = Ground(tmp_path, verb, NEW, new=new)
        other.verbs.carry_out()
        assert other.asked == []


@pytest.mark.parametrize(("before", "mend", "kind"), [("destroy", "person", "rented_leaving"), ("up", "repair", "rented_begun")])
def test_of_what_a_cut_run_left_it_is_told_which_way_it_was_going(tmp_path: Path, before: str, mend: str, kind: str) -> None:
    Ground(tmp_path, before, only=["web-1"]).engine.unfinished.begin()
    ground = Ground(tmp_path, "drift", only=["web-1"])
    ground.engine.ground, ground.engine.there = ("web-1",), {"web-1": False}
    (found,) = ground.verbs.carry_out()["differences"]
    assert (found["kind"], found["mend"]) == (kind, mend)


def test_a_recovery_names_a_return_of_which_the_ground_alone_is_left(tmp_path: Path) -> None:
    Ground(tmp_path, "destroy", only=["web-1"]).engine.unfinished.begin()
    ground = Ground(tmp_path, "recover")
    ground.engine.ground = ("web-1",)
    with pytest.raises(NeedsPerson, match="returns_begun") as left:
        ground.verbs.carry_out()
    assert left.value.fields == {"servers": "web-1"}


def test_of_one_that_was_never_made_what_was_left_goes_before_the_rest(tmp_path: Path) -> None:
    ground = Ground(tmp_path, "destroy", NEW, only=["app-1", "web-1", "web-2"], release=["app-1"], new=["web-1", "web-2"])
    ground.engine.there, ground.engine.made = dict.fromkeys(("app-1", "web-1", "web-2"), False), ("web-2",)
    with pytest.raises(Refused, match="unknown_server"):
        ground.verbs.carry_out()
    assert ground.engine.did == []
    access = {server: {"user": "root"} for server in ground.engine.there}
    whole = Ground(tmp_path, "destroy", NEW, only=[*access], new=["web-1", "web-2"], access=access)
    whole.engine.there, whole.engine.made = ground.engine.there, ("web-2",)
    whole.verbs.carry_out()
    assert whole.engine.did == ["sweep web-1", "enter app-1 web-1 web-2", "destroy app-1 web-1 web-2"]
    gone = Ground(tmp_path, "destroy", NEW, only=["web-1"], new=["web-1"], begun=["web-1"], access=access)
    gone.engine.there = {}
    gone.verbs.carry_out()
    assert gone.engine.did == ["sweep web-1"], "of which only the cloud knows"
    whole.engine.did, whole.engine.dead = [], True
    with pytest.raises(Refused, match="locked"):
        whole.verbs.carry_out()
    assert whole.engine.did == [], "nothing is let go of while somebody's lock stands"
