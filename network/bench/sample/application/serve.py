"""Serves until SIGTERM: then takes what has already come in, finishes it, and ends within five seconds."""

from __future__ import annotations

import os
import signal
import socket
import sys
from select import POLLIN, poll
from threading import Condition, Thread
from time import monotonic
from typing import Any, Final

from network.bench.sample.application import made
from network.bench.sample.application.database import Pool
from network.bench.sample.application.faults import Faults
from network.bench.sample.application.settings import SettingWrong, read_settings
from network.bench.sample.application.store import Store
from network.bench.sample.application.web import Application, serve

CONNECTIONS: Final = 256
"""Open at once; who comes later waits in the kernel's queue."""
END_SECONDS: Final = 4.0
"""From SIGTERM until what does not end is left behind."""


class Service:
    """A listening socket, and a thread for each connection."""

    def __init__(self, address: str, port: int, application: Application) -> None:
        self.application = application
        self.ends = False
        self._listening = socket.create_server((address, port), backlog=512)
        self._listening.setblocking(False)
        self._told, self._teller = os.pipe()
        self._changed = Condition()
        self._open = 0

    @property
    def port(self) -> int:
        """The one that it listens on, also where 0 was asked for."""
        return int(self._listening.getsockname()[1])

    def fileno(self) -> int:
        """Readable from `end` on. Nobody ever reads it, so that every thread sees it."""
        return self._told

    def end(self, *_: Any) -> None:
        """To be called by a signal, or by anybody."""
        if not self.ends:
            self.ends = True
            os.write(self._teller, b".")

    def run(self) -> int:
        """Until `end`; returns how many connections had to be left behind."""
        waiting = poll()
        waiting.register(self._listening, POLLIN)
        waiting.register(self, POLLIN)
        while not self.ends:
            waiting.poll()
            self._take()
        deadline = monotonic() + END_SECONDS
        self._take()  # what the kernel has already accepted for us would be reset by the close
        self._listening.close()
        with self._changed:
            self._changed.wait_for(lambda: self._open == 0, max(0.0, deadline - monotonic()))
            return self._open

    def _take(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._open < CONNECTIONS, 0.5):
                    return
            try:
                connection, peer = self._listening.accept()
            except OSError:  # nobody left, or gone again before we came
                return
            with self._changed:
                self._open += 1
            Thread(target=self._serve, args=(connection, peer), daemon=True).start()

    def _serve(self, connection: socket.socket, peer: Any) -> None:
        try:
            serve(connection, peer, self)
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()


def main() -> int:
    """Exit code 0 after SIGTERM or SIGINT, 2 where a setting is wrong or the port is taken."""
    try:
        settings = read_settings(os.environ)
        pool = Pool(settings.database, f"lajur-sample {settings.version}")
        application = Application(version=settings.version, built=made.VERSION, store=Store(pool), faults=Faults(made.FAULT))
        service = Service(settings.address, settings.port, application)
    except SettingWrong as error:
        _say(str(error))
        return 2
    except OSError as error:
        _say(f"PORT {os.environ.get('PORT', '')[:10]}: {error.strerror}")
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, service.end)
    _say(f"contoh / SAMPLE {settings.version}: port {service.port}")
    left = service.run()
    pool.close()
    _say(f"selesai / ended; ditinggalkan / left behind: {left}")
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"lajur-sample: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
