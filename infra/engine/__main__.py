"""`python -m infra.engine`: bring the Pulumi engine onto this machine, and say where it is.

`--find` only looks. The exit status is 0 when it is here and 3 when every way is closed.
"""

from __future__ import annotations

import sys

from infra.engine.binary import NoEngine, find, provide, sdk_version


def main(words: list[str]) -> int:
    if words == ["--find"]:
        found = find()
        sys.stdout.write(f"{found.path}\n" if found else "")
        return 0 if found else 3
    try:
        engine = provide(_tell)
    except NoEngine as error:
        sys.stderr.write(f"{error}\n")
        return 3
    if engine.source in ("built", "installed"):
        sys.stderr.write(f"      the Pulumi engine {sdk_version()} is at {engine.path}\n")
    return 0


def _tell(text: str) -> None:
    sys.stderr.write(f"      {text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
