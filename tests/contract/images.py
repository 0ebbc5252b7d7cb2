"""An image for virtual drives, served on loopback: a controller asks for it before it says that it is in."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract.bmc import ADDRESS

NAME = "debian.iso"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Its URL, for as long as the block lasts; beside it is whatever else is put in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(b"\0" * 2048)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *rest: object) -> None:
            super().__init__(*rest, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *rest: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer((ADDRESS, 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{ADDRESS}:{server.server_port}/{NAME}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
