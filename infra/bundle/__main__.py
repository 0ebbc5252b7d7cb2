"""`python -m infra.bundle [--extras devices,api] [FOLDER]`: the bundle of this checkout, into FOLDER (`dist`).

`lajur-VERSION-cp311-MACHINE.tar.gz`, with its SHA-256 beside it. Needs what `make setup` installed, and no package index.
`SOURCE_DATE_EPOCH` is the moment that its files have.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Final

from infra.bundle.choosing import NoBundle, choose, pins
from infra.bundle.gathering import PYTHON, build_wheel, compile_all, describe, gather
from infra.bundle.packing import Packed, pack

PROJECT: Final = "lajur"
EXTRAS: Final = ("devices", "api")
"""What runs without a person: the service, and the hands that reach devices. The builder of servers has an engine of its own to
bring, and plays are given from a checkout."""

_EPOCH: Final = 1_580_601_600
"""Unless SOURCE_DATE_EPOCH says so: the moment that hatchling gives its wheels."""


def make(checkout: Path, target: Path, extras: tuple[str, ...], epoch: int) -> Packed:
    """The bundle of `checkout` in the folder `target`. Raises NoBundle."""
    if sys.version_info[:2] != PYTHON:
        wanted = ".".join(str(number) for number in PYTHON)
        raise NoBundle(f"servers have Python {wanted}: `rm -rf .venv && make setup PYTHON=python{wanted}`, then again")
    chosen = choose(PROJECT, extras, pins((checkout / "requirements" / "lock.txt").read_text(encoding="utf-8")))
    own = version(PROJECT)
    name = f"{PROJECT}-{own}-cp{PYTHON[0]}{PYTHON[1]}-{os.uname().machine}.tar.gz"
    with tempfile.TemporaryDirectory(prefix="lajur-bundle-") as work:
        tree = Path(work) / "tree"
        wheel = build_wheel(checkout, Path(work) / "wheel", epoch)
        gather(tree, chosen, wheel)
        describe(tree, PROJECT, own, chosen)
        compile_all(tree)
        return pack(tree, target / name, epoch)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.bundle", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"), metavar="FOLDER")
    parser.add_argument("--extras", default=",".join(EXTRAS), help="optional parts of the project, with commas between")
    given = parser.parse_args(words)
    started = time.monotonic()
    extras = tuple(extra for extra in given.extras.split(",") if extra)
    try:
        made = make(Path.cwd(), given.folder.resolve(), extras, int(os.environ.get("SOURCE_DATE_EPOCH") or _EPOCH))
    except NoBundle as error:
        sys.stderr.write(f"bundle: {error}\n")
        return 3
    took, mega = time.monotonic() - started, 2**20
    sys.stdout.write(
        f"{made.path}\n  {made.size / mega:.1f} MiB, {made.files} files, {made.unpacked / mega:.0f} MiB unpacked, {took:.0f} s\n"
        f"  sha256 {made.digest}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
