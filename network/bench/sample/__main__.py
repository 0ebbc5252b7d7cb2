"""`python -m network.bench.sample FOLDER`: the sample's versions as files that `lajur release deploy` takes."""

from __future__ import annotations

import sys
from pathlib import Path

from network.bench.sample.build import Sample, build


def main(words: list[str]) -> int:
    if len(words) != 1:
        sys.stderr.write("python -m network.bench.sample FOLDER\n")
        return 64
    for version in Sample:
        sys.stdout.write(f"{build(version, Path(words[0])).path}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
