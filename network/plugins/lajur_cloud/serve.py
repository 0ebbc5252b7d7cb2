"""`python -m lajur_cloud.serve ADDRESS PORT MODULE:NAME [WORD …]`: one service of the cloud over HTTP, until it is killed.

The words are what the service finds as its own command line.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any

from cheroot.wsgi import Server

_THREADS = 10
_WAITING = 256
_YOUNG = 50_000
"""Objects that are made before the collector looks for cycles among them: a request makes many, and leaves few."""


def main(address: str, port: str, where: str, *words: str) -> None:
    sys.argv = [where, *words]
    server = Server((address, int(port)), _loaded(where), numthreads=_THREADS, request_queue_size=_WAITING)
    server.start()


def _loaded(where: str) -> Any:
    """The application. The hundreds of thousands of objects that come with it stay: nobody looks for cycles among them, neither
    while they are read nor later."""
    module, _, name = where.partition(":")
    gc.disable()
    application = getattr(import_module(module), name)
    gc.freeze()
    gc.set_threshold(_YOUNG)
    gc.enable()
    return application


if __name__ == "__main__":
    main(*sys.argv[1:])
