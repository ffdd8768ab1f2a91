"""The pages of files that fields are read from: the rows of ``file_page``.

They go with the text of their file: written in the same transaction, and taken away with it when
only secret letters carry the content (:mod:`registry.texts.claims`).
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.letter.page import Page
from registry.models.paper import FileLookRow, FilePageRow


def pages_of(session: Session, sha256: str) -> list[Page]:
    """Give the pages of a content that are kept, in order; empty for one that has none."""
    rows = session.scalars(
        select(FilePageRow).where(FilePageRow.sha256 == sha256).order_by(FilePageRow.page)
    )
    return [
        Page.of((row.page, row.source, row.quality, (row.width, row.height), row.lines))
        for row in rows
    ]


def keep_pages(session: Session, sha256: str, pages: Iterable[Page]) -> None:
    """Write down the pages of a content, in place of those that were kept."""
    drop_pages(session, [sha256])
    session.add_all(_row(sha256, page) for page in pages)
    session.flush()


def keep_page(session: Session, sha256: str, page: Page) -> None:
    """Write down one page, in place of what was kept of it."""
    mine = (FilePageRow.sha256 == sha256) & (FilePageRow.page == page.number)
    session.execute(delete(FilePageRow).where(mine))
    session.add(_row(sha256, page))
    session.flush()


def drop_pages(session: Session, some: Sequence[str]) -> None:
    """Take away the pages of these contents, a few hundred at most, and what waits for eyes."""
    for table in (FilePageRow, FileLookRow):
        session.execute(delete(table).where(table.sha256.in_(some)))


def _row(sha256: str, page: Page) -> FilePageRow:
    return FilePageRow(
        sha256=sha256, page=page.number, source=page.source, quality=page.quality,
        width=page.width, height=page.height, lines=page.packed(),
    )  # fmt: skip
