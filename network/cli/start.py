"""What the shell starts: from the first moment an interruption ends the command quietly. Imports nothing heavy."""

from __future__ import annotations

import os
import signal
from typing import Final, NoReturn

_INTERRUPTED: Final = 130
"""As `network.cli.output` has it, which takes too long to import."""


def main() -> NoReturn:
    """Most of the first half second goes into imports, while nothing has begun and nobody could be told anything."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # ignored is left so, as a shell's background jobs have it
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(_INTERRUPTED))
    from network.cli import app

    app.main()
