"""The helper program of :mod:`gateway.inbound.looker`: paths in, verdicts out, a line of JSON each.

    python -m gateway.inbound.looking TYPE...

For each mail it answers the forbidden type that one of its files is, ``""`` for none, or null when
the mail could not be read to its end within memory. Of each part only the beginning is decoded;
files in a winmail.dat or uuencoded in a text are looked at too, of a zip the names in it; nothing
is unpacked. It ends with its input.
"""

import json
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from gateway.inbound.charset import read_text
from gateway.inbound.decode import decoded, decoder_for, read_decoded
from gateway.inbound.forbidden import Forbidden
from gateway.inbound.names import given_name
from gateway.inbound.sniff import ENOUGH, media_type
from gateway.inbound.split import Node, split
from gateway.inbound.tnef import SIGNATURE, read_tnef
from gateway.inbound.uuencode import taken_apart
from gateway.inbound.window import Window
from gateway.inbound.zips import names_in

_MEMORY: Final = 1_000_000_000  # bytes of address space, libraries included
_ZIP: Final = b"PK\x03\x04"


def forbidden_in(path: Path, forbidden: Forbidden) -> str:
    """Give the forbidden type of the first such file in this mail, or ""."""
    with Window(path) as window:
        for node in split(window).root.walk():
            if not node.children and (kind := _judge(window, node, forbidden)):
                return kind
    return ""


def _judge(window: Window, node: Node, forbidden: Forbidden) -> str:
    head, _ = read_decoded(window, node, ENOUGH)
    if kind := _kind(given_name(node), node.media_type, head, forbidden):
        return kind
    if head.startswith(_ZIP):
        with _taken_out(window, node) as file:
            return forbidden.among((), names_in(file))
    if head.startswith(SIGNATURE):
        return _in_tnef(window, node, forbidden)
    if node.media_type.startswith("text/"):
        found = _in_text(window, node)
        kinds = (_kind(read_text(name).text, "", bytes(head), forbidden) for name, head in found)
        return next(filter(None, kinds), "")
    return ""


def _kind(name: str, claimed: str, head: bytes, forbidden: Forbidden) -> str:
    """Give for what this file is forbidden; its bytes are looked at last."""
    return forbidden.among((claimed,), (name,)) or forbidden.among((media_type(head, claimed),), ())


@contextmanager
def _taken_out(window: Window, node: Node) -> Iterator[BinaryIO]:
    """Give a part decoded, as a file that can be sought in."""
    with tempfile.TemporaryFile() as file:
        for block in decoded(window, node, decoder_for(node.encoding)):
            file.write(block)
        yield file


def _in_tnef(window: Window, node: Node, forbidden: Forbidden) -> str:
    with _taken_out(window, node) as file:
        for one in read_tnef(file).files:
            head = next(iter(one.blocks(file)), b"")[:ENOUGH]
            if kind := _kind(one.name, one.media_type, head, forbidden):
                return kind
    return ""


def _in_text(window: Window, node: Node) -> list[tuple[bytes, bytearray]]:
    """Give name and beginning of each file that is uuencoded in a text."""
    found: list[tuple[bytes, bytearray]] = []

    def open_file(name: bytes) -> _Beginning:
        found.append((name, bytearray()))
        return _Beginning(found[-1][1])

    for _ in taken_apart(decoded(window, node, decoder_for(node.encoding)), open_file):
        pass
    return found


class _Beginning:
    """Keeps the first bytes of a file that comes by."""

    def __init__(self, head: bytearray) -> None:
        self._head = head

    def write(self, data: bytes, /) -> None:
        self._head += data[: ENOUGH - len(self._head)]

    def close(self, *, whole: bool) -> None:
        """Nothing is kept."""


def main() -> None:
    """Answer until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the service, which ends this one
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    forbidden = Forbidden(sys.argv[1:])
    for line in sys.stdin:
        answer: str | None = None
        with suppress(OSError, MemoryError):
            answer = forbidden_in(Path(json.loads(line)), forbidden)
        print(json.dumps(answer), flush=True)  # noqa: T201 - read by the other end


if __name__ == "__main__":
    main()
