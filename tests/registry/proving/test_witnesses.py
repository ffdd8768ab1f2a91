"""What stands beside a line of a book: a change of any of it behind the register is found."""

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import delete, select, text, update

from registry import deliveries, entries, journal, movements, schema
from registry.letter.entity import Officer, Role
from registry.models.books import EntryRow
from registry.models.evidence import JournalRow
from registry.models.letters import CorrectionRow, LetterRow, NoteRow
from registry.models.outgoing import CallRow, DeliveryEventRow, DeliveryRow
from registry.models.work import MovementRow
from registry.proof import prove
from registry.proving.single import prove_entry
from tests.registry.day import OFFICER, kinds, proven

SOMSRI = Officer(1, OFFICER, "phrae", "", "สมศรี", Role.OFFICER, disabled=False)


@pytest.fixture
def day(database, busy, clock):
    """A busy day on which much was said beside the books' lines; gives the first entry's id."""
    clock.advance(timedelta(minutes=5))
    with database.write() as session:
        first = session.scalars(select(EntryRow).where(EntryRow.number == 1)).first()
        session.add(NoteRow(entry_id=first.id, at=clock.now(), by=OFFICER, text="รับทราบ"))
        movements.record(session, first, "order", SOMSRI, clock.now(), text="มอบคลัง")
        sent = DeliveryRow(entry_id=first.id, to_address="a@town.example", at=clock.now())
        session.add(sent)
        session.flush()
        deliveries.move(session, sent.id, "sent", clock.now(), "250 ok")
        call = {"at": clock.now(), "by": OFFICER, "spoke_to": "แดง", "result": "รับแล้ว"}
        session.add(CallRow(delivery_id=sent.id, **call))
    with database.write() as session:
        deliveries.move(session, sent.id, "registered", clock.now(), remote_number="7/2568")
    return first.id


CHANGES = {
    "an old value": update(CorrectionRow).values(old="อื่น"),
    "a correction taken out": delete(CorrectionRow),
    "an order": update(MovementRow).values(text="ไม่ต้องทำ"),
    "who ordered": update(MovementRow).values(by="x@phrae.example"),
    "a step taken out": delete(MovementRow),
    "a note": update(NoteRow).where(NoteRow.text == "รับทราบ").values(text="ไม่ทราบ"),
    "a note taken out": delete(NoteRow).where(NoteRow.text == "รับทราบ"),
    "evidence of receipt": update(DeliveryRow).values(state="sent"),
    "a receive number there": update(DeliveryRow).values(remote_number="8/2568"),
    "the server's answer": update(DeliveryEventRow).values(detail="550 no"),
    "a line of history": delete(DeliveryEventRow).where(DeliveryEventRow.state == "registered"),
    "a call": update(CallRow).values(result="ไม่รับสาย"),
    "the subject that came": update(LetterRow).values(subject="อื่น"),
    "the sender": update(LetterRow).values(sender="x@dla.example"),
    "the verdict on the sender": update(LetterRow).values(authenticated=True),
}


def test_a_day_with_words_beside_the_books_holds(database, day, blobs):
    proof = proven(database, blobs)
    assert (proof.problems, proof.unproven) == ([], {})


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_behind_the_register_is_found_and_told_in_thai(database, day, blobs, change):
    with database.write() as session:
        session.execute(change.execution_options(synchronize_session=False))
    problems = proven(database, blobs).problems
    assert {one.kind for one in problems} == {"witness"}
    assert (problems[0].entity, problems[0].entry) == ("phrae", day)
    assert problems[0].says.startswith("รับ 1/2568: ")
    assert problems[0].says.endswith("นอกระบบ")


def test_what_is_slipped_in_is_found(database, day, blobs, clock):
    with database.write() as session:
        session.execute(
            NoteRow.__table__.insert().values(entry_id=day, at=clock.now(), by=OFFICER, text="อนุมัติ")
        )
    [found] = proven(database, blobs).problems
    assert found.says == "รับ 1/2568: บันทึกท้ายหนังสือถูกใส่เข้ามานอกระบบ"


def test_the_evidence_of_the_number_says_it_too(database, day, blobs):
    with database.write() as session:
        session.execute(update(MovementRow).values(text="อื่น"))
    with database.snapshot() as session:
        wrong = [one.thai for one in prove_entry(session, blobs, day) if one.wrong]
    assert wrong == ["การเดินเรื่องถูกแก้นอกระบบ"]


