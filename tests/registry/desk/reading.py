"""Letters whose papers were read: what tests of that begin with."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from registry import paper_fields
from registry.blobs import BlobStore
from registry.letter.message import Part, Trust
from registry.letter.page import Page
from registry.models.search import FileTextRow
from registry.paper_reading import PaperReading
from registry.texts.leaves import keep_pages
from tests.registry.desk.conftest import House, Mails, pdf

Arrives = Callable[..., str]
SUBJECT = "แนวทางการปรับปรุงคู่มือสำหรับประชาชนตามแผนการยกระดับการบริการภาครัฐ"


@pytest.fixture
def reading(house: House, blobs: BlobStore) -> Iterator[PaperReading]:
    """Reads the papers of the house."""
    made = PaperReading(house.database, blobs, house.desk)
    yield made
    made.close()


@pytest.fixture
def arrives(house: House, mail: Mails, reading: PaperReading) -> Arrives:
    """Take in a mail with papers whose pages were read, read its fields, and give its letter."""

    def take(
        *papers: Page, subject: str = "ส่งหนังสือ", trust: Trust | None = None, **more: Any
    ) -> str:
        parts = tuple(pdf(f"ไฟล์ {at}.pdf", one.packed()) for at, one in enumerate(papers))
        made = mail(parts=parts, subject=subject, **({"trust": trust} if trust else {}), **more)
        letter_id = house.one(made).letter_id
        assert letter_id is not None
        were_read(house, parts, papers)
        assert reading.turn()
        return letter_id

    return take


def were_read(house: House, parts: Sequence[Part], papers: Sequence[Page]) -> None:
    """Let the text of these files have been read."""
    with house.database.write() as session:
        for part, one in zip(parts, papers, strict=True):
            if session.get(FileTextRow, part.sha256) is None:
                session.add(FileTextRow(sha256=part.sha256, state="done", kind="pdf", text=one.text,
                                        pages=1, detail="", tries=1))  # fmt: skip
                keep_pages(session, part.sha256, [one])


def entry_of(house: House, letter_id: str) -> Any:
    (found,) = [one for one in house.received() if one.letter_id == letter_id]
    return found


def states(house: House, letter_id: str) -> dict[str, str]:
    with house.database.read() as session:
        found = paper_fields.of(session, letter_id)
    return {one.field.name: one.state for one in found if one.field.position == 0}
