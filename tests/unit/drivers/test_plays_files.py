"""The file of a release is fetched from whoever has it, and is what the record says or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from network.core.plays import HostEnd, PlayHeard, PlayRequest, PlayResult, Status
from network.core.releases.values import Artefact, Workload
from network.drivers.plays_files import PlayedFiles
from network.errors import Refused
from tests.unit.services.releasing import OLD, artefact, both, reasons, workload

OTHER = "9-999999999999"


@dataclass
class Player:
    """Gives the file of the servers that have one, by server what is in it."""

    kept: Mapping[str, str]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        release = request.variables["release"]
        (host,) = release["hosts"]
        self.asked.append((request.playbook, host))
        if host in self.kept:
            Path(release["path"]).write_text(self.kept[host])
            return PlayResult(hosts={host: HostEnd(status=Status.CHANGED)})
        return PlayResult(hosts={host: HostEnd(status=Status.FAILED, message="the remote file does not exist")})


def check(path: Path, _: Workload, version: str, sha256: str) -> Artefact:
    assert (version, sha256) == ("1", artefact(OLD).sha256)
    if path.read_text() == "spoilt":
        raise Refused("release.no_checksum", file=path.name)
    return artefact(path.read_text(), path=str(path))


def files(tmp_path: Path, kept: Mapping[str, str]) -> tuple[PlayedFiles, Player]:
    player = Player(kept)
    return PlayedFiles(workload(3), player, tmp_path / "files", check), player


def test_the_first_that_has_it_gives_it_and_it_goes_again(tmp_path: Path) -> None:
    own, player = files(tmp_path, {"app-2": OLD})
    with own.fetch(OLD, artefact(OLD).sha256, "1", ("app-1", "app-2", "app-3")) as found:
        path = Path(found.path)
        assert (found.id, path.name, path.parent.stat().st_mode & 0o777) == (OLD, "app-2.tar.gz", 0o700)
    assert player.asked == [("steps/fetch", "app-1"), ("steps/fetch", "app-2")]
    assert list((tmp_path / "files").iterdir()) == []


def test_what_is_another_file_is_not_used(tmp_path: Path) -> None:
    own, _ = files(tmp_path, {"app-1": "spoilt", "app-2": OTHER})
    with pytest.raises(Refused) as caught, own.fetch(OLD, artefact(OLD).sha256, "1", ("app-1", "app-2", "app-3")):
        pytest.fail("there is none")
    error = caught.value
    assert reasons(error) == [
        "release.no_file", "release.no_checksum", "release.file_other", "release.file_not_kept", "release.said"
    ]  # fmt: skip
    assert all(both(error))
    assert list((tmp_path / "files").iterdir()) == []