def test_what_acts_change_later_is_witnessed_anew(database, day, blobs, clock):
    with database.write() as session:
        step = session.scalars(select(MovementRow)).one()
        entry = session.get(EntryRow, day)
        movements.undone(session, entry, step, SOMSRI, clock.now())
        letter = session.get(LetterRow, entry.letter_id)
        letter.to_text = "ผู้ว่าราชการจังหวัด"
    assert proven(database, blobs).holds


def test_what_is_rolled_back_leaves_no_witness(database, day, blobs, clock):
    with database.write() as session:
        with session.begin_nested() as part:
            session.add(NoteRow(entry_id=day, at=clock.now(), by=OFFICER, text="ไม่มี"))
            session.flush()
            part.rollback()
        entries.amend(session, day, OFFICER, "พิมพ์ผิด", at=clock.now(), to_text="ผวจ.แพร่")
    assert proven(database, blobs).holds


def test_the_journal_holds_no_word_of_what_it_witnesses(database, day):
    with database.read() as session:
        told = str([line.facts for line in session.scalars(select(JournalRow))])
    assert "rows" in told
    assert not any(word in told for word in ("รับทราบ", "มอบคลัง", "250 ok", "แดง"))


def test_one_line_tells_of_all_that_a_transaction_wrote_beside_an_entry(database, day):
    with database.read() as session:
        wanted = select(JournalRow.facts).where(JournalRow.act == "witnessed")
        wanted = wanted.where(JournalRow.entry_id == day).order_by(JournalRow.position)
        told = [
            sorted(name.split()[0] for name in facts["rows"]) for facts in session.scalars(wanted)
        ]
    assert told == [
        ["correction", "note"],
        ["call", "delivery", "event", "movement", "note"],
        ["delivery", "event"],
    ]


def test_rows_from_before_are_counted_and_told_to_be_unproven(database, busy, blobs, clock):
    with database.write() as session:
        first = session.scalars(select(EntryRow).where(EntryRow.number == 1)).first()
        row = {"entry_id": first.id, "at": clock.now(), "by": OFFICER, "text": "เดิม"}
        session.execute(NoteRow.__table__.insert().values(**row))
        last = session.scalars(select(NoteRow.id).order_by(NoteRow.id.desc())).first()
        known = {"last": {"note": last}, "count": {"note": 2}}
        journal.record(session, busy.phrae, "witnesses-began", "system", clock.now(), facts=known)
    proof = proven(database, blobs)
    assert (proof.problems, proof.unproven) == ([], {"phrae": 1})
    with database.write() as session:
        session.execute(delete(NoteRow).where(NoteRow.text == "เดิม"))
    [found] = proven(database, blobs).problems
    assert (found.entity, found.thai) == ("phrae", "บันทึกท้ายหนังสือเดิมหายไป 1 รายการ")


def test_each_entity_is_told_of_its_own(database, day, blobs):
    with database.write() as session:
        session.execute(update(EntryRow).where(EntryRow.number == 2).values(subject="x"))
    with database.snapshot() as session:
        found = prove(session, blobs)
    assert kinds(found) == {"history"}
    assert [(one.entity, one.says) for one in found.problems] == [
        ("phrae", "รับ 2/2568: ข้อความในทะเบียนถูกแก้นอกระบบ")
    ]


def test_books_from_before_are_taken_as_they_are_and_counted(database, busy, blobs, clock):
    step(database, "downgrade", "0010")
    with database.engine.begin() as connection:
        words = text("UPDATE journal SET act = 'noted' WHERE act = 'witnessed'")
        connection.execute(words)
    step(database, "upgrade", "head")
    with database.read() as session:
        began = session.scalars(select(JournalRow).where(JournalRow.act == "witnesses-began")).all()
        assert [line.facts["count"] for line in began] == [{"correction": 1, "note": 1}]
    found = proven(database, blobs)
    assert found.unproven == {"phrae": 2}
    assert not {one.kind for one in found.problems} - {"journal"}


def step(database, way, revision):
    """Take the tables to another step."""
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        getattr(command, way)(config, revision)
