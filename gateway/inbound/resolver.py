"""DNS, as far as mail needs it here, with an end to the waiting.

That a name does not exist is an answer; that nobody answered is not. So a missing record is an
empty list, and anything that may go better later raises TemporaryTrustFailure: the letter stays
in the spool and is judged again. Answers are cached for as long as they say, at most 10,000 of
them; a question that nobody answered is not asked again for a while, so that a batch of letters
from one dead domain waits once. Answers too long for UDP are asked for again by TCP.

A resolver may be used by several threads. What one letter may cost is bounded by
:mod:`gateway.inbound.inquiry`.
"""

import ipaddress
import time
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, Self
from urllib.parse import urlsplit

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver

from gateway.settings import TrustSettings
from registry.errors import OutOfOrder, SarabanError

_CACHED: Final = 10_000
_REMEMBERED: Final = 1000
_UDP_BYTES: Final = 1232  # what passes everywhere unfragmented
_NO_NAME: Final = (
    dns.name.LabelTooLong,
    dns.name.NameTooLong,
    dns.name.EmptyLabel,
    dns.name.BadEscape,
    dns.name.IDNAException,
    UnicodeError,
)


class TemporaryTrustFailure(SarabanError):
    """The sender cannot be judged now, because DNS does not answer; try again later."""

    thai = "ยังตรวจสอบผู้ส่งไม่ได้เพราะ DNS ไม่ตอบ ระบบจะลองใหม่เอง"


class Resolver:
    """Asks name servers: those of the machine, or ``nameservers`` (address, or address:port).

    ``timeout`` is the seconds one question may take with all its retries; ``silence`` those for
    which a question that nobody answered is not put again.
    """

    def __init__(
        self,
        nameservers: Sequence[str] = (),
        port: int = 53,
        timeout: float = 5.0,
        silence: float = 20.0,
    ) -> None:
        self._nameservers = [_place(text, port) for text in nameservers]
        self.timeout = timeout
        self._silence = silence
        self._silent: dict[tuple[str, str], float] = {}

    @classmethod
    def of(cls, settings: TrustSettings) -> Self:
        """Make the resolver that the settings ask for; raise OutOfOrder for what is no server."""
        return cls(settings.nameservers, timeout=settings.timeout)

    def txt(self, name: str) -> list[bytes]:
        """Return the TXT records of a name, the strings of each joined (RFC 7208 §3.3)."""
        return [b"".join(record.strings) for record in self.ask(name, "TXT")]

    def mail_hosts(self, name: str) -> list[str]:
        """Return the hosts that take mail for a domain, the preferred first (RFC 5321 §5.1)."""
        records = sorted(self.ask(name, "MX"), key=lambda record: record.preference)
        return [str(record.exchange).rstrip(".").casefold() for record in records]

    def exists(self, name: str) -> bool:
        """Say whether there is such a name, with records or above ones that have (RFC 8020)."""
        return self._answer(name, "A") is not None

    def ask(self, name: str, kind: str, timeout: float | None = None) -> list[Any]:
        """Return the records of a kind (A, AAAA, MX, PTR, TXT); CNAMEs are followed."""
        return self._answer(name, kind, timeout) or []

    def _answer(self, name: str, kind: str, timeout: float | None = None) -> list[Any] | None:
        """Give the records; None when there is no such name."""
        lifetime = min(self.timeout, timeout or self.timeout)
        if self._silent.get((name, kind), 0.0) > time.monotonic():
            raise TemporaryTrustFailure(f"no answer for {name} a moment ago")
        try:
            return list(self._resolver.resolve(name, kind, lifetime=lifetime, search=False))
        except dns.resolver.NXDOMAIN:
            return None
        except (dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return []
        except _NO_NAME:
            return None
        except (dns.exception.DNSException, OSError) as error:
            self._remember(name, kind)
            raise TemporaryTrustFailure(f"no answer for {name}: {type(error).__name__}") from error

    def _remember(self, name: str, kind: str) -> None:
        if len(self._silent) >= _REMEMBERED:
            self._silent.clear()
        self._silent[name, kind] = time.monotonic() + self._silence

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self._nameservers)
        if self._nameservers:
            resolver.nameservers = list(self._nameservers)
        resolver.use_edns(0, 0, _UDP_BYTES)
        resolver.cache = dns.resolver.LRUCache(_CACHED)
        return resolver


def _place(text: str, port: int) -> dns.nameserver.Do53Nameserver:
    """Read ``192.0.2.1``, ``192.0.2.1:5353``, ``2001:db8::1`` or ``[2001:db8::1]:5353``."""
    try:
        bare = text.count(":") > 1 and not text.startswith("[")
        parts = urlsplit(f"//[{text}]" if bare else f"//{text}")
        address = str(ipaddress.ip_address(parts.hostname or ""))
        return dns.nameserver.Do53Nameserver(address, parts.port or port)
    except ValueError as error:
        raise OutOfOrder(f"not a name server in the settings: {text!r}") from error
