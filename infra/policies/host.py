"""`pulumi-analyzer-policy-python`, which the engine looks for on PATH to run a policy pack: it runs in this very Python.

The engine waits for the port that the pack prints, without an end, so nothing may stay in a buffer.
"""

from __future__ import annotations

import os
import runpy
import sys
from io import FileIO, TextIOWrapper

from infra.leash import tie


def main() -> None:
    tie(os.getppid())
    sys.stdout = TextIOWrapper(FileIO(1, "w", closefd=False), write_through=True)
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
