"""The sample workload on a real PostgreSQL: what it answers, how its tables change under it, how it ends, how it breaks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from network.bench.sample.build import MIGRATE, START, Kind, Sample, build
from network.bench.sample.load import Load, Wish
from tests.contract.postgres import Postgres
from tests.contract.sample import PYTHON, SECONDS, Site, ask, content, why_not

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]

ONE, TWO = Sample.ONE, Sample.TWO
ALIKE = "SELECT count(*) FROM permohonan WHERE nama <> pemohon"
CUT = """
    ALTER TABLE permohonan DISABLE TRIGGER USER;
    UPDATE permohonan SET pemohon = '' WHERE id > 3000;
    ALTER TABLE permohonan ENABLE TRIGGER USER;
    DELETE FROM migrasi WHERE nama LIKE '0003%';
"""
FILLED = (
    "INSERT INTO permohonan (kunci, nama, jenis) SELECT 'old-' || n, 'Pemohon ' || n, 'SIUP' FROM generate_series(1, 9000) AS n"
)


@pytest.fixture
def site(postgres: Postgres, tmp_path: Path) -> Site:
    if reason := why_not():
        pytest.skip(reason)
    return Site(tmp_path, postgres.database())


@pytest.fixture
def first(site: Site) -> Site:
    """With the tables of version 1."""
    assert site.migrate(ONE, "expand").returncode == 0
    return site


def write(site: Site, words: str) -> None:
    with psycopg.connect(site.database) as connection:
        connection.execute(words.encode())


def test_what_comes_twice_is_stored_once(first: Site) -> None:
    with first.running(ONE, VERSION="1.0.0-0123456789ab") as one:
        new, again = one.add("k-1"), one.add("k-1")
        assert (new.status, new.words["baru"], again.status, again.words["baru"]) == (200, True, 200, False)
        assert new.words["nomor"] == again.words["nomor"]
        assert one.add("k-1", "Another").status == 409
        assert one.ask("/permohonan", body=content("A")).status == 400
        listed = one.ask("/permohonan")
        assert (listed.words["jumlah"], listed.words["terbaru"][0]["pemohon"]) == (1, "Ana Wanggai")
        assert one.ask("/").words["permohonan"] == 1
        health = one.ask("/sehat")
        assert (health.words["status"], health.words["version"], health.version) == ("ok", *["1.0.0-0123456789ab"] * 2)
        assert "SAMPLE" in str(health.words).upper()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {"Idempotency_Key": "k"}, 400),
        (b"[" * 10_000, {"Idempotency_Key": "k"}, 400),
        (b'{"pemohon": "\\u0000", "jenis": "SIUP"}', {"Idempotency_Key": "k"}, 422),
        (b'{"pemohon": 7, "jenis": "SIUP"}', {"Idempotency_Key": "k"}, 422),
        (b" " * 20_000, {"Idempotency_Key": "k"}, 413),
        (content("A"), {"Idempotency_Key": "k" * 201}, 400),
    ],
)
def test_what_is_wrong_is_refused_and_stores_nothing(first: Site, body: bytes, headers: dict[str, str], status: int) -> None:
    with first.running(ONE) as one:
        assert one.ask("/permohonan", body=body, **headers).status == status
        assert one.ask("/sehat").status == 200
    assert first.stored() == []


def test_a_database_that_goes_away_is_told_and_found_again(first: Site, postgres: Postgres) -> None:
    with first.running(ONE) as one:
        assert one.add("before").status == 200
        with postgres.away():
            health = one.ask("/sehat")
            assert (health.status, health.words["status"], health.words["database"]) == (503, "down", "away")
            assert one.add("meanwhile").status == 503
        assert [one.add(f"after-{number}").status for number in range(8)] == [200] * 8
    assert "meanwhile" not in first.stored()


def test_it_starts_without_a_database_and_says_when_tables_are_missing(site: Site) -> None:
    with site.running(TWO) as two:
        assert two.ask("/sehat").words["database"] == "behind"
        assert site.migrate(TWO, "expand").returncode == 0
        assert two.ask("/sehat").status == 200


def test_settings_that_cannot_be_used_never_show_the_secret(site: Site) -> None:
    def refused(**settings: str) -> str:
        done = site.migrate(ONE, "expand", **settings)
        assert done.returncode in {2, 3}
        return done.stderr

    password = "hunter" + "2"
    assert password not in refused(DATABASE=f"postgres//{password}")
    assert password not in refused(DATABASE=f"host=127.0.0.1 port=1 user=a password={password}")
    assert "DATABASE" in refused(DATABASE="")
    assert "DATABASE" in refused(DATABASE=str(site.folder / "absent"))


def test_the_address_may_stand_in_a_credential(site: Site) -> None:
    (site.folder / "database").write_text(site.database + "\n")
    done = site.migrate(ONE, "expand", DATABASE="", CREDENTIALS_DIRECTORY=str(site.folder))
    assert done.returncode == 0


def test_old_and_new_run_beside_each_other_until_the_contract(first: Site) -> None:
    write(first, FILLED)
    with first.running(ONE) as one:
        done = first.migrate(TWO, "expand")
        assert done.returncode == 0, done.stderr
        assert first.rows(ALIKE) == [(0,)]
        with first.running(TWO) as two:
            assert one.add("by-one", "Old").status == two.add("by-two", "New").status == 200
            assert one.ask("/permohonan").words["terbaru"] == two.ask("/permohonan").words["terbaru"]
            assert one.add("by-two", "New").words["baru"] is False
            assert first.rows(ALIKE) == [(0,)]
            assert one.terminate() < 5
            assert first.migrate(TWO, "contract").returncode == 0
            assert "nama" not in first.columns()
            assert (two.ask("/sehat").status, two.add("later").status) == (200, 200)
    assert len(first.stored()) == 9003


def test_migrations_may_be_repeated(first: Site) -> None:
    wanted = ((TWO, "expand"), (TWO, "expand"), (ONE, "expand"), (TWO, "contract"), (TWO, "contract"))
    done = [first.migrate(version, kind) for version, kind in wanted]
    assert [each.returncode for each in done] == [0] * 5, done
    assert ["nothing missing" in each.stderr for each in done] == [False, True, True, False, True]
    assert [kind for (kind,) in first.rows("SELECT jenis FROM migrasi ORDER BY nama")] == ["expand"] * 3 + ["contract"]


def test_the_contract_comes_after_the_expansion(first: Site) -> None:
    done = first.migrate(TWO, "contract")
    assert done.returncode == 1
    assert "comes first" in done.stderr


def test_a_batch_that_was_cut_goes_on(first: Site) -> None:
    write(first, FILLED)
    assert first.migrate(TWO, "expand").returncode == 0
    write(first, CUT)
    done = first.migrate(TWO, "expand")
    assert "0003_pemohon_fill" in done.stderr
    assert first.rows(ALIKE) == [(0,)]


def test_a_migration_that_fails_half_way_leaves_everything_as_before(first: Site) -> None:
    with first.running(ONE) as one:
        assert one.add("before").status == 200
        columns = first.columns()
        done = first.migrate(Sample.HALFWAY, "expand")
        assert done.returncode == 1
        assert "0002_halfway" in done.stderr
        assert "statement 3/4" in done.stderr
        assert "line 4" in done.stderr
        assert "no_such_column" in done.stderr
        assert first.columns() == columns
        assert one.add("after").status == 200
    assert first.migrate(TWO, "expand").returncode == 0
    assert first.rows(ALIKE) == [(0,)]


def test_a_file_that_changed_since_is_refused(first: Site) -> None:
    write(first, "UPDATE migrasi SET sidik = 'another'")
    done = first.migrate(TWO, "expand")
    assert done.returncode == 1
    assert "0001_permohonan" in done.stderr
    assert "pemohon" not in first.columns()


def test_two_migrate_at_once_and_it_is_done_once(first: Site) -> None:
    write(first, FILLED)
    words = [str(first.release(TWO) / "bin" / "migrate"), "expand"]
    both = [subprocess.Popen(words, env=first.environment(), stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate(timeout=SECONDS)[1] for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert sum("0002_pemohon" in each for each in said) == 1


@pytest.mark.parametrize("fresh", [True, False])
def test_its_end_under_load_loses_nothing(first: Site, *, fresh: bool) -> None:
    with first.running(ONE) as one:
        with Load(Wish(host="127.0.0.1", port=one.port, rate=200, fresh=fresh)) as load:
            load.wait_for(60)
            took = one.terminate()
            load.wait_for(20)
            told = load.stop()
        assert took < 5
    assert told.codes.keys() == {200}
    assert told.problems.keys() == {"refused"}
    assert sorted(first.stored()) == sorted(told.stored)


def test_a_request_that_is_on_its_way_is_still_answered(first: Site) -> None:
    with first.running(ONE) as one, one.connection() as kept:
        assert ask(kept, "/sehat").status == 200
        body = content("Late")
        kept.putrequest("POST", "/permohonan")
        for name, value in (("Idempotency-Key", "late"), ("Content-Length", str(len(body)))):
            kept.putheader(name, value)
        kept.endheaders(body[:5])
        one.process.terminate()
        one.until_refused()
        kept.send(body[5:])
        answer = kept.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (200, "close")
        assert one.process.wait(SECONDS) == 0
    assert first.stored() == ["late"]


def test_a_client_that_never_finishes_does_not_hold_it(first: Site) -> None:
    with first.running(ONE) as one, one.connection() as kept:
        kept.putrequest("POST", "/permohonan")
        kept.putheader("Content-Length", "9")
        kept.endheaders(b"{")
        assert one.ask("/sehat").status == 200
        assert one.terminate() < 5


def test_the_broken_version_is_healthy_and_fails_a_third(first: Site) -> None:
    assert first.migrate(Sample.BROKEN, "expand").returncode == 0
    with first.running(Sample.BROKEN) as three:
        with Load(Wish(host="127.0.0.1", port=three.port, rate=200)) as load:
            load.wait_for(30)
            assert three.ask("/sehat").words["status"] == "ok"
            told = load.stop()
        assert three.terminate() < 5
    assert abs(told.codes[500] * 3 - told.sent) <= 3
    assert set(told.codes) == {200, 500}
    assert sorted(first.stored()) == sorted(told.stored)


def test_versions_that_are_not_healthy(first: Site) -> None:
    assert first.migrate(Sample.UNWELL, "expand").returncode == 0
    with first.running(Sample.UNWELL) as unwell:
        health = unwell.ask("/sehat")
        assert (health.status, health.words["status"], health.words["database"]) == (503, "down", "ok")
    with first.running(Sample.ERROR_PAGE) as page:
        health = page.ask("/sehat")
        assert health.status == 200
        assert '"status": "ok"' not in health.words


def test_a_wheel_runs_in_a_venv_that_sees_the_system(first: Site) -> None:
    made = build(ONE, first.folder / "built", Kind.WHEEL)
    place = first.folder / "releases" / made.release
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", "--system-site-packages", str(place)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "--quiet"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", str(made.path)], check=True)
    done = subprocess.run([place / MIGRATE[Kind.WHEEL], "expand"], env=first.environment(), check=False)
    assert done.returncode == 0
    with first.running(ONE, str(place / START[Kind.WHEEL])) as one:
        assert one.add("wheel").status == 200
        assert one.terminate() < 5


def test_a_deb_runs_from_a_releases_folder(first: Site) -> None:
    made = build(ONE, first.folder / "built", Kind.DEB)
    place = first.folder / "releases" / made.release
    subprocess.run(["dpkg-deb", "--extract", str(made.path), str(place)], check=True)
    with first.running(ONE, str(place / START[Kind.DEB])) as one:
        assert one.add("deb").status == 200
        assert one.terminate() < 5
