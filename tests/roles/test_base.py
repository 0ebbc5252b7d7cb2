"""What every server has: a firewall, SSH by keys only, a clock, bans, bounds; and how each is kept."""

from __future__ import annotations

import pytest

from tests.roles.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

SERVERS = ("app-1", "app-2", "db-1", "edge-1", "mon-1")


def test_all_servers_were_configured_from_nothing(site: Site) -> None:
    assert set(SERVERS) <= site.first.changed
    assert not site.first.failed


@pytest.mark.parametrize("server", SERVERS)
def test_services_run_and_are_started_at_boot(site: Site, server: str) -> None:
    host = site.host(server)
    for name in ("ssh", "chrony", "fail2ban", "systemd-journald"):
        assert host.service(name).is_running, name
    for name in ("ssh", "chrony", "fail2ban", "nftables"):
        assert host.service(name).is_enabled, name
    assert host.run("systemctl --failed --quiet").stdout == ""


def test_only_management_comes_in_by_ssh(site: Site) -> None:
    reach = "import socket; socket.create_connection(('{}', 22), 3).close()"
    address = site.lab.plan.node("db-1").address
    assert site.host("app-1").run("python3 -c %s", reach.format(address)).failed
    rules = site.host("db-1").check_output("nft list chain inet lajur input")
    assert "policy drop" in rules
    assert "@management tcp dport 22" in rules


def test_sshd_takes_keys_only_and_nobody_else(site: Site) -> None:
    told = site.host("app-1").check_output("sshd -T -C user=root,host=x,addr=100.65.0.1")
    for line in ("passwordauthentication no", "kbdinteractiveauthentication no", "allowusers root", "x11forwarding no"):
        assert line in told, line
    assert "permitrootlogin without-password" in told


def test_five_failed_logins_are_a_ban(site: Site) -> None:
    told = site.host("app-1").check_output("fail2ban-client get sshd maxretry; fail2ban-client get sshd actions")
    assert told.startswith("5")
    assert "nftables" in told


def test_upgrades_are_the_nights_business(site: Site) -> None:
    told = site.host("app-1").check_output("apt-config dump APT::Periodic; cat /etc/systemd/system/apt-daily*.timer.d/lajur.conf")
    assert 'Unattended-Upgrade "1"' in told
    assert told.count("OnCalendar=*-*-* 02:30:00 Asia/Jayapura") == 2


def test_a_firewall_that_shuts_us_out_takes_itself_back(site: Site) -> None:
    host = site.host("app-2")
    before = host.check_output("nft list table inet lajur")
    boots = host.check_output("cat /etc/nftables.conf")
    assert 'comment "SSH"' in boots
    wrong = ["-e", '{"base_management": ["192.0.2.0/24"], "base_confirm_seconds": 40}', "--limit", "app-2"]
    said = site.play("servers", *wrong, "--timeout", "3", code=4)
    assert said.failed == {"app-2"}
    host.check_output("while [ -e /run/systemd/transient/lajur-firewall-back.timer ]; do sleep 0.2; done")
    assert host.check_output("nft list table inet lajur") == before
    assert host.check_output("cat /etc/nftables.conf") == boots
    site.play("servers", "--limit", "app-2")
    assert host.check_output("nft list table inet lajur") == before


def test_a_service_that_was_not_restarted_when_a_play_was_cut_is_caught_up_with(site: Site) -> None:
    host = site.host("app-2")
    since = host.check_output("systemctl show --property=ExecMainStartTimestampMonotonic chrony")
    host.check_output("echo '# cut' >> /etc/chrony/sources.d/lajur.sources")
    site.play("servers", "--limit", "app-2")
    assert host.check_output("systemctl show --property=ExecMainStartTimestampMonotonic chrony") == since
    kept = "/var/lib/lajur/services.json"
    host.check_output(f"sed -i 's/\\(chrony.service.: .\\)[0-9a-f]*/\\10/' {kept}")
    assert site.play("servers", "--limit", "app-2").changed == {"app-2"}
    assert host.check_output("systemctl show --property=ExecMainStartTimestampMonotonic chrony") != since
