"""The real engine over real SSH: taken over, looked at, mended, given back; and nothing of a secret left anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.infra.site import PASSPHRASE, Answer, Site, machine_of, standing, truth_of

pytestmark = pytest.mark.engine


def texts(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "passphrase")


def test_a_server_is_taken_over_watched_mended_and_given_back(site: Site) -> None:
    assert site.run("preview").result["changes"] == {"app-1": "create", "mon-1": "create"}
    assert not json.loads(site.machine("app-1").read_text())["files"], "a preview changes nothing"

    first = site.run("up")
    assert first.result["operations"] == {"app-1": "create", "mon-1": "create"}
    assert first.result["outputs"]["app-1"]["acceptance"]["accepted"]
    assert {each["server"] for each in first.of("infra.accepted")} == {"app-1", "mon-1"}
    assert json.loads((site.reports / "acceptance-app-1.json").read_text())["number"] == "SEWA-CONTOH-01"
    assert site.run("up").result["operations"] == {"app-1": "same", "mon-1": "same"}

    site.change("app-1", services={"service-07.service": False})
    site.change("mon-1", disks={}, packages={"package-003": "9"})
    found = {(each["server"], each["kind"], each["name"]) for each in site.run("drift").result["differences"]}
    assert ("app-1", "service_stopped", "service-07.service") in found
    assert ("mon-1", "package_changed", "package-003") in found

    mended = site.run("up")
    assert [each["name"] for each in mended.of("infra.repaired")] == ["service-07.service"]
    assert [each["name"] for each in mended.result["unrepaired"]] == ["package-003"]
    site.change("app-1", services={"service-07.service": False})
    # Nobody's login is handed over but mon-1's: who reached for app-1 would fail.
    assert site.run("refresh", "mon-1", only=["mon-1"], baseline=["mon-1"], reason="another version").result["differences"] == []
    assert [each["name"] for each in site.run("drift").result["differences"]] == ["service-07.service"]

    assert site.run("destroy", only=["app-1"]).code == "infra.protected"
    given = site.run("destroy", only=["app-1"], release=["app-1"])
    assert given.result == {"released": ["app-1"], "left": ["mon-1"]}
    assert (site.reports / "return-app-1.html").exists()


def test_what_failed_or_is_left_to_a_person_is_never_called_done_and_a_text_is_only_recorded(site: Site) -> None:
    site.truth = truth_of(site.folder, {})
    site.change("mon-1", dead=True)
    ahead = site.run("preview")
    assert (ahead.code, ends(ahead)) == ("infra.no_ssh", {"app-1": ("create", "done"), "mon-1": ("create", "failed")})
    site.change("mon-1", dead=False)
    assert set(ends(site.run("up")).values()) == {("create", "done")}

    leases = site.truth / "leases.yaml"
    leases.write_text(leases.read_text().replace("place: Ruang server Dinas Kominfo, Sanggeng", "place: Sorong"))
    site.change("mon-1", dead=True)
    ahead = site.run("preview")
    assert (ahead.code, ends(ahead)) == ("infra.no_ssh", {"app-1": ("record", "done"), "mon-1": ("update", "failed")})
    changed = {(each["server"], each["name"], each["wanted"]) for each in ahead.of("infra.difference")}
    assert ("app-1", "lease.place", "Sorong") in changed
    site.change("mon-1", dead=False, packages={"package-003": "9"})
    done = site.run("up")
    assert ends(done) == {"app-1": ("record", "done"), "mon-1": ("update", "unrepaired")}
    assert done.result["operations"] == {"app-1": "record", "mon-1": "update"}

    leases.write_text(leases.read_text().replace("memory: 64 GiB", "memory: 128 GiB"))
    ahead = site.run("preview")
    assert ends(ahead) == {"app-1": ("update", "failed"), "mon-1": ("update", "unrepaired")}
    assert (ahead.code, ahead.last["exit"], ahead.last["fields"]["server"]) == ("infra.now_short", 3, "app-1")
    assert ahead.last["fields"]["lines"] == [{"name": "memory", "promised": "128 GiB", "found": "64 GiB"}]


def ends(told: Answer) -> dict[str, tuple[str, str]]:
    """By server: the last that was told of it as a resource."""
    steps = [each for each in told.of("infra.resource") if each["kind"] == "server" and each["status"] != "begun"]
    return {each["server"]: (each["operation"], each["status"]) for each in steps}


def test_no_secret_is_left_in_state_reports_or_logs(site: Site) -> None:
    told = site.run("up")
    everything = b"".join(map(texts, (site.folder / "state", site.folder / "home", site.reports)))
    everything += json.dumps(told.events).encode()
    assert PASSPHRASE.encode() not in everything
    assert all(line.encode() not in everything for line in site.key.splitlines() if len(line) > 40)


def test_a_machine_short_of_its_contract_is_refused_and_the_others_are_taken_over(tmp_path: Path) -> None:
    machines = {"app-1": machine_of("app-1"), "app-3": machine_of("app-3", memory=32 * 2**30)}
    with standing(tmp_path, machines) as site:
        told = site.run("up")
        assert told.code == "infra.short"
        assert told.last["exit"] == 3
        assert told.last["fields"]["server"] == "app-3"
        assert told.last["fields"]["lines"] == [{"name": "memory", "promised": "64 GiB", "found": "32 GiB"}]
        assert [each["server"] for each in told.of("infra.accepted")] == ["app-1"]
        assert not json.loads(site.machine("app-3").read_text())["files"], "nothing was changed on it"
        assert list(site.run("outputs").result["outputs"]) == ["app-1"]
        assert not (site.reports / "acceptance-app-3.json").exists()
        site.change("app-3", memory=64 * 2**30)
        assert site.run("up").result["operations"] == {"app-1": "same", "app-3": "create"}

        site.truth = truth_of(tmp_path, {})
        leases = site.truth / "leases.yaml"
        leases.write_text(leases.read_text().replace("memory: 64 GiB", "memory: 128 GiB"))
        signed = {path: path.read_bytes() for path in site.reports.glob("acceptance-*")}
        raised = site.run("up", "app-1", "app-3", only=["app-3"])
        assert (raised.code, raised.last["fields"]["lines"]) == (
            "infra.now_short",
            [{"name": "memory", "promised": "128 GiB", "found": "64 GiB"}],
        )
        assert {path: path.read_bytes() for path in site.reports.glob("acceptance-*")} == signed
        assert "app-3" in raised.of("infra.outputs")[0]["outputs"], "it stays taken over"
