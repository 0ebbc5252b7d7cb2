"""Builds one version of the SAMPLE workload as tarball, wheel or deb. The same bytes each time, and without a network.

tarball   `bin/serve`, `bin/migrate`, `lib/`: runs from wherever it is unpacked.
wheel     the same two as console scripts: `pip install --no-index --no-deps` into a venv with the system's packages.
deb       the tarball's tree below `opt/lajur-sample`. It holds no unit, no maintainer script, no setting and no link, so it never
          touches `releases/` or `current`. It may be unpacked into a release's folder (`dpkg-deb --extract`), where it keeps its
          neighbours and starts by `opt/lajur-sample/bin/serve` below that folder; or be installed (`dpkg --install`), where one
          version is there at a time, the way back is to install the file before, and the start is that path from the root.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
import tarfile
import tempfile
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

NAMESPACE: Final = "lajur-release"
"""What a signature of a release is for, as `ssh-keygen -Y` has it."""

PREFIX: Final = "opt/lajur-sample"
"""Where the deb stands, below the root of a machine or of a release's folder."""

_SOURCE: Final = Path(__file__).parent / "application"
_README: Final = Path(__file__).parent / "README.txt"
_ROOT_HERE: Final = "network.bench.sample.application"
_ROOT_THERE: Final = "lajur_sample"
_MOMENT: Final = 1_767_225_600  # 2026-01-01 in UTC: no file is younger than its version
_SCRIPT: Final = """#!/usr/bin/python3 -IB
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))
from lajur_sample.{module} import main

raise SystemExit(main())
"""


class Sample(StrEnum):
    """The versions there are, each by its number."""

    ONE = "1.0.0"
    TWO = "2.0.0"
    HALFWAY = "2.0.1"
    """2, whose migration fails at its third statement of four."""
    ERROR_PAGE = "2.0.2"
    """2, whose health answers 200 with a page of error."""
    BROKEN = "3.0.0"
    """Healthy, but every third request is answered 500: only the edge's log tells."""
    UNWELL = "3.0.1"
    """Starts and never becomes healthy."""
    SLOW = "3.0.2"
    """Healthy, but every other answer takes 0.8 s longer than it should."""


class Kind(StrEnum):
    TARBALL = "tarball"
    WHEEL = "wheel"
    DEB = "deb"


START: Final[Mapping[Kind, str]] = {Kind.TARBALL: "bin/serve", Kind.WHEEL: "bin/serve", Kind.DEB: f"{PREFIX}/bin/serve"}
MIGRATE: Final[Mapping[Kind, str]] = {Kind.TARBALL: "bin/migrate", Kind.WHEEL: "bin/migrate", Kind.DEB: f"{PREFIX}/bin/migrate"}
"""Programs below a release's folder (wheel: below its venv)."""

