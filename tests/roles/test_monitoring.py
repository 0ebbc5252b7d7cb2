"""The monitoring sees all that the truth names, says so when something is wrong, and is not led astray by names or rules."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.roles.conftest import STRANGE, Site, full

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

PATIENCE = 240
RULES = "/etc/prometheus/lajur"


def asked(site: Site, path: str, port: int = 9090) -> Any:
    """What Prometheus (or Alertmanager) answers."""
    address = site.lab.plan.node("mon-1").address
    code = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())"
    return json.loads(site.host("mon-1").check_output("python3 -c %s %s", code, f"http://{address}:{port}{path}"))


def query(site: Site, words: str) -> dict[str, float]:
    """Values by instance."""
    found = asked(site, f"/api/v1/query?query={quote(words)}")["data"]["result"]
    return {each["metric"].get("instance", ""): float(each["value"][1]) for each in found}


def until(true: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < end, what
        time.sleep(1)
    return found


def test_every_server_device_and_exporter_is_seen(site: Site) -> None:
    def away() -> list[str]:
        targets = asked(site, "/api/v1/targets")["data"]["activeTargets"]
        own = [each for each in targets if each["labels"]["job"] in ("node", "device", "probe", "prometheus", "talk-mon-1")]
        return [f"{each['labels']['instance']}: {each['lastError']}" for each in own if each["health"] != "up"]

    until(lambda: not away(), "all targets up")
    nodes, devices = query(site, 'up{job="node"}'), query(site, 'up{job="device"}')
    plan = site.lab.plan
    assert set(nodes) >= {"app-1", "app-2", "db-1", "edge-1", "mon-1"}
    assert {"core", "border"} < set(devices) <= {each.key for each in plan.nodes}


def test_devices_tell_of_their_wires(site: Site) -> None:
    found = until(lambda: asked(site, "/api/v1/query?query=ifHCInOctets")["data"]["result"], "counters")
    names = {(each["metric"]["instance"], each["metric"]["ifName"]) for each in found}
    assert ("core", "srv0") in names


def test_connected_systems_are_tried(site: Site) -> None:
    found = query(site, 'probe_success{what="system"}')
    assert {"oss", "sicantik", "eplanning"} <= set(found)


@full
def test_what_stops_is_seen_and_somebody_is_called_and_what_comes_back_is_too(site: Site) -> None:
    probe = 'probe_success{instance="resolver-edge-1"}'

    def called() -> list[Any]:
        return [each for each in asked(site, "/api/v2/alerts", 9093) if each["labels"].get("instance") == "resolver-edge-1"]

    until(lambda: query(site, probe).get("resolver-edge-1") == 1, "the resolver answers")
    host = site.host("edge-1")
    host.check_output("systemctl stop unbound")
    try:
        until(lambda: query(site, probe).get("resolver-edge-1") == 0, "the probe fails")
        (alert,) = until(called, "an alert at Alertmanager")
    finally:
        host.check_output("systemctl start unbound")
    assert alert["labels"]["alertname"] == "WorkloadDown"
    assert alert["labels"]["severity"] == "critical"
    assert "edge-1" in alert["annotations"]["action_id"]
    until(lambda: query(site, probe).get("resolver-edge-1") == 1, "the probe is good again")


def test_a_name_stays_text(site: Site) -> None:
    words = quote('probe_success{workload="gateway"}')
    found = asked(site, f"/api/v1/query?query={words}")["data"]["result"]
    assert {each["metric"]["title"] for each in found} == {STRANGE}
    assert "Gerbang 42" not in site.host("mon-1").check_output("cat /etc/prometheus/*.yml /etc/prometheus/lajur/*.*")


def test_leases_and_backups_are_expected(site: Site) -> None:
    leases = asked(site, f"/api/v1/query?query={quote('lajur_lease:days_left')}")["data"]["result"]
    assert {each["metric"]["lease"] for each in leases} == {"main", "small", "extra"}
    for metric in ("lajur_backup_last_seconds", "lajur_restore_proven_seconds"):
        backups = asked(site, f"/api/v1/query?query={quote(f'lajur_expected:{metric}')}")["data"]["result"]
        assert [each["metric"]["database"] for each in backups] == ["records"], metric


def test_figures_that_roles_leave_are_told(site: Site) -> None:
    host = site.host("app-1")
    host.check_output("echo 'lajur_trial 7' > /var/lib/lajur/metrics/trial.prom")
    try:
        assert until(lambda: query(site, "lajur_trial"), "the figure") == {"app-1": 7.0}
    finally:
        host.check_output("rm /var/lib/lajur/metrics/trial.prom")


def test_rules_that_promtool_refuses_never_hold(site: Site) -> None:
    def groups() -> list[str]:
        return sorted(each["name"] for each in asked(site, "/api/v1/rules")["data"]["groups"])

    before = groups()
    wrong = json.dumps({"monitoring_rules": {"own": "groups: [{name: own, rules: [{alert: X, expr: 'sum('}]}]"}})
    said = site.play("site", "--limit", "mon-1", "-e", wrong, code=2)
    assert "promtool refused" in said.text
    host = site.host("mon-1")
    assert not host.file(f"{RULES}/given-own.rules.yml").exists
    assert groups() == before
    assert {"lajur", "servers", "probes", "backups"} <= set(before)
    host.check_output("promtool check config /etc/prometheus/prometheus.yml")


def test_the_rules_call_when_they_should_and_not_before(site: Site) -> None:
    host = site.host("mon-1")
    tried = Path(__file__).with_name("alerts.yml").read_text("utf-8")
    host.check_output("printf %s > /run/alerts.yml", tried)
    host.check_output("promtool test rules /run/alerts.yml")
    alerts = host.check_output("grep -h -o 'alert: [A-Za-z]*' /etc/prometheus/lajur/servers.rules.yml").split()[1::2]
    assert [name for name in alerts if f'alertname="{name}"' not in tried] == []


def test_it_is_open_to_management_alone_and_secrets_to_nobody(site: Site) -> None:
    host = site.host("mon-1")
    address = site.lab.plan.node("mon-1").address
    listening = [line.split()[3] for line in host.check_output("ss -Hltn").splitlines()]
    for port, where in ((9090, address), (9093, address), (9100, address), (9115, "127.0.0.1"), (9116, "127.0.0.1")):
        assert [each for each in listening if each.endswith(f":{port}")] == [f"{where}:{port}"]
    reach = f"import socket; socket.create_connection(('{address}', 9090), 3).close()"
    assert site.host("app-1").run("python3 -c %s", reach).failed
    for name in ("snmp.yml", "alertmanager.yml"):
        assert host.file(f"/etc/prometheus/{name}").mode == 0o640
    privacy = json.loads(site.lab.snmp.read_text())["privacy"]
    assert host.run("journalctl --no-pager | grep -qF %s", privacy).rc == 1
    assert privacy not in site.first.text
