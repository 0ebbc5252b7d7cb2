"""The devices of a regency as hosts and groups."""

from __future__ import annotations

import os

import pytest

from network.playing.hosts import Unlisted, hosts
from tests.unit.playing.conftest import Play, edit


@pytest.mark.usefixtures("play")
def test_every_device_is_a_host_nearer_to_the_core_first() -> None:
    listed = hosts(os.environ).hosts
    roles = [str(host.facts["lajur_role"]) for host in listed]
    assert roles == ["core", "border", "hub", "hub", *["office"] * 12]
    assert len({host.name for host in listed}) == len(listed)


@pytest.mark.usefixtures("play")
def test_groups_are_what_a_limit_may_name() -> None:
    groups = {host.name: set(host.groups) for host in hosts(os.environ).hosts}
    shared = {"platform_linux", "platform_frr"}
    assert groups["core"] == {"devices", "role_core", *shared}
    assert groups["hub-kgm"] == {"devices", "role_hub", "hub_kgm", *shared}
    assert groups["r-dpmptsp"] == {"devices", "role_office", "office_dpmptsp", "hub_krb", "class_office", "stage_pilot", *shared}
    remote = {"devices", "role_office", "office_pkm_kanggime", "hub_kgm", "class_office", "stage_remote", *shared}
    assert groups["r-pkm-kanggime"] == remote


@pytest.mark.usefixtures("play")
def test_a_link_is_of_the_host_of_its_far_end() -> None:
    links = {host.name: host.facts["lajur_links"] for host in hosts(os.environ).hosts}
    assert links["core"] == []
    assert links["border"] == ["border-satellite"]
    assert links["hub-krb"] == ["core-krb"]
    assert links["r-dpmptsp"] == ["krb-dpmptsp"]


@pytest.mark.usefixtures("play")
def test_hosts_know_no_login_and_no_reference_to_a_secret() -> None:
    listed = repr(hosts(os.environ))
    assert "100.65.2.1" in listed
    assert "env:" not in listed
    assert "SSH_KEY" not in listed


@pytest.mark.parametrize(("language", "said"), [("id", "Tidak ada kabupaten atlantis"), ("en", "There is no regency atlantis")])
def test_a_regency_that_there_is_not(play: Play, language: str, said: str) -> None:
    with pytest.raises(Unlisted) as told:
        hosts({**os.environ, "LAJUR_LANG": language}, regency="atlantis")
    assert said in str(told.value)
    assert play.folder.name in str(told.value)
    assert "LAJUR_REGENCY" in str(told.value)


@pytest.mark.parametrize(("language", "grave"), [("id", "kesalahan: "), ("en", "error: ")])
def test_a_truth_that_does_not_hold_together_is_told_with_file_and_line(play: Play, language: str, grave: str) -> None:
    edit(play.folder / "hubs.yaml", "device: hub-kgm", "device: hub-kgmm")
    with pytest.raises(Unlisted) as told:
        hosts({**os.environ, "LAJUR_LANG": language})
    assert grave in str(told.value)
    assert "hubs.yaml:" in str(told.value)
