"""The whole of `site.yml` on servers that have it."""

from __future__ import annotations

import pytest

from tests.roles.carrying import without_repository
from tests.roles.conftest import Site

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]


def test_playing_everything_again_changes_nothing_and_needs_no_repository(site: Site) -> None:
    with without_repository(site):
        again = site.play("site")
    assert not again.failed
    assert again.changed == set()


def test_looking_finds_what_somebody_changed_and_nothing_else(site: Site) -> None:
    site.host("app-1").check_output("rm /etc/fail2ban/jail.d/lajur.local && systemctl stop chrony")
    found = site.engineer.lajur.json("drift", "--servers", code=2)
    assert found["unread"] == []
    told = [(each["server"], tuple(each["things"])) for each in found["findings"]]
    assert told == [
        ("app-1", ("/etc/fail2ban/jail.d/lajur.local",)),
        ("app-1", ("chrony.service", "fail2ban.service")),
    ]
    assert site.play("servers", "--limit", "app-1").changed == {"app-1"}
