"""A name server for tests: a real one on UDP and TCP, with the records it was given."""

import socket
import threading
from collections.abc import Mapping
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from gateway.inbound.resolver import Resolver

Records = dict[str, str | list[str]]


class NameServer:
    """Answers on 127.0.0.1; ``mute``, ``broken``, ``garbage`` make it a bad one.

    Records are texts by name, and by ``MX name`` as in ``10 mail.example.``, ``A name`` and so on;
    several in a list. ``short`` cuts every answer by UDP, so that it is asked for by TCP; ``dead``
    are names that are never answered, ``failing`` those of which it says at once that it cannot.
    """

    def __init__(self, records: Mapping[str, str | list[str]]) -> None:
        self.records: Records = dict(records)
        self.mute = self.broken = self.garbage = self.short = False
        self.dead: set[str] = set()
        self.failing: set[str] = set()
        self.asked: list[str] = []
        self._stream = socket.create_server(("127.0.0.1", 0))
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(self._stream.getsockname())
        self._threads = [threading.Thread(target=one) for one in (self._serve, self._serve_tcp)]

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._socket.getsockname()[1])

    def resolver(self, timeout: float = 5.0, silence: float = 0.0) -> Resolver:
        """A resolver that asks this server only."""
        return Resolver([f"127.0.0.1:{self.port}"], timeout=timeout, silence=silence)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
            caller.sendto(b"", self._socket.getsockname())
        socket.create_connection(self._stream.getsockname()).close()
        for thread in self._threads:
            thread.join(10)
        self._socket.close()
        self._stream.close()

    def _serve(self) -> None:
        while True:
            data, peer = self._socket.recvfrom(4096)
            if not data:
                return
            answer = self._answer(data, short=self.short)
            if answer:
                self._socket.sendto(answer, peer)

    def _serve_tcp(self) -> None:
        while True:
            connection, _ = self._stream.accept()
            with connection:
                size = connection.recv(2, socket.MSG_WAITALL)
                if not size:
                    return
                data = connection.recv(int.from_bytes(size), socket.MSG_WAITALL)
                answer = self._answer(data)
                connection.sendall(len(answer).to_bytes(2) + answer)

    def _answer(self, data: bytes, *, short: bool = False) -> bytes:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        if self.mute or name in self.dead:
            return b""
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if self.garbage:
            return answer.to_wire()[:2] + b"\xff" * 40
        if self.broken or name in self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif short:
            answer.flags |= dns.flags.TC
        else:
            self._fill(answer, name)
        return answer.to_wire()

    def _fill(self, answer: dns.message.Message, name: str) -> None:
        kind = dns.rdatatype.to_text(answer.question[0].rdtype)
        values = self.records.get(name if kind == "TXT" else f"{kind} {name}", [])
        for value in [values] if isinstance(values, str) else values:
            text = _quoted(value) if kind == "TXT" else value
            record = dns.rrset.from_text(answer.question[0].name, 60, "IN", kind, text)
            answer.answer.append(record)
        if not values and not self._exists(name):
            answer.set_rcode(dns.rcode.NXDOMAIN)

    def _exists(self, name: str) -> bool:
        names = {key.rpartition(" ")[2] for key in self.records}
        return any(one == name or one.endswith(f".{name}") for one in names)


def _quoted(text: str) -> str:
    """Write a text as a TXT record does, in strings of 200 characters."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return " ".join(f'"{escaped[at : at + 200]}"' for at in range(0, len(escaped) or 1, 200))
