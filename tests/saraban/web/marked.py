"""Letters with a marking in every state, with all that is known of them, laid into an office."""

from dataclasses import dataclass

from sqlalchemy import select, update

from registry import directory
from registry.desk import slip
from registry.models.books import EntryRow
from registry.models.letters import EnclosureRow, LetterRow
from registry.models.outgoing import DeliveryRow
from registry.models.paper import PaperFieldRow, SignatureRow
from tests.saraban.office import SECRETS
from tests.saraban.web import papers
from tests.saraban.web.seed import SECRET, waiting

SIGNER, READ = "นางสาวปีบ หน้าฝน", "คลังแสงหน้าฝน"
WORDS = (papers.SUBJECT, SECRET, "ร่างลับ", SIGNER, READ)
"""What none of them may show."""


@dataclass(frozen=True)
class Secrets:
    """Letters with a marking: registered, sent, a number reserved; one waits, one is a draft.

    ``own`` are ids of what belongs to the one that waits (a field of its paper, a file), ``parts``
    the same of the ``registered`` letter, whose file is a PDF with pages.
    """

    entries: tuple[str, ...]
    letters: tuple[str, ...]
    delivery: int
    place: str
    ordinary: str
    own: dict[str, str]
    registered: str
    parts: dict[str, str]


def lay_secrets(desk) -> Secrets:
    """Lay them into an office that serves."""
    office = desk.office
    letter, draft = papers.lay(office, f"[ลับ] {papers.SUBJECT}"), office.draft("ร่างลับ")
    received = papers.register(office, letter, SECRETS)
    ordinary = papers.register(office, papers.lay(office, "เรื่องธรรมดา", number="มท ๐๘๑๐/๒"))
    with desk.runtime.database.write() as session:
        sent = session.scalars(select(EntryRow.id).where(EntryRow.book == "sent")).first()
        delivery = session.scalars(select(DeliveryRow).where(DeliveryRow.entry_id == sent)).first()
        phrae = directory.entity_by_code(session, "phrae")
        held = slip.reserve(session, desk.runtime.desk, phrae, SECRETS)
        ids = (received.id, sent, held.id)
        marked = EntryRow.id.in_(ids)
        session.execute(update(EntryRow).where(marked).values(secrecy="ลับ"))
        theirs = select(EntryRow.letter_id).where(marked)
        of_them = LetterRow.id.in_(theirs) | (LetterRow.id == draft)
        session.execute(update(LetterRow).where(of_them).values(secrecy="ลับ"))
        found, waits = delivery.id, waiting(office, SECRET).id
        for one in (received.letter_id, waits):
            lay_evidence(session, one, desk.clock.now())
        own, parts = own_of(session, waits), own_of(session, received.letter_id)
    place = f"รับ/ลับ {received.number}/{received.year}"
    letters = (waits, draft)
    return Secrets(ids, letters, found, place, ordinary.id, own, received.letter_id, parts)


def lay_evidence(session, letter_id, now) -> None:
    """Put down what the finder would have read of a letter before it was known to be secret."""
    session.add(
        PaperFieldRow(
            letter_id=letter_id, name="subject", value=READ, original=READ, confidence=99,
            source="text", at=now,
        )
    )  # fmt: skip
    signed = {"intact": True, "trusted": True, "whole": True, "signer": SIGNER, "facts": {}}
    session.add(
        SignatureRow(letter_id=letter_id, position=1, kind="smime", checked_at=now, **signed)
    )
    session.flush()


def own_of(session, letter_id) -> dict[str, str]:
    """Give what stands in addresses of parts of a letter."""
    wanted = select(PaperFieldRow.id).where(PaperFieldRow.letter_id == letter_id)
    field = session.scalars(wanted).one()
    file = session.scalars(select(EnclosureRow).where(EnclosureRow.letter_id == letter_id)).first()
    return {
        "field_id": str(field), "file_id": str(file.id), "sha256": file.sha256, "number": "1",
    }  # fmt: skip
