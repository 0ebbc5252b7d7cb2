"""`pulumi-resource-lajur`: what the engine starts. It lives no longer than the engine that started it, nor than the child process
that holds the broker, however either of them ends."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

from infra import broker
from infra.leash import tie


def main() -> None:
    parent = os.getppid()
    address = os.environ.get(broker.ADDRESS)
    if address is None:
        sys.stderr.write("pulumi-resource-lajur is started by the Pulumi engine, which `lajur infra` starts\n")
        raise SystemExit(64)
    line = broker.Line(address)
    tie(parent, line.leash())
    from pulumi.provider.experimental import server

    from infra.provider.adapter import Servers

    server.main(sys.argv[1:], version("lajur"), Servers(line))


if __name__ == "__main__":
    main()
