"""What the shell starts: from the first moment an interruption ends the command quietly. Imports next to nothing, not even
`typing`: until the handler stands, Python itself would answer an interruption with a traceback."""

import os
import signal

_INTERRUPTED = 130
"""As `network.cli.output` has it, which takes too long to import."""


def main() -> None:
    """Most of the first half second goes into imports, while nothing has begun and nobody could be told anything."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # ignored is left so, as a shell's background jobs have it
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(_INTERRUPTED))
    from network.cli import app

    app.main()
