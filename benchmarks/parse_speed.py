"""How fast a letter is read, cut up and kept: encoded megabytes a second, and memory on top.

One letter with an enclosure that cannot be compressed, on the disk of the working folder. Give the
size in MB as an argument (default 50).
"""

import base64
import hashlib
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from gateway.inbound.envelope import Envelope
from gateway.inbound.parse import parse
from gateway.inbound.spool import Spooled
from registry.blobs import BlobStore
from registry.letter.message import Listener
from registry.settings import OfficeSettings

HEAD = b"From: a@b.example\r\nSubject: x\r\nContent-Type: application/pdf\r\n"
LINES = base64.encodebytes(os.urandom(57_000)).replace(b"\n", b"\r\n")


def main(megabytes: int = 50) -> str:
    """Read one letter and say how it went."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path, digest = Path(folder) / "letter.eml", hashlib.sha256()
        with path.open("wb") as file:
            blocks = [HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n"]
            for block in blocks + [LINES] * (megabytes * 1_000_000 // len(LINES)):
                file.write(block)
                digest.update(block)
        envelope = Envelope(
            Listener.MX,
            datetime.now(UTC),
            raw_sha256=digest.hexdigest(),
            raw_bytes=path.stat().st_size,
        )
        spooled, blobs = Spooled("bench/1", path, envelope), BlobStore(Path(folder) / "blobs")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        message = parse(spooled, blobs, OfficeSettings())
        seconds = time.perf_counter() - started
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        return f"{message.raw_bytes / 1e6 / seconds:.0f} MB/s, {more / 1024:.0f} MiB more memory."


if __name__ == "__main__":
    print(main(*map(int, sys.argv[1:])))
