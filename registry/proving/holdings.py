"""The claim of bytes: every file of every letter, and every original, is kept and unchanged.

Each content is read once and its SHA-256 computed anew. An original that is kept as skeleton and
parts needs all of them, one that stands in a pack needs the pack; whether they give the raw mail
byte for byte is proven too when the caller brings the way to put them together, which is a matter
of mail and lives elsewhere.

Limit: 32 bytes of memory for each different content.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from registry import saved
from registry.blobs import BlobStore
from registry.errors import NotFound
from registry.letter.message import Original
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow, OriginalRow
from registry.proving.problem import Problem

Rebuild = Callable[[Original], str]
"""Put an original together and give the SHA-256 of the raw mail."""


class _Shelf:
    """The store, with a memory of what was read already."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.good: set[bytes] = set()

    def wrong(self, sha256: str, size: int | None = None) -> str:
        """Say what is wrong with a content; "" when it is whole and has that size."""
        try:
            found = self._blobs.path(sha256).stat().st_size
        except NotFound:
            return f"content {sha256} is missing"
        if size is not None and found != size:
            return f"content {sha256} has {found} bytes instead of {size}"
        if bytes.fromhex(sha256) in self.good:
            return ""
        if not self._blobs.verify(sha256):
            return f"content {sha256} was changed"
        self.good.add(bytes.fromhex(sha256))
        return ""


def prove_holdings(
    session: Session, blobs: BlobStore, rebuild: Rebuild | None = None
) -> tuple[int, list[Problem]]:
    """Give the number of good contents, and what is missing or changed."""
    shelf = _Shelf(blobs)
    problems = [*_enclosures(session, shelf), *_originals(session, shelf, rebuild)]
    return len(shelf.good), problems + list(_unkept(session))


def digests_in_use(session: Session) -> Iterator[str]:
    """Give every digest that a row needs, some more than once (for backups)."""
    for wanted in (select(EnclosureRow.sha256).distinct(), select(OriginalRow.blob)):
        yield from session.scalars(wanted.execution_options(yield_per=1000))
    for recipe in session.scalars(_recipes().execution_options(yield_per=200)):
        yield from (step["sha256"] for step in recipe)


def used(session: Session) -> Callable[[str], bool]:
    """Give a test of whether any row needs a content, as it is now (for the sweep of the store)."""
    needed = {bytes.fromhex(sha256) for sha256 in digests_in_use(session)}
    needed |= {bytes.fromhex(sha256) for sha256 in saved.digests(session)}  # not sent yet
    return lambda sha256: bytes.fromhex(sha256) in needed


def _enclosures(session: Session, shelf: _Shelf) -> Iterator[Problem]:
    wanted = select(EnclosureRow.sha256, EnclosureRow.bytes, func.min(EnclosureRow.letter_id))
    grouped = wanted.group_by(EnclosureRow.sha256, EnclosureRow.bytes)
    ordered = grouped.order_by(EnclosureRow.sha256).execution_options(yield_per=1000)
    for sha256, size, letter_id in session.execute(ordered):
        if what := shelf.wrong(sha256, size):
            yield Problem("blob", f"letter {letter_id}", what)


def _originals(session: Session, shelf: _Shelf, rebuild: Rebuild | None) -> Iterator[Problem]:
    wanted = select(OriginalRow).order_by(OriginalRow.sha256)
    for row in session.scalars(wanted.execution_options(yield_per=200)):
        for what in _of_original(row, shelf, rebuild):
            yield Problem("original", f"original {row.sha256}", what)


def _of_original(row: OriginalRow, shelf: _Shelf, rebuild: Rebuild | None) -> list[str]:
    whole = row.form == "whole"
    pieces = [(row.blob, row.bytes if whole else None)]
    pieces += [(step["sha256"], step["bytes"]) for step in row.recipe]
    wrong = [what for sha256, size in pieces if (what := shelf.wrong(sha256, size))]
    if whole and row.blob != row.sha256:
        wrong.append("it is kept whole under another digest")
    if rebuild is not None and not whole and not wrong:
        kept = Original(row.sha256, row.bytes, row.form, row.blob, tuple(row.recipe))
        if rebuild(kept) != row.sha256:
            wrong.append("its parts do not give the mail as it was received")
    return wrong


def _unkept(session: Session) -> Iterator[Problem]:
    """Find letters and entries whose original is not written down."""
    for thing, table in (("letter", LetterRow), ("entry", EntryRow)):
        wanted = select(table.id).outerjoin(
            OriginalRow, OriginalRow.sha256 == table.original_sha256
        )
        wanted = wanted.where(table.original_sha256.is_not(None), OriginalRow.sha256.is_(None))
        for found in session.scalars(wanted.order_by(table.id)):
            yield Problem("original", f"{thing} {found}", "its original is not written down")


def _recipes() -> Select[list[dict[str, str]]]:
    return select(OriginalRow.recipe).where(OriginalRow.form != "whole")
