"""Parting a pack: mails that share one file of the blob store each get a file of their own.

A small mail that came in stays in the file that it shared with others in the spool (decision 0032).
Once one of them turns out to be secret the file cannot stay: each mail is written out of it under
its own digest, the rows are changed together, and the file goes. Cut off anywhere, it is done
again: what was written out is there already.

The file goes :data:`RESERVED` seconds after it was last kept: a mail of it may be on its way into
the books at this moment.
"""

import logging
import time

from sqlalchemy import select

from registry.blobs import BlobStore
from registry.db import Database
from registry.errors import NotFound
from registry.models.letters import OriginalRow

log = logging.getLogger(__name__)
RESERVED = 600.0
_BLOCK = 1 << 18


def part_pack(database: Database, blobs: BlobStore, pack: str) -> bool:
    """Part the pack of this digest, and say whether its file is gone, not only to go later."""
    try:
        kept = time.time() - blobs.path(pack).stat().st_mtime
    except NotFound:
        return True
    if kept < RESERVED:
        return False
    with database.read() as session:
        wanted = select(OriginalRow).where(OriginalRow.blob == pack, OriginalRow.form == "stretch")
        mails = [(row.sha256, row.bytes, row.recipe[0]["from"]) for row in session.scalars(wanted)]
    for sha256, size, start in mails:
        _write_out(blobs, pack, sha256, size, start)
    with database.write() as session:
        for row in session.scalars(select(OriginalRow).where(OriginalRow.blob == pack)):
            if row.form == "stretch":
                row.form, row.blob, row.recipe = "whole", row.sha256, []
    blobs.path(pack).unlink(missing_ok=True)
    log.info("the pack %s was parted into %d mails", pack, len(mails))
    return True


def _write_out(blobs: BlobStore, pack: str, sha256: str, size: int, start: int) -> None:
    with blobs.open(pack) as source, blobs.stage() as staged:
        source.seek(start)
        left = size
        while left and (block := source.read(min(left, _BLOCK))):
            staged.write(block)
            left -= len(block)
        if staged.keep() != sha256:
            raise NotFound(f"the mail {sha256} does not stand in its pack")