_FAULTS: Final = {Sample.ERROR_PAGE: "error-page", Sample.BROKEN: "third", Sample.UNWELL: "unwell", Sample.SLOW: "slow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A built file. `checksum` stands beside it as `sha256sum` writes it; `signature` is there when a key was given."""

    path: Path
    sha256: str
    version: str
    kind: Kind
    checksum: Path
    signature: Path | None

    @property
    def release(self) -> str:
        """What its folder among the releases is called."""
        return f"{self.version}-{self.sha256[:12]}"


def build(version: str, folder: Path, kind: str = Kind.TARBALL, *, key: Path | None = None) -> Artefact:
    """Write FILE and FILE.sha256 into `folder`, which is made, and with the private SSH key in `key` also FILE.sig.

    `version` is a value of Sample, `kind` of Kind; ValueError otherwise.
    """
    sample, wanted = Sample(version), Kind(kind)
    folder.mkdir(parents=True, exist_ok=True)
    name, content = {Kind.TARBALL: _tarball, Kind.WHEEL: _wheel, Kind.DEB: _deb}[wanted](sample)
    path = folder / name
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    checksum = path.with_name(f"{name}.sha256")
    checksum.write_text(f"{digest}  {name}\n", "utf-8")
    signature = sign(path, key) if key else None
    return Artefact(path=path, sha256=digest, version=str(sample), kind=wanted, checksum=checksum, signature=signature)


def sign(path: Path, key: Path) -> Path:
    """Put a signature beside the file, in the place of one that may be there."""
    signature = path.with_name(f"{path.name}.sig")
    signature.unlink(missing_ok=True)
    words = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(path)]
    subprocess.run(words, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return signature


def _modules(sample: Sample) -> dict[str, bytes]:
    """The application's files by their place below its import root."""
    found = {f"{_ROOT_THERE}/{path.name}": path.read_text("utf-8") for path in _SOURCE.glob("*.py")}
    found = {place: text.replace(_ROOT_HERE, _ROOT_THERE) for place, text in found.items()}
    column = "nama" if sample is Sample.ONE else "pemohon"
    made = f"VERSION: str = {str(sample)!r}\nCOLUMN: str = {column!r}\nFAULT: str = {_FAULTS.get(sample, '')!r}\n"
    found[f"{_ROOT_THERE}/made.py"] = f'"""SAMPLE: what the builder decided."""\n\n{made}'
    found |= {
        f"{_ROOT_THERE}/migrations/{name}": (_SOURCE / "migrations" / name).read_text("utf-8") for name in _migrations(sample)
    }
    return {place: text.encode() for place, text in sorted(found.items())}


def _migrations(sample: Sample) -> Iterable[str]:
    names = sorted(path.name for path in (_SOURCE / "migrations").glob("*.sql"))
    if sample is Sample.ONE:
        return names[:1]
    if sample is Sample.HALFWAY:
        return [names[0], "0002_halfway.expand.sql"]
    return [name for name in names if "halfway" not in name]


def _tree(sample: Sample) -> dict[str, bytes]:
    scripts = {f"bin/{module}": _SCRIPT.format(module=module).encode() for module in ("migrate", "serve")}
    return {**scripts, **{f"lib/{place}": text for place, text in _modules(sample).items()}, "README": _README.read_bytes()}


def _mode(place: str) -> int:
    return 0o755 if "bin/" in place else 0o644


def _tarball(sample: Sample) -> tuple[str, bytes]:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for place, content in sorted(_tree(sample).items()):
            member = tarfile.TarInfo(place)
            member.size, member.mode, member.mtime = len(content), _mode(place), _MOMENT
            tar.addfile(member, io.BytesIO(content))
    return f"lajur-sample-{sample}.tar.gz", gzip.compress(raw.getvalue(), mtime=_MOMENT)


def _wheel(sample: Sample) -> tuple[str, bytes]:
    about = f"lajur_sample-{sample}.dist-info"
    entries = "".join(f"{module} = {_ROOT_THERE}.{module}:main\n" for module in ("serve", "migrate"))
    summary = "SAMPLE of Lajur, not for real use; needs Debian's python3-psycopg2"
    head = f"Metadata-Version: 2.1\nName: lajur-sample\nVersion: {sample}\nSummary: {summary}\nRequires-Python: >=3.11\n\n"
    files = {
        **_modules(sample),
        f"{about}/METADATA": head.encode() + _README.read_bytes(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: lajur\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{entries}".encode(),
    }
    lines = [f"{place},sha256={_url_digest(content)},{len(content)}\n" for place, content in files.items()]
    files[f"{about}/RECORD"] = "".join([*lines, f"{about}/RECORD,,\n"]).encode()
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, content in files.items():
            member = zipfile.ZipInfo(place, (2026, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o100644 << 16
            archive.writestr(member, content)
    return f"lajur_sample-{sample}-py3-none-any.whl", raw.getvalue()


def _url_digest(content: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _deb(sample: Sample) -> tuple[str, bytes]:
    control = "\n".join(
        (
            "Package: lajur-sample",
            f"Version: {sample}",
            "Architecture: all",
            "Maintainer: Lajur <lajur@localhost>",
            "Depends: python3 (>= 3.11), python3-psycopg2",
            "Section: misc",
            "Priority: optional",
            "Description: SAMPLE of Lajur, not for real use",
            " A counter of licence applications, so that tests have something to release.",
            "",
        )
    )
    name = f"lajur-sample_{sample}_all.deb"
    with tempfile.TemporaryDirectory(prefix="lajur-sample-") as made:
        root = Path(made) / "root"
        _write(root / "DEBIAN" / "control", control.encode(), 0o644)
        for place, content in _tree(sample).items():
            _write(root / PREFIX / place, content, _mode(place))
        for each in (root, *(path for path in root.rglob("*") if path.is_dir())):
            each.chmod(0o755)
        words = ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", str(root), str(Path(made) / name)]
        environment = {"SOURCE_DATE_EPOCH": str(_MOMENT), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        subprocess.run(words, check=True, capture_output=True, env=environment)
        return name, (Path(made) / name).read_bytes()


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
