"""The helper program of :mod:`gateway.inbound.looker`: paths in, verdicts out, a line of JSON each.

    python -m gateway.inbound.looking TYPE...

For each mail it answers the forbidden type that one of its files is, ``""`` for none, or null when
the mail could not be read to its end within memory. Of each part only the beginning is decoded;
files in a winmail.dat or uuencoded in a text are looked at too, and those of a letter that is one
S/MIME signature; of a zip the names in it; nothing is unpacked. It ends with its input.
"""

import json
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from gateway.inbound.charset import read_text
from gateway.inbound.decode import decoded, decoder_for, read_decoded
from gateway.inbound.forbidden import Forbidden
from gateway.inbound.names import given_name
from gateway.inbound.opaque import letter_in
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
        structure = split(window)
        if kind := _first(window, structure.root, path.parent, forbidden):
            return kind
        with letter_in(window, structure, path.parent) as letter:
            root = letter.structure.root
            return (letter.signed and _first(letter.window, root, path.parent, forbidden)) or ""


def _first(window: Window, root: Node, folder: Path, forbidden: Forbidden) -> str:
    look = _Look(window, folder, forbidden)
    leaves = (node for node in root.walk() if not node.children)
    return next(filter(None, map(look.judge, leaves)), "")


class _Look:
    """One mail that is looked at; what must be sought in is put beside it for a moment."""

    def __init__(self, window: Window, folder: Path, forbidden: Forbidden) -> None:
        self._window = window
        self._folder = folder
        self._among = forbidden.among

    def judge(self, node: Node) -> str:
        head, _ = read_decoded(self._window, node, ENOUGH)
        if kind := self._kind(given_name(node), node.media_type, head):
            return kind
        if head.startswith(_ZIP):
            with self._taken_out(node) as file:
                return self._among((), names_in(file))
        if head.startswith(SIGNATURE):
            return self._in_tnef(node)
        if node.media_type.startswith("text/"):
            found = self._in_text(node)
            kinds = (self._kind(read_text(name).text, "", bytes(head)) for name, head in found)
            return next(filter(None, kinds), "")
        return ""

    def _kind(self, name: str, claimed: str, head: bytes) -> str:
        """Give for what this file is forbidden; its bytes are looked at last."""
        return self._among((claimed,), (name,)) or self._among((_type_of(head, claimed),), ())

    def _blocks(self, node: Node) -> Iterator[bytes]:
        return decoded(self._window, node, decoder_for(node.encoding))

    @contextmanager
    def _taken_out(self, node: Node) -> Iterator[BinaryIO]:
        """Give a part decoded, as a file without a name that can be sought in."""
        with tempfile.TemporaryFile(dir=self._folder) as file:
            for block in self._blocks(node):
                file.write(block)
            yield file

    def _in_tnef(self, node: Node) -> str:
        with self._taken_out(node) as file:
            for one in read_tnef(file).files:
                head = next(iter(one.blocks(file)), b"")[:ENOUGH]
                if kind := self._kind(one.name, one.media_type, head):
                    return kind
        return ""

    def _in_text(self, node: Node) -> list[tuple[bytes, bytearray]]:
        """Give name and beginning of each file that is uuencoded in a text."""
        found: list[tuple[bytes, bytearray]] = []

        def open_file(name: bytes) -> _Beginning:
            found.append((name, bytearray()))
            return _Beginning(found[-1][1])

        for _ in taken_apart(self._blocks(node), open_file):
            pass
        return found


@lru_cache(maxsize=64)  # libmagic takes milliseconds, and a mail may have a thousand parts alike
def _type_of(head: bytes, claimed: str) -> str:
    return media_type(head, claimed)


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
