"""What the paper says goes into the register, surely read and never over a person."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry import corrections, paper_claims
from registry.books import closing
from registry.desk import accept as desk_accept
from registry.desk.amend import amend, confirm
from registry.desk.judge_paper import judge
from registry.errors import NotAllowed, NotUnderstood
from registry.letter.message import Trust
from registry.letter.paper import HIGH
from registry.models.evidence import JournalRow
from registry.models.letters import LetterRow
from registry.models.paper import PaperFieldRow, PaperReadingRow
from registry.paper_reading import PaperReading
from registry.texts.leaves import keep_pages
from tests.registry.desk.conftest import CLERK, OFFICER, House, Mails, pdf, sha
from tests.registry.desk.reading import Arrives, arrives, entry_of, reading, states, were_read
from tests.registry.paper.pages import LETTER, MARGIN, page, with_line

SUBJECT = "แนวทางการปรับปรุงคู่มือสำหรับประชาชนตามแผนการยกระดับการบริการภาครัฐ"


__all__ = ["arrives", "reading"]  # fixtures


def test_a_line_written_from_the_mail_is_corrected_by_the_paper(
    house: House, arrives: Arrives
) -> None:
    entry = entry_of(house, arrives(page()))
    assert (entry.letter_number, entry.dated) == ("มท 0810.7/ว 3974", date(2019, 9, 16))
    assert (entry.subject, entry.to_text) == (SUBJECT, "ผู้ว่าราชการจังหวัด ทุกจังหวัด")


def test_what_stood_there_stays_struck_out_with_a_line_of_the_journal(
    house: House, arrives: Arrives
) -> None:
    entry = entry_of(house, arrives(page()))
    with house.database.read() as session:
        struck = corrections.of(session, [entry.id])[entry.id]
        acts = session.scalars(select(JournalRow.act).where(JournalRow.entry_id == entry.id)).all()
    assert ("subject", "ส่งหนังสือ", "automatic") in [(one.field, one.old, one.by) for one in struck]
    assert acts.count("amended") == 1


def test_fields_that_stand_in_the_register_are_taken(house: House, arrives: Arrives) -> None:
    found = states(house, arrives(page()))
    assert [found[name] for name in ("number", "dated", "subject", "to")] == ["taken"] * 4
    assert (found["due"], found["signer"]) == ("proposed", "proposed")


def test_what_was_read_doubtfully_changes_nothing(house: House, arrives: Arrives) -> None:
    letter_id = arrives(page(sure=70, source="ocr"))
    assert entry_of(house, letter_id).subject == "ส่งหนังสือ"
    assert states(house, letter_id)["subject"] == "proposed"


def test_a_date_from_the_future_is_shown_doubted_and_not_taken(
    house: House, arrives: Arrives
) -> None:
    letter_id = arrives(with_line(3, "๑๖ กันยายน ๒๕๙๒"))
    assert states(house, letter_id)["dated"] == "proposed"
    with house.database.read() as session:
        wanted = select(PaperFieldRow).where(
            PaperFieldRow.letter_id == letter_id, PaperFieldRow.name == "dated"
        )
        [row] = session.scalars(wanted)
        assert (row.value, row.facts["odd"]) == ("2049-09-16", "future")
        assert row.confidence < HIGH


def test_a_doubtful_number_that_the_mail_names_too_is_sure(house: House, arrives: Arrives) -> None:
    letter_id = arrives(page(sure=70, source="ocr"), subject="ที่ มท 0810.7/ว 3974 เรื่อง ส่งหนังสือ")
    assert states(house, letter_id)["number"] == "taken"


def test_a_letter_that_waits_has_the_papers_proposals(house: House, arrives: Arrives) -> None:
    letter_id = arrives(page(), trust=Trust())
    waiting = house.letter(letter_id)
    assert (waiting.state, waiting.letter_number, waiting.subject) == (
        "waiting", "มท 0810.7/ว 3974", SUBJECT,
    )  # fmt: skip


def test_accepting_confirms_what_is_the_same_and_refuses_what_is_not(
    house: House, arrives: Arrives
) -> None:
    letter_id = arrives(page(), trust=Trust())
    with house.database.write() as session:
        desk_accept.accept(session, house.desk, letter_id, OFFICER, subject="เรื่องอื่น")
    found = states(house, letter_id)
    assert (found["number"], found["subject"]) == ("confirmed", "refused")
    (number,) = house.rows(PaperFieldRow, letter_id=letter_id, name="number")
    assert number.by == OFFICER


def test_a_persons_correction_is_never_overwritten(
    house: House, arrives: Arrives, reading: PaperReading
) -> None:
    letter_id = arrives(page(sure=70, source="ocr"))
    entry = entry_of(house, letter_id)
    with house.database.write() as session:
        amend(session, house.desk, entry.id, OFFICER, "ตามตัวหนังสือ", subject="ตามที่ผมอ่าน")
        session.query(PaperFieldRow).filter_by(letter_id=letter_id).update({"confidence": 100})
        row = session.get_one(PaperReadingRow, letter_id)
        row.state, row.reader = "pending", 0
        keep_pages(session, sha(page(sure=70, source="ocr").packed()), [page()])
    assert reading.turn() == 1
    after = entry_of(house, letter_id)
    assert after.subject == "ตามที่ผมอ่าน"
    assert after.letter_number == "มท 0810.7/ว 3974"
    assert states(house, letter_id)["subject"] == "refused"


def test_a_letter_is_read_once(house: House, arrives: Arrives, reading: PaperReading) -> None:
    letter_id = arrives(page())
    assert reading.turn() == 0
    assert house.rows(PaperReadingRow, letter_id=letter_id)[0].state == "done"


def test_a_letter_waits_for_all_its_files(
    house: House, mail: Mails, reading: PaperReading, clock: Any
) -> None:
    part = pdf("หนังสือ.pdf", "ยังไม่อ่าน")
    letter_id = house.one(mail(parts=(part,))).letter_id
    assert reading.turn() == 0
    assert house.rows(PaperReadingRow, letter_id=letter_id)[0].state == "pending"
    were_read(house, [part], [page()])
    clock.advance(timedelta(seconds=2))
    assert reading.turn() == 1


def test_a_letter_that_became_secret_is_not_read(
    house: House, mail: Mails, reading: PaperReading
) -> None:
    part = pdf("หนังสือ.pdf", page().packed())
    letter_id = house.one(mail(parts=(part,), trust=Trust())).letter_id
    were_read(house, [part], [page()])
    with house.database.write() as session:
        session.get_one(LetterRow, letter_id).secrecy = "ลับ"
    assert reading.turn() == 0
    assert house.rows(PaperFieldRow, letter_id=letter_id) == []


def test_a_letter_whose_reader_fails_is_left_after_three_tries(
    house: House, mail: Mails, reading: PaperReading, monkeypatch: Any, clock: Any
) -> None:
    part = pdf("หนังสือ.pdf", page().packed())
    letter_id = house.one(mail(parts=(part,))).letter_id
    were_read(house, [part], [page()])

    def fall(_leaves: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("registry.paper_reading.read_papers", fall)
    for _ in range(paper_claims.TRIES + 1):
        reading.turn()
        clock.advance(timedelta(minutes=2))
    assert house.rows(PaperReadingRow, letter_id=letter_id)[0].state == "failed"


def test_a_higher_urgency_of_the_paper_counts(house: House, arrives: Arrives) -> None:
    lines = [(MARGIN, "ด่วนที่สุด"), *LETTER]
    assert entry_of(house, arrives(page(lines))).urgency == "ด่วนที่สุด"


def test_a_line_that_an_officer_confirmed_is_left_alone(
    house: House, mail: Mails, reading: PaperReading
) -> None:
    part = pdf("หนังสือ.pdf", page().packed())
    outcome = house.one(mail(parts=(part,), subject="ส่งหนังสือ"))
    with house.database.write() as session:
        confirm(session, house.desk, outcome.entry_id or "", OFFICER)
    were_read(house, [part], [page()])
    assert reading.turn() == 1
    assert house.entry(outcome.entry_id).subject == "ส่งหนังสือ"


def test_a_line_of_a_closed_book_is_left_alone(
    house: House, mail: Mails, reading: PaperReading, clock: Any
) -> None:
    part = pdf("หนังสือ.pdf", page().packed())
    outcome = house.one(mail(parts=(part,), subject="ส่งหนังสือ"))
    year = house.entry(outcome.entry_id).year
    clock.advance(timedelta(days=366))
    with house.database.write() as session:
        closing.close(session, house.phrae.id, "", "received", year, by=OFFICER, at=clock.now())
    were_read(house, [part], [page()])
    assert reading.turn() == 1
    assert house.entry(outcome.entry_id).subject == "ส่งหนังสือ"
    assert states(house, outcome.letter_id or "")["subject"] == "proposed"


def test_a_due_day_goes_into_the_line_only_when_an_officer_says_so(
    house: House, arrives: Arrives
) -> None:
    letter_id = arrives(page())
    assert entry_of(house, letter_id).due is None
    (due,) = house.rows(PaperFieldRow, letter_id=letter_id, name="due")
    with house.database.write() as session:
        judge(session, house.desk, due.id, OFFICER, right=True)
    assert entry_of(house, letter_id).due.date() == date(2019, 10, 18)


def test_a_clerk_judges_no_field(house: House, arrives: Arrives) -> None:
    (due,) = house.rows(PaperFieldRow, letter_id=arrives(page()), name="due")
    with pytest.raises(NotAllowed), house.database.write() as session:
        judge(session, house.desk, due.id, CLERK, right=True)


def test_a_number_that_is_none_is_not_taken_from_an_officer(house: House, arrives: Arrives) -> None:
    letter_id = arrives(page())
    (number,) = house.rows(PaperFieldRow, letter_id=letter_id, name="number")
    with pytest.raises(NotUnderstood), house.database.write() as session:
        judge(session, house.desk, number.id, OFFICER, right=False, value="ไม่ใช่เลข")
    assert states(house, letter_id)["number"] == "taken"
