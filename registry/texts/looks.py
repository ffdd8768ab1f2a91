"""Pages that wait to be read with eyes, one after the other: the rows of ``file_look``.

A page takes seconds, so each is claimed and written down by itself (``file_page``, source ``ocr``),
and what was killed in the middle goes on with the page it had in hand. Only when the last one was
looked at is the text of the file put together, and the letter indexed and its fields read, once.
Until then the file is as plain reading left it, with a note that it waits. The newest file goes
first. A page over which the reader died three times is passed over. Nothing of secret letters is
looked at: that is asked at the claim, and when a page is written down.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from registry.letter.page import Page
from registry.models.letters import EnclosureRow
from registry.models.paper import FileLookRow, FilePageRow, PaperReadingRow
from registry.models.search import FileTextRow
from registry.texts.carried import carried_by
from registry.texts.extract import NO_LETTERS, SCAN, WAITS
from registry.texts.leaves import drop_pages, keep_page, pages_of
from registry.thai.numerals import thai_number

TRIES: Final = 3
KEPT: Final = 3  # pages from the first whose lines are kept, and the last
_LEASE: Final = timedelta(minutes=10)
_PUT_OFF: Final = timedelta(minutes=1)
_BLANK: Final = "หน้าไม่มีข้อความ"
_BETWEEN: Final = "; "
_WHOLE: Final = 100  # confidence of a line that its writer typeset
_HARDLY, _MOSTLY, _TWICE = 0.06, 0.7, 2


@dataclass(frozen=True, slots=True)
class Look:
    """One page in hand."""

    sha256: str
    media_type: str
    page: int
    tries: int


def ask(session: Session, sha256: str, pages: Iterable[int], now: datetime) -> None:
    """Have these pages of a content looked at, the first one first."""
    session.add(FileLookRow(sha256=sha256, pages=list(pages), asked_at=now, at=now, tries=0))
    session.flush()


def any_due(session: Session, now: datetime) -> bool:
    """Say whether a page waits to be looked at."""
    due = select(FileLookRow.sha256).where(FileLookRow.at <= now).limit(1)
    return session.scalar(due) is not None


def claim(session: Session, now: datetime) -> Look | None:
    """Take a page in hand, of the newest file that waits; None when there is none."""
    wanted = select(FileLookRow).where(FileLookRow.at <= now)
    held = wanted.order_by(FileLookRow.asked_at.desc()).with_for_update(skip_locked=True)
    row = session.scalars(held.limit(1).execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    media_type, may = carried_by(session, row.sha256)
    if not media_type:
        drop_pages(session, [row.sha256])
        return None
    row.at = now + (_LEASE if may else _PUT_OFF)
    if not may:
        return None
    row.tries += 1
    return Look(row.sha256, media_type, row.pages[0], row.tries)


def finish(session: Session, mine: Look, page: Page, now: datetime, why: str = "") -> bool:
    """Write down what was seen on a page, or why nothing could be, in Thai.

    False if it is not ours or not to be kept any more.
    """
    row = _held(session, mine)
    if row is None:
        return False
    if not carried_by(session, mine.sha256)[0]:
        drop_pages(session, [mine.sha256])
        return False
    if _is_better(session, mine.sha256, page):
        keep_page(session, mine.sha256, page)
    if why:
        _note(session, mine.sha256, why)
    row.pages, row.tries, row.at = row.pages[1:], 0, now
    session.flush()
    if not row.pages:
        session.delete(row)
        _put_together(session, mine.sha256, now)
    return True


def give_back(session: Session, mine: Look, now: datetime, *, blame: bool) -> bool:
    """Let go of a page; with ``blame`` True when that was the last time it is tried."""
    row = _held(session, mine)
    if row is None:
        return False
    row.at = now
    if not blame:
        row.tries -= 1
    return blame and row.tries >= TRIES


def _held(session: Session, mine: Look) -> FileLookRow | None:
    wanted = select(FileLookRow).where(FileLookRow.sha256 == mine.sha256).with_for_update()
    row = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    ours = row is not None and row.tries == mine.tries and row.pages[0] == mine.page
    return row if ours else None


def _note(session: Session, sha256: str, why: str) -> None:
    row = session.get(FileTextRow, sha256)
    if row is not None and why not in row.detail:
        row.detail = _BETWEEN.join(filter(None, (row.detail, why)))


def _is_better(session: Session, sha256: str, page: Page) -> bool:
    """Say whether a page is worth keeping: it says something, or nothing is known of the file."""
    kept = next((one for one in pages_of(session, sha256) if one.number == page.number), None)
    if page.source != "ocr":
        return page.number == 1 and kept is None
    return kept is None or kept.source != "text" or _says_better(page, kept)


def _says_better(page: Page, kept: Page) -> bool:
    """Say whether what was seen is better than the words that came with a page.

    Words that a scanner laid behind its picture read fluently and are wrong, their figures most of
    all, which their quality does not show: they give way unless the page was hardly read.
    """
    seen, there = (sum(map(str.isalnum, one.text)) for one in (page, kept))
    if any(line.confidence < _WHOLE for line in kept.lines):
        return page.quality > kept.quality - _HARDLY and seen > _MOSTLY * there
    return page.quality > kept.quality or seen > _TWICE * there


def _put_together(session: Session, sha256: str, now: datetime) -> None:
    """Lay what was seen into the text of the file, and have its letters read anew."""
    row = session.get(FileTextRow, sha256, with_for_update=True)
    if row is None or row.state == "pending":
        return
    seen = [page for page in pages_of(session, sha256) if page.source == "ocr"]
    texts = row.text.split("\f") if row.text else [""] * (row.pages or 1)
    texts += [""] * (max((page.number for page in seen), default=0) - len(texts))
    for page in seen:
        texts[page.number - 1] = page.text
    row.text, row.detail, row.at = "\f".join(texts), _told(row.detail, texts, len(seen)), now
    row.state = "done" if any(map(str.strip, texts)) else "none"
    last = max((page.number for page in pages_of(session, sha256)), default=0)
    beyond = (FilePageRow.page > KEPT) & (FilePageRow.page < last)
    session.execute(delete(FilePageRow).where(FilePageRow.sha256 == sha256, beyond))
    carrying = select(EnclosureRow.letter_id).where(EnclosureRow.sha256 == sha256)
    read = select(PaperReadingRow).where(PaperReadingRow.letter_id.in_(carrying))
    for reading in session.scalars(read):
        reading.state, reading.reader, reading.tries, reading.at = "pending", 0, 0, now
    session.flush()


def _told(detail: str, texts: list[str], seen: int) -> str:
    """Say for officers what the text of the file is worth now."""
    notes = [one for one in detail.split(_BETWEEN) if one not in {"", SCAN, WAITS}]
    notes = [one for one in notes if not one.endswith(_BLANK)]
    blank = sum(not text.strip() for text in texts)
    if seen:
        notes.append(f"อ่านจากภาพ {thai_number(seen)} หน้า ตัวอักษรบางตัวอาจไม่ตรง")
    if blank == len(texts):
        notes += [] if notes else [NO_LETTERS]
    elif blank:
        notes.append(f"{thai_number(blank)} {_BLANK}")
    return _BETWEEN.join(notes)
