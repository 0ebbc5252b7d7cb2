"""The framework with one route and nothing of ours: what a measurement of the service compares with.

`python -m qos_api.bare` tells its port on the first line, and serves until it is ended.
"""

from __future__ import annotations

import socket
import sys

from fastapi import FastAPI
from uvicorn import Config, Server


def main() -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/", _alive, methods=["GET"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        Server(Config(app, access_log=False, log_level="critical")).run(sockets=[listener])


def _alive() -> dict[str, str]:
    return {"status": "alive"}


if __name__ == "__main__":
    main()
