"""A ProxyCommand of ssh(1): connects and hands the socket over, for `ProxyUseFdpass`. Started as a file of its own inside `noc`,
once for each connection, so it imports nothing that takes time to load.
"""

import socket
import sys


def main(host: str, port: str) -> None:
    """Raises OSError as `socket.create_connection` does; ssh shows its last line."""
    with socket.create_connection((host, int(port)), timeout=20) as connection, socket.socket(fileno=1) as ssh:
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        socket.send_fds(ssh, [b"\0"], [connection.fileno()])


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: {error.strerror or error}")
