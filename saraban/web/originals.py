"""A mail as it came in, sent to a browser while it is put together: any size in flat memory.

The pieces are written by a thread of their own into a pipe, which the answer reads; who goes away
in the middle breaks the pipe, and the thread ends.
"""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from typing import Final

from gateway.inbound import rebuild
from registry.blobs import BlobStore
from registry.errors import NotFound
from registry.letter.message import Original

log = logging.getLogger(__name__)

_BLOCK: Final = 1 << 16


def stream(original: Original, blobs: BlobStore) -> Iterator[bytes]:
    """Give the raw mail byte for byte, block by block; it ends early when a blob is missing."""
    source, sink = os.pipe()
    writer = threading.Thread(target=_write, args=(original, blobs, sink), daemon=True)
    writer.start()
    with os.fdopen(source, "rb", buffering=0) as pipe:
        while block := pipe.read(_BLOCK):
            yield block
    writer.join()


def _write(original: Original, blobs: BlobStore, sink: int) -> None:
    with contextlib.suppress(BrokenPipeError), os.fdopen(sink, "wb") as pipe:
        try:
            rebuild.write(original, blobs, pipe)
        except NotFound as error:
            log.error("the original %s is not whole: %s", original.sha256, error)  # noqa: TRY400
