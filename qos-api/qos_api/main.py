"""What the command starts: the services of these regencies, their loops, and the door in front of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event

from network.serving import serving
from network.settings import Settings
from qos_api import server
from qos_api.routes import ROUTERS
from qos_api.served import Served


def run(
    settings: Settings,
    keys: Sequence[str],
    *,
    via: str = "auto",
    at: datetime | None = None,
    ready: Callable[[str], None] | None = None,
    stop: Event | None = None,
) -> None:
    """Serve until SIGINT, SIGTERM or `stop`. Raises, before anything listens, what opening the grounds or the door raises."""
    with serving(settings, keys, via=via, at=at) as opened, opened.working():
        server.run(settings, Served(opened), ROUTERS, ready=ready, stop=stop)
