"""The whole of `site.yml` on servers that have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from network.playing.certificates import certificate
from tests.roles.carrying import without_repository
from tests.roles.conftest import Site, full

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


@full
def test_a_chat_shows_the_certificate_and_a_resolver_asks_the_forwarders_of_the_truth(site: Site, tmp_path: Path) -> None:
    environment = site.engineer.lajur.environment
    domain, forwarder = "obrolan.manokwari.example", site.lab.plan.node("core").address
    own = certificate("talk", [domain, f"rooms.{domain}", f"upload.{domain}"], environment)
    for name, text in (("chat.pem", own.certificate), ("chat.key", own.key)):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text(text)
    truth = Path(environment["LAJUR_REGENCIES"]) / environment["LAJUR_REGENCY"] / "workloads.yaml"
    before = truth.read_text("utf-8")
    tls = f"tls: {{certificate: 'file:{tmp_path}/chat.pem', key: 'file:{tmp_path}/chat.key'}}"
    after = before.replace("    runs: chat\n", f"    runs: chat\n    {tls}\n")
    after = after.replace("    runs: dns\n", f"    runs: dns\n    dns: {{forwarders: [{forwarder}], dnssec: false}}\n")
    truth.write_text(after, "utf-8")
    try:
        site.play("site", "--limit", "edge-1,mon-1")
        host = site.host("mon-1")
        shown = "timeout 20 openssl s_client -connect %s:5223 -servername %s < /dev/null | openssl x509"
        assert own.certificate.strip() in host.check_output(shown, str(site.lab.plan.node("mon-1").address), domain)
        assert host.file("/etc/prosody/certs/lajur.key").mode == 0o640
        forwards = site.host("edge-1").check_output("unbound-control -s /run/unbound.ctl list_forwards")
        assert forwards == f". IN forward {forwarder}"
    finally:
        truth.write_text(before, "utf-8")
        site.play("site", "--limit", "edge-1,mon-1")
