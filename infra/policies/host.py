"""`pulumi-analyzer-policy-python`, which the engine looks for on PATH to run a policy pack: it runs in this very Python."""

from __future__ import annotations

import io
import os
import runpy
import sys

from infra.leash import tie


def main() -> None:
    tie(os.getppid())
    # The engine waits for a number on the standard output, and the pack that prints it does not flush.
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w", closefd=False), write_through=True)
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
