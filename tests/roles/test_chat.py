"""The chat: people of the truth and nobody else log in, by TLS alone, with passwords that are kept nowhere, into their rooms."""

from __future__ import annotations

import json

import pytest

from network.core.accounts import first_password
from network.playing.secrets import secret
from tests.roles.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

DOMAIN = "obrolan.manokwari.example"
LIST = "tests/roles/accounts.yml"
FOLDER = "/var/lib/prosody/obrolan%2emanokwari%2eexample/accounts"


def password(site: Site, account: str) -> str:
    master = secret("chat/talk", None, site.engineer.lajur.environment)
    return first_password(master, account, DOMAIN)


def log_in(site: Site, account: str, word: str, room: str = "") -> str:
    address = str(site.lab.plan.node("mon-1").address)
    return site.run("noc", "xmpp", address, DOMAIN, account, *([f"{room}@rooms.{DOMAIN}"] if room else []), said=word)


def stored(site: Site, account: str) -> str:
    name = "".join(each if each.isalnum() else f"%{ord(each):02x}" for each in account)
    return str(site.host("mon-1").check_output(f"sha256sum < {FOLDER}/{name}.dat"))


def accounts(site: Site, *words: str, code: int = 0) -> str:
    return site.engineer(LIST, "--diff", *words, code=code).text


def test_who_has_a_place_logs_in(site: Site) -> None:
    assert log_in(site, "satgas-007", password(site, "satgas-007")) == "in"
    assert log_in(site, "bappeda-it-1", password(site, "bappeda-it-1")) == "in"


def test_a_wrong_password_and_a_stranger_are_refused(site: Site) -> None:
    assert log_in(site, "satgas-007", password(site, "satgas-008")) == "refused"
    assert log_in(site, "nobody", password(site, "nobody")) == "refused"


def test_rooms_are_for_their_members(site: Site) -> None:
    assert log_in(site, "satgas-007", password(site, "satgas-007"), "semua") == "entered"
    assert log_in(site, "satgas-007", password(site, "satgas-007"), "tim-operations") == "registration-required"
    assert log_in(site, "network-1", password(site, "network-1"), "tim-operations") == "entered"


def test_nothing_is_said_without_tls(site: Site) -> None:
    opening = f"<stream:stream to='{DOMAIN}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    code = f"import socket; s = socket.create_connection(('127.0.0.1', 5222), 9); s.sendall({opening.encode()!r}); h = b''\n"
    code += "while b'</stream:features>' not in h: h += s.recv(9999)\nprint(h.decode())"
    heard = site.host("mon-1").check_output("python3 -c %s", code)
    assert "<required/>" in heard
    assert "mechanism" not in heard


def test_every_place_of_the_truth_has_an_account_and_nobody_else(site: Site) -> None:
    listed = json.loads(site.engineer.run("ansible-inventory", "--host", "mon-1"))["lajur_chat"]["accounts"]
    assert len(listed) > 600
    assert site.host("mon-1").check_output(f"ls {FOLDER} | wc -l") == str(len(listed))
    assert "changed=0" in accounts(site)


def test_who_leaves_the_truth_loses_the_account_and_no_other_password_is_touched(site: Site) -> None:
    before = stored(site, "satgas-010")
    site.host("mon-1").check_output("prosodyctl shell user password satgas-011@%s my-own-word", DOMAIN)
    said = accounts(site, "-e", '{"fewer": ["satgas-012"]}', "--check")
    assert "- satgas-012@" in said
    assert log_in(site, "satgas-012", password(site, "satgas-012")) == "in"
    accounts(site, "-e", '{"fewer": ["satgas-012"]}')
    assert log_in(site, "satgas-012", password(site, "satgas-012")) == "refused"
    assert "+ satgas-012@" in accounts(site)
    assert log_in(site, "satgas-012", password(site, "satgas-012")) == "in"
    assert log_in(site, "satgas-011", "my-own-word") == "in"
    assert stored(site, "satgas-010") == before


def test_a_list_that_lost_most_people_is_refused(site: Site) -> None:
    few = json.dumps({"fewer": [f"satgas-{number:03}" for number in range(1, 500)]})
    assert "Nothing was done" in accounts(site, "-e", few, code=2)
    assert log_in(site, "satgas-001", password(site, "satgas-001")) == "in"


def test_a_name_that_could_be_a_command_is_refused(site: Site) -> None:
    said = accounts(site, "-e", json.dumps({"more": ["x');os.execute('touch /run/climbed')--"]}), code=2)
    assert "can be no name" in said
    assert not site.host("mon-1").file("/run/climbed").exists


def test_passwords_stand_nowhere(site: Site) -> None:
    word = password(site, "satgas-007")
    host = site.host("mon-1")
    assert host.run("journalctl --no-pager | grep -qF %s", word).rc == 1
    assert host.run("grep -rqF %s /var/lib/prosody /etc/prosody /var/log /tmp /root", word).rc == 1
    assert word not in site.first.text


def test_prosody_can_carry_them_all(site: Site) -> None:
    host = site.host("mon-1")
    host.check_output("luac5.4 -p /etc/prosody/prosody.cfg.lua")
    opened = host.check_output("grep 'open files' /proc/$(systemctl show --value --property=MainPID prosody)/limits")
    assert int(opened.split()[3]) >= 16384
    listening = host.check_output("ss -Hltn").split()
    assert not [each for each in listening if each.endswith((":5269", ":5280"))]
