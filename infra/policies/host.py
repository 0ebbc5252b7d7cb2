"""`pulumi-analyzer-policy-python`, which the engine looks for on PATH to run a policy pack: this Python runs it."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    words = [sys.executable, "-u", "-m", "pulumi.policy", *sys.argv[1:]]
    os.execv(words[0], words)  # noqa: S606 - no shell: the interpreter that runs us
