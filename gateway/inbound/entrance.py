"""One listener, as its connections see it: limits, certificate, whom it hears as a proxy."""

from dataclasses import dataclass, field

from gateway.inbound.guests import Guests
from gateway.inbound.wire import BLOCK
from gateway.networks import Networks
from gateway.settings import SmtpSettings
from gateway.tls import Certificate


@dataclass
class Entrance:
    """What all connections of a listener share.

    ``tls_first`` is implicit TLS (RFC 8314 §3.3): the handshake comes before the greeting.
    ``room`` is where they read, one at a time: they live in one event loop.
    """

    hostname: str
    limits: SmtpSettings
    guests: Guests
    certificate: Certificate | None = None
    tls_first: bool = False
    proxies: Networks = field(default_factory=lambda: Networks(()))
    room: memoryview = field(default_factory=lambda: memoryview(bytearray(BLOCK)), repr=False)
