"""Whom a rule refuses is told so by name and holds up nobody else; who goes around our program meets the engine's own wall."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.site import REGENCY, ROOT, Site

pytestmark = pytest.mark.engine

AFTER = "2027-02-01"
"""The day after the lease of mon-1 has ended; that of app-1 runs on."""


def _around(site: Site, **more: Any) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.infra.around"],
        input=site.request("up", **more),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **site.environment},
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def edited(truth: Path, file: str, old: str, new: str) -> None:
    text = (truth / file).read_text()
    assert old in text
    (truth / file).write_text(text.replace(old, new))


def test_one_ended_lease_holds_up_nobody_else_and_its_server_can_be_given_back(site: Site) -> None:
    site.run("up").result  # noqa: B018 - raises when it failed
    stopped = {"service-07.service": False}
    for server in ("app-1", "mon-1"):
        site.change(server, services=stopped)
    seen = {(each["server"], each["kind"]) for each in site.run("drift", today=AFTER).result["differences"]}
    assert ("mon-1", "lease_expired") in seen

    told = site.run("up", today=AFTER)
    assert (told.code, told.last["exit"], told.last["fields"]["servers"]) == ("infra.policy", 3, "mon-1")
    (refusal,) = told.last["fields"]["refusals"]
    assert (refusal["code"], refusal["fields"]["number"]) == ("infra.lease_ended", "SEWA-CONTOH-02")
    assert refusal["fields"]["end"] == "2027-01-31"
    assert [(each["server"], each["name"]) for each in told.of("infra.repaired")] == [("app-1", "service-07.service")]
    assert json.loads(site.machine("mon-1").read_text())["services"] == stopped

    assert site.run("up", today=AFTER, only=["app-1"]).result["unrepaired"] == [], "of the other nobody asks"
    given = site.run("destroy", only=["mon-1"], release=["mon-1"], today=AFTER)
    assert given.result == {"released": ["mon-1"], "left": ["app-1"]}


def test_what_is_rented_is_judged_before_its_cloud_is_asked_and_by_the_engine_where_nobody_did(site: Site) -> None:
    """Nobody answers in that cloud: whoever came so far as to ask it would say so."""
    clouds = {"awan": {"clouds": "clouds: {lab: {auth: {auth_url: 'http://127.0.0.1:9/v3'}}}", "cloud": "lab"}}
    access = {"practice-1": {"user": "root", "host": "127.0.0.1", "port": 22, "private_key": site.key}}
    more = {"access": access, "rented": ["practice-1"], "clouds": clouds, "now": "2029-02-01T08:00:00Z", "today": "2029-02-01"}
    told = site.run("up", **more)
    assert (told.code, told.last["exit"]) == ("infra.policy", 3)
    (refusal,) = told.last["fields"]["refusals"]
    assert (refusal["code"], refusal["fields"]["end"]) == ("infra.rented_ended", "2028-12-31")
    around = _around(site, **{**more, "now": "2026-11-26T08:00:00Z", "today": "2026-11-26"})
    assert (around["code"], around["exit"]) == ("infra.policy", 3)
    found = {(each["server"], each["code"]) for each in around["fields"]["refusals"]}
    assert found == {("practice-1", "infra.rented_public_ssh")}, "the group comes first, and nobody said whose those networks are"


def test_whoever_goes_around_our_program_is_refused_by_the_engine_before_anything_is_changed(site: Site) -> None:
    site.truth = site.folder / "manokwari"
    shutil.copytree(REGENCY, site.truth)
    edited(site.truth, "servers.yaml", "management: &management [", "management: &management [8.8.0.0/16, ")
    edited(site.truth, "leases.yaml", "lessor:", "country: SG\n    lessor:")
    told = _around(site, today="2099-01-01")
    assert (told["code"], told["exit"]) == ("infra.policy", 3)
    refusals = told["fields"]["refusals"]
    assert {each["code"] for each in refusals} == {"infra.public_ssh", "infra.lease_ended", "infra.abroad"}
    assert {each["server"] for each in refusals} <= {"app-1", "mon-1"}
    for server in ("app-1", "mon-1"):
        assert not json.loads(site.machine(server).read_text())["files"]
