"""The real engine refuses what a rule forbids, by its name and the server's, before anything is changed anywhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.infra.site import REGENCY, Site

pytestmark = pytest.mark.engine


def edited(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(truth: Path) -> None:
        text = (truth / file).read_text()
        assert old in text
        (truth / file).write_text(text.replace(old, new))

    return edit


CASES = [
    ("public_ssh", edited("servers.yaml", "management: &management [", "management: &management [8.8.0.0/16, "), "2026-11-26"),
    ("outside_lease", lambda truth: None, "2099-01-01"),
    ("abroad", edited("leases.yaml", "lessor:", "country: SG\n    lessor:"), "2026-11-26"),
]


@pytest.mark.parametrize(("policy", "edit", "today"), CASES, ids=[case[0] for case in CASES])
def test_it_is_refused_before_anything_is_changed(site: Site, policy: str, edit: Callable[[Path], None], today: str) -> None:
    assert refused(site, "up", today, edit) == {policy}
    assert site.run("outputs").result["outputs"] == {}


def test_a_preview_names_all_that_would_be_refused(site: Site) -> None:
    edits = [edit for _, edit, _ in CASES]
    assert refused(site, "preview", "2099-01-01", *edits) == {policy for policy, _, _ in CASES}


def refused(site: Site, verb: str, today: str, *edits: Callable[[Path], None]) -> set[str]:
    """The rules by which it is refused under this truth, on this day."""
    site.truth = site.folder / "manokwari"
    shutil.copytree(REGENCY, site.truth)
    for edit in edits:
        edit(site.truth)
    told = site.run(verb, today=today)
    assert (told.code, told.last["exit"]) == ("infra.policy", 3)
    assert told.last["fields"]["text"]
    refusals = told.last["fields"]["refusals"]
    assert {each["server"] for each in refusals} <= {"app-1", "mon-1"}
    for server in ("app-1", "mon-1"):
        assert not json.loads(site.machine(server).read_text())["files"]
    return {each["policy"] for each in refusals}
