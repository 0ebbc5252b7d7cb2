"""The resolver: names of the servers always, all else fails fast where nobody can be asked, and strangers get nothing."""

from __future__ import annotations

import pytest

from network.lab.layout import NAMES
from tests.roles.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]


def ask(site: Site, *words: str, node: str = "noc") -> str:
    return site.run(node, "resolve", str(site.lab.plan.node("edge-1").address), *words)


@pytest.mark.parametrize("server", ["app-1", "db-1", "mon-1"])
def test_servers_have_names(site: Site, server: str) -> None:
    assert ask(site, f"{server}.manokwari.example") == f"NOERROR {site.lab.plan.node(server).address}"


def test_what_runs_on_them_has_names_too(site: Site) -> None:
    for name, server in (("perizinan", "edge-1"), ("obrolan", "mon-1"), ("rooms.obrolan", "mon-1"), ("upload.obrolan", "mon-1")):
        assert ask(site, f"{name}.manokwari.example") == f"NOERROR {site.lab.plan.node(server).address}", name


def test_a_name_without_an_address_of_that_kind_is_no_failure(site: Site) -> None:
    assert ask(site, "app-1.manokwari.example", "AAAA") == "NOERROR"


def test_what_nobody_can_be_asked_for_fails_and_is_not_waited_for(site: Site) -> None:
    assert ask(site, "example.org") == "SERVFAIL"
    assert ask(site, "unknown.manokwari.example") == "SERVFAIL"


def test_servers_ask_it(site: Site) -> None:
    assert ask(site, "app-1.manokwari.example", node="app-2").startswith("NOERROR ")


def test_offices_do_not(site: Site) -> None:
    """Theirs is the provider's; and it is no open resolver."""
    office = site.lab.plan.node("r-dpmptsp")
    lan = site.engineer.run(
        "nsenter", f"--net={NAMES}/{site.lab.plan.namespace(office.key)}", "ip", "-br", "address", "show", "lan0"
    )
    assert ask(site, "app-1.manokwari.example", "A", lan.split()[2].partition("/")[0], node=office.key) == "SILENT"
    checked = site.host("edge-1").check_output("unbound-checkconf -o access-control")
    assert "0.0.0.0/0 refuse" in checked


def test_its_settings_are_sound_and_it_runs(site: Site) -> None:
    host = site.host("edge-1")
    assert host.service("unbound").is_running
    assert host.service("unbound").is_enabled
    host.check_output("unbound-checkconf")
    assert {each.split()[3].rpartition(":")[0] for each in host.check_output("ss -Hlnu sport = 53").splitlines()} == {
        "127.0.0.1",
        site.lab.plan.node("edge-1").address,
    }
