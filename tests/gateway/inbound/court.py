"""A mail before the judge: spooled, parsed, and judged with the records of one name server."""

from pathlib import Path

from gateway.inbound.authenticate import authenticate
from gateway.inbound.verdict import Rules
from registry.letter.entity import LegalEntity
from registry.letter.message import Trust
from tests.gateway.inbound.mails import Reader, crlf
from tests.gateway.inbound.nameserver import NameServer
from tests.servers.knot import Knot

DOMAIN = "phrae.go.th"
HOST = "192.0.2.10"
LETTER = crlf(
    f"From: สารบรรณ <saraban@{DOMAIN}>\nTo: saraban@dla.go.th\nSubject: ขอส่งคู่มือ\n"
    f"Date: Fri, 03 Oct 2025 10:00:00 +0700\nMessage-ID: <1@{DOMAIN}>\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n\nเรียน  อธิบดี \n\nด้วย\n\n\n"
)


class Court:
    """Judges mails from 192.0.2.10, which says that it is mx.phrae.go.th."""

    def __init__(self, folder: Path, dns: NameServer | Knot) -> None:
        self._reader = Reader(folder)
        self.dns = dns

    def judge(
        self, raw: bytes = LETTER, *, rules: Rules | None = None, timeout: float = 5.0,
        own: list[LegalEntity] | None = None, **envelope: object,
    ) -> Trust:  # fmt: skip
        """Give the verdict; ``envelope`` are facts of the envelope that differ."""
        sender = f"saraban@{DOMAIN}"
        facts = {"peer": HOST, "helo": "mx.phrae.go.th", "mail_from": sender} | envelope
        message = self._reader.read(raw, **facts)
        spooled = self._reader.spool(raw, **facts)
        resolver = self.dns.resolver(timeout)
        return authenticate(spooled, message, resolver, own or [], rules or Rules("gw.example"))


def results(trust: Trust) -> dict[str, str]:
    """Give the result of each method, the first where it was tried several times."""
    found: dict[str, str] = {}
    for check in trust.checks:
        found.setdefault(check.method, check.result)
    return found
