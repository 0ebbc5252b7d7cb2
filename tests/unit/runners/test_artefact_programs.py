"""Whether a file that is to be released holds the programs that the truth names, seen before anything is sent."""

from __future__ import annotations

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.load import load_regency
from network.bench.sample.build import build
from network.core.releases.truth import workload_of
from network.core.releases.values import ArtefactKind, Workload
from network.errors import Refused
from network.messages import text
from network.runners.artefacts import Said, checked
from tests.unit.runners.test_artefacts import deb, info, packed, summed
from tests.unit.services.releasing import TRUTH, workload

OWN = workload(start=("bin/serve", "--quiet"), migrate=("bin/migrate",))
CONTROL = "Package: gateway\nVersion: 1\n"


def archive(path: Path, *names: str) -> Path:
    path.write_bytes(packed(*((info(name), b"x") for name in names), mode="w:gz"))
    return summed(path)


def lacking(path: Path, own: Workload) -> str:
    """The program that it is refused for."""
    with pytest.raises(Refused) as caught:
        checked(path, own, Said())
    error = caught.value
    assert error.code.startswith("release.no_program.")
    program = str(error.fields["program"])
    for language in ("id", "en"):
        said = text(error.code, language, error.fields)
        assert all(word in said for word in (program, path.name, own.key))
        assert "  " not in said
    return program


def test_a_tarball_without_its_programs(tmp_path: Path) -> None:
    assert lacking(archive(tmp_path / "a-1.tar.gz", "README"), OWN) == "bin/serve"
    assert lacking(archive(tmp_path / "b-1.tar.gz", "bin/serve"), OWN) == "bin/migrate"
    assert lacking(archive(tmp_path / "c-1.tar.gz", "bin/serve/x", "bin/migrate"), OWN) == "bin/serve"
    assert checked(archive(tmp_path / "d-1.tar.gz", "./bin/serve", "bin/migrate"), OWN, Said()).version == "1"


def test_one_that_has_them_below_a_folder_is_told_so(tmp_path: Path) -> None:
    path = archive(tmp_path / "a-1.tar.gz", "gateway-1/bin/serve", "gateway-1/bin/migrate")
    with pytest.raises(Refused) as caught:
        checked(path, OWN, Said())
    for language in ("id", "en"):
        assert "gateway-1/bin/serve" in text(caught.value.code, language, caught.value.fields)


def test_a_program_behind_a_link_may_be_there(tmp_path: Path) -> None:
    links = [(info("bin", type=tarfile.SYMTYPE, linkname="lib"), b""), (info("lib/serve"), b"x"), (info("lib/migrate"), b"x")]
    path = tmp_path / "a-1.tar.gz"
    path.write_bytes(packed(*links, mode="w:gz"))
    assert checked(summed(path), OWN, Said()).version == "1"


def test_a_package_without_its_programs(tmp_path: Path) -> None:
    own = replace(OWN, kind=ArtefactKind.DEB, start=("/usr/bin/gateway",), migrate=("/srv/gateway/migrate",))
    here, there = (info("./usr/bin/gateway"), b"x"), (info("./srv/gateway/migrate"), b"x")
    assert lacking(deb(tmp_path / "a.deb", CONTROL, there), own) == "/usr/bin/gateway"
    assert lacking(deb(tmp_path / "b.deb", CONTROL, here), own) == "/srv/gateway/migrate"
    assert checked(deb(tmp_path / "c.deb", CONTROL, here, there), own, Said()).version == "1"
    assert checked(deb(tmp_path / "d.deb", CONTROL, (info("./bin/gateway"), b"x"), there), own, Said()).version == "1"
    interpreted = replace(own, start=("/usr/bin/python3", "-m", "gateway"))
    assert checked(deb(tmp_path / "e.deb", CONTROL, there), interpreted, Said()).version == "1"


def test_the_sample_is_a_release_of_the_gateway_and_not_of_the_controller(tmp_path: Path) -> None:
    truth, made = load_regency(TRUTH), build("1.0.0", tmp_path)
    assert checked(made.path, workload_of(truth, "gateway"), Said()).version == "1.0.0"
    assert lacking(made.path, workload_of(truth, "steering")) == "bin/lajur"
