"""Free ports on loopback for servers that cannot be given port 0 or a bound socket.

Another process could take the port in between; our own servers therefore bind port 0
themselves, and only foreign programs and configuration files use this.
"""

import socket


def free_port() -> int:
    """Give a port that nobody on 127.0.0.1 listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def greets(port: int, greeting: bytes) -> bool:
    """Say whether a server on this port opens with the greeting (``220``, ``* OK``)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            return connection.recv(100).startswith(greeting)
    except OSError:
        return False
