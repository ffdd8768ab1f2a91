"""Telling systemd how the service stands (sd_notify(3)): one datagram, when there is who listens.

Without ``NOTIFY_SOCKET`` in the environment, as anywhere but under a unit of ``Type=notify``,
nothing is done. What cannot be told is no reason to stop serving.
"""

import os
import socket
import time
from contextlib import suppress


def notify(state: str) -> None:
    """Send one assignment, such as READY=1. Never raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if state == "RELOADING=1":  # systemd 253 wants to know since when
        state += f"\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}"
    name = "\0" + address[1:] if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.sendto(state.encode(), name)
