"""Files of releases are fetched from the servers that keep them, by a short play. Implements `core.releases.ports.Files`."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from network.core.plays import PlayRequest, Plays
from network.core.releases.values import Artefact, ArtefactKind, Workload
from network.drivers.plays_release import PLACING
from network.errors import LajurError, Refused

Check: TypeAlias = Callable[[Path, Workload, str, str], Artefact]
"""A file, its workload, the version and the SHA-256 that it must have. Raises Refused for whatever does not fit."""

_ENDINGS: Final = {ArtefactKind.TARBALL: ".tar.gz", ArtefactKind.WHEEL: ".whl", ArtefactKind.DEB: ".deb"}
"""By which a file is known for what it is; how it is packed stands in the file itself."""


class PlayedFiles:
    """`Files` of one workload, by `plays`, in a folder below `folder` that only we can read."""

    def __init__(self, workload: Workload, plays: Plays, folder: Path, check: Check) -> None:
        self._workload, self._plays, self._folder, self._check = workload, plays, folder, check

    @contextmanager
    def fetch(self, release: str, sha256: str, version: str, servers: Sequence[str]) -> Iterator[Artefact]:
        reasons: list[LajurError] = []
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix="file-") as place:
            for server in servers:
                path = Path(place) / f"{server}{_ENDINGS[self._workload.kind]}"
                try:
                    artefact = self._fetched(path, release, sha256, version, server)
                except LajurError as error:
                    reasons.append(error)
                    path.unlink(missing_ok=True)
                    continue
                yield artefact
                return
        raise Refused("release.no_file", workload=self._workload.key, release=release, reasons=tuple(reasons))

    def _fetched(self, path: Path, release: str, sha256: str, version: str, server: str) -> Artefact:
        """Raises LajurError."""
        own = {"key": self._workload.key, "id": release, "hosts": [server], "path": str(path), "seconds": PLACING}
        result = self._plays.play(PlayRequest(playbook="steps/fetch", variables={"release": own}), lambda _: None)
        end = result.hosts.get(server)
        if not path.is_file():
            said = Refused("release.said", text=end.message) if end is not None and end.message else ()
            raise Refused("release.file_not_kept", host=server, said=said)
        artefact = self._check(path, self._workload, version, sha256)
        if artefact.id != release:
            raise Refused("release.file_other", host=server, release=release, found=artefact.id)
        return artefact
