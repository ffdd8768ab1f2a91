"""Reading letters' papers: claimed, read by the rules, kept, and taken where the register shows it.

Right after the text of a letter's files is there, also while the letter waits, its fields are read
by the process that makes letters findable. Rules are quick and run here; the pages of the letter
are drawn and looked through for QR codes in the process that may fall over (:mod:`registry.apart`).
Everything of one letter is written in one transaction: killed at any point, it is read again.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry import journal, paper_claims, paper_fields
from registry.apart import Apart, Died, Over
from registry.blobs import BlobStore
from registry.clock import BANGKOK
from registry.counters import count
from registry.db import Database, database_is_away
from registry.desk.context import Desk
from registry.desk.number_hint import hints
from registry.desk.take_from_paper import take
from registry.errors import NotFound
from registry.letter.page import Box
from registry.letter.paper import PaperField, Place
from registry.models.letters import EnclosureRow, LetterRow
from registry.paper.choose import Leaf, Paper, read_papers, with_mail
from registry.paper.doubts import doubted_at
from registry.paper.read import read_text
from registry.paper.refers import said_and_found
from registry.paper_claims import Claim, Due
from registry.texts.leaves import pages_of

log = logging.getLogger(__name__)

_AT_ONCE: Final = 8
_NICE: Final = 10
_SECONDS: Final = 30.0
_WAIT: Final = 120.0
_MOST_TEXT: Final = 100_000
_FILES: Final = 12  # of one letter that are looked at


@dataclass(frozen=True, slots=True)
class _Case:
    """One letter with what its files and its mail say."""

    letter_id: str
    leaves: tuple[Leaf, ...]
    media_types: dict[str, str]
    text: str
    said: dict[str, str]
    files: int


class PaperReading:
    """The reading of one installation's papers by one process; blocking. Close it.

    ``ours`` gives the address of the download pages: links that lead there are in our keeping.
    """

    def __init__(
        self, database: Database, blobs: BlobStore, desk: Desk, ours: Callable[[], str] = str
    ) -> None:
        self._database, self._blobs, self._desk, self._ours = database, blobs, desk, ours
        self._apart = Apart("registry.texts.child", desk.settings.reading.memory, _NICE)
        self._due = Due()
        self._closed = False

    def turn(self, go_on: Callable[[], bool] = lambda: True) -> int:
        """Read a few letters that are due; give how many were. Raises what the database raises."""
        now = self._desk.now()
        with self._database.read() as session:
            due = self._due.next(session, now, _AT_ONCE)
        if not due:
            return 0
        with self._database.write() as session:
            mine = [one for id_ in due if (one := paper_claims.claim(session, id_, now))]
        for one in mine:
            if self._closed or not go_on():
                self._give_back(one, blame=False)
            else:
                self._read(one)
        return len(mine)

    def close(self) -> None:
        """End at once; what is in hand comes back when its lease is over."""
        self._closed = True
        self._apart.close()

    def _read(self, mine: Claim) -> None:
        try:
            with self._database.read() as session:
                case = _case(session, mine.letter_id)
            papers = read_papers(case.leaves, case.said["number"])
            codes = self._codes(papers[0].leaf, case) if papers else []
            with self._database.write() as session:
                self._write(session, mine, case, papers, codes)
        except Exception as error:
            if not database_is_away(error):
                log.exception("letter %s: its paper could not be read", mine.letter_id)
                self._give_back(mine, blame=not self._closed)
                return
            raise

    def _write(
        self, session: Session, mine: Claim, case: _Case, papers: list[Paper],
        codes: list[PaperField],
    ) -> None:  # fmt: skip
        letter = session.get_one(LetterRow, mine.letter_id)
        journal.lock_head(session, letter.entity_id)
        session.refresh(letter)
        if not paper_claims.is_mine(session, mine):
            return
        found = _fields(session, letter, case, papers, codes)
        sha256 = papers[0].leaf.sha256 if papers else None
        now = self._desk.now()
        paper_fields.keep(session, letter.id, ((one, sha256) for one in found), now)
        changed = take(session, self._desk, letter, found)
        missing = said_and_found([one for one in found if one.name == "enclosure"], case.files)
        paper_claims.finish(session, mine, now, missing)
        count("saraban_papers_read_total")
        log.info("letter %s: %d fields read, %d taken", letter.id, len(found), len(changed))

    def _codes(self, leaf: Leaf, case: _Case) -> list[PaperField]:
        """Look for QR codes on the pages of the letter; a page that cannot be drawn has none."""
        request = {
            "act": "codes", "pages": [page.number for page in leaf.pages],
            "media_type": case.media_types[leaf.sha256],
        }  # fmt: skip
        try:
            request["path"] = str(self._blobs.path(leaf.sha256))
            facts, _ = self._apart.ask(request, _SECONDS, _WAIT)
        except (Died, Over, OSError, NotFound) as trouble:
            log.warning("letter %s: no codes were looked for: %s", case.letter_id, trouble)
            return []
        ours = self._ours()
        return [_code(ours, at, *one) for at, one in enumerate(facts.get("codes", ()))]

    def _give_back(self, mine: Claim, *, blame: bool) -> None:
        with self._database.write() as session:
            paper_claims.give_back(session, mine, self._desk.now(), blame=blame)


def _case(session: Session, letter_id: str) -> _Case:
    letter = session.get_one(LetterRow, letter_id)
    wanted = select(EnclosureRow).where(
        EnclosureRow.letter_id == letter_id, EnclosureRow.role != "decoration"
    )
    files = list(session.scalars(wanted.order_by(EnclosureRow.position)))
    leaves = [
        Leaf(one.sha256, pages, one.role == "letter")
        for one in files[:_FILES]
        if (pages := tuple(pages_of(session, one.sha256)))
    ]
    there = sum(one.role != "letter" and not one.inline for one in files)
    kinds = {one.sha256: one.media_type for one in files}
    return _Case(letter_id, tuple(leaves), kinds, letter.text[:_MOST_TEXT], _said(letter), there)


def _said(letter: LetterRow) -> dict[str, str]:
    """Give what the register took from the mail at arrival."""
    return {
        "number": letter.letter_number, "dated": letter.dated.isoformat() if letter.dated else "",
        "subject": letter.subject, "to": letter.to_text, "urgency": letter.urgency,
    }  # fmt: skip


def _fields(
    session: Session, letter: LetterRow, case: _Case, papers: Sequence[Paper],
    codes: Sequence[PaperField],
) -> list[PaperField]:  # fmt: skip
    paper = papers[0].fields if papers else ()
    found = with_mail(paper, read_text(case.text) if letter.direction == "in" else [], case.said)
    if letter.direction == "in":
        found = doubted_at(found, letter.accepted_at.astimezone(BANGKOK).date())
    owner = next((one.value for one in found if one.name == "owner"), "")
    damaged = [one for one in found if one.name == "number" and one.facts.get("damaged")]
    found += [hint for one in damaged for hint in hints(session, letter, one, owner)]
    return found + list(codes)


def _code(ours: str, at: int, page: int, text: str, box: list[float]) -> PaperField:
    facts = {"link": True} if text.lower().startswith(("http://", "https://", "www.")) else {}
    if ours and text.startswith(f"{ours}/"):
        facts["ours"] = True
    place = Place(page, Box(*box))
    return replace(PaperField("qr", text, text, 99, "text", place, at), facts=facts)
