"""`python -m lajur_cloud.serve ADDRESS PORT MODULE:NAME [WORD …]`: one service of the cloud over HTTP, until it is killed.

The words are what the service finds as its own command line.
"""

from __future__ import annotations

import sys
from importlib import import_module

from cheroot.wsgi import Server

_THREADS = 10
_WAITING = 256


def main(address: str, port: str, where: str, *words: str) -> None:
    sys.argv = [where, *words]
    module, _, name = where.partition(":")
    server = Server((address, int(port)), getattr(import_module(module), name), numthreads=_THREADS, request_queue_size=_WAITING)
    server.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
