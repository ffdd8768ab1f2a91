"""The helper program of :mod:`gateway.inbound.looker`: paths in, verdicts out, a line of JSON each.

    python -m gateway.inbound.looking TYPE...

For each mail it answers the forbidden type that one of its files is, ``""`` for none, or null when
the mail could not be read to its end within memory. Of each part only the beginning is decoded;
of a zip the names in it are listed, and nothing is unpacked. It ends with its input.
"""

import json
import resource
import signal
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from gateway.inbound.decode import decoded, decoder_for, read_decoded
from gateway.inbound.forbidden import Forbidden
from gateway.inbound.names import given_name
from gateway.inbound.sniff import ENOUGH, media_type
from gateway.inbound.split import Node, split
from gateway.inbound.window import Window

_MEMORY: Final = 1_000_000_000  # bytes of address space, libraries included
_LARGEST_ZIP: Final = 50_000_000  # decoded bytes of a zip whose names are listed


def forbidden_in(path: Path, forbidden: Forbidden) -> str:
    """Give the forbidden type of the first such file in this mail, or ""."""
    with Window(path) as window:
        for node in split(window).root.walk():
            if not node.children and (kind := _judge(window, node, forbidden)):
                return kind
    return ""


def _judge(window: Window, node: Node, forbidden: Forbidden) -> str:
    claimed, name = node.media_type, given_name(node)
    if kind := forbidden.among((claimed,), (name,)):
        return kind
    head, _ = read_decoded(window, node, ENOUGH)
    found = media_type(head, claimed)
    if kind := forbidden.among((found,), ()):
        return kind
    is_zip = head.startswith(b"PK\x03\x04") or found == "application/zip"
    return forbidden.among((), _names(window, node)) if is_zip else ""


def _names(window: Window, node: Node) -> Iterator[str]:
    """List what a zip holds; a zip that cannot be read holds nothing that we could name."""
    with tempfile.TemporaryFile() as file, suppress(zipfile.BadZipFile, NotImplementedError):
        for block in decoded(window, node, decoder_for(node.encoding)):
            file.write(block)
            if file.tell() > _LARGEST_ZIP:
                return
        with zipfile.ZipFile(file) as listed:
            for member in listed.infolist():
                yield member.filename


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
