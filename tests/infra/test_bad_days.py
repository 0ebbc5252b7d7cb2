"""Each day that goes wrong is said by its name: the state's place, the passphrase, a machine. Nothing is lost or done twice."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
import pytest

from tests.contract.postgres import Postgres
from tests.contract.postgres import running as postgres_running
from tests.infra.site import NOW, PASSPHRASE, Site, machine_of, standing
from tests.infra.test_killed import is_asked, stack_file
from tests.infra.troubled import Troubled, until

pytestmark = pytest.mark.engine


def test_a_living_lock_is_left_alone_whoever_comes(site: Site) -> None:
    site.change("mon-1", held="record")
    with Troubled(site) as run:
        until(lambda: is_asked(site, "mon-1"), "the machine is asked")
        engine = run.pid("engine", " up ")
        for verb in ("up", "recover"):
            second = site.run(verb)
            assert (second.code, second.last["exit"]) == ("infra.state_locked", 3)
            assert second.last["fields"]["pid"] == engine
        assert sorted(site.run("outputs").result["outputs"]) in ([], ["app-1"])
        site.change("mon-1", held="")
        assert sorted(run.ended().result["outputs"]) == ["app-1", "mon-1"]
    assert not list((site.folder / "home").rglob("holders/*")), "an engine that ended leaves no note"
    said = {"pid": engine, "username": "siti", "hostname": "elsewhere", "timestamp": NOW}
    foreign = site.folder / "state" / ".pulumi" / "locks" / "organization" / "lajur" / "manokwari" / "foreign.json"
    foreign.parent.mkdir(parents=True, exist_ok=True)
    foreign.write_text(json.dumps(said))
    left = site.run("recover")
    assert (left.code, left.last["exit"]) == ("infra.state_locked_elsewhere", 3)
    assert left.last["fields"] == {"holder": "siti@elsewhere", "pid": engine, "since": NOW, "lock": str(foreign)}
    assert foreign.exists(), "nobody can tell from here"


def test_a_passphrase_or_a_state_that_is_not_whole_is_named_and_can_be_mended(site: Site) -> None:
    passphrase = site.folder / "passphrase"
    site.run("up").result  # noqa: B018 - raises when it failed
    passphrase.write_text("wrong")
    assert site.run("up").code == "infra.passphrase_wrong"
    shutil.rmtree(site.folder / "home")
    assert site.run("up").code == "infra.passphrase_wrong", "another folder of the engine's changes nothing"
    passphrase.unlink()
    missing = site.run("up")
    assert (missing.code, missing.last["exit"]) == ("infra.passphrase_missing", 3)
    passphrase.write_text(PASSPHRASE)

    file = stack_file(site)
    whole = file.read_bytes()
    cut = whole[: len(whole) // 2]
    file.write_bytes(cut)
    for verb in ("up", "recover"):
        told = site.run(verb)
        assert (told.code, told.last["exit"]) == ("infra.state_cut", 5)
        assert (told.last["fields"]["file"], told.last["fields"]["backup"]) == (str(file), f"{file}.bak")
        assert file.read_bytes() == cut, "what is left of it is left"
    shutil.copy(f"{file}.bak", file)
    assert sorted(site.run("recover").result["outputs"]) == ["app-1", "mon-1"]


def patient(test: Callable[..., None]) -> Callable[..., None]:
    """The engine takes half a minute to give up on a state that it can no longer write."""
    skip = pytest.mark.skipif(not os.environ.get("LAJUR_FULL"), reason="only at full size")
    allowed = pytest.mark.allowed_skip("waits for the engine: only at full size")
    marked: Callable[..., None] = allowed(skip(test))
    return marked


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.lab
def test_a_full_or_unwritable_disk_is_named_and_the_next_run_converges(site: Site) -> None:
    state = site.folder / "state"
    with small_disk(state, "1m"):
        site.run("up").result  # noqa: B018 - raises when it failed
        with (state / "fill").open("wb", buffering=0) as fill:
            while fill_up(fill.fileno()):
                pass
        full = site.run("up")
        assert (full.code, full.last["exit"]) == ("infra.state_full", 3)
        (state / "fill").unlink()
        (half,) = (each for each in (state / ".pulumi" / "locks").rglob("*") if each.is_file())
        for verb in ("up", "recover"):
            fresh = site.run(verb)
            assert (fresh.code, fresh.last["exit"], fresh.last["fields"]["lock"]) == ("infra.state_lock_half", 3, str(half))
        assert half.exists(), "somebody may be writing it"
        long_ago = half.stat().st_mtime - 3600
        os.utime(half, (long_ago, long_ago))
        assert site.run("up").code == "infra.state_locked_dead"
        assert len(site.run("recover").of("infra.cleared")) == 1
        subprocess.run(["mount", "-o", "remount,ro", str(state)], check=True)
        refused = site.run("up")
        assert (refused.code, refused.last["exit"]) == ("infra.state_readonly", 3)


def fill_up(descriptor: int) -> bool:
    try:
        return os.write(descriptor, b"x" * 1000) > 0
    except OSError:
        return False


@pytest.mark.lab
@patient
def test_a_disk_that_fills_in_mid_up_needs_a_person_and_names_the_backup(site: Site) -> None:
    state = site.folder / "state"
    with small_disk(state, "100k"):
        full = site.run("up")
        assert (full.code, full.last["exit"]) == ("infra.state_full", 5)
        subprocess.run(["mount", "-o", "remount,size=1m", str(state)], check=True)
        told = site.run("recover")
        if told.last["event"] == "failed":  # what was written last was cut short
            file = Path(told.last["fields"]["file"])
            if told.code == "infra.state_cut":
                shutil.copy(told.last["fields"]["backup"], file)
            else:
                assert told.code == "infra.state_lost"  # and its backup too
                file.unlink()
            told = site.run("recover")
        assert sorted(told.result["outputs"]) == ["app-1", "mon-1"]


@contextmanager
def kept_in(server: Postgres, folder: Path) -> Iterator[Site]:
    """One server, with its state in a database."""
    state = server.database().replace("postgresql://", "postgres://") + "?sslmode=disable"
    with standing(folder, {"app-1": machine_of("app-1", held="record")}, state=state) as site:
        yield site


@pytest.mark.postgres
def test_a_database_that_starts_anew_in_the_middle_is_waited_for(tmp_path: Path) -> None:
    with postgres_running() as server, kept_in(server, tmp_path) as site:
        with Troubled(site) as run:
            until(lambda: is_asked(site, "app-1"), "the machine is asked")
            with server.away():
                pass
            site.change("app-1", held="")
            assert run.ended().result["operations"] == {"app-1": "create"}
        assert site.run("outputs").result["outputs"].keys() == {"app-1"}


@pytest.mark.postgres
@patient
def test_a_database_that_goes_away_in_the_middle_needs_a_person_and_once_back_the_work_is_finished(tmp_path: Path) -> None:
    with postgres_running() as server, kept_in(server, tmp_path) as site:
        with Troubled(site) as run:
            until(lambda: is_asked(site, "app-1"), "the machine is asked")
            with server.away():
                site.change("app-1", held="")
                told = run.ended()
        assert (told.code, told.last["exit"]) == ("infra.state_gone", 5)
        assert site.run("up").code == "infra.state_locked_dead", "nobody could take its lock away"
        assert site.run("recover").result["operations"] == {"app-1": "create"}
        assert site.run("up").result["operations"] == {"app-1": "same"}


def test_a_database_that_is_not_there_is_named_without_its_address(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    login = "lajur:sandi"
    state = f"postgres://{login}@127.0.0.1:{port}/state?sslmode=disable"
    with standing(tmp_path, {"app-1": machine_of("app-1")}, state=state) as site:
        told = site.run("up")
    assert (told.code, told.last["exit"]) == ("infra.state_unreachable", 3)
    assert "sandi" not in json.dumps(told.events) + told.errors


def test_a_machine_that_dies_turns_us_away_or_talks_without_end_fails_alone(site: Site) -> None:
    site.change("mon-1", held="look")
    with Troubled(site) as run:
        until(lambda: is_asked(site, "mon-1"), "the machine is asked")
        site.change("mon-1", dead=True)
        told = run.ended()
    assert (told.code, told.last["fields"]["server"]) == ("infra.cut", "mon-1")
    assert list(told.of("infra.outputs")[0]["outputs"]) == ["app-1"]

    site.change("mon-1", dead=False, held="", locked=True)
    assert site.run("up").code == "infra.login_refused"

    known = site.folder / "known_hosts"
    pinned = known.read_text()
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    known.write_text("".join(f"{line.split()[0]} {other}\n" for line in pinned.splitlines()))
    changed = site.run("up", only=["mon-1"])
    assert (changed.code, changed.last["exit"]) == ("infra.host_key_changed", 3)
    differences = site.run("drift").result["differences"]
    assert [(each["kind"], each["server"]) for each in differences] == [("host_key", "app-1")]
    assert differences[0]["wanted"] != differences[0]["found"]
    known.write_text(pinned)

    site.change("mon-1", locked=False, flood=10 * 2**20)
    assert site.run("up").result["operations"] == {"app-1": "same", "mon-1": "create"}
    site.change("mon-1", flood=20 * 2**20)
    endless = site.run("drift").result["differences"]
    assert [(each["kind"], each["found"]) for each in endless] == [("unreachable", "infra.too_much_output")]
