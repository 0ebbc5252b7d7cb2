"""`pulumi-analyzer-policy-python`, which the engine looks for on PATH to run a policy pack: it runs in this very Python."""

from __future__ import annotations

import os
import runpy

from infra.leash import tie


def main() -> None:
    tie(os.getppid())
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
