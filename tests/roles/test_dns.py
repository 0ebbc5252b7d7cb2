"""The resolver: names of the servers always, all else fails fast where nobody can be asked, and strangers get nothing."""

from __future__ import annotations

import pytest

from network.lab.layout import NAMES
from tests.roles.conftest import Site, full

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


@pytest.mark.parametrize("server", ["app-1", "edge-1"])
def test_programs_on_servers_find_names_by_it(site: Site, server: str) -> None:
    """A name that stands in no file of theirs; and one that is nobody's is not waited for."""
    host = site.host(server)
    assert host.run("grep obrolan /etc/hosts").rc == 1
    told = host.check_output("getent hosts obrolan.manokwari.example").split()[0]
    assert told == str(site.lab.plan.node("mon-1").address)
    assert host.run("timeout 5 getent hosts example.org").rc == 2
    assert f"nameserver {site.lab.plan.node('edge-1').address}\n" in host.file("/etc/resolv.conf").content_string


@full
def test_a_server_without_its_resolver_asks_whom_it_was_given(site: Site) -> None:
    """Unbound is away, and there is another resolver: nothing is written over, and every name is still found."""
    host, address = site.host("app-3"), site.lab.plan.node("edge-1").address
    host.check_output("cp -a /etc/resolv.conf /run/resolv.conf && printf 'nameserver 192.0.2.53\\n' > /etc/resolv.conf")
    edge = site.host("edge-1")
    edge.check_output("systemctl stop unbound")
    try:
        said = site.play("site", "--limit", "app-3")
        assert said.changed == set()
        assert f"None of {address} answers for" in " ".join(said.text.split())
        assert host.file("/etc/resolv.conf").content_string == "nameserver 192.0.2.53\n"
    finally:
        edge.check_output("systemctl start unbound")
    assert site.play("site", "--limit", "app-3").changed == {"app-3"}
    names = [line.split()[1] for line in host.file("/etc/resolv.conf").content_string.splitlines() if "nameserver" in line]
    assert names == [str(address), "192.0.2.53"]
    host.check_output("mv /run/resolv.conf /etc/resolv.conf")


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
