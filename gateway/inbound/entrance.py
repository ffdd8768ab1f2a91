"""One listener, as its connections see it: its limits, its certificate, whom it hears as a proxy.

aiosmtpd looks through a whole class each time it begins a connection, for what is the same every
time. An entrance lets it do so once; :meth:`Entrance.furnish` gives the result to a connection.
"""

import asyncio
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP

from gateway.inbound.guests import Guests
from gateway.networks import Networks
from gateway.settings import SmtpSettings
from gateway.tls import Certificate

LONGEST_WAIT = 64 * 1024
"""Bytes that may wait to be read on one connection; also the longest line that is looked at."""


@dataclass
class Entrance:
    """What all connections of a listener share.

    ``tls_first`` is implicit TLS (RFC 8314 §3.3): the handshake comes before the greeting.
    """

    hostname: str
    limits: SmtpSettings
    guests: Guests
    certificate: Certificate | None = None
    tls_first: bool = False
    proxies: Networks = field(default_factory=lambda: Networks(()))
    _furniture: dict[str, object] = field(default_factory=dict, repr=False)

    def furnish(self, connection: SMTP) -> None:
        """Do what SMTP.__init__ would do for this connection; needs the running loop."""
        loop = asyncio.get_running_loop()
        asyncio.StreamReaderProtocol.__init__(
            connection,
            asyncio.StreamReader(limit=LONGEST_WAIT, loop=loop),
            client_connected_cb=connection._cb_client_connected,  # noqa: SLF001
            loop=loop,
        )
        if not self._furniture:
            self._furniture = self._made_by_aiosmtpd(loop, own=set(vars(connection)))
        vars(connection).update(self._furniture)

    def _made_by_aiosmtpd(
        self, loop: asyncio.AbstractEventLoop, own: set[str]
    ) -> dict[str, object]:
        model = SMTP(
            object(),
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname=self.hostname,
            ident="ESMTP",
            timeout=self.limits.timeout,
            loop=loop,
        )
        own |= {"_smtp_methods"}  # they are the model's; ours are found by our own loop
        return {name: value for name, value in vars(model).items() if name not in own}
