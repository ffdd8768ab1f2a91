"""Free ports on loopback for servers that cannot be given port 0 or a bound socket.

They lie below those that the kernel gives to whoever asks for port 0 or calls out
(``ip_local_port_range``): of these, one that is free now may be another's in the next moment.
Our own servers bind port 0 themselves.
"""

import random
import socket
from pathlib import Path

LEAST = 15_000
TRIES = 100


def free_port() -> int:
    """Give a port that nobody on 127.0.0.1 listens on, and that hardly anybody will take."""
    most = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    for _ in range(TRIES):
        port = random.SystemRandom().randrange(LEAST, max(most, 2 * LEAST))
        if _is_free(port):
            return port
    raise OSError("no port is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def greets(port: int, greeting: bytes) -> bool:
    """Say whether a server on this port opens with the greeting (``220``, ``* OK``)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            return connection.recv(100).startswith(greeting)
    except OSError:
        return False
