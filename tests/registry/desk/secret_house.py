"""A registered letter full of one word, and what tests of moving and hiding do with it."""

from registry import entries, proof
from registry.desk import move_secret
from registry.letter.grades import Secrecy
from registry.models.paper import FilePageRow, PaperFieldRow
from registry.models.search import FileTextRow
from registry.search import index
from tests.registry.desk.conftest import OFFICER, SECRET_OFFICER, House, Mails, pdf, sha

CANARY = "นกขมิ้นเหลืองอ่อน"
GRADE = Secrecy.CONFIDENTIAL


def lay(house: House, mail: Mails) -> str:
    """Register a letter whose file was read, corrected once, with its copy on the way."""
    to = ("saraban+local@phrae.example",)
    said = {"subject": f"เรื่อง {CANARY}", "text": f"ข้อความ {CANARY}"}
    outcome = house.one(mail(**said, recipients=to, parts=[pdf()]))
    assert outcome.entry_id is not None
    with house.database.write() as session:
        entries.amend(
            session, outcome.entry_id, OFFICER, f"พิมพ์ผิด {CANARY}", at=house.clock.now(),
            subject=f"แก้แล้ว {CANARY}",
        )  # fmt: skip
        session.add(FileTextRow(sha256=sha("ลงนาม"), state="done", text=CANARY))
        session.add(
            FilePageRow(
                sha256=sha("ลงนาม"), page=1, source="ocr", quality=1.0, width=1.0, height=1.0,
                lines=CANARY,
            )
        )  # fmt: skip
        session.add(
            PaperFieldRow(
                letter_id=outcome.letter_id, name="subject", value=CANARY, original=CANARY,
                confidence=90, source="ocr", at=house.clock.now(),
            )
        )  # fmt: skip
    with house.database.write() as session:
        index.write(session, index.gather(session, 200))
    return outcome.entry_id


def letter_of(house: House, entry_id: str) -> str:
    """The letter of an entry."""
    letter_id = house.entry(entry_id).letter_id
    assert letter_id is not None
    return letter_id


def move(house: House, entry_id: str, by: str = SECRET_OFFICER) -> move_secret.Moved:
    """Move the letter of an entry."""
    letter_id = letter_of(house, entry_id)
    with house.database.write() as session:
        return move_secret.move(session, house.desk, letter_id, by, GRADE, f"เห็นตราลับ {CANARY}")


def proven(house: House) -> list[str]:
    """What the proof of the books finds, but for bytes: these letters have none in a store."""
    with house.database.read() as session:
        problems = [
            *proof.prove_series(session)[1], *proof.prove_histories(session)[1],
            *proof.prove_witnesses(session)[1], *proof.prove_files(session),
            *proof.prove_chains(session),
        ]  # fmt: skip
    return [f"{one.where}: {one.what}" for one in problems]
