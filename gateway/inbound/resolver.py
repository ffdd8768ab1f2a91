"""DNS, as far as mail needs it here: TXT and MX records, with an end to the waiting.

That a name does not exist is an answer; that nobody answered is not. So a missing record is an
empty list, and anything that may go better later raises TemporaryTrustFailure: the letter stays
in the spool and is judged again. Answers are cached for as long as they say.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import dns.exception
import dns.name
import dns.resolver

from registry.errors import SarabanError

_CACHED = 1000


class TemporaryTrustFailure(SarabanError):
    """The sender cannot be judged now, because DNS does not answer; try again later."""

    thai = "ยังตรวจสอบผู้ส่งไม่ได้เพราะ DNS ไม่ตอบ ระบบจะลองใหม่เอง"


class Resolver:
    """Asks name servers: those of the machine, or ``nameservers`` (addresses) on ``port``.

    ``timeout`` is the seconds one question may take with all its retries.
    """

    def __init__(
        self, nameservers: Sequence[str] = (), port: int = 53, timeout: float = 5.0
    ) -> None:
        self._nameservers = list(nameservers)
        self._port = port
        self._timeout = timeout

    def txt(self, name: str) -> list[bytes]:
        """Return the TXT records of a name, the strings of each joined (RFC 7208 §3.3)."""
        return [b"".join(record.strings) for record in self._ask(name, "TXT")]

    def mail_hosts(self, name: str) -> list[str]:
        """Return the hosts that take mail for a domain, the preferred first (RFC 5321 §5.1)."""
        records = sorted(self._ask(name, "MX"), key=lambda record: record.preference)
        return [str(record.exchange).rstrip(".").casefold() for record in records]

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            answer = self._resolver.resolve(name, kind, lifetime=self._timeout, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return []
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, UnicodeError):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise TemporaryTrustFailure(f"no answer for {name}: {type(error).__name__}") from error
        return list(answer)

    @cached_property
    def _resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=not self._nameservers)
        if self._nameservers:
            resolver.nameservers = list(self._nameservers)
            resolver.port = self._port
        resolver.cache = dns.resolver.LRUCache(_CACHED)
        return resolver
