"""A name server for tests: a real one on UDP, with the TXT and MX records it was given."""

import socket
import threading
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from gateway.inbound.resolver import Resolver


class NameServer:
    """Answers on 127.0.0.1; ``mute`` and ``broken`` make it a bad one.

    Records are texts by name, and by ``MX name`` as in ``10 mail.example.``.
    """

    def __init__(self, records: dict[str, str]) -> None:
        self.records = records
        self.mute = False
        self.broken = False
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    def resolver(self, timeout: float = 5.0) -> Resolver:
        """A resolver that asks this server only."""
        return Resolver(["127.0.0.1"], self._socket.getsockname()[1], timeout)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.sendto(b"", self._socket.getsockname())
        self._thread.join(10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            data, peer = self._socket.recvfrom(4096)
            if not data:
                return
            if not self.mute:
                self._socket.sendto(self._answer(data), peer)

    def _answer(self, data: bytes) -> bytes:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif query.question[0].rdtype == dns.rdatatype.MX and f"MX {name}" in self.records:
            mail_host = self.records[f"MX {name}"]
            answer.answer.append(
                dns.rrset.from_text(query.question[0].name, 60, "IN", "MX", mail_host)
            )
        elif name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif query.question[0].rdtype == dns.rdatatype.TXT:
            text = self.records[name]
            strings = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
            answer.answer.append(
                dns.rrset.from_text(query.question[0].name, 60, "IN", dns.rdatatype.TXT, strings)
            )
        return answer.to_wire()
